from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from timescoring.annotations import Annotation
from timescoring.scoring import EventScoring, SampleScoring

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.events.score_summary import (
    METRICS,
    event_intervals,
    metric,
    pool_scores,
    summarise_scores,
)
from seizure_core.events.scoring import RecordingScore, Score, score_recording, tidy_spans
from tests.properties import examples

Spans = Sequence[tuple[float, float]]


def events(spans: Spans) -> list[Event]:
    return [Event(onset_s=start, duration_s=stop - start) for start, stop in spans]


def scored(reference: Spans, hypothesis: Spans, duration_s: float = 3600.0) -> RecordingScore:
    return score_recording(events(reference), events(hypothesis), duration_s=duration_s)


def assert_same_as_timescoring(
    score: Score, reference: Spans, hypothesis: Spans, duration_s: float
):
    n_samples = round(duration_s * 10)
    pair = [Annotation(list(spans), 10, n_samples) for spans in (reference, hypothesis)]
    by_event, by_sample = EventScoring(*pair), SampleScoring(*pair)
    for ours, theirs in ((score.event, by_event), (score.sample, by_sample)):
        for name in ("sensitivity", "precision", "f1"):
            expected = getattr(theirs, name)
            assert getattr(ours, name) == (None if math.isnan(expected) else expected), name
    assert score.event.false_alarms_per_24h == by_event.fpRate
    assert score.event.n_reference == by_event.refTrue
    assert score.event.n_hypothesis == len(by_event.hyp.events)


def random_spans(rng: np.random.Generator, duration_s: float) -> list[tuple[float, float]]:
    """Sorted stretches apart from each other, what timescoring handles."""
    n = int(rng.integers(0, 6))
    edges = np.sort(np.round(rng.uniform(0, duration_s, 2 * n), int(rng.integers(0, 3))))
    spans = [(float(a), float(b)) for a, b in edges.reshape(-1, 2) if b > a]
    return [s for i, s in enumerate(spans) if i == 0 or s[0] > spans[i - 1][1]]


def test_scores_equal_those_of_timescoring_on_thousands_of_event_sets():
    rng = np.random.default_rng(7)
    for _ in range(2500):
        duration_s = float(rng.choice([41.0, 300.0, 999.5, 3600.0, 5400.0]))
        reference, hypothesis = random_spans(rng, duration_s), random_spans(rng, duration_s)
        result = scored(reference, hypothesis, duration_s)
        assert_same_as_timescoring(result.score, reference, hypothesis, duration_s)


messy = st.lists(
    st.tuples(st.floats(-500, 1500), st.floats(0.1, 700)).map(lambda p: (p[0], p[0] + p[1])),
    max_size=8,
)


@given(messy, messy, st.randoms(use_true_random=False))
@examples(2)
def test_events_in_disorder_are_scored_as_their_tidy_union(reference, hypothesis, rng):
    result = scored(reference, hypothesis, 1000.0)
    tidy = [tidy_spans(events(spans), 1000.0) for spans in (reference, hypothesis)]
    assert_same_as_timescoring(result.score, tidy[0], tidy[1], 1000.0)
    rng.shuffle(reference)
    rng.shuffle(hypothesis)
    assert scored(reference, hypothesis, 1000.0) == result


def test_spans_are_sorted_clipped_and_joined():
    spans = [(900.0, 1200.0), (-50.0, 10.0), (5.0, 7.0), (20.0, 30.0), (30.0, 35.0), (2e3, 3e3)]
    assert tidy_spans(events(spans), 1000.0) == [(0.0, 10.0), (20.0, 35.0), (900.0, 1000.0)]


def test_only_seizures_are_scored():
    blink = Event(onset_s=0.0, duration_s=100.0, event_type="bckg")
    result = score_recording([blink], [blink], duration_s=600.0)
    assert result == scored([], [], 600.0)


def test_a_seizure_inside_a_longer_one_changes_nothing():
    assert scored([(100, 200), (120, 130)], []) == scored([(100, 200)], [])


def test_undefined_numbers_are_none():
    nothing = scored([], []).score
    assert (nothing.event.sensitivity, nothing.event.precision, nothing.event.f1) == (None,) * 3
    assert (nothing.sample.sensitivity, nothing.sample.precision, nothing.sample.f1) == (None,) * 3
    assert nothing.event.false_alarms_per_24h == 0.0
    false_alarm = scored([], [(10, 20)]).score.event
    assert (false_alarm.sensitivity, false_alarm.precision, false_alarm.f1) == (None, 0.0, 0.0)
    assert false_alarm.false_alarms_per_24h == 24.0
    missed = scored([(10, 20)], []).score.event
    assert (missed.sensitivity, missed.precision, missed.f1) == (0.0, None, 0.0)


def test_an_alarm_over_an_hour_finds_the_seizure_at_264_false_alarms_a_day():
    result = scored([(1000, 1040)], [(0, 3600)])
    assert result.score.event.sensitivity == 1.0
    assert result.score.event.false_alarms_per_24h == 264.0
    assert result.always == result.score
    assert result.never.event.sensitivity == 0.0
    assert result.never.event.n_hypothesis == 0


def test_latency_is_that_of_the_first_event_within_the_tolerance():
    result = scored(
        [(100, 140), (1000, 1040), (2000, 2040), (3000, 3040)],
        [(60, 71), (105, 110), (120, 130), (1099, 1101), (2101, 2110), (2971, 3050)],
    )
    assert result.latency_s == (-40.0, 99.0, -29.0)
    assert result.score.event.n_detected == 3


def test_touching_the_tolerance_is_not_within_it():
    assert scored([(100, 140)], [(40, 70), (200, 210)]).latency_s == ()


@pytest.mark.parametrize("duration_s", [0.0, 0.5, -1.0, float("nan"), float("inf"), 1e9])
def test_recordings_of_impossible_length_are_refused(duration_s: float):
    with pytest.raises(ParameterError, match="can be scored"):
        scored([], [], duration_s)


def test_files_of_very_many_events_are_scored():
    result = scored([], [(i * 20.0, i * 20.0 + 1) for i in range(50_000)], 1_000_000.0)
    assert result.score.sample.false_s == 50_000


def test_pooled_counts_are_those_of_one_long_recording():
    one = scored([(100, 150)], [(110, 160), (2000, 2010)])
    other = scored([(500, 540)], [])
    pooled = pool_scores([one.score, other.score])
    joined = scored([(100, 150), (4100, 4140)], [(110, 160), (2000, 2010)], 7200.0).score
    assert pooled == joined
    assert pool_scores([]).event.false_alarms_per_24h is None


def patients() -> list[tuple[str, Score]]:
    return [
        ("b", scored([(100, 150)], [(100, 150)]).score),
        ("b", scored([(100, 150)], []).score),
        ("a", scored([(100, 150)], [(100, 150), (2000, 2010)]).score),
        ("c", scored([], []).score),
    ]


def test_means_go_over_patients_and_leave_out_the_undefined():
    summary = summarise_scores(patients())
    assert list(summary.patients) == ["a", "b", "c"]
    sensitivity = summary.spreads["event.sensitivity"]
    assert (sensitivity.mean, sensitivity.n) == (0.75, 2)  # of 1 and 0.5; c has no seizure
    assert sensitivity.sd == pytest.approx(math.sqrt(0.125))
    alarms = summary.spreads["event.false_alarms_per_24h"]
    assert (alarms.mean, alarms.n) == (8.0, 3)
    assert summary.pooled.event.sensitivity == pytest.approx(2 / 3)
    assert summary.pooled.event.false_alarms_per_24h == 6.0


def test_intervals_are_drawn_over_patients_from_a_seed():
    first, again = (summarise_scores(patients(), seed=1).intervals for _ in range(2))
    assert first == again
    interval = first["event.sensitivity"]
    assert (interval.low, interval.high) == (0.5, 1.0)
    wide, narrow = (
        summarise_scores(patients(), level=level).intervals["event.false_alarms_per_24h"]
        for level in (0.99, 0.5)
    )
    assert wide.high is not None
    assert narrow.high is not None
    assert wide.high > narrow.high


def test_drawn_scores_are_those_of_the_units_that_were_drawn():
    # Two units: a draw is one of them twice or both, so the ends of a wide interval are known.
    units = [("a", scored([(100, 150)], []).score), ("b", scored([(100, 150)], [(100, 140)]).score)]
    intervals = summarise_scores(units, level=0.99).intervals
    for name in METRICS:
        singles = [metric(score, name) for _, score in units]
        defined = [one for one in singles if one is not None]
        ends = (intervals[name].low, intervals[name].high)
        assert ends == (pytest.approx(min(defined)), pytest.approx(max(defined))), name


def test_one_patient_has_no_spread_and_intervals_are_drawn_over_the_recordings():
    own = [("a", score) for _, score in patients()]
    summary = summarise_scores(own)
    assert summary.spreads["event.sensitivity"].sd is None
    assert (summary.unit, summary.n_units, summary.few) == ("recording", 4, True)
    interval = summary.intervals["event.sensitivity"]
    assert (interval.low, interval.high) == (0.0, 1.0)
    several = summarise_scores(patients())
    assert (several.unit, several.n_units, several.few) == ("patient", 3, True)
    assert not summarise_scores([(str(n), own[0][1]) for n in range(5)]).few


def test_a_single_recording_has_no_interval():
    summary = summarise_scores(patients()[:1])
    assert (summary.unit, summary.n_units) == ("recording", 1)
    assert all(interval.low is None for interval in summary.intervals.values())


def test_the_events_of_a_recording_give_intervals_of_its_event_scores():
    expert = [(1000.0 * n, 1000.0 * n + 50.0) for n in range(1, 9)]
    score = scored(
        expert, [*expert[:4], (500.0, 520.0), (1500.0, 1520.0)], duration_s=10_000.0
    ).score
    intervals = event_intervals(score)
    assert intervals == event_intervals(score)
    sensitivity = intervals["event.sensitivity"]
    # Half of eight: a binomial of eight draws, whose central 95 % are 1 to 7.
    assert (sensitivity.low, sensitivity.high) == (1 / 8, 7 / 8)
    alarms = intervals["event.false_alarms_per_24h"]
    assert alarms.low == 0.0
    per_alarm = score.event.false_alarms_per_24h / 2
    assert alarms.high == pytest.approx(5 * per_alarm, abs=0.1)  # of a Poisson number of mean 2
    assert set(intervals) == {name for name in METRICS if name.startswith("event.")}


def test_a_recording_with_one_seizure_and_no_false_alarm_says_nothing_of_its_spread():
    intervals = event_intervals(scored([(100, 150)], [(100, 150)]).score)
    assert all(one.low is None and one.high is None for one in intervals.values())


def test_no_recording_at_all_is_undefined_throughout():
    summary = summarise_scores([])
    assert [metric(summary.pooled, name) for name in METRICS] == [None] * 7
    assert all(spread.mean is None and spread.n == 0 for spread in summary.spreads.values())
    assert all(interval.low is None for interval in summary.intervals.values())


@pytest.mark.parametrize(("n_draws", "level"), [(0, 0.9), (10, 0.0), (10, 1.0)])
def test_senseless_bootstraps_are_refused(n_draws: int, level: float):
    with pytest.raises(ParameterError, match="bootstrap"):
        summarise_scores(patients(), n_draws=n_draws, level=level)


@pytest.mark.parametrize(
    ("alarms", "n_false", "false_s"),
    [
        ([(310, 340)], 0, 0),  # inside the stretch
        ([(280, 340)], 0, 20),  # from before it
        ([(400, 420)], 0, 20),  # within the tolerance, if it were a seizure
        ([(450, 470)], 1, 20),
        ([(200, 220)], 1, 20),
        ([(0, 3600)], 9, 3500),  # of 12 pieces one finds the seizure, two may find the stretch
    ],
)
def test_alarms_in_an_uncertain_stretch_are_neither_right_nor_false(
    alarms: list[tuple[float, float]], n_false: int, false_s: int
) -> None:
    result = score_recording(
        events([(1000, 1040)]),
        events(alarms),
        duration_s=3600.0,
        uncertain=[Event(onset_s=300, duration_s=60, event_type="uncertain")],
    )
    n_found = int(alarms == [(0, 3600)])
    assert (result.score.event.n_detected, result.score.event.n_reference) == (n_found, 1)
    assert (result.score.event.n_false_alarms, result.score.sample.false_s) == (n_false, false_s)
    assert result.score.event.duration_s == 3540.0


def test_a_seizure_counts_even_in_an_uncertain_stretch() -> None:
    uncertain = [Event(onset_s=0, duration_s=float("inf"), event_type="uncertain")]
    result = score_recording(
        events([(100, 140)]), events([(90, 150)]), duration_s=600.0, uncertain=uncertain
    )
    assert result.score.event.n_detected == 1
    assert result.score.event.false_alarms_per_24h == 0.0
    assert result.score.sample.false_s == 0
    assert result.score.event.duration_s == pytest.approx(40.0)
    assert result.always.event.n_false_alarms == 0
