"""What all figures share: colours, margins, the axis of time, text that always draws."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizure_core.figures.page_layout import shortened, time_ticks

DEFAULT_DPI = 150
WIDTH_IN = 12.0

INK, MUTED, GRID = "#1e293b", "#64748b", "#e2e8f0"
EVENT, ANNOTATION, REFERENCE, TRACE = "#dc2626", "#b45309", "#15803d", "#2563eb"
_MISSING_GLYPH = "\u25a1"


def figure_png(figure: Figure, dpi: float = DEFAULT_DPI) -> bytes:
    """Return a figure as the bytes of a PNG file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi)
    return buffer.getvalue()


def empty_figure(
    height_in: float, *, top_in: float, left_in: float, right_in: float
) -> tuple[Figure, Axes]:
    """Return a white figure with margins in inches, the same whatever its height."""
    figure = Figure(figsize=(WIDTH_IN, height_in), facecolor="white")
    bottom_in = 0.75
    axes = figure.add_axes(
        (
            left_in / WIDTH_IN,
            bottom_in / height_in,
            1 - (left_in + right_in) / WIDTH_IN,
            1 - (bottom_in + top_in) / height_in,
        )
    )
    plain_frame(axes)
    return figure, axes


def plain_frame(axes: Axes) -> None:
    """Give axes the frame all figures have: pale lines on the left and below."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GRID)
    axes.set_axisbelow(True)
    axes.tick_params(colors=MUTED, labelsize=9, length=3)


def time_axis(axes: Axes, start_s: float, stop_s: float, start_time: datetime | None) -> None:
    """Put ticks at round times, with the time of day below where the start is known."""
    ticks = time_ticks(start_s, stop_s, start_time=start_time)
    axes.set_xticks(ticks.times_s, labels=ticks.labels)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    clock = ", time of day below" if start_time is not None else ""
    axes.set_xlabel(f"Time from start ({ticks.unit}){clock}", color=MUTED, fontsize=9)


def shade_gaps(axes: Axes, gaps: Iterable[tuple[float, float]]) -> None:
    """Hatch stretches without a signal; call it when the axes have their limits."""
    left, right = axes.get_xlim()
    for start_s, stop_s in gaps:
        axes.axvspan(
            start_s, stop_s, facecolor="#f1f5f9", edgecolor="#cbd5e1", hatch="///", linewidth=0
        )
        if stop_s - start_s > 0.08 * (right - left):
            low, high = axes.get_ylim()
            note(axes, (start_s + stop_s) / 2, (low + high) / 2, "no signal", MUTED)


def note(axes: Axes, time_s: float, height: float, words: str, color: str) -> None:
    """Write a few words in the middle of a place, in the axes' own units."""
    axes.text(time_s, height, words, ha="center", va="center", fontsize=9, color=color)


def title(figure: Figure, words: str, remark: str) -> None:
    """Write a title on the left and a remark on the right, above everything else."""
    height_in = float(figure.get_figheight())
    top = 1 - 0.22 / height_in
    for x, text, side, size, color in (
        (0.15 / WIDTH_IN, drawable(words, 90), "left", 12, INK),
        (1 - 0.15 / WIDTH_IN, drawable(remark, 60), "right", 9, MUTED),
    ):
        figure.text(
            x, top, text, ha=side, va="center", fontsize=size, color=color, parse_math=False
        )


def drawable(text: str, most: int) -> str:
    """Return a line the font can draw: signs it does not have become a box.

    Labels and file names come from anywhere; a missing sign would only make a warning.
    """
    font = font_manager.get_font(font_manager.findfont("DejaVu Sans"))
    line = shortened(text, most)
    return "".join(c if font.get_char_index(ord(c)) else _MISSING_GLYPH for c in line)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 event", "2 events"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def unit_words(unit: str) -> str:
    """Return a unit as one writes it."""
    return "\u00b5V" if unit == "uV" else drawable(unit, 12)
