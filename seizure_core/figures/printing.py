"""Figures on paper: A4 across, with a line at the foot and without text that names anybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizure_core.display.filters import DisplayFilters
from seizure_core.display.rows import DisplayRow
from seizure_core.events.event import Event
from seizure_core.figures.canvas import MUTED, drawable
from seizure_core.figures.eeg_page import page_figure
from seizure_core.figures.saving import save_figure
from seizure_core.recording import Recording

PAPER_IN = (11.69, 8.27)
MARGIN_IN = 0.4
_FOOT_IN = 0.35


def write_page(
    path: str | Path,
    recording: Recording,
    channels: Sequence[str | int] | None = None,
    *,
    start_s: float = 0.0,
    length_s: float = 10.0,
    events: Iterable[Event] = (),
    negative_up: bool = True,
    rows: Sequence[DisplayRow] | None = None,
    filters: DisplayFilters | None = None,
    bar: float | None = None,
    with_file_name: bool = False,
    with_remarks: bool = False,
) -> None:
    """Write a page of EEG to a file for printing: PDF, SVG or PNG by the suffix, A4 across.

    File names and remarks may name a person: they are left out unless asked for. What the
    header says of the patient is never on it.

    Parameters
    ----------
    path : str or Path
        Where it goes; written whole or not at all.
    recording, channels, start_s, length_s, events, negative_up, rows, filters, bar
        As `page_figure` takes them.
    with_file_name : bool
        Whether the file's name is the heading.
    with_remarks : bool
        Whether the words of annotations are printed; their times are marked anyway.

    Raises
    ------
    ParameterError
        As `page_figure` does, or a suffix that is no format.
    RecordingError
        There is no signal, or the file cannot be read.
    """
    figure = page_figure(
        recording,
        channels,
        start_s=start_s,
        length_s=length_s,
        events=events,
        negative_up=negative_up,
        rows=rows,
        filters=filters,
        bar=bar,
        heading=None if with_file_name else "EEG",
        with_remarks=with_remarks,
    )
    fit_to_paper(figure)
    add_foot(figure, "Printed by Seizure Zoo, for research use only", "")
    save_figure(figure, path)


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
