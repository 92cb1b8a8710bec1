"""Figure of a page of EEG: traces, labels, time, scale, annotations, events and gaps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from seizure_core.bounds import MAX_DRAWN_CHANNELS, check_count
from seizure_core.display.filters import DisplayFilters
from seizure_core.display.pages import NO_SIGNAL, PageRow, page
from seizure_core.display.rows import DisplayRow, recorded_row
from seizure_core.errors import ParameterError, RecordingError
from seizure_core.events.event import Event
from seizure_core.events.trace import probability_words
from seizure_core.figures.canvas import (
    ANNOTATION,
    EVENT,
    INK,
    WIDTH_IN,
    drawable,
    empty_figure,
    shade_gaps,
    time_axis,
    title,
    unit_words,
)
from seizure_core.intervals import outside
from seizure_core.recording import Annotation, Recording
from seizure_core.signals.blocks import Cancelled

_LANE_IN, _LOWEST_IN, _HIGHEST_IN = 0.36, 2.0, 14.0
_LEVEL_IN = 0.16  # One line of labels above the page.
_LABEL_LEVELS = 2
_CHARACTERS_ACROSS = 150  # Labels per line.
_N_COLUMNS = 1600
_BAR_LANES = 0.5  # Length of a scale bar, about that of a typical trace.
_MAX_ROOM = 1.5  # Lanes above the first and below the last row, for high traces.
_LABEL_POINTS = 380.0  # Total height of the channel labels.
_MAX_ANNOTATIONS = 200

Mark = tuple[float, int, str, str]
"""A label above the page: left edge in seconds, level, text and colour."""


def page_figure(
    recording: Recording,
    channels: Sequence[str | int] | None = None,
    *,
    start_s: float = 0.0,
    length_s: float = 10.0,
    events: Iterable[Event] = (),
    negative_up: bool = True,
    rows: Sequence[DisplayRow] | None = None,
    filters: DisplayFilters | None = None,
    heading: str | None = None,
    with_annotation_texts: bool = True,
    size_in: tuple[float, float] | None = None,
    cancelled: Cancelled | None = None,
) -> Figure:
    """Draw a page of EEG: traces with labels, time, scale, annotations, events and gaps.

    Long pages show minimum and maximum of each pixel column, so that no spike is lost.

    Parameters
    ----------
    channels : sequence of str or int, optional
        Labels or positions, from top to bottom; None or empty for all.
    start_s, length_s : float
        Clipped to the recording.
    events : iterable of Event
        Shaded.
    negative_up : bool
        Whether negative values point up, as usual in EEG.
    rows : sequence of DisplayRow, optional
        Traces of a montage, instead of `channels`.
    heading : str, optional
        Instead of the file name, which may identify the patient.
    with_annotation_texts : bool
        Whether to write the texts of annotations; their times are always marked.
    size_in : (float, float), optional
        Width and height; None means 12 inches wide and as high as necessary.
    cancelled : callable, optional
        Called for every block that is read; the work stops when it returns True.

    Raises
    ------
    ParameterError
        Unknown channel, more than `MAX_DRAWN_CHANNELS`, start outside the recording, or length not
        positive.
    RecordingError
        There is no signal, or the file cannot be read.
    WorkCancelledError
        `cancelled` returned True.
    """
    events = tuple(events)
    shown = rows or [recorded_row(recording, i) for i in recording.channel_indices(channels)]
    check_count(
        len(shown),
        MAX_DRAWN_CHANNELS,
        "At most {most} channels can be drawn on one page; there are {n}. Choose some of them.",
    )
    if not shown:
        raise RecordingError(recording.file_name, "it has no signal, only annotations.")
    if not 0 <= start_s < recording.duration_s or not length_s > 0:
        raise ParameterError(
            "{file_name} lasts {duration_s:g} s; a page of {length_s:g} s "
            "from {start_s:g} s on cannot be shown.",
            file_name=recording.file_name,
            duration_s=recording.duration_s,
            length_s=length_s,
            start_s=start_s,
        )
    stop_s = min(start_s + length_s, recording.duration_s)
    data = page(
        recording,
        shown,
        start_s=start_s,
        length_s=stop_s - start_s,
        n_columns=_N_COLUMNS,
        filters=filters,
        cancelled=cancelled,
    )
    remarks = [a for a in recording.annotations if start_s <= a.onset_s < stop_s]
    remarks = remarks[:_MAX_ANNOTATIONS]
    marks = _labels_above(events, remarks if with_annotation_texts else (), start_s, stop_s)
    top_in = 0.5 + _LEVEL_IN * (1 + max((level for _, level, _, _ in marks), default=-1))
    lanes_in = min(max(_LANE_IN * len(shown), _LOWEST_IN), _HIGHEST_IN)
    width_in, height_in = size_in or (WIDTH_IN, lanes_in + top_in + 0.75)
    figure, axes = empty_figure(
        height_in, top_in=top_in, left_in=1.1, right_in=0.95, width_in=width_in
    )
    _draw_lanes(axes, shown, data.rows, negative_up=negative_up)
    axes.set_xlim(start_s, stop_s)
    time_axis(axes, start_s, stop_s, recording.start_time)
    segments = [(segment.start_s, segment.stop_s) for segment in recording.segments]
    shade_gaps(axes, outside([(start_s, stop_s)], segments))
    for event in events:
        left, right = max(event.onset_s, start_s), min(event.offset_s, stop_s)
        if left < right:
            axes.axvspan(left, right, color=EVENT, alpha=0.1, linewidth=0)
    for remark in remarks:
        axes.axvline(remark.onset_s, color=ANNOTATION, linewidth=0.9, linestyle=(0, (4, 3)))
    _write_above(axes, marks)
    said = "negative up" if negative_up else "positive up"
    if filters is not None and filters.is_active:
        said += ", filtered for the eye"
    title(figure, recording.file_name if heading is None else heading, said)
    return figure


def _draw_lanes(
    axes: Axes, rows: Sequence[DisplayRow], drawn: Sequence[PageRow], *, negative_up: bool
) -> None:
    """Draw one lane per row, from top to bottom, and the scale of each group of rows."""
    sign = 1.0 if negative_up else -1.0  # The axis points down.
    width = 0.7 if len(rows) <= 40 else 0.5
    highest, lowest = -0.75, len(rows) - 0.25
    for members in _scale_groups(rows):
        stands_for = round_number(_typical_height([drawn[lane] for lane in members]))
        for lane in members:
            times_s, values = _line(drawn[lane])
            lanes = lane + sign * (values - drawn[lane].centre) / stands_for * _BAR_LANES
            axes.plot(times_s, lanes, color=INK, linewidth=width, solid_joinstyle="round")
            highest = min(highest, float(np.nanmin(lanes, initial=highest)))
            lowest = max(lowest, float(np.nanmax(lanes, initial=lowest)))
        _scale_bar(axes, max(members) + 0.5, stands_for, rows[members[0]].unit)
    room = _MAX_ROOM if len(rows) > 1 else np.inf
    axes.set_ylim(min(lowest, len(rows) - 1 + room), max(highest, -room))
    size = float(np.clip(_LABEL_POINTS / len(rows), 5.0, 9.0))
    labels = [drawable(row.label or "(no label)", 18) for row in rows]
    axes.set_yticks(range(len(rows)), labels=labels, fontsize=size, color=INK, parse_math=False)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _scale_groups(rows: Sequence[DisplayRow]) -> list[list[int]]:
    """Return groups of rows with a common scale: EEG of one unit, every other row alone.

    An ECG is ten times as high as EEG. If no label of a unit is EEG, all rows of that unit have a
    common scale.
    """
    with_eeg = {row.unit for row in rows if row.side != "other"}
    groups: dict[tuple[str, int], list[int]] = {}
    for lane, row in enumerate(rows):
        alone = row.side == "other" and row.unit in with_eeg
        groups.setdefault((row.unit, lane if alone else -1), []).append(lane)
    return list(groups.values())


def _scale_bar(axes: Axes, bottom: float, stands_for: float, unit: str) -> None:
    """Draw a scale bar with its label on the right of a lane."""
    across = axes.get_yaxis_transform()
    ends = [bottom - _BAR_LANES, bottom]
    axes.plot([1.012, 1.012], ends, color=INK, linewidth=2, transform=across, clip_on=False)
    axes.text(
        1.02,
        bottom - _BAR_LANES / 2,
        f"{stands_for:g} {unit_words(unit)}".rstrip(),
        va="center",
        fontsize=8,
        color=INK,
        parse_math=False,
        transform=across,
    )


def round_number(value: float) -> float:
    """Return the nearest of 1, 2, 5 times a power of ten, on a logarithmic scale."""
    if not (math.isfinite(value) and value > 0):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    choices = [power * factor for factor in (1.0, 2.0, 5.0, 10.0)]
    return min(choices, key=lambda choice: abs(math.log(choice / value)))


def _values(row: PageRow) -> NDArray[np.float64]:
    """Return a row in its unit, NaN without signal."""
    values = row.values.astype(np.float64) * row.scale + row.offset
    values[row.values == NO_SIGNAL] = np.nan
    return values


def _line(row: PageRow) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times and values of the line for a row.

    Extremes become vertical strokes in the middle of each column, alternating up and down so that
    the connecting line stays inside.
    """
    values = _values(row)
    if row.kind == "samples":
        return row.first_s + row.step_s * np.arange(len(values), dtype=np.float64), values
    strokes = values.T.copy()
    strokes[1::2] = strokes[1::2, ::-1]
    middles = row.first_s + row.step_s * (np.arange(len(strokes), dtype=np.float64) + 0.5)
    return np.repeat(middles, 2), strokes.ravel()


def _typical_height(rows: Sequence[PageRow]) -> float:
    """Return the median over rows of the range of 95 % of the values around the centre."""
    heights = []
    for row in rows:
        values = np.abs(_values(row) - row.centre)
        finite = values[np.isfinite(values)]
        if finite.size and finite.max() > 0:
            heights.append(float(np.quantile(finite, 0.95)) or float(finite.max()))
    return float(np.median(heights)) if heights else 0.0


def _labels_above(
    events: Iterable[Event], annotations: Iterable[Annotation], start_s: float, stop_s: float
) -> list[Mark]:
    """Return the labels above the page, events lowest, annotations above them.

    Labels without space are left out; their line or shade stays.
    """
    named = []
    for event in events:
        if start_s < event.offset_s and event.onset_s < stop_s:
            sure = "" if event.confidence is None else f" {probability_words(event.confidence, 2)}"
            text = f"seizure{sure}" if event.is_seizure else event.event_type
            named.append((max(event.onset_s, start_s), drawable(text, 28)))
    remarks = [(annotation.onset_s, drawable(annotation.text, 28)) for annotation in annotations]
    width = (stop_s - start_s) / _CHARACTERS_ACROSS
    marks: list[Mark] = []
    for labels, color, n_levels in ((named, EVENT, 1), (remarks, ANNOTATION, _LABEL_LEVELS)):
        first_level = 1 if marks else 0
        free_from = [-math.inf] * n_levels
        for left, text in sorted(labels):
            level = next((i for i, free in enumerate(free_from) if left >= free), None)
            if level is not None:
                free_from[level] = left + (len(text) + 1.5) * width
                marks.append((left, first_level + level, text, color))
    return marks


def _write_above(axes: Axes, marks: Iterable[Mark]) -> None:
    for time_s, level, text, color in marks:
        axes.annotate(
            text,
            (time_s, 1.0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(1, 3 + 72 * _LEVEL_IN * level),
            textcoords="offset points",
            fontsize=8,
            color=color,
            parse_math=False,
            annotation_clip=False,
        )
