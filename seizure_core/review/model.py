"""The model of a review: recordings, sources, their events, and what readers decided about them.

A review is what its log says: `ReviewState` is built by taking in one entry of the log after the
other, and nothing else changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from seizure_core.errors import ParameterError
from seizure_core.events.event import SIDES, Event
from seizure_core.events.types import EventType
from seizure_core.json_document import canonical_json, sha256_of
from seizure_core.messages import near_names

Decision = Literal["accepted", "rejected", "changed", "undecided"]
SourceRole = Literal["model", "expert", "self"]

DECISIONS: tuple[Decision, ...] = get_args(Decision)
ROLES: tuple[SourceRole, ...] = get_args(SourceRole)
MAX_NAME = 80
MAX_TEXT = 500
MAX_EVENTS = 20_000
"""Events of one source in one recording."""
_MAX_CHANNELS = 64
_MAX_LABEL = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An origin of events: a model, an expert, or the reader at the screen.

    Attributes
    ----------
    source_id : str
        Unique within a review.
    role : str
        "model", "expert" or "self".
    name : str
        For the screen and for exports.
    details : mapping
        Of a model: `model_id`, `model_version`, `weights_sha256`, `threshold`, ...
    """

    source_id: str
    role: SourceRole
    name: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One decision of one reader about one event.

    Attributes
    ----------
    event : Event or None
        The event as the reader left it; None if rejected.
    who : str
        The reader, as typed by them.
    when : str
        UTC, ISO 8601.
    """

    decision: Decision
    event: Event | None
    who: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """An event of a source, with all judgements about it.

    Attributes
    ----------
    item_id : str
        Hash of recording, source, times and type: the same event has the same id in every review.
    event : Event
        As the source found it.
    judgements : tuple of Judgement
        The earliest first; the last one counts.
    """

    item_id: str
    recording_id: str
    source_id: str
    event: Event
    judgements: tuple[Judgement, ...] = ()

    @property
    def decision(self) -> Decision:
        """The decision that counts."""
        return self.judgements[-1].decision if self.judgements else "undecided"

    @property
    def is_decided(self) -> bool:
        """Whether a reader accepted, changed or rejected it."""
        return self.decision != "undecided"

    @property
    def who(self) -> str:
        """Reader whose decision counts; empty if undecided."""
        return self.judgements[-1].who if self.is_decided else ""

    @property
    def final(self) -> Event | None:
        """The event after the review; None if rejected."""
        return self.judgements[-1].event if self.judgements else self.event


class ReviewState:
    """Contents of a review after some entries of its log.

    Attributes
    ----------
    durations_s : dict of str to float
        Of the recordings, by id.
    sources : dict of str to Source
        By id.
    items : dict of str to ReviewItem
        All events, by id, in the order in which they came.
    looked_at : set of (str, str)
        Pairs of recording and source: which sources were asked about which recordings, also where
        they found nothing.
    types : dict of str to EventType
        The user's own types.
    """

    def __init__(self) -> None:
        self.durations_s: dict[str, float] = {}
        self.sources: dict[str, Source] = {}
        self.items: dict[str, ReviewItem] = {}
        self.looked_at: set[tuple[str, str]] = set()
        self.types: dict[str, EventType] = {}

    def take(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Take in entries of the log; kinds of a later version are left out."""
        takers = {
            "recording": self._take_recording,
            "source": self._take_source,
            "events": self._take_events,
            "decision": self._take_decision,
            "type": self._take_type,
        }
        for entry in entries:
            if entry.get("kind") in takers:
                takers[entry["kind"]](entry)

    def _take_recording(self, entry: Mapping[str, Any]) -> None:
        self.durations_s[entry["recording"]] = float(entry["duration_s"])

    def _take_source(self, entry: Mapping[str, Any]) -> None:
        source = Source(
            source_id=entry["source"],
            role=entry["role"],
            name=entry["name"],
            details=entry.get("details", {}),
        )
        self.sources[source.source_id] = source

    def _take_events(self, entry: Mapping[str, Any]) -> None:
        recording_id, source_id = entry["recording"], entry["source"]
        self.looked_at.add((recording_id, source_id))
        for document in entry["events"]:
            event = event_of(document)
            item_id = document.get("item") or item_id_of(recording_id, source_id, event)
            if item_id not in self.items:
                self.items[item_id] = ReviewItem(
                    item_id=item_id, recording_id=recording_id, source_id=source_id, event=event
                )

    def _take_decision(self, entry: Mapping[str, Any]) -> None:
        item = self.items.get(entry["item"])
        if item is None:
            return
        document = entry.get("event")
        judgement = Judgement(
            decision=entry["decision"],
            event=None if document is None else event_of(document),
            who=entry["who"],
            when=entry["when"],
        )
        self.items[item.item_id] = replace(item, judgements=(*item.judgements, judgement))

    def _take_type(self, entry: Mapping[str, Any]) -> None:
        names = ("code", "title", "hotkey", "hed")
        self.types[entry["code"]] = EventType(**{name: entry.get(name, "") for name in names})

    def item(self, item_id: str) -> ReviewItem:
        """Return an event by its id.

        Raises
        ------
        ParameterError
            There is none.
        """
        if item_id not in self.items:
            near = near_names(item_id, self.items, most=1)
            raise ParameterError(
                "There is no event {item_id!r} in this review. Did you mean {near}?"
                if near
                else "There is no event {item_id!r} in this review.",
                item_id=item_id,
                **({"near": near[0]} if near else {}),
            )
        return self.items[item_id]

    @property
    def all_items(self) -> tuple[ReviewItem, ...]:
        """All events as they are now; another thread may add some meanwhile."""
        return tuple(self.items.values())

    def candidates(self, recording_id: str = "", source_id: str = "") -> list[ReviewItem]:
        """Return the events to be decided about: all but the readers' own."""
        return [
            item
            for item in self.all_items
            if self.sources[item.source_id].role != "self"
            and recording_id in ("", item.recording_id)
            and source_id in ("", item.source_id)
        ]

    def items_of(self, recording_id: str) -> list[ReviewItem]:
        """Return all events of a recording, by onset."""
        found = [item for item in self.all_items if item.recording_id == recording_id]
        return sorted(found, key=lambda item: (item.final or item.event).span_s)


def item_id_of(recording_id: str, source_id: str, event: Event) -> str:
    """Return the id of an event of a source."""
    times = [round(time_s, 6) for time_s in event.span_s]
    parts = [recording_id, source_id, *times, event.event_type, sorted(event.channels)]
    return sha256_of(canonical_json(parts))[:16]


def event_json(event: Event, *, with_text: bool = True) -> dict[str, Any]:
    """Return an event as the log and exports hold it; what is unknown is left out."""
    facts: dict[str, Any] = {
        "onset_s": round(event.onset_s, 6),
        "duration_s": round(event.duration_s, 6),
        "event_type": event.event_type,
        "confidence": event.confidence,
        "channels": list(event.channels),
        "side": event.side,
        "text": event.text if with_text else "",
    }
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def event_of(document: Mapping[str, Any]) -> Event:
    """Return the event of `event_json`."""
    confidence = document.get("confidence")
    return Event(
        onset_s=float(document["onset_s"]),
        duration_s=float(document["duration_s"]),
        event_type=str(document["event_type"]),
        confidence=None if confidence is None else float(confidence),
        channels=tuple(document.get("channels", ())),
        text=str(document.get("text", "")),
        side=str(document.get("side", "")),
    )


def checked_event(event: Event, *, duration_s: float) -> Event:
    """Return an event, after checking that it can be an event of a recording.

    Raises
    ------
    ParameterError
        It lies outside the recording, or a text, side or list of channels is out of bounds.
    """
    end_s = duration_s + 1.0  # Durations are often stated in whole seconds.
    if not (0 <= event.onset_s <= end_s and 0 <= event.duration_s <= end_s - event.onset_s):
        raise ParameterError(
            "The event from {onset_s:.10g} to {offset_s:.10g} s is not within the recording of "
            "{duration_s:.10g} s.",
            onset_s=event.onset_s,
            offset_s=event.offset_s,
            duration_s=duration_s,
        )
    if event.side not in SIDES:
        raise ParameterError(
            "A side is one of {sides}; not {side!r}.",
            sides=", ".join(filter(None, SIDES)),
            side=event.side,
        )
    if len(event.text) > MAX_TEXT or len(event.channels) > _MAX_CHANNELS:
        raise ParameterError(
            "An event can have a text of {max_text} characters and {max_channels} channels.",
            max_text=MAX_TEXT,
            max_channels=_MAX_CHANNELS,
        )
    if any(len(label) > _MAX_LABEL for label in event.channels):
        raise ParameterError("A channel's name can have {longest} characters.", longest=_MAX_LABEL)
    return event


def checked_name(name: str) -> str:
    """Return a reader's or source's name, stripped.

    Raises
    ------
    ParameterError
        It is empty or too long.
    """
    stripped = " ".join(name.split())
    if not 0 < len(stripped) <= MAX_NAME:
        raise ParameterError(
            "State who decides: a name of 1 to {longest} characters.", longest=MAX_NAME
        )
    return stripped
