"""Bounds of how much of one file, or of one call, is worked on at once (`docs/bounds.md`).

What grows with a number in a file is checked against these before the work begins.
"""

from __future__ import annotations

from seizure_core.errors import ParameterError

MAX_CHANNELS = 1024
"""Channels that are measured, shown in a viewer, or fed to a model."""

MAX_DRAWN_CHANNELS = 256
"""Channels of a picture of a page: with more, the lanes are lower than a line of text."""

MAX_ANNOTATIONS = 200_000
"""Annotations of a recording, and rows of a reference."""

MAX_ANNOTATION_CHARS = 1000
"""Characters of one annotation; what is longer is cut."""

MAX_WINDOWS = 5_000_000
"""Windows of one recording: two months at one per second."""

MAX_ANSWERED_WINDOWS = 500_000
"""Rows of windows in one answer of the API; the windows file has all of them."""

MAX_FILES = 2000
"""Files of one call, one dataset or one recording in parts."""


def check_count(n: int, most: int, template: str) -> None:
    """Refuse more than can be worked on at once.

    Parameters
    ----------
    n, most : int
        What there is, and the bound.
    template : str
        Of the message, with `{n}` and `{most}`: what is counted, and what to do.

    Raises
    ------
    ParameterError
        There are more than `most`.
    """
    if n > most:
        raise ParameterError(template, n=n, most=most)


def check_channels(n: int) -> None:
    """Refuse more channels than can be measured or shown at once; raises `ParameterError`."""
    check_count(
        n,
        MAX_CHANNELS,
        "At most {most} channels can be measured or shown at once; there are {n}. Choose some of "
        "them.",
    )
