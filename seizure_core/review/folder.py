"""A review in a folder: its log, and where the recordings lie.

    log.jsonl         all that was found and decided, see `seizure_core.review.log`
    recordings.json   file name and place of each recording, which may name patients

The log knows recordings by a hash alone, and takes over no texts but those that a reader types: it
can be kept and shown where the names of patients must not be.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.events.event import Event
from seizure_core.events.types import EventType, check_type, own_type
from seizure_core.io.fingerprint import fingerprint
from seizure_core.json_document import JsonError, canonical_json, read_json, sha256_of, write_json
from seizure_core.recording import Recording
from seizure_core.review.log import ReviewLog
from seizure_core.review.model import (
    DECISIONS,
    MAX_EVENTS,
    Decision,
    ReviewItem,
    ReviewState,
    Source,
    SourceRole,
    checked_event,
    checked_name,
    event_json,
    item_id_of,
)

LOG_FILE, RECORDINGS_FILE = "log.jsonl", "recordings.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A decision to be written down.

    Attributes
    ----------
    event : Event or None
        The event as the reader changed it; None leaves it as it stands.
    """

    item_id: str
    decision: Decision
    event: Event | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPlace:
    """A recording of a review, and where it lies.

    Attributes
    ----------
    place : str
        Absolute path, or "data:NAME" in the app's data folder.
    """

    recording_id: str
    file_name: str
    place: str


class ReviewFolder:
    """A review that is kept in a folder; several processes and threads may work on it.

    Parameters
    ----------
    folder : Path
        As `create_review` made it.

    Raises
    ------
    ParameterError
        There is no review in it.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / LOG_FILE).is_file():
            raise ParameterError("There is no review in {name!r}.", name=folder.name)
        self.folder = folder
        self._log = ReviewLog(folder / LOG_FILE)
        self._state = ReviewState()
        self._lock = threading.RLock()

    @property
    def state(self) -> ReviewState:
        """The review now, entries of other processes included.

        Raises
        ------
        ReviewLogError
            The log was changed or damaged.
        """
        with self._lock:
            self._state.take(self._log.read_new())
            return self._state

    @property
    def head(self) -> tuple[int, str]:
        """Number of entries of the log, and the hash of the last one."""
        with self._lock:
            return self._log.n_entries, self._log.head_sha256

    def _append(self, *entries: Mapping[str, Any]) -> None:
        with self._lock:
            self._state.take(self._log.append(entries))

    def add_recording(self, path: Path, recording: Recording, *, place: str = "") -> str:
        """Add a recording, if it is not there yet, and return its id.

        Parameters
        ----------
        path : Path
            The file, or the first one of a sequence.
        place : str
            "data:NAME" for a file of the app's data folder; by default the absolute path.
        """
        recording_id = fingerprint(path)
        if recording_id not in self.state.durations_s:
            self._append(
                {
                    "kind": "recording",
                    "recording": recording_id,
                    "duration_s": recording.duration_s,
                    "when": _now(),
                }
            )
        found = RecordingPlace(
            recording_id=recording_id,
            file_name=recording.file_name,
            place=place or str(path.absolute()),
        )
        self._keep_place(found)
        return recording_id

    def _keep_place(self, found: RecordingPlace) -> None:
        file = self.folder / RECORDINGS_FILE
        with FileLock(file.with_suffix(".lock")):
            known = _documents(file)
            known[found.recording_id] = {"file_name": found.file_name, "place": found.place}
            write_json(file, known, durable=True)

    def places(self) -> dict[str, RecordingPlace]:
        """Return the recordings by id; one whose name is not known is called by its id."""
        known = _documents(self.folder / RECORDINGS_FILE)
        return {
            recording_id: RecordingPlace(
                recording_id=recording_id,
                file_name=known.get(recording_id, {}).get("file_name", recording_id),
                place=known.get(recording_id, {}).get("place", ""),
            )
            for recording_id in self.state.durations_s
        }

    def recording_named(self, name: str) -> RecordingPlace:
        """Return a recording by its id, or by its file name with or without suffix.

        Raises
        ------
        ParameterError
            There is none, or there are several of this name.
        """
        places = self.places()
        found = [
            one
            for one in places.values()
            if name in (one.recording_id, one.file_name, Path(one.file_name).stem)
        ]
        if len(found) == 1:
            return found[0]
        raise ParameterError(
            "Several recordings of this review are called {name!r}; give the id of one: {names}."
            if found
            else "There is no recording {name!r} in this review. It has: {names}.",
            name=name,
            names=[
                one.recording_id if found else one.file_name for one in found or places.values()
            ],
        )

    def add_events(self, recording_id: str, source: Source, events: Sequence[Event]) -> None:
        """Add what a source found in a recording; what is there already stays.

        Texts are not taken over: annotations of a file may name the patient.

        Raises
        ------
        ParameterError
            There are too many, or one cannot be an event of the recording.
        """
        state = self.state
        if len(events) > MAX_EVENTS:
            raise ParameterError(
                "A source can have {most} events in a recording; {n} are given.",
                most=MAX_EVENTS,
                n=len(events),
            )
        checked = [self._checked(state, recording_id, event) for event in events]
        if state.sources.get(source.source_id) != source:
            self._append(_source_entry(source))
        fresh = [
            event_json(event, with_text=False)
            for event in checked
            if item_id_of(recording_id, source.source_id, event) not in state.items
        ]
        if fresh or (recording_id, source.source_id) not in state.looked_at:
            self._append(_events_entry(recording_id, source.source_id, fresh))

    def decide(self, verdicts: Iterable[Verdict], *, who: str) -> list[ReviewItem]:
        """Write decisions down and return the events as they stand now.

        Raises
        ------
        ParameterError
            There is no such event or decision, or no name of a reader.
        """
        reader = checked_name(who)
        with self._lock:
            state = self.state
            wanted = list(verdicts)
            self._append(*(self._decision(state, verdict, reader) for verdict in wanted))
            return [state.items[verdict.item_id] for verdict in wanted]

    def mark(self, recording_id: str, event: Event, *, who: str, mark_id: str = "") -> ReviewItem:
        """Add an event that a reader marked, and return it.

        Parameters
        ----------
        mark_id : str
            Id of the mark on the page; by default made from the event.
        """
        reader = checked_name(who)
        with self._lock:
            state = self.state
            checked = self._checked(state, recording_id, event)
            source = source_of("self", reader)
            item_id = mark_item_id(recording_id, mark_id) if mark_id else ""
            item_id = item_id or item_id_of(recording_id, source.source_id, checked)
            entries: list[dict[str, Any]] = []
            if source.source_id not in state.sources:
                entries.append(_source_entry(source))
            if item_id not in state.items:
                document = event_json(checked) | {"item": item_id}
                entries.append(_events_entry(recording_id, source.source_id, [document]))
            self._append(*entries)
            verdict = Verdict(item_id=item_id, decision="accepted", event=checked)
            return self.decide([verdict], who=reader)[0]

    def add_type(self, code: str, *, title: str, hotkey: str = "", hed: str = "") -> EventType:
        """Add a type to the user's own list.

        Raises
        ------
        ParameterError
            It cannot be one, or is there already.
        """
        with self._lock:
            known = self.state.types.values()
            made = own_type(code, title=title, hotkey=hotkey, hed=hed, taken=known)
            facts = {"code": made.code, "title": made.title, "hotkey": made.hotkey, "hed": made.hed}
            self._append({"kind": "type", **facts, "when": _now()})
            return made

    def _checked(self, state: ReviewState, recording_id: str, event: Event) -> Event:
        if recording_id not in state.durations_s:
            raise ParameterError(
                "There is no recording {recording_id!r} in this review.", recording_id=recording_id
            )
        check_type(event.event_type, state.types)
        return checked_event(event, duration_s=state.durations_s[recording_id])

    def _decision(self, state: ReviewState, verdict: Verdict, who: str) -> dict[str, Any]:
        if verdict.decision not in DECISIONS:
            raise ParameterError(
                "A decision is one of {decisions}; not {decision!r}.",
                decisions=", ".join(DECISIONS),
                decision=verdict.decision,
            )
        item = state.item(verdict.item_id)
        decision, event = verdict.decision, verdict.event
        if decision == "rejected":
            event = None
        elif event is not None:
            event = self._checked(state, item.recording_id, event)
        elif decision == "changed":
            raise ParameterError("Say how the event is changed: its times, type, side or text.")
        elif decision == "accepted":
            event = item.final or item.event
        else:
            event = item.event
        if event is not None and decision in ("accepted", "changed"):
            decision = "accepted" if event_json(event) == event_json(item.event) else "changed"
        document = None if event is None else event_json(event)
        facts = {"kind": "decision", "item": item.item_id, "decision": decision}
        return {**facts, "event": document, "who": who, "when": _now()}


def create_review(folder: Path) -> ReviewFolder:
    """Create a review in a folder, which may exist; one that is there already is opened.

    Raises
    ------
    SeizureZooError
        The folder holds something else, or cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / LOG_FILE
        if not log.exists():
            if any(folder.iterdir()):
                raise SeizureZooError(
                    "{name} holds other files. Choose an empty folder for the review.",
                    name=folder.name,
                )
            ReviewLog(log).append([{"kind": "review", "version": 1, "when": _now()}])
    except OSError as error:
        raise SeizureZooError(
            "{name} cannot be written to ({strerror}).", name=folder.name, strerror=error.strerror
        ) from error
    return ReviewFolder(folder)


def source_of(role: SourceRole, name: str, details: Mapping[str, Any] | None = None) -> Source:
    """Return a source with an id made of its role, name and details."""
    stripped, facts = checked_name(name), dict(details or {})
    tail = f":{sha256_of(canonical_json(facts))[:8]}" if facts else ""
    return Source(source_id=f"{role}:{stripped}{tail}", role=role, name=stripped, details=facts)


def mark_item_id(recording_id: str, mark_id: str) -> str:
    """Return the id of a mark of the viewer as an event of a review."""
    return sha256_of(canonical_json([recording_id, "mark", mark_id]))[:16]


def _documents(file: Path) -> dict[str, dict[str, str]]:
    try:
        known = read_json(file)
    except FileNotFoundError:
        return {}
    except JsonError as error:
        raise SeizureZooError(
            "{name}: {error} Decisions are not lost: delete it and add the recordings again.",
            name=file.name,
            error=error,
        ) from error
    return known if isinstance(known, dict) else {}


def _source_entry(source: Source) -> dict[str, Any]:
    return {
        "kind": "source",
        "source": source.source_id,
        "role": source.role,
        "name": source.name,
        "details": dict(source.details),
        "when": _now(),
    }


def _events_entry(
    recording_id: str, source_id: str, documents: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "kind": "events",
        "recording": recording_id,
        "source": source_id,
        "events": [dict(document) for document in documents],
        "when": _now(),
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
