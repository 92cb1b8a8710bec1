"""Requests of the browser, checked before anything is done with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from seizure_core.display.filters import DisplayFilters
from seizure_core.errors import ParameterError, shown
from seizure_core.events.event import ORIGINS, SIDES, Event, Mark, is_seizure_kind
from seizure_core.events.types import OTHER_CODES
from seizure_core.review.page import Review

MAX_MARKS = 20_000
MAX_TEXT = 500
MAX_KIND = 60
MAX_CHANNELS = 64


class ViewerRequest:
    """The one argument of a server function, read value by value.

    Parameters
    ----------
    data : object
        As it came from the browser.

    Raises
    ------
    ParameterError
        From every method: a value is absent, of the wrong kind or out of bounds.
    """

    def __init__(self, data: object) -> None:
        if not isinstance(data, Mapping):
            raise ParameterError("The viewer sent an invalid request.")
        self._data = data

    def text(self, key: str, *, longest: int = 200) -> str:
        """Return a text."""
        value = self._data.get(key)
        if not isinstance(value, str) or len(value) > longest:
            raise ParameterError(
                "The viewer must send {key} as a text of up to {longest}.", key=key, longest=longest
            )
        return value

    def number(self, key: str, *, minimum: float, maximum: float) -> float:
        """Return a finite number within bounds."""
        value = self._data.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ParameterError("The viewer must send {key} as a number.", key=key)
        # Compared before it is a float: whole numbers may be larger than any.
        if not minimum <= value <= maximum:
            raise ParameterError(
                "{key} must lie from {minimum:g} to {maximum:g}; it is {value}.",
                key=key,
                minimum=minimum,
                maximum=maximum,
                value=shown(value),
            )
        return float(value)

    def optional_number(self, key: str, *, minimum: float, maximum: float) -> float | None:
        """Return a number within bounds, or None where there is none."""
        if self._data.get(key) is None:
            return None
        return self.number(key, minimum=minimum, maximum=maximum)

    def items(self, key: str, *, maximum: int) -> list[object]:
        """Return a list of at most `maximum` items."""
        value = self._data.get(key)
        if not isinstance(value, list) or len(value) > maximum:
            raise ParameterError(
                "The viewer must send {key} as a list of up to {maximum}.", key=key, maximum=maximum
            )
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty where it is absent."""
        values = self.items(key, maximum=MAX_CHANNELS) if self.has(key) else []
        if not all(isinstance(value, str) and len(value) <= MAX_KIND for value in values):
            raise ParameterError("The viewer must send {key} as a list of texts.", key=key)
        return tuple(str(value) for value in values)

    def positions(self, key: str, *, below: int) -> list[int]:
        """Return positions from 0 up to, not including, `below`."""
        values = self.items(key, maximum=10_000)
        positions = [v for v in values if isinstance(v, int) and 0 <= v < below]
        if len(positions) < len(values):
            raise ParameterError(
                "{key} must be positions from 0 to {below}.", key=key, below=below - 1
            )
        return positions

    def filters(self) -> DisplayFilters:
        """Return the display filters under the key "filters"; none where it is absent."""
        data = self._data.get("filters")
        if data is None:
            return DisplayFilters()
        inner = ViewerRequest(data)
        names = ("high_pass_hz", "low_pass_hz", "notch_hz")
        values = {name: inner.optional_number(name, minimum=0.01, maximum=1e5) for name in names}
        return DisplayFilters(**values)

    def review(
        self,
        *,
        duration_s: float,
        predictions: Sequence[Event],
        own_kinds: Collection[str] = (),
    ) -> Review:
        """Return the marks of a page, and what was done with predicted events."""
        marks = self.marks(duration_s=duration_s, own_kinds=own_kinds)
        decisions = {}
        for number, request in self._about("decisions", predictions):
            decision = request.text("decision")
            if decision not in ("accepted", "rejected"):
                raise ParameterError(
                    "A decision is accepted or rejected, not {decision!r}.", decision=decision
                )
            decisions[number] = decision
        shifts_s = {}
        for number, request in self._about("shifts", predictions):
            event = predictions[number]
            latest_s = max(duration_s - event.duration_s, 0.0) - event.onset_s
            shifts_s[number] = request.number(
                "seconds", minimum=-event.onset_s, maximum=max(latest_s, 0.0) + 1e-6
            )
        return Review(marks=marks, decisions=decisions, shifts_s=shifts_s)

    def _about(self, key: str, predictions: Sequence[Event]) -> Iterator[tuple[int, ViewerRequest]]:
        """Yield what a list says of predicted events, by their positions."""
        if not self.has(key):
            return
        for item in self.items(key, maximum=len(predictions)):
            request = ViewerRequest(item)
            number = request.number("prediction", minimum=0, maximum=len(predictions) - 1)
            yield int(number), request

    def has(self, key: str) -> bool:
        """Return whether a value came along."""
        return self._data.get(key) is not None

    def marks(self, *, duration_s: float, own_kinds: Collection[str] = ()) -> tuple[Mark, ...]:
        """Return the marks of a page."""
        marks = tuple(
            _mark(ViewerRequest(item), duration_s, own_kinds)
            for item in self.items("marks", maximum=MAX_MARKS)
        )
        if len({mark.mark_id for mark in marks}) < len(marks):
            raise ParameterError("Two marks have the same id.")
        return marks


def _mark(data: ViewerRequest, duration_s: float, own_kinds: Collection[str]) -> Mark:
    kind, origin = data.text("kind", longest=MAX_KIND), data.text("origin")
    if not is_seizure_kind(kind) and kind not in OTHER_CODES and kind not in own_kinds:
        raise ParameterError("There is no kind of mark called {kind!r}.", kind=kind)
    if origin not in ORIGINS:
        raise ParameterError(
            "A mark comes from {origins}; not from {origin!r}.",
            origins=", ".join(ORIGINS),
            origin=origin,
        )
    # Sums made in the browser carry tails such as 6.707000000000001.
    onset_s = round(data.number("onset_s", minimum=0, maximum=duration_s), 6)
    longest_s = duration_s - onset_s
    length_s = round(data.number("duration_s", minimum=0, maximum=longest_s + 1e-6), 6)
    return Mark(
        mark_id=data.text("id", longest=60),
        onset_s=onset_s,
        duration_s=max(min(length_s, longest_s), 0.0),
        kind=kind,
        text=data.text("text", longest=MAX_TEXT),
        confidence=data.optional_number("confidence", minimum=0, maximum=1),
        origin=origin,
        channels=data.texts("channels"),
        side=_side(data),
    )


def _side(data: ViewerRequest) -> str:
    side = data.text("side") if data.has("side") else ""
    if side not in SIDES:
        raise ParameterError(
            "A side is one of {sides}; not {side!r}.",
            sides=", ".join(filter(None, SIDES)),
            side=side,
        )
    return side
