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
            f"The start must lie within the recording, from 0 to {recording.duration_s:g} s; "
            f"{start_s:g} s was asked for."
        )
    if not SHORTEST_PAGE_S <= length_s <= LONGEST_PAGE_S:
        raise ParameterError(
            f"A page can be {SHORTEST_PAGE_S:g} to {LONGEST_PAGE_S:g} s long; "
            f"{length_s:g} s was asked for."
        )
    return Page(start_s=start_s, length_s=min(length_s, recording.duration_s - start_s))
