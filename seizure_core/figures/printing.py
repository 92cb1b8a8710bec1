"""Figures on paper: A4 across, with a line at the foot and without text that names anybody."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizure_core.figures.canvas import MUTED, drawable

PAPER_IN = (11.69, 8.27)
MARGIN_IN = 0.4
_FOOT_IN = 0.35


def fit_to_paper(figure: Figure) -> None:
    """Make a figure as large as the paper: axes get smaller, what is above and below them not."""
    height_in = float(figure.get_figheight())
    paper_width_in, paper_height_in = PAPER_IN
    places = [(axes, _bounds(axes)) for axes in figure.axes]
    above_in = height_in * (1 - max(y + height for _, (_, y, _, height) in places))
    below_in = height_in * min(y for _, (_, y, _, _) in places)
    room_in = paper_height_in - 2 * MARGIN_IN - _FOOT_IN
    between_in = height_in - above_in - below_in
    shrunk = min((room_in - above_in - below_in) / between_in, 1.0)

    def upwards(y: float) -> float:
        """Return where a height of the figure lies on the paper."""
        down_in = height_in * (1 - y)
        inside_in = min(max(down_in - above_in, 0.0), between_in)
        return 1 - (MARGIN_IN + down_in - inside_in * (1 - shrunk)) / paper_height_in

    left, across = MARGIN_IN / paper_width_in, 1 - 2 * MARGIN_IN / paper_width_in
    figure.set_size_inches(paper_width_in, paper_height_in)
    for axes, (x, y, width, height) in places:
        bottom = upwards(y)
        axes.set_position((left + x * across, bottom, width * across, upwards(y + height) - bottom))
    for text in figure.texts:
        x, y = text.get_position()
        text.set_position((left + float(x) * across, upwards(float(y))))


def _bounds(axes: Axes) -> tuple[float, float, float, float]:
    x, y, width, height = (float(value) for value in axes.get_position().bounds)
    return x, y, width, height


def add_foot(figure: Figure, left: str, right: str) -> None:
    """Write a line at the foot of the paper."""
    x, y = MARGIN_IN / PAPER_IN[0], MARGIN_IN / PAPER_IN[1]
    figure.text(x, y, drawable(left, 110), fontsize=8, color=MUTED, parse_math=False)
    figure.text(
        1 - x, y, drawable(right, 110), fontsize=8, color=MUTED, ha="right", parse_math=False
    )
