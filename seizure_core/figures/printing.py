"""Figures on paper: A4 across, with a line at the foot and without text that names anybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from seizure_core.display.filters import DisplayFilters
from seizure_core.display.rows import DisplayRow
from seizure_core.events import Event
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
    """Make a figure as large as the paper, what is on it scaled into the margins, from the top."""
    height_in = float(figure.get_figheight())
    paper_width_in, paper_height_in = PAPER_IN
    across = 1 - 2 * MARGIN_IN / paper_width_in
    room_in = paper_height_in - 2 * MARGIN_IN - _FOOT_IN
    high = min(room_in, height_in) / paper_height_in
    left, bottom = MARGIN_IN / paper_width_in, 1 - MARGIN_IN / paper_height_in - high
    figure.set_size_inches(paper_width_in, paper_height_in)
    for axes in figure.axes:
        x, y, width, height = axes.get_position().bounds
        axes.set_position((left + x * across, bottom + y * high, width * across, height * high))
    for text in figure.texts:
        x, y = text.get_position()
        text.set_position((left + float(x) * across, bottom + float(y) * high))


def add_foot(figure: Figure, left: str, right: str) -> None:
    """Write a line at the foot of the paper."""
    x, y = MARGIN_IN / PAPER_IN[0], MARGIN_IN / PAPER_IN[1]
    figure.text(x, y, drawable(left, 110), fontsize=8, color=MUTED, parse_math=False)
    figure.text(
        1 - x, y, drawable(right, 110), fontsize=8, color=MUTED, ha="right", parse_math=False
    )
