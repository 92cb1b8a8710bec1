from __future__ import annotations

import dataclasses
import itertools
import sys
from types import FrameType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.display.envelope import Envelope, column_edges, extremes
from seizure_core.display.filters import DisplayFilters, FilterRun
from seizure_core.display.montages import BUILT_IN, fit_montage
from seizure_core.display.rows import DisplayRow
from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from tests.memory_recording import memory_recording

RECORDED = BUILT_IN[0]


def rows_of(recording: Recording) -> tuple[DisplayRow, ...]:
    return fit_montage(recording, RECORDED).rows


def noise(n_samples: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(scale=50, size=n_samples).astype(np.float32)


def test_a_sample_belongs_to_the_column_its_time_falls_into() -> None:
    assert column_edges(0.0, 1.0, 4, 8.0).tolist() == [0, 2, 4, 6, 8]
    assert column_edges(0.3, 1.0, 1, 10.0).tolist() == [3, 13]
    # 0.7 / 0.1 is a little less than 7 for a computer; sample 7 is at 0.7 s all the same.
    assert column_edges(0.7, 0.1, 1, 10.0).tolist() == [7, 8]


@given(data=st.data())
def test_extremes_of_columns_are_those_of_their_samples(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 60))
    samples = np.array(
        data.draw(
            st.lists(
                st.one_of(st.floats(-100, 100, width=32), st.just(float("nan"))),
                min_size=n,
                max_size=n,
            )
        ),
        dtype=np.float32,
    )[np.newaxis]
    edges = np.array(sorted(data.draw(st.lists(st.integers(0, n), min_size=2, max_size=9))))
    low, high = extremes(samples, edges)
    for i, (start, stop) in enumerate(itertools.pairwise(edges)):
        known = samples[0, start:stop][~np.isnan(samples[0, start:stop])]
        if known.size:
            assert (low[0, i], high[0, i]) == (known.min(), known.max())
        else:
            assert np.isnan(low[0, i])
            assert np.isnan(high[0, i])


@given(
    n_samples=st.integers(1, 9000),
    start_s=st.floats(-5, 40),
    length_s=st.floats(0.05, 60),
    n_columns=st.integers(1, 300),
)
def test_an_envelope_never_misses_an_extreme_and_stays_within_a_bin(
    n_samples: int, start_s: float, length_s: float, n_columns: int
) -> None:
    signal = noise(n_samples)
    recording = memory_recording(["FP1-F7"], [signal])
    envelope = Envelope(recording, rows_of(recording), budget_bytes=4000)
    assert envelope.build()
    low, high = envelope.columns([0], start_s=start_s, length_s=length_s, n_columns=n_columns)
    assert low.shape == high.shape == (1, n_columns)
    edges = np.clip(column_edges(start_s, length_s, n_columns, 256.0), 0, n_samples)
    column = length_s * 256 / n_columns
    bin_samples = max(envelope.finest_column_s * 256 / 2, column / 2)
    for i, (start, stop) in enumerate(itertools.pairwise(edges)):
        if start == stop:
            assert np.isnan(low[0, i])
            continue
        near = signal[max(0, int(start - bin_samples)) : int(stop + bin_samples) + 1]
        assert near.min() <= low[0, i] <= signal[start:stop].min()
        assert signal[start:stop].max() <= high[0, i] <= near.max()


def test_a_long_stretch_shows_the_extremes_of_the_whole_recording() -> None:
    signal = noise(256 * 3600)
    signal[123_456] = 5000
    recording = memory_recording(["FP1-F7"], [signal])
    envelope = Envelope(recording, rows_of(recording), budget_bytes=100_000)
    envelope.build()
    _, high = envelope.columns([0], start_s=0, length_s=3600, n_columns=1000)
    assert high.max() == 5000
    assert int(high.argmax()) == int(123_456 / 256 / 3.6)


def test_gaps_stay_gaps_at_every_resolution() -> None:
    signal = noise(256 * 100)
    signal[256 * 30 : 256 * 60] = np.nan
    recording = memory_recording(["FP1-F7"], [signal])
    envelope = Envelope(recording, rows_of(recording))
    envelope.build()
    for n_columns in (10, 100, 1000):
        low, _ = envelope.columns([0], start_s=0, length_s=100, n_columns=n_columns)
        is_gap = np.isnan(low[0])
        assert is_gap[int(0.31 * n_columns) : int(0.59 * n_columns)].all()
        assert not is_gap[: int(0.29 * n_columns)].any()
        assert not is_gap[int(0.61 * n_columns) :].any()


def test_rows_of_different_rates_and_orders_are_enveloped_together() -> None:
    fast, slow = noise(512 * 20, 1), noise(64 * 20, 2)
    recording = memory_recording(
        ["FP1-F7", "ECG", "F7-T7"], [fast, slow, -fast], sampling_rates_hz=[512, 64, 512]
    )
    envelope = Envelope(recording, rows_of(recording))
    envelope.build()
    low, high = envelope.columns([2, 1, 0], start_s=0, length_s=20, n_columns=1)
    assert low[:, 0].tolist() == [(-fast).min(), slow.min(), fast.min()]
    assert high[:, 0].tolist() == [(-fast).max(), slow.max(), fast.max()]


def test_building_reports_progress_and_reads_every_sample_once_in_bounded_blocks() -> None:
    n_samples = 6_000_000
    recording = memory_recording(["FP1-F7"], [noise(n_samples)])
    envelope = Envelope(recording, rows_of(recording))
    told: list[float] = []
    assert envelope.fraction_built == 0
    assert envelope.build(progress=told.append)
    assert told == sorted(told)
    assert told[-1] == envelope.fraction_built == 1
    calls = recording.reader.calls  # type: ignore[attr-defined]
    assert sum(stop - start for _, start, stop in calls) == n_samples
    assert max(stop - start for _, start, stop in calls) * 4 <= 16 << 20


def test_a_cancelled_envelope_shows_what_it_has() -> None:
    recording = memory_recording(["FP1-F7"], [noise(9_000_000)])
    envelope = Envelope(recording, rows_of(recording))
    answers = iter([False, True])
    assert not envelope.build(cancelled=lambda: next(answers))
    assert 0 < envelope.fraction_built < 1
    low, _ = envelope.columns([0], start_s=0, length_s=9_000_000 / 256, n_columns=100)
    built = int(100 * envelope.fraction_built)
    assert not np.isnan(low[0, : built - 1]).any()
    assert np.isnan(low[0, built + 1 :]).all()


def test_what_is_read_at_any_moment_of_building_has_both_extremes() -> None:
    recording = memory_recording(["FP1-F7"], [noise(4000)], sampling_rates_hz=100.0)
    envelope = Envelope(recording, rows_of(recording))
    seen = set()

    def looking(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_name != "add":
            return None
        low, high = envelope.columns([0], start_s=0.0, length_s=40.0, n_columns=20)
        assert (np.isfinite(low) == np.isfinite(high)).all()
        seen.add(bool(np.isfinite(low).any()))
        return looking

    before = sys.gettrace()
    sys.settrace(looking)
    try:
        envelope.build()
    finally:
        sys.settrace(before)
    assert seen == {False, True}


def test_the_budget_bounds_the_memory_of_a_day() -> None:
    recording = memory_recording(["FP1-F7"], [np.zeros(10, np.float32)])
    day = 256 * 86400
    rows = [dataclasses.replace(rows_of(recording)[0], n_samples=day) for _ in range(23)]
    envelope = Envelope(recording, rows, budget_bytes=48 << 20)
    levels = envelope._pyramids[0].levels
    assert sum(a.nbytes for level in levels for a in (level.smallest, level.largest)) <= 48 << 20
    assert envelope.finest_column_s <= 2.0


def test_an_envelope_sees_the_recording_through_the_filters() -> None:
    signal = noise(256 * 60) + np.float32(4000)
    recording = memory_recording(["FP1-F7"], [signal])
    filters = DisplayFilters(high_pass_hz=1.0, low_pass_hz=30.0, notch_hz=50.0)
    envelope = Envelope(recording, rows_of(recording), filters=filters)
    envelope.build()
    run = FilterRun(filters, n_rows=1, sampling_rate_hz=256.0)
    filtered = run.process(signal[np.newaxis])
    low, high = envelope.columns([0], start_s=0, length_s=60, n_columns=1)
    assert (low[0, 0], high[0, 0]) == pytest.approx((filtered.min(), filtered.max()), abs=1e-3)
    assert abs(high[0, 0]) < 300


def test_no_columns_and_no_length_are_refused() -> None:
    recording = memory_recording(["FP1-F7"])
    envelope = Envelope(recording, rows_of(recording))
    with pytest.raises(ParameterError, match="column"):
        envelope.columns([0], start_s=0, length_s=1, n_columns=0)
    with pytest.raises(ParameterError, match="length"):
        envelope.columns([0], start_s=0, length_s=0, n_columns=5)
