"""Figures: what is on them is what is in the recording, whatever the labels and gaps."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizure_core.display.filters import DisplayFilters
from seizure_core.display.montages import BUILT_IN, fit_montage
from seizure_core.errors import ParameterError, RecordingError
from seizure_core.events.event import Event
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.figures import (
    Curve,
    EventLane,
    distribution_figure,
    figure_bytes,
    figure_svg,
    page_figure,
    probability_figure,
    trace_figure,
)
from seizure_core.figures.canvas import drawable, time_ticks
from seizure_core.figures.eeg_page import round_number
from seizure_core.io.opening import open_recording
from seizure_core.recording import Annotation, Recording, Segment
from seizure_core.stats.distribution import value_distribution
from tests.eeg_files import SEIZURE, eeg_file
from tests.memory_recording import memory_recording
from tests.properties import examples

LABELS = ["FP1-F7", "F7-T7", "T7-P7"]


def _axes(figure: Figure) -> Axes:
    (axes,) = figure.axes
    return axes


def _texts(figure: Figure) -> list[str]:
    axes = _axes(figure)
    return [text.get_text() for text in (*figure.texts, *axes.texts)]


def _tick_labels(axes: Axes, which: str) -> list[str]:
    return [label.get_text() for label in getattr(axes, f"get_{which}ticklabels")()]


def _lanes(figure: Figure, n_rows: int) -> list[np.ndarray]:
    """Return the drawn values of each row; bars have two points, traces many."""
    lines = [np.asarray(line.get_ydata()) for line in _axes(figure).lines]
    traces = [line for line in lines if len(line) > 2]
    assert len(traces) == n_rows
    return traces


def _draws(figure: Figure) -> bool:
    return figure_bytes(figure, dpi=40).startswith(b"\x89PNG")


def test_a_page_of_all_channels_has_their_labels_in_order() -> None:
    recording = open_recording(eeg_file(SEIZURE))
    figure = page_figure(recording, start_s=5.0, length_s=10.0)
    axes = _axes(figure)
    assert _tick_labels(axes, "y") == recording.labels
    assert axes.get_xlim() == (5.0, 15.0)
    assert axes.yaxis_inverted()
    assert len(_lanes(figure, 23)) == 23
    assert recording.file_name in _texts(figure)
    assert _draws(figure)


@pytest.mark.parametrize("negative_up", [True, False])
def test_negative_is_up_unless_asked_otherwise(negative_up: bool) -> None:
    signal = np.zeros(512)
    signal[256] = -100.0
    recording = memory_recording(["FP1-F7"], [signal])
    figure = page_figure(recording, length_s=2.0, negative_up=negative_up)
    (lane,) = _lanes(figure, 1)
    # The axis points down: a smaller height is further up.
    assert (lane[256] < lane[0]) == negative_up
    assert ("negative up" if negative_up else "positive up") in _texts(figure)


def test_the_scale_bar_stands_for_what_it_says() -> None:
    signal = np.tile([50.0, -50.0], 256)
    figure = page_figure(memory_recording(["FP1-F7"], [signal]), length_s=2.0)
    (lane,) = _lanes(figure, 1)
    assert "50 µV" in _texts(figure)
    # 100 units peak to peak are two bars of 50; a bar is half a lane.
    assert np.ptp(lane) == pytest.approx(1.0, rel=1e-3)


def test_what_is_no_eeg_has_its_own_scale_and_unit() -> None:
    recording = memory_recording(
        ["FP1-F7", "F7-T7", "ECG", "Temp"],
        [np.tile([a, -a], 256) for a in (50.0, 50.0, 1000.0, 0.5)],
        units=["uV", "uV", "uV", "degC"],
    )
    figure = page_figure(recording, length_s=2.0)
    assert {"50 µV", "1000 µV", "0.5 degC"} <= set(_texts(figure))
    for lane in _lanes(figure, 4):
        assert np.ptp(lane) == pytest.approx(1.0, rel=1e-3)


def test_an_hour_keeps_a_spike_of_one_sample() -> None:
    signal = np.random.default_rng(0).normal(size=3600 * 64)
    signal[123_456] = -5000.0
    recording = memory_recording(["FP1-F7"], [signal], sampling_rates_hz=64.0)
    figure = page_figure(recording, length_s=3600.0)
    (lane,) = _lanes(figure, 1)
    assert len(lane) < 5000
    # The bar stands for a few units: the spike is hundreds of lanes high.
    assert lane.min() < -400
    assert _axes(figure).get_xlabel().startswith("Time from start (min)")


def test_a_page_is_cut_at_the_end_of_the_recording() -> None:
    figure = page_figure(memory_recording(LABELS, duration_s=4.0), start_s=3.0, length_s=10.0)
    assert _axes(figure).get_xlim() == (3.0, 4.0)


def test_the_time_of_day_stands_below_the_seconds() -> None:
    recording = replace(
        memory_recording(LABELS, duration_s=12.0), start_time=datetime(2021, 3, 2, 23, 59, 55)
    )
    labels = _tick_labels(_axes(page_figure(recording)), "x")
    assert labels[0] == "0\n23:59:55"
    assert labels[5] == "5\n00:00:00"


def test_gaps_are_shaded_and_no_line_crosses_them() -> None:
    signals = [np.ones(10 * 256) for _ in LABELS]
    for signal in signals:
        signal[512:1536] = np.nan
    segments = (Segment(start_s=0.0, duration_s=2.0), Segment(start_s=6.0, duration_s=4.0))
    recording = replace(memory_recording(LABELS, signals), segments=segments)
    figure = page_figure(recording, length_s=10.0)
    shaded = _axes(figure).patches
    assert [(p.get_x(), p.get_x() + p.get_width()) for p in shaded] == [(2.0, 6.0)]
    assert "no signal" in _texts(figure)
    assert np.isnan(_lanes(figure, 3)[0][600:1500]).all()
    assert _draws(figure)


def test_events_are_shaded_where_they_lie_on_the_page() -> None:
    events = [
        Event(onset_s=2.0, duration_s=3.0, confidence=0.934),
        Event(onset_s=8.0, duration_s=50.0),
        Event(onset_s=40.0, duration_s=5.0),
    ]
    recording = memory_recording(LABELS, duration_s=60.0)
    figure = page_figure(recording, length_s=10.0, events=iter(events))
    spans = [(p.get_x(), p.get_x() + p.get_width()) for p in _axes(figure).patches]
    assert spans == [(2.0, 5.0), (8.0, 10.0)]
    assert "seizure 0.93" in _texts(figure)


def test_annotations_have_a_line_each_and_their_text_where_there_is_room() -> None:
    remarks = tuple(
        Annotation(onset_s=1.0 + i / 100, duration_s=None, text=f"remark number {i}")
        for i in range(9)
    )
    recording = replace(memory_recording(LABELS, duration_s=10.0), annotations=remarks)
    figure = page_figure(recording)
    vertical = [line for line in _axes(figure).lines if len(set(line.get_xdata())) == 1]
    assert len([line for line in vertical if line.get_linestyle() == "--"]) == 9
    written = [text for text in _texts(figure) if text.startswith("remark")]
    # Two lines of labels, in which none covers another.
    assert written == ["remark number 0", "remark number 1"]


@pytest.mark.parametrize(
    "label", ["$\\frac{1}$", "脑电", "tab\tand\nline", "\x00\x1b[31m", "a" * 300, "", "🧠"]
)
def test_labels_that_no_font_or_markup_expects_are_drawn(label: str) -> None:
    remark = Annotation(onset_s=0.5, duration_s=None, text=label)
    recording = replace(
        memory_recording([label, "FP1-F7"], units=[label, "uV"]),
        annotations=(remark,),
        file_name=f"{label}.edf",
    )
    assert _draws(page_figure(recording))
    assert _draws(distribution_figure(value_distribution(recording, 0)))


def test_a_channel_without_any_value_does_not_hide_the_others() -> None:
    recording = memory_recording(LABELS[:2], [np.full(512, np.nan), np.ones(512)])
    figure = page_figure(recording, length_s=2.0)
    assert np.isnan(_lanes(figure, 2)[0]).all()
    assert _draws(figure)


@pytest.mark.parametrize("n_channels", [1, 5, 100])
def test_labels_of_any_number_of_channels_do_not_touch(n_channels: int) -> None:
    recording = memory_recording([f"C{i}" for i in range(n_channels)], duration_s=1.0)
    figure = page_figure(recording, length_s=1.0)
    assert figure.get_figheight() <= 16
    assert _draws(figure)
    boxes = [label.get_window_extent() for label in _axes(figure).get_yticklabels()]
    overlaps = sum(a.y0 < b.y1 and b.y0 < a.y1 for a, b in itertools.pairwise(boxes))
    assert overlaps == 0


def test_montages_and_filters_can_be_drawn_too() -> None:
    recording = memory_recording(["Fp1", "F7", "T3"], duration_s=4.0)
    montage = next(m for m in BUILT_IN if m.montage_id == "longitudinal")
    rows = [row for row in fit_montage(recording, montage).rows if row.side != "other"]
    figure = page_figure(recording, rows=rows, length_s=4.0, filters=DisplayFilters(high_pass_hz=1))
    assert _tick_labels(_axes(figure), "y") == [row.label for row in rows]
    assert "negative up, filtered for the eye" in _texts(figure)


def test_impossible_pages_are_refused() -> None:
    recording = memory_recording(LABELS)
    for start_s, length_s in [(-1.0, 5.0), (2.0, 5.0), (0.0, 0.0), (float("nan"), 1.0)]:
        with pytest.raises(ParameterError, match=r"made\.edf lasts 2 s"):
            page_figure(recording, start_s=start_s, length_s=length_s)
    with pytest.raises(ParameterError, match="no channel 'O9'"):
        page_figure(recording, ["O9"])
    with pytest.raises(RecordingError, match="only annotations"):
        page_figure(replace(recording, channels=()))


def _trace(values: list[float], duration_s: float) -> ProbabilityTrace:
    return ProbabilityTrace(probabilities=np.array(values, dtype=np.float32), duration_s=duration_s)


def test_the_trace_shows_threshold_events_and_gaps() -> None:
    values = [0.1] * 60
    values[20:30] = [0.9] * 10
    values[40:50] = [np.nan] * 10
    figure = trace_figure(
        _trace(values, 59.5),
        threshold=0.7,
        events=[Event(onset_s=20.0, duration_s=10.0)],
        reference=[Event(onset_s=18.0, duration_s=15.0)],
    )
    axes = _axes(figure)
    assert axes.get_xlim() == (0.0, 59.5)
    assert "threshold\n0.7" in _texts(figure)
    assert "1 event" in _texts(figure)
    shaded = [(patch.get_x(), patch.get_width()) for patch in axes.patches]
    assert shaded == [(40.0, 10.0), (20.0, 10.0), (18.0, 15.0)]
    assert _tick_labels(axes, "y")[-1] == "Expert"
    marks = [line for line in axes.lines if line.get_marker() == "v"]
    assert marks[0].get_xdata().tolist() == [25.0]
    assert _draws(figure)


def test_a_day_is_counted_in_hours_and_a_minute_in_seconds() -> None:
    day = trace_figure(_trace([0.5] * 86400, 86400.0))
    assert _axes(day).get_xlabel() == "Time from start (h)"
    assert _tick_labels(_axes(day), "x")[1] == "2"
    minute = trace_figure(_trace([0.5] * 60, 60.0), start_time=datetime(2021, 3, 2, 4, 5, 6))
    assert _tick_labels(_axes(minute), "x")[1] == "5\n04:05:11"


def test_curves_of_several_models_are_drawn_over_lanes_of_their_events() -> None:
    curves = [
        Curve(name="<a>", step_s=1.0, values=np.array([0.5, np.nan, 0.25, 1.0]), color="#0d9488"),
        Curve(name="b", step_s=2.0, values=np.array([0.1, 0.2]), color="#d97706"),
    ]
    lanes = [EventLane(name="1", events=[Event(onset_s=2.0, duration_s=0.001)], color="#0d9488")]
    figure = probability_figure(curves, duration_s=4.0, lanes=lanes)
    axes = _axes(figure)
    first, second = (line for line in axes.lines if line.get_color() in ("#0d9488", "#d97706"))
    assert second.get_xdata().tolist() == [0.0, 2.0, 2.0, 4.0]
    assert np.isnan(first.get_ydata()).tolist() == [False, False, True, True, *[False] * 4]
    (bar,) = axes.patches
    assert bar.get_x() == 2.0
    assert bar.get_width() >= 0.001 * 4.0, "too thin to be seen"
    assert _tick_labels(axes, "y")[-1] == "1"
    drawn = figure_svg(figure)
    assert "said: 1: 0:00:02, 0.001 s" in drawn
    assert "said: &lt;a&gt;" in drawn


def test_a_long_curve_keeps_the_highest_value_of_each_column() -> None:
    values = [0.1] * 86400
    values[43_210] = 0.9
    (line,) = _axes(trace_figure(_trace(values, 86400.0))).lines[:1]
    assert len(line.get_xdata()) < 4000
    assert line.get_ydata().max() == pytest.approx(0.9)


@pytest.mark.parametrize(("values", "duration_s"), [([], 0.0), ([np.nan], 0.4), ([0.2], 0.4)])
def test_the_shortest_traces_draw(values: list[float], duration_s: float) -> None:
    assert _draws(trace_figure(_trace(values, duration_s), threshold=0.5))


@pytest.mark.parametrize("log", [False, True])
def test_a_distribution_shows_its_counts_and_unit(log: bool) -> None:
    signal = np.repeat([0.0, 0.5, 1.0], [100, 10, 1])
    figure = distribution_figure(value_distribution(memory_recording(["A"], [signal]), 0), log=log)
    axes = _axes(figure)
    assert axes.get_xlabel() == "Value (µV)"
    assert axes.get_yscale() == ("log" if log else "linear")
    (steps,) = axes.patches
    assert steps.get_data().values.tolist() == [100, 10, 1]
    assert "111 samples in 3 bins of 0.5 µV" in _texts(figure)
    assert _draws(figure)


def test_a_distribution_of_nothing_says_so() -> None:
    recording: Recording = memory_recording(["A"], [np.full(99, np.nan)])
    figure = distribution_figure(value_distribution(recording, 0))
    assert "no value at all" in _texts(figure)
    assert _draws(figure)


@examples(4)
@given(st.floats(0, 1e6), st.floats(0.01, 1e6))
def test_ticks_are_few_round_and_inside(start_s: float, length_s: float) -> None:
    _, times_s, labels = time_ticks(start_s, start_s + length_s)
    assert len(times_s) <= 13
    assert len(set(labels)) == len(labels)
    for time_s in times_s:
        assert start_s - 1e-6 * length_s - 1e-6 <= time_s <= start_s + length_s * (1 + 1e-6) + 1e-6


@given(st.floats(1e-9, 1e9))
def test_round_numbers_are_near_and_begin_with_1_2_or_5(value: float) -> None:
    rounded = round_number(value)
    assert 0.6 < rounded / value < 1.7
    assert f"{rounded:.6e}"[0] in "125"


def test_long_names_become_one_line() -> None:
    assert drawable("a\n\tb   c", 10) == "a b c"
    assert drawable("abcdefgh", 5) == "abcd…"
