from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import welch

from seizure_core.display.filters import DisplayFilters
from seizure_core.display.rows import derived_row, recorded_row
from seizure_core.errors import ParameterError
from seizure_core.stats.stretch_spectra import row_spectra
from tests.memory_recording import memory_recording

RATE_HZ = 256
NONE = DisplayFilters()


def test_a_stretch_has_the_spectrum_that_scipy_finds_for_each_trace() -> None:
    signals = [np.random.default_rng(i).normal(scale=40, size=60 * RATE_HZ) for i in range(2)]
    recording = memory_recording(["C3-REF", "P3-REF"], signals)
    rows = [
        recorded_row(recording, 1),
        derived_row(recording, "C3-P3", [(0, 1.0), (1, -1.0)], how="subtracted", source=""),
    ]
    found = row_spectra(recording, rows, start_s=10, length_s=20, filters=NONE)
    for spectrum, signal in zip(found, [signals[1], signals[0] - signals[1]], strict=True):
        stretch = signal[10 * RATE_HZ : 30 * RATE_HZ].astype(np.float32)
        frequencies, density = welch(stretch, RATE_HZ, nperseg=4 * RATE_HZ)
        assert spectrum.step_hz == pytest.approx(frequencies[1])
        assert spectrum.density == pytest.approx(density, rel=1e-3)


def test_filters_of_the_screen_count_and_gaps_have_no_spectrum() -> None:
    signal = np.random.default_rng(0).normal(scale=40, size=60 * RATE_HZ)
    recording = memory_recording(["C3-P3"], [signal])
    rows = [recorded_row(recording, 0)]
    (bare,) = row_spectra(recording, rows, start_s=30, length_s=10, filters=NONE)
    slow = DisplayFilters(low_pass_hz=15)
    (filtered,) = row_spectra(recording, rows, start_s=30, length_s=10, filters=slow)
    at_60_hz = round(60 / bare.step_hz)
    assert filtered.density[at_60_hz] < 0.02 * bare.density[at_60_hz]
    empty = memory_recording(["C3-P3"], [np.full(60 * RATE_HZ, np.nan)])
    (unknown,) = row_spectra(empty, rows, start_s=30, length_s=10, filters=NONE)
    assert np.isnan(unknown.density).all()


def test_too_short_and_too_long_stretches_are_refused() -> None:
    recording = memory_recording(["C3-P3"], duration_s=61)
    rows = [recorded_row(recording, 0)]
    for length_s in (0.5, 1e9):
        with pytest.raises(ParameterError, match="A spectrum needs a stretch of at least 1 s"):
            row_spectra(recording, rows, start_s=0, length_s=length_s, filters=NONE)
    assert row_spectra(recording, rows, start_s=99, length_s=5, filters=NONE) == []
