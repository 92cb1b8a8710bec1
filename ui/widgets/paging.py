"""Which stretch of a recording a page shows."""

from __future__ import annotations

from dataclasses import dataclass

from seizure_core.errors import ParameterError
from seizure_core.recording import Recording

DEFAULT_PAGE_S = 10.0
SHORTEST_PAGE_S = 0.1
LONGEST_PAGE_S = 7 * 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A stretch of a recording, in seconds from its start."""

    start_s: float
    length_s: float


def checked_page(recording: Recording, start_s: float, length_s: float) -> Page:
    """Return a page that lies in the recording; one that reaches past the end is cut there.

    Raises
    ------
    ParameterError
        The start is outside the recording, or the length is out of its bounds.
    """
    if not 0 <= start_s < recording.duration_s:
        raise ParameterError(
            "The start must lie within the recording, from 0 to {duration_s:g} s; "
            "{start_s:g} s was asked for.",
            duration_s=recording.duration_s,
            start_s=start_s,
        )
    if not SHORTEST_PAGE_S <= length_s <= LONGEST_PAGE_S:
        raise ParameterError(
            "A page can be {shortest_page_s:g} to {longest_page_s:g} s long; "
            "{length_s:g} s was asked for.",
            shortest_page_s=SHORTEST_PAGE_S,
            longest_page_s=LONGEST_PAGE_S,
            length_s=length_s,
        )
    return Page(start_s=start_s, length_s=min(length_s, recording.duration_s - start_s))
