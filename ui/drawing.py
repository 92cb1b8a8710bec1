"""Figures become pictures here, one at a time: matplotlib is not made for several threads."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from pathlib import Path

from seizure_core.atomic import atomic_path
from ui.markup import picture

Draw = Callable[[], bytes]
"""Makes a figure and returns it as PNG."""

_ONE_AT_A_TIME = threading.Lock()


def figure_html(draw: Draw, *, alternative: str) -> str:
    """Draw a figure and return it as an `<img>` with the picture inside.

    Parameters
    ----------
    draw : callable
        Makes the figure.
    alternative : str
        What the picture shows, for those who do not see it.
    """
    with _ONE_AT_A_TIME:
        png = draw()
    return picture(base64.b64encode(png).decode("ascii"), alternative)


def save_figure(draw: Draw, path: Path) -> None:
    """Draw a figure into a PNG file."""
    with _ONE_AT_A_TIME:
        png = draw()
    with atomic_path(path) as temporary:
        temporary.write_bytes(png)
