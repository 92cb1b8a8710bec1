"""Common parts of figures: colours, margins, time axis, safe text, file formats."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from datetime import datetime, timedelta

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizure_core.figure_formats import FigureFormat

DEFAULT_DPI = 150
WIDTH_IN = 12.0
FONT = "DejaVu Sans"  # Included in matplotlib.

INK, MUTED, GRID, FAINT = "#1e293b", "#64748b", "#e2e8f0", "#f1f5f9"
EVENT, ANNOTATION, REFERENCE, TRACE = "#dc2626", "#b45309", "#15803d", "#2563eb"
_MISSING_GLYPH = "\u25a1"
_STEPS_S = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30),
    *(60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400),
)
# Without a date, so that the same figure gives the same file.
_METADATA: dict[FigureFormat, dict[str, str | None]] = {
    "png": {"Software": "Seizure Zoo"},
    "svg": {"Date": None, "Creator": "Seizure Zoo"},
    "pdf": {"CreationDate": None, "Creator": "Seizure Zoo", "Producer": None},
}


def figure_bytes(
    figure: Figure, file_format: FigureFormat = "png", dpi: float = DEFAULT_DPI
) -> bytes:
    """Return a figure as the bytes of a file; `dpi` is for PNG only."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format=file_format, dpi=dpi, metadata=_METADATA[file_format])
    return buffer.getvalue()


def figure_svg(figure: Figure) -> str:
    """Return a figure as an `<svg>` element with selectable text."""
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "figure"}):
        figure.savefig(buffer, format="svg", metadata=nothing)
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def empty_figure(
    height_in: float, *, top_in: float, left_in: float, right_in: float, width_in: float = WIDTH_IN
) -> tuple[Figure, Axes]:
    """Return a white figure with fixed margins in inches."""
    figure = Figure(figsize=(width_in, height_in), facecolor="white")
    bottom_in = 0.75
    axes = figure.add_axes(
        (
            left_in / width_in,
            bottom_in / height_in,
            1 - (left_in + right_in) / width_in,
            1 - (bottom_in + top_in) / height_in,
        )
    )
    plain_frame(axes)
    return figure, axes


def plain_frame(axes: Axes) -> None:
    """Style axes as in all figures: pale lines on the left and below."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GRID)
    axes.set_axisbelow(True)
    axes.tick_params(colors=MUTED, labelsize=9, length=3)
    axes.tick_params(which="minor", colors=MUTED)


def time_axis(axes: Axes, start_s: float, stop_s: float, start_time: datetime | None) -> None:
    """Add ticks at round times, with the time of day below if the start is known.

    In SVG the area of the axes is called "time: START STOP", in seconds, for what maps it to times.
    """
    axes.patch.set_gid(f"time: {start_s} {stop_s}")
    unit, times_s, labels = time_ticks(start_s, stop_s, start_time)
    axes.set_xticks(times_s, labels=labels)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    clock = ", time of day below" if start_time is not None else ""
    axes.set_xlabel(f"Time from start ({unit}){clock}", color=MUTED, fontsize=9)


def time_ticks(
    start_s: float, stop_s: float, start_time: datetime | None = None, *, n_ticks: int = 12
) -> tuple[str, list[float], list[str]]:
    """Return unit, positions and labels of about `n_ticks` ticks at round times.

    The unit is the largest in which tick distances are whole numbers. If the start is known, labels
    have a second line with the time of day.
    """
    length_s = stop_s - start_s
    wide = [step for step in _STEPS_S if length_s / step <= n_ticks]
    step_s = wide[0] if wide else 86400.0 * math.ceil(length_s / n_ticks / 86400.0)
    unit, unit_s = ("s", 1.0) if step_s < 60 else ("min", 60.0) if step_s < 3600 else ("h", 3600.0)
    first = math.ceil(start_s / step_s - 1e-9)
    last = math.floor(stop_s / step_s + 1e-9)
    times_s = [number * step_s for number in range(first, last + 1)]
    decimals = max(0, -math.floor(math.log10(step_s))) if step_s < 1 else 0
    labels = [f"{time_s / unit_s:.{decimals}f}" for time_s in times_s]
    if start_time is not None:
        clocks = [_time_of_day(start_time, time_s, step_s) for time_s in times_s]
        labels = [f"{label}\n{clock}" for label, clock in zip(labels, clocks, strict=True)]
    return unit, times_s, labels


def _time_of_day(start_time: datetime, time_s: float, step_s: float) -> str:
    moment = start_time + timedelta(seconds=time_s)
    if step_s >= 60:
        return f"{moment:%H:%M}" if not start_time.second else f"{moment:%H:%M:%S}"
    if step_s >= 1 and not start_time.microsecond:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"


def shade_gaps(axes: Axes, gaps: Iterable[tuple[float, float]]) -> None:
    """Shade gaps in the signal; call it after setting the limits of the axes."""
    left, right = axes.get_xlim()
    middle = sum(axes.get_ylim()) / 2
    for start_s, stop_s in gaps:
        axes.axvspan(start_s, stop_s, color=GRID, linewidth=0, zorder=0.5)
        if stop_s - start_s > 0.08 * (right - left):
            axes.text(
                (start_s + stop_s) / 2,
                middle,
                "no signal",
                ha="center",
                va="center",
                fontsize=9,
                color=MUTED,
            )


def title(figure: Figure, words: str, remark: str) -> None:
    """Write a title on the left and a note on the right, above the axes."""
    left = 0.15 / float(figure.get_figwidth())
    top = 1 - 0.22 / float(figure.get_figheight())
    for x, text, side, size, color in (
        (left, drawable(words, 90), "left", 12, INK),
        (1 - left, drawable(remark, 60), "right", 9, MUTED),
    ):
        figure.text(
            x, top, text, ha=side, va="center", fontsize=size, color=color, parse_math=False
        )


def drawable(text: str, n_letters: int = 1000) -> str:
    """Return a line of at most `n_letters` characters that the font can draw.

    Control characters and line breaks are removed, and characters missing in the font replaced by a
    box.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) > n_letters:
        line = line[: n_letters - 1].rstrip() + "…"
    font = font_manager.get_font(font_manager.findfont(FONT))
    return "".join(c if font.get_char_index(ord(c)) else _MISSING_GLYPH for c in line)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 event", "2 events"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def unit_words(unit: str) -> str:
    """Return a unit as text to show."""
    return "\u00b5V" if unit == "uV" else drawable(unit, 12)
