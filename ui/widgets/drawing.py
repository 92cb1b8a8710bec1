"""Figures become pictures here, one at a time: matplotlib is not made for several threads."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from seizure_core import figures
from seizure_core.atomic import atomic_path
from seizure_core.figure_formats import FIGURE_FORMATS
from ui.widgets.markup import picture

R = TypeVar("R")

Draw = Callable[[], bytes]
"""Makes a figure and returns it as PNG."""

MakeFigure = Callable[[], Any]
"""Makes a figure (matplotlib is known to the core's figures alone)."""

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


def draw_alone(work: Callable[[], R]) -> R:
    """Do work that draws figures while nobody else draws, and return its result."""
    with _ONE_AT_A_TIME:
        return work()


def save_all_formats(make: MakeFigure, folder: Path, stem: str) -> dict[str, Path]:
    """Draw a figure into a PNG, an SVG and a PDF file, and return their paths by format."""
    with _ONE_AT_A_TIME:
        figure = make()
        contents = {name: figures.figure_bytes(figure, name) for name in FIGURE_FORMATS}
    paths = {}
    for name, content in contents.items():
        paths[name] = folder / f"{stem}.{name}"
        with atomic_path(paths[name]) as temporary:
            temporary.write_bytes(content)
    return {str(name): path for name, path in paths.items()}


def picture_of(path: Path, *, alternative: str) -> str:
    """Return a PNG file as an `<img>` with the picture inside."""
    return picture(base64.b64encode(path.read_bytes()).decode("ascii"), alternative)
