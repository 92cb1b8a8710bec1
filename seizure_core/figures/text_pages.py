"""Text and tables on sheets of paper: lines are wrapped, and go on on the next sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seizure_core.figures.canvas import GRID, INK, MUTED, drawable
from seizure_core.figures.printing import MARGIN_IN, PAPER_IN

_TOP_IN, _BOTTOM_IN = 0.3, 0.85
_TEXT_PT, _HEADING_PT = 9.0, 12.0
_LINE_IN, _HEADING_IN = 0.185, 0.42
_COLUMN_GAP_IN = 0.12
_FINER, _SPARE = 10, 1.03


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """One line of a sheet.

    Attributes
    ----------
    cells : tuple of (float, str)
        Distances from the left margin in inches, and texts.
    height_in : float
        From the line before.
    size_pt : float
        Of the font.
    color : str
        Of the text.
    ruled : bool
        Whether a hair line lies below.
    keeps : int
        How many of the lines that follow must stand on the same sheet.
    header : TextLine or None
        Stands above once more where this line is the first of a sheet.
    """

    cells: tuple[tuple[float, str], ...]
    height_in: float = _LINE_IN
    size_pt: float = _TEXT_PT
    color: str = INK
    ruled: bool = False
    keeps: int = 0
    header: TextLine | None = None


def heading(words: str) -> list[TextLine]:
    """Return a heading; it never stands alone at the foot of a sheet."""
    line = TextLine(cells=((0.0, words),), height_in=_HEADING_IN, size_pt=_HEADING_PT, keeps=2)
    return [line]


def paragraph(
    words: str, *, indent_in: float = 0.0, width_in: float | None = None
) -> list[TextLine]:
    """Return a text as lines that fit the paper, or a column of it."""
    room_in = (PAPER_IN[0] - 2 * MARGIN_IN if width_in is None else width_in) - indent_in
    return [TextLine(cells=((indent_in, part),)) for part in wrapped(words, room_in)]


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], widths_in: Sequence[float]
) -> list[TextLine]:
    """Return a table; cells that are too long go on in a line of their own."""
    lefts = [sum(widths_in[:column]) for column in range(len(widths_in))]
    top = TextLine(cells=tuple(zip(lefts, header, strict=True)), color=MUTED, ruled=True, keeps=1)
    lines = [top]
    for row in rows:
        parts = [
            wrapped(text, width - _COLUMN_GAP_IN)
            for text, width in zip(row, widths_in, strict=True)
        ]
        n_levels = max(len(part) for part in parts)
        for level in range(n_levels):
            cells = [
                (left, part[level])
                for left, part in zip(lefts, parts, strict=True)
                if level < len(part)
            ]
            keeps = n_levels - 1 if level == 0 else 0
            lines.append(TextLine(cells=tuple(cells), header=top, keeps=keeps))
    return lines


def wrapped(words: str, room_in: float, size_pt: float = _TEXT_PT) -> list[str]:
    """Return a text in parts that are no wider than `room_in`; at least one, maybe empty."""
    parts = [""]
    for word in words.split():
        longer = f"{parts[-1]} {word}".strip()
        if width_in(longer, size_pt) <= room_in:
            parts[-1] = longer
            continue
        pieces = _broken(word, room_in, size_pt)
        parts = [part for part in parts if part] + pieces
    return parts


def _broken(word: str, room_in: float, size_pt: float) -> list[str]:
    """Return a word in pieces that fit; nearly always one."""
    pieces = [""]
    for sign in word:
        if pieces[-1] and width_in(pieces[-1] + sign, size_pt) > room_in:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def width_in(text: str, size_pt: float) -> float:
    """Return how wide a text is when it is drawn, in inches."""
    font = font_manager.get_font(font_manager.findfont("DejaVu Sans"))
    # Large, so that rounding to whole pixels counts for nothing; with a little to spare for it.
    font.set_size(size_pt, 72 * _FINER)
    font.set_text(drawable(text, 1000))
    return float(font.get_width_height()[0]) / (64 * 72 * _FINER) * _SPARE


def sheets(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Part lines into sheets of paper; headers of tables stand on each."""
    room_in = PAPER_IN[1] - _TOP_IN - _BOTTOM_IN
    parted: list[list[TextLine]] = []
    used_in = room_in
    for number, line in enumerate(lines):
        if used_in + sum(one.height_in for one in _together(lines, number)) > room_in:
            parted.append([] if line.header is None else [line.header])
            used_in = sum(one.height_in for one in parted[-1])
        parted[-1].append(line)
        used_in += line.height_in
    return parted


def _together(lines: Sequence[TextLine], first: int) -> Sequence[TextLine]:
    """Return a line with all that must stand on its sheet, what those want included."""
    last = reach = first
    while last <= reach and last < len(lines):
        reach = max(reach, last + lines[last].keeps)
        last += 1
    return lines[first:last]


def blank_sheet() -> Figure:
    """Return an empty sheet of paper."""
    return Figure(figsize=PAPER_IN, facecolor="white")


def draw_lines(
    figure: Figure,
    lines: Iterable[TextLine],
    *,
    top_in: float = _TOP_IN,
    left_in: float = MARGIN_IN,
    width_in: float = PAPER_IN[0] - 2 * MARGIN_IN,
) -> float:
    """Write lines on a sheet from `top_in` on; return how far down they reach, in inches."""
    width, height = PAPER_IN
    down_in = top_in
    for line in lines:
        down_in += line.height_in
        for offset_in, words in line.cells:
            figure.text(
                (left_in + offset_in) / width,
                1 - down_in / height,
                drawable(words, 1000),
                fontsize=line.size_pt,
                color=line.color,
                parse_math=False,
            )
        if line.ruled:
            rule_y = 1 - (down_in + 0.06) / height
            ends = (left_in / width, (left_in + width_in) / width)
            figure.add_artist(Line2D(ends, (rule_y, rule_y), color=GRID, linewidth=0.8))
    return down_in
