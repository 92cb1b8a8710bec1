"""Events from a trace: order of the steps, and what holds for every trace."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing, events_from_trace, reaches, smoothed
from seizure_core.events.trace import ProbabilityTrace, n_seconds
from tests.properties import examples

levels = st.one_of(st.floats(0, 1, width=32), st.just(math.nan))
numbers = st.builds(
    PostProcessing,
    threshold=st.floats(0, 1),
    threshold_off=st.one_of(st.none(), st.floats(0, 1)),
    smoothing_s=st.floats(0, 12),
    min_duration_s=st.floats(0, 15),
    merge_gap_s=st.floats(0, 15),
)


@st.composite
def traces(draw: st.DrawFn) -> ProbabilityTrace:
    values = draw(st.lists(levels, min_size=0, max_size=60))
    cut_s = draw(st.sampled_from([0.0, 0.25, 0.75])) if values else 0.0
    return _trace(values, duration_s=len(values) - cut_s)


def _trace(values: list[float], duration_s: float | None = None) -> ProbabilityTrace:
    return ProbabilityTrace(
        probabilities=np.array(values, dtype=np.float32),
        duration_s=float(len(values)) if duration_s is None else duration_s,
    )


def _bounds(events: tuple[Event, ...]) -> list[tuple[float, float]]:
    return [(event.onset_s, event.offset_s) for event in events]


def test_an_event_starts_at_the_threshold_and_ends_below_the_lower_level() -> None:
    trace = _trace([0.5, 0.8, 0.5, 0.41, 0.39, 0.5, 0.7])
    events = events_from_trace(trace, PostProcessing(threshold=0.7, threshold_off=0.4))
    # 0.5 before the start does not belong to it; float32(0.7) is below 0.7 as printed.
    assert _bounds(events) == [(1.0, 4.0)]
    assert events[0].confidence == pytest.approx(0.8)
    assert events[0].is_seizure


def test_merging_comes_before_dropping_the_short() -> None:
    trace = _trace([1, 1, 0, 1, 1, 0, 0, 0, 1])
    settings_ = PostProcessing(threshold=0.5, min_duration_s=3.0, merge_gap_s=2.0)
    assert _bounds(events_from_trace(trace, settings_)) == [(0.0, 5.0)]


def test_a_gap_as_long_as_the_bound_is_kept_and_an_event_as_long_as_the_bound_stays() -> None:
    trace = _trace([1, 1, 0, 0, 1, 1])
    settings_ = PostProcessing(threshold=0.5, min_duration_s=2.0, merge_gap_s=2.0)
    assert _bounds(events_from_trace(trace, settings_)) == [(0.0, 2.0), (4.0, 6.0)]


def test_smoothing_is_a_centred_average_over_an_odd_number_of_seconds() -> None:
    values = np.array([0, 0, 0, 1, 0, 0, 0], dtype=np.float32)
    np.testing.assert_allclose(smoothed(values, 3.0), [0, 0, 1 / 3, 1 / 3, 1 / 3, 0, 0], atol=1e-7)
    np.testing.assert_array_equal(smoothed(values, 4.9), smoothed(values, 3.0))
    np.testing.assert_array_equal(smoothed(values, 2.0), values)


def test_smoothing_uses_what_there_is_at_edges_and_beside_undefined_seconds() -> None:
    values = np.array([1, 0, np.nan, 1, 1], dtype=np.float32)
    np.testing.assert_allclose(smoothed(values, 3.0), [0.5, 0.5, np.nan, 1, 1])
    assert smoothed(np.array([0.3], np.float32), 1000.0)[0] == np.float32(0.3)


@given(st.floats(0, 1, width=32), st.integers(1, 40), st.floats(0, 50))
def test_smoothing_leaves_a_constant_as_it_is(level: float, count: int, length_s: float) -> None:
    values = np.full(count, level, dtype=np.float32)
    np.testing.assert_array_equal(smoothed(values, length_s), values)


def test_confidence_is_the_largest_unsmoothed_probability() -> None:
    trace = _trace([0, 0.5, 1, 0.5, 0])
    events = events_from_trace(trace, PostProcessing(threshold=0.6, smoothing_s=3.0))
    assert _bounds(events) == [(2.0, 3.0)]
    assert events[0].confidence == 1.0


def test_undefined_seconds_start_nothing_and_end_a_running_event() -> None:
    trace = _trace([math.nan, 1, math.nan, 0.5, 1])
    settings_ = PostProcessing(threshold=0.9, threshold_off=0.2)
    assert _bounds(events_from_trace(trace, settings_)) == [(1.0, 2.0), (4.0, 5.0)]
    assert events_from_trace(_trace([math.nan] * 5), PostProcessing(threshold=0.0)) == ()


def test_a_lowered_threshold_takes_the_lower_level_with_it() -> None:
    card = PostProcessing(threshold=0.8, threshold_off=0.6)
    lowered = card.with_threshold(0.3)
    assert lowered.lower_threshold == 0.3
    assert card.with_threshold(None) is card
    assert _bounds(events_from_trace(_trace([0.1, 0.4, 0.5, 0.1]), lowered)) == [(1.0, 3.0)]


def test_the_last_event_ends_with_the_recording() -> None:
    events = events_from_trace(_trace([0, 1, 1], duration_s=2.25), PostProcessing())
    assert _bounds(events) == [(1.0, 2.25)]


def test_a_probability_is_compared_as_it_is_printed() -> None:
    seven = np.float32(0.7)
    assert reaches([seven], float(seven)).tolist() == [True]
    assert reaches([seven, np.nan], 0.7).tolist() == [float(seven) >= 0.7, False]


@examples(4)
@given(traces(), numbers)
def test_events_are_sorted_disjoint_inside_and_long_enough(
    trace: ProbabilityTrace, numbers_: PostProcessing
) -> None:
    events = events_from_trace(trace, numbers_)
    bounds = _bounds(events)
    for onset_s, offset_s in bounds:
        assert 0 <= onset_s < offset_s <= trace.duration_s
        assert offset_s - onset_s >= numbers_.min_duration_s
        assert np.isfinite(trace.probabilities[int(onset_s)])
    for (_, earlier), (later, _) in itertools.pairwise(bounds):
        assert later > earlier
        assert later - earlier >= numbers_.merge_gap_s
    for event in events:
        assert event.confidence is not None
        assert 0 <= event.confidence <= 1


@examples(2)
@given(traces(), numbers)
def test_events_drawn_as_a_trace_give_the_same_events(
    trace: ProbabilityTrace, numbers_: PostProcessing
) -> None:
    found = _bounds(events_from_trace(trace, numbers_))
    drawn = _trace(_covered(trace, numbers_).astype(float).tolist(), duration_s=trace.duration_s)
    again = PostProcessing(
        threshold=0.5, min_duration_s=numbers_.min_duration_s, merge_gap_s=numbers_.merge_gap_s
    )
    assert _bounds(events_from_trace(drawn, again)) == found


@examples(2)
@given(traces(), numbers, st.floats(0, 1))
def test_a_lower_threshold_loses_no_second(
    trace: ProbabilityTrace, numbers_: PostProcessing, other: float
) -> None:
    higher = numbers_.with_threshold(max(numbers_.threshold, other))
    lower = numbers_.with_threshold(min(numbers_.threshold, other))
    assert not np.any(_covered(trace, higher) & ~_covered(trace, lower))


def _covered(trace: ProbabilityTrace, numbers_: PostProcessing) -> np.ndarray:
    covered = np.zeros(n_seconds(trace.duration_s), dtype=bool)
    for onset_s, offset_s in _bounds(events_from_trace(trace, numbers_)):
        covered[int(onset_s) : math.ceil(offset_s)] = True
    return covered


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("threshold", 1.1),
        ("threshold", math.nan),
        ("threshold_off", -0.1),
        ("smoothing_s", -1.0),
        ("min_duration_s", math.inf),
        ("merge_gap_s", math.nan),
    ],
)
def test_numbers_out_of_bounds_are_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(ParameterError, match=name):
        PostProcessing(**{name: value})
