"""Figures of the core on pages and as files, drawn one at a time.

matplotlib is not made for several threads.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any, TypeVar

from markupsafe import Markup

from seizure_core import figures
from seizure_core.atomic import atomic_path
from seizure_core.figure_formats import FIGURE_FORMATS
from ui.i18n.translation import tr

R = TypeVar("R")

MakeFigure = Callable[[], Any]
"""Makes a figure (matplotlib is known to the core's figures alone)."""

CHART_WIDTH_IN = 10.0
"""Of figures that fill the page's column: their text is about as large as small text there."""

_ONE_AT_A_TIME = threading.Lock()
_FRAME = Markup(
    '<figure class="chart"><figcaption>{caption}</figcaption><div class="figure-frame" '
    'role="group" tabindex="0" aria-label="{label}">{inner}</div></figure>'
)

# What figures draw on white paper, on a page that may be dark: see `.chart svg` in style.css.
_THEME = {
    "#1e293b": "var(--chart-ink)",
    "#64748b": "var(--chart-muted)",
    "#e2e8f0": "var(--chart-grid)",
    "#f1f5f9": "var(--chart-faint)",
    "#2563eb": "var(--chart-trace)",
    "#dc2626": "var(--chart-event)",
    "#15803d": "var(--chart-reference)",
    "#ffffff": "none",
}


def draw_alone(work: Callable[[], R]) -> R:
    """Do work that draws figures while no other thread draws, and return its result."""
    with _ONE_AT_A_TIME:
        return work()


def save_figure(make: MakeFigure, path: Path) -> None:
    """Draw a figure into a PNG file."""
    png = draw_alone(lambda: figures.figure_bytes(make()))
    with atomic_path(path) as temporary:
        temporary.write_bytes(png)


def save_all_formats(make: MakeFigure, folder: Path, stem: str) -> dict[str, Path]:
    """Draw a figure into a PNG, an SVG and a PDF file, and return their paths by format."""
    with _ONE_AT_A_TIME:
        figure = make()
        contents = {name: figures.figure_bytes(figure, name) for name in FIGURE_FORMATS}
    paths: dict[str, Path] = {}
    for name, content in contents.items():
        paths[name] = folder / f"{stem}.{name}"
        with atomic_path(paths[name]) as temporary:
            temporary.write_bytes(content)
    return paths


def chart_html(make: MakeFigure, *, alternative: str, caption: str = "") -> Markup:
    """Draw a figure as part of the page: in its colours, font and language.

    Parameters
    ----------
    make : callable
        Makes the figure.
    alternative : str
        What is to be seen, for those who cannot see it.
    caption : str
        Stands above.
    """
    svg = draw_alone(lambda: figures.figure_svg(make()))
    for color, themed in _THEME.items():
        svg = svg.replace(color, themed)
    svg = re.sub(r" font-family: [^;\"]*;", "", svg)
    svg = re.sub(r' d="[^"]*"', lambda path: re.sub(r"(\.\d)\d+", r"\1", path[0]), svg)
    # What a part stands for becomes its title, the area over a time axis tells its times; other
    # names are matplotlib's own.
    svg = re.sub(
        r'<g id="time: (\S+) (\S+)">',
        r'<g class="time-axis" data-start="\1" data-stop="\2">',
        svg,
    )
    svg = re.sub(r'<g id="said: ([^"]*)">', r"<g><title>\1</title>", svg)
    svg = re.sub(r'<g id="[^"]*">', "<g>", svg)
    svg = re.sub(
        r">([^<>]+)</text>", lambda found: f">{Markup.escape(tr(unescape(found[1])))}</text>", svg
    )
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{Markup.escape(alternative)}" ', 1)
    inner = Markup(svg)  # noqa: S704 - matplotlib has escaped what is from outside
    return _FRAME.format(caption=caption, label=alternative, inner=inner)
