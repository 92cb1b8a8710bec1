"""A page of EEG: stacked traces with labels, time, scale, annotations, events and gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizure_core.channels.labels import parse_derivation
from seizure_core.display.filters import DisplayFilters
from seizure_core.display.pages import PageData, page
from seizure_core.display.rows import DisplayRow, side_of
from seizure_core.errors import ParameterError, RecordingError
from seizure_core.events.event import Event
from seizure_core.events.trace import probability_words
from seizure_core.figures.canvas import (
    ANNOTATION,
    EVENT,
    INK,
    drawable,
    empty_figure,
    shade_gaps,
    time_axis,
    title,
    unit_words,
)
from seizure_core.figures.page_layout import (
    gaps_within,
    round_number,
    row_line,
    typical_height,
    without_overlap,
)
from seizure_core.recording import Annotation, Recording

_LANE_IN, _LOWEST_IN, _HIGHEST_IN = 0.36, 2.0, 14.0
_LEVEL_IN = 0.16  # a line of labels above the page
_LABEL_LEVELS = 2
_CHARACTERS_ACROSS = 150  # of these labels, side by side
_N_COLUMNS = 1600
_BAR_LANES = 0.5  # length of a scale bar; the typical trace reaches about as far
_MOST_ROOM = 1.5  # lanes above the first and below the last row, for high traces
_LABEL_POINTS = 380.0  # height of all channel labels together
_MOST_ANNOTATIONS = 200


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
    bar: float | None = None,
    heading: str | None = None,
    with_remarks: bool = True,
) -> Figure:
    """Draw a page of EEG: stacked traces with labels, time, scale, annotations, events, gaps.

    Long pages show the smallest and largest value of each pixel column: no spike is lost.

    Parameters
    ----------
    recording : Recording
        The file.
    channels : sequence of str or int, optional
        Labels or positions, from top to bottom; None or empty means all.
    start_s, length_s : float
        The stretch; what reaches past the end is cut.
    events : iterable of Event
        Shaded where they lie on the page.
    negative_up : bool
        Whether negative values are drawn upwards, the habit in EEG.
    rows : sequence of DisplayRow, optional
        Traces of a montage, in place of `channels`.
    filters : DisplayFilters, optional
        For the eye only.
    bar : float, optional
        What the scale bar stands for, in the unit of the first trace; None chooses.
    heading : str, optional
        Stands above in place of the file's name, which may hold a person's.
    with_remarks : bool
        Whether the words of the file's annotations are written; their times are always marked.

    Returns
    -------
    Figure
        12 inches wide; as high as the traces need.

    Raises
    ------
    ParameterError
        Unknown channel, a start outside the recording, a length that is not positive.
    RecordingError
        There is no signal, or the file cannot be read.
    """
    events = tuple(events)
    shown = list(rows) if rows else _recorded_rows(recording, channels)
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
    )
    remarks = _annotations_shown(recording, start_s, stop_s) if with_remarks else []
    marks = _labels_above(events, remarks, start_s, stop_s)
    levels = 1 + max((level for _, level, _, _ in marks), default=-1)
    lanes_in = min(max(_LANE_IN * len(shown), _LOWEST_IN), _HIGHEST_IN)
    top_in = 0.5 + _LEVEL_IN * levels
    figure, axes = empty_figure(
        lanes_in + top_in + 0.75, top_in=top_in, left_in=1.35, right_in=0.95
    )
    _draw_lanes(axes, shown, data, negative_up=negative_up, bar=bar)
    axes.set_xlim(start_s, stop_s)
    time_axis(axes, start_s, stop_s, recording.start_time)
    segments = [(segment.start_s, segment.stop_s) for segment in recording.segments]
    shade_gaps(axes, gaps_within(segments, start_s, stop_s))
    _shade_events(axes, events, start_s, stop_s)
    _draw_annotations(axes, recording, start_s, stop_s)
    for time_s, level, text, color in marks:
        _above(axes, time_s, level, text, color)
    remark = "negative up" if negative_up else "positive up"
    if filters is not None and filters.is_active:
        remark += ", filtered for the eye"
    title(figure, recording.file_name if heading is None else heading, remark)
    return figure


def _recorded_rows(recording: Recording, channels: Sequence[str | int] | None) -> list[DisplayRow]:
    rows = []
    for index in recording.channel_indices(channels):
        channel = recording.channels[index]
        rows.append(
            DisplayRow(
                label=channel.label,
                unit=channel.unit,
                sampling_rate_hz=channel.sampling_rate_hz,
                n_samples=channel.n_samples,
                terms=((index, 1.0),),
                how="exact",
                source=channel.label,
                group="",
                side=side_of(parse_derivation(channel.label)),
            )
        )
    return rows


def _draw_lanes(
    axes: Axes,
    rows: Sequence[DisplayRow],
    data: PageData,
    *,
    negative_up: bool,
    bar: float | None,
) -> None:
    """Draw one lane a row, the first on top, and the scale of each group of rows."""
    groups = _scale_groups(rows)
    sign = 1.0 if negative_up else -1.0  # the axis points down
    width = 0.7 if len(rows) <= 40 else 0.5
    highest, lowest = -0.75, len(rows) - 0.25
    for members in groups:
        drawn = [data.rows[lane] for lane in members]
        stands_for = round_number(typical_height(drawn))
        if bar is not None and 0 in members:
            stands_for = bar
        for lane, row in zip(members, drawn, strict=True):
            times_s, values = row_line(row)
            lanes = lane + sign * (values - row.centre) / stands_for * _BAR_LANES
            axes.plot(times_s, lanes, color=INK, linewidth=width, solid_joinstyle="round")
            highest = min(highest, float(np.nanmin(lanes, initial=highest)))
            lowest = max(lowest, float(np.nanmax(lanes, initial=lowest)))
        _scale_bar(axes, max(members) + 0.5, stands_for, rows[members[0]].unit)
    room = _MOST_ROOM if len(rows) > 1 else np.inf
    axes.set_ylim(min(lowest, len(rows) - 1 + room), max(highest, -room))
    size = float(np.clip(_LABEL_POINTS / len(rows), 5.0, 9.0))
    labels = [drawable(row.label or "(no label)", 18) for row in rows]
    axes.set_yticks(range(len(rows)), labels=labels, fontsize=size, color=INK, parse_math=False)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _scale_groups(rows: Sequence[DisplayRow]) -> list[list[int]]:
    """Return rows that share a scale: EEG of one unit together, others each by itself.

    An electrocardiogram is ten times as high as EEG. Where no label of a unit names EEG, all
    rows of that unit share one scale.
    """
    with_eeg = {row.unit for row in rows if row.side != "other"}
    groups: dict[tuple[str, int], list[int]] = {}
    for lane, row in enumerate(rows):
        alone = row.side == "other" and row.unit in with_eeg
        groups.setdefault((row.unit, lane if alone else -1), []).append(lane)
    return list(groups.values())


def _scale_bar(axes: Axes, bottom: float, stands_for: float, unit: str) -> None:
    """Draw a scale bar on the right of a lane, with what it stands for."""
    beside: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "clip_on": False}
    axes.plot([1.012, 1.012], [bottom - _BAR_LANES, bottom], color=INK, linewidth=2, **beside)
    axes.text(
        1.02,
        bottom - _BAR_LANES / 2,
        f"{stands_for:g} {unit_words(unit)}".rstrip(),
        va="center",
        fontsize=8,
        color=INK,
        parse_math=False,
        transform=axes.get_yaxis_transform(),
    )


def _shade_events(axes: Axes, events: Iterable[Event], start_s: float, stop_s: float) -> None:
    for event in events:
        left, right = max(event.onset_s, start_s), min(event.offset_s, stop_s)
        if left < right:
            axes.axvspan(left, right, color=EVENT, alpha=0.1, linewidth=0)


def _annotations_shown(recording: Recording, start_s: float, stop_s: float) -> list[Annotation]:
    return [a for a in recording.annotations if start_s <= a.onset_s < stop_s][:_MOST_ANNOTATIONS]


def _draw_annotations(axes: Axes, recording: Recording, start_s: float, stop_s: float) -> None:
    for annotation in _annotations_shown(recording, start_s, stop_s):
        axes.axvline(annotation.onset_s, color=ANNOTATION, linewidth=0.9, linestyle=(0, (4, 3)))


def _labels_above(
    events: Iterable[Event], annotations: Iterable[Annotation], start_s: float, stop_s: float
) -> list[tuple[float, int, str, str]]:
    """Return left edge, level, text and colour of what stands above the page.

    Events are nearest to the page, annotations above them; what finds no place is left out,
    its line or shade stays.
    """
    named = []
    for event in events:
        if start_s < event.offset_s and event.onset_s < stop_s:
            sure = "" if event.confidence is None else f" {probability_words(event.confidence, 2)}"
            text = f"seizure{sure}" if event.is_seizure else event.event_type
            named.append((max(event.onset_s, start_s), drawable(text, 28)))
    remarks = [(annotation.onset_s, drawable(annotation.text, 28)) for annotation in annotations]
    width = (stop_s - start_s) / _CHARACTERS_ACROSS
    marks, first_level = [], 0
    for labels, color, n_levels in ((named, EVENT, 1), (remarks, ANNOTATION, _LABEL_LEVELS)):
        placed = without_overlap(sorted(labels), n_levels=n_levels, width_of_character=width)
        marks += [(left, first_level + level, text, color) for left, level, text in placed]
        first_level += 1 if placed else 0
    return marks


def _above(axes: Axes, time_s: float, level: int, text: str, color: str) -> None:
    """Write above the page; level 0 is nearest to it."""
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
