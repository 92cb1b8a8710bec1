"""The input of a model: the whole chain against scipy, any blocks, gaps, mixed rates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.errors import CoverageError, ParameterError, RecordingError
from seizure_core.recording import Recording
from seizure_core.signals.model_input import ModelInput, prepare_input
from tests.memory_recording import memory_recording
from tests.properties import examples

FILTERS: list[dict[str, Any]] = [
    {"step": "band_pass", "low_hz": 0.5, "high_hz": 60.0, "order": 4},
    {"step": "notch", "frequency_hz": 50.0, "quality": 30.0},
    {"step": "scale", "factor": 0.02},
    {"step": "clip", "limit_uv": 5.0},
]
CHANNELS = ["FP1-F7", "F7-T7", "T7-P7"]


def _referential(rate_hz: float = 500.0, duration_s: float = 8.0) -> Recording:
    """FP1-F7 and F7-T7 can be subtracted, T7-P7 cannot be had."""
    return memory_recording(
        ["EEG Fp1", "EEG F7", "EEG T3"], sampling_rates_hz=rate_hz, duration_s=duration_s
    )


def _input(recording: Recording, steps: list[dict[str, Any]], **more: Any) -> ModelInput:
    numbers = {"channels": CHANNELS, "sampling_rate_hz": 256.0, **more}
    return prepare_input(recording, preprocessing=steps, **numbers)


def _mask(model_input: ModelInput, block_samples: int = 10_000) -> np.ndarray:
    gaps = [block.gap for block in model_input.blocks_with_gaps(block_samples)]
    return np.concatenate([np.zeros(0, dtype=bool), *gaps])


def _whole(model_input: ModelInput, block_samples: int = 1 << 16) -> np.ndarray:
    return np.concatenate(list(model_input.blocks(block_samples)), axis=1)


def _with_gap(recording: Recording, rows: list[int], start: int, stop: int) -> Recording:
    for row in rows:
        recording.reader.signals[row][start:stop] = np.nan  # type: ignore[attr-defined]
    return recording


def test_the_chain_equals_scipy_on_whole_arrays() -> None:
    recording = _referential()
    fp1, f7, t3 = recording.read().astype(np.float64)
    derived = np.stack([fp1 - f7, f7 - t3, np.zeros_like(f7)])
    expected = signal.resample_poly(derived, 64, 125, axis=-1)[:, : 8 * 256]
    for sections in (
        signal.butter(4, (0.5, 60), "bandpass", fs=256, output="sos"),
        signal.tf2sos(*signal.iirnotch(50, 30, fs=256)),
    ):
        start = signal.sosfilt_zi(sections)[:, None, :] * expected[:, :1]
        expected, _ = signal.sosfilt(sections, expected, axis=-1, zi=start)
    expected = np.clip(expected * 0.02, -5, 5)
    got = _whole(_input(recording, FILTERS), 333)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max())


@examples(0.5)
@given(
    st.sampled_from([256.0, 500.0, 128.0, 173.61]),
    st.integers(1, 1500),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 700), st.integers(1, 300)), max_size=3),
    st.data(),
)
def test_blocks_and_reads_give_the_same_bits(
    rate_hz: float,
    block_samples: int,
    filtered: bool,
    gaps: list[tuple[int, int, int]],
    data: st.DataObject,
) -> None:
    recording = _referential(rate_hz, 2.0)
    for row, start, length in gaps:
        _with_gap(recording, [row], start, start + length)
    model_input = _input(recording, FILTERS if filtered else [])
    whole = _whole(model_input)
    assert whole.shape == (3, model_input.n_samples)
    assert np.isfinite(whole).all()
    np.testing.assert_array_equal(_whole(model_input, block_samples), whole)
    start = data.draw(st.integers(0, model_input.n_samples))
    stop = data.draw(st.integers(start, model_input.n_samples))
    np.testing.assert_array_equal(model_input.read(start, stop), whole[:, start:stop])
    np.testing.assert_array_equal(_mask(model_input, block_samples), _mask(model_input))


@pytest.mark.parametrize("steps", [[], FILTERS, FILTERS[2:3], FILTERS[2:]])
@pytest.mark.parametrize(("block_samples", "lead_samples"), [(100, 0), (100, 60), (60, 250)])
def test_blocks_can_begin_with_the_end_of_those_before(
    steps: list[dict[str, Any]], block_samples: int, lead_samples: int
) -> None:
    recording = _with_gap(_referential(256.0, 4.0), [0, 1, 2], 130, 200)
    model_input = _input(recording, steps)
    whole, mask = _whole(model_input), _mask(model_input)
    blocks = list(model_input.blocks_with_gaps(block_samples, lead_samples))
    assert [block.start for block in blocks] == list(range(0, 1024, block_samples))
    for block in blocks:
        first = max(0, block.start - lead_samples)
        np.testing.assert_array_equal(block.signals, whole[:, first : block.stop])
        np.testing.assert_array_equal(block.gap, mask[block.start : block.stop])


def test_preparing_leaves_the_recording_as_it_is() -> None:
    recording = memory_recording(CHANNELS, duration_s=3.0)
    stored = recording.reader.signals  # type: ignore[attr-defined]
    before = np.array(stored)
    list(_input(recording, FILTERS[2:]).blocks_with_gaps(100, 50))
    np.testing.assert_array_equal(np.array(stored), before)


def test_at_the_models_rate_and_without_steps_samples_are_those_of_the_file() -> None:
    recording = memory_recording(["F7-T7", "FP1-F7", "T7-P7"], duration_s=3.0)
    model_input = _input(recording, [])
    np.testing.assert_array_equal(_whole(model_input, 100), recording.read(CHANNELS))
    assert model_input.n_samples == 768
    assert model_input.duration_s == 3.0
    assert model_input.channel_indices == (0, 1, 2)
    assert model_input.segments == recording.segments
    assert not model_input.findings


def test_the_bits_do_not_depend_on_the_order_of_channels() -> None:
    labels = list(CHBMIT_23[:8])
    plain = memory_recording(labels, sampling_rates_hz=500.0)
    signals = plain.reader.signals  # type: ignore[attr-defined]
    shuffled = memory_recording(labels[::-1], signals[::-1], sampling_rates_hz=500.0)
    both = [_whole(_input(r, FILTERS, channels=labels)) for r in (plain, shuffled)]
    np.testing.assert_array_equal(*both)


def test_rows_of_several_sampling_rates_meet_at_the_models() -> None:
    recording = memory_recording(CHANNELS, sampling_rates_hz=[256.0, 512.0, 128.0], duration_s=5.0)
    model_input = _input(recording, [])
    assert model_input.n_samples == 5 * 256
    whole = _whole(model_input, 77)
    stored = recording.reader.signals  # type: ignore[attr-defined]
    np.testing.assert_array_equal(whole[0], stored[0])
    np.testing.assert_allclose(whole[1], signal.resample_poly(stored[1], 1, 2), atol=1e-3)
    np.testing.assert_allclose(whole[2], signal.resample_poly(stored[2], 2, 1), atol=1e-3)
    messages = [(f.severity, f.message) for f in model_input.findings]
    assert any(s == "info" and "512 Hz" in m for s, m in messages)
    assert any(s == "warning" and "nothing above 64 Hz" in m for s, m in messages)


def test_a_gap_in_all_channels_is_zero_masked_and_restarts_the_filters() -> None:
    recording = _with_gap(_referential(256.0), [0, 1, 2], 512, 1024)
    model_input = _input(recording, FILTERS)
    whole = _whole(model_input, 200)
    mask = _mask(model_input)
    assert np.flatnonzero(mask).tolist() == list(range(512, 1024))
    assert not whole[:, mask].any()
    behind = [s[1024:] for s in recording.reader.signals]  # type: ignore[attr-defined]
    fresh = memory_recording(recording.labels, behind)
    np.testing.assert_array_equal(whole[:, 1024:], _whole(_input(fresh, FILTERS)))


def test_one_lost_channel_is_a_gap_only_where_the_model_would_refuse_the_recording() -> None:
    # F7 is in both rows that can be had; T3 in one of them.
    tolerant = _input(_with_gap(_referential(256.0), [2], 100, 200), [], min_coverage=0.3)
    strict = _input(_with_gap(_referential(256.0), [2], 100, 200), [], min_coverage=2 / 3)
    assert not _mask(tolerant)[:300].any()
    assert np.flatnonzero(_mask(strict)[:300]).tolist() == list(range(100, 200))


def test_a_resampled_gap_is_masked_where_it_lies() -> None:
    recording = _with_gap(_referential(500.0), [0, 1, 2], 1000, 2000)
    model_input = _input(recording, [])
    inside = np.flatnonzero(_mask(model_input))
    assert inside[0] / 256 == pytest.approx(2.0, abs=0.01)
    assert inside[-1] / 256 == pytest.approx(4.0, abs=0.01)
    assert len(inside) == inside[-1] - inside[0] + 1


def test_memory_is_bounded_by_the_block() -> None:
    recording = _referential(500.0, 60.0)
    list(_input(recording, FILTERS).blocks(256))
    calls = recording.reader.calls  # type: ignore[attr-defined]
    assert max(stop - start for _, start, stop in calls) < 2 * 500


def test_a_model_for_any_montage_takes_what_there_is() -> None:
    recording = memory_recording(["C4-P4", "ECG", "FP1-F7"])
    model_input = _input(recording, [], channels=None)
    assert model_input.n_channels == 2
    with pytest.raises(RecordingError, match="at least 5"):
        _input(recording, [], channels=None, min_channels=5)


def test_too_few_channels_are_refused_with_what_lacks() -> None:
    with pytest.raises(CoverageError, match="T7-P7"):
        _input(_referential(), [], min_coverage=0.9)


def test_a_rate_that_is_no_eeg_is_refused_in_the_recordings_name() -> None:
    with pytest.raises(RecordingError, match=r"made\.edf.* 2 Hz"):
        _input(memory_recording(CHANNELS, sampling_rates_hz=2.0), [])


def test_impossible_steps_and_stretches_are_refused() -> None:
    with pytest.raises(ParameterError, match="below 128 Hz"):
        _input(_referential(), [{"step": "low_pass", "cutoff_hz": 200.0, "order": 2}])
    model_input = _input(_referential(), [])
    for start, stop in [(-1, 5), (5, 4), (0, model_input.n_samples + 1)]:
        with pytest.raises(ParameterError, match=r"made\.edf"):
            model_input.read(start, stop)


def test_a_recording_shorter_than_a_sample_is_empty() -> None:
    recording = memory_recording(CHANNELS, [np.empty(0)] * 3)
    model_input = _input(replace(recording, duration_s=0.0), FILTERS)
    assert model_input.n_samples == 0
    assert list(model_input.blocks()) == []
    assert model_input.read(0, 0).shape == (3, 0)
