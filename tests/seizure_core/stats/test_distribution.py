"""Distributions of values: every sample counted once, bins of whole converter steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.errors import ParameterError
from seizure_core.io.opening import open_recording
from seizure_core.signals import blocks as streaming
from seizure_core.stats.distribution import value_distribution
from tests.eeg_files import SEIZURE, eeg_file
from tests.memory_recording import memory_recording


def test_a_channel_is_counted_as_numpy_counts_it() -> None:
    recording = open_recording(eeg_file(SEIZURE))
    distribution = value_distribution(recording, "FP1-F7")
    samples = recording.read(["FP1-F7"])[0]
    expected, _ = np.histogram(samples.astype(np.float64), bins=distribution.bin_edges)
    np.testing.assert_array_equal(distribution.counts, expected)
    assert (distribution.channel, distribution.unit) == ("FP1-F7", "uV")
    assert distribution.counts.sum() == len(samples)
    assert len(distribution.counts) <= 200


def test_every_bin_holds_equally_many_steps_of_the_converter() -> None:
    step = 0.390625
    samples = np.tile(np.arange(-350, 351), 8) * step
    recording = memory_recording(["A"], [samples])
    distribution = value_distribution(recording, 0, n_bins=100)
    # 701 steps, 8 to a bin: all bins but the last are equally high.
    assert set(distribution.counts[:-1].tolist()) == {64}
    np.testing.assert_allclose(np.diff(distribution.bin_edges), 8 * step)
    assert distribution.bin_edges[0] == pytest.approx(-350.5 * step)


@given(
    st.lists(st.one_of(st.floats(-1e6, 1e6, width=32), st.just(np.nan)), min_size=1, max_size=80),
    st.integers(1, 50),
)
def test_every_sample_is_counted_once_or_missing(values: list[float], n_bins: int) -> None:
    samples = np.array(values, dtype=np.float32)
    distribution = value_distribution(memory_recording(["A"], [samples]), 0, n_bins)
    assert distribution.n_missing == int(np.isnan(samples).sum())
    assert distribution.counts.sum() + distribution.n_missing == len(samples)
    assert len(distribution.counts) <= n_bins
    if len(distribution.counts):
        assert len(distribution.bin_edges) == len(distribution.counts) + 1
        assert np.all(np.diff(distribution.bin_edges) > 0)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = np.random.default_rng(0).integers(-400, 400, size=9000) * 0.5
    recording = memory_recording(["A"], [samples])
    whole = value_distribution(recording, "A")
    monkeypatch.setattr(streaming, "_BLOCK_VALUES", 700)
    parts = value_distribution(recording, "A")
    np.testing.assert_array_equal(parts.counts, whole.counts)
    np.testing.assert_array_equal(parts.bin_edges, whole.bin_edges)


def test_one_single_value_has_one_bin_around_it() -> None:
    distribution = value_distribution(memory_recording(["A"], [np.full(10, 4200.0)]), 0)
    assert distribution.counts.tolist() == [10]
    assert distribution.bin_edges[0] < 4200 < distribution.bin_edges[1]


def test_no_value_at_all_has_no_bin() -> None:
    distribution = value_distribution(memory_recording(["A"], [np.full(10, np.nan)]), 0)
    assert len(distribution.counts) == len(distribution.bin_edges) == 0
    assert distribution.n_missing == 10


def test_unknown_channels_and_impossible_bins_are_refused() -> None:
    recording = memory_recording(["A"])
    with pytest.raises(ParameterError, match="no channel 'B'"):
        value_distribution(recording, "B")
    for n_bins in (0, 100_001):
        with pytest.raises(ParameterError, match="1 to 100,000 bins"):
            value_distribution(recording, "A", n_bins)
