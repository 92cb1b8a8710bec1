from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import signal as scipy_signal

from seizure_core.display.envelope import Envelope
from seizure_core.display.filters import DisplayFilters, FilterRun
from seizure_core.display.montages import BUILT_IN, fit_montage
from seizure_core.display.pages import NO_SIGNAL, PageRow, page, quantise
from seizure_core.errors import ParameterError
from seizure_core.io.opening import open_recording
from seizure_core.recording import SignalReader
from tests.edf_files import build_edf
from tests.eeg_files import SEIZURE, eeg_file
from tests.memory_recording import memory_recording

RECORDED = BUILT_IN[0]


def values_of(row: PageRow) -> NDArray[np.float64]:
    """Return a page's numbers in the row's unit."""
    real = row.offset + row.scale * row.values.astype(np.float64)
    return np.where(row.values == NO_SIGNAL, np.nan, real)


@given(
    values=st.lists(
        st.one_of(st.floats(-1e6, 1e6, width=32), st.just(float("nan"))), min_size=1, max_size=40
    )
)
def test_sixteen_bits_are_right_to_half_a_step(values: list[float]) -> None:
    array = np.array(values, dtype=np.float32)
    whole, offset, scale = quantise(array)
    assert whole.dtype == np.int16
    assert ((whole == NO_SIGNAL) == np.isnan(array)).all()
    known = ~np.isnan(array)
    error = np.abs(offset + scale * whole[known].astype(np.float64) - array[known])
    assert (error <= scale * 0.5001).all()
    assert scale > 0


def test_a_short_page_is_every_sample_and_one_more_on_each_side() -> None:
    recording = memory_recording(["FP1-F7"], duration_s=10)
    rows = fit_montage(recording, RECORDED).rows
    made = page(recording, rows, start_s=3.0, length_s=1.0, n_columns=500).rows[0]
    assert made.kind == "samples"
    assert made.first_s == 3.0
    assert made.step_s == 1 / 256
    expected = recording.read_samples([0], 768, 768 + 257)[0]
    assert values_of(made) == pytest.approx(expected, abs=made.scale)
    assert made.centre == pytest.approx(np.median(expected), abs=1e-3)


def test_a_long_page_is_the_exact_extremes_of_each_column() -> None:
    recording = memory_recording(["FP1-F7", "F7-T7"], duration_s=60)
    rows = fit_montage(recording, RECORDED).rows
    made = page(recording, rows, start_s=10.0, length_s=30.0, n_columns=300)
    assert [row.row for row in made.rows] == [0, 1]
    for i, row in enumerate(made.rows):
        assert row.kind == "extremes"
        samples = recording.read_samples([i], 2560, 2560 + 7680)[0]
        edges = np.ceil((10.0 + 0.1 * np.arange(301)) * 256 - 1e-6).astype(int) - 2560
        columns = [samples[a:b] for a, b in itertools.pairwise(edges)]
        low, high = values_of(row)
        assert low == pytest.approx([c.min() for c in columns], abs=row.scale)
        assert high == pytest.approx([c.max() for c in columns], abs=row.scale)


def test_a_page_beyond_the_end_is_empty_there() -> None:
    recording = memory_recording(["FP1-F7"], duration_s=12)
    rows = fit_montage(recording, RECORDED).rows
    low, _ = values_of(page(recording, rows, start_s=8, length_s=8, n_columns=80).rows[0])
    assert not np.isnan(low[:40]).any()
    assert np.isnan(low[40:]).all()
    short = page(recording, rows, start_s=11.5, length_s=1, n_columns=400).rows[0]
    assert len(short.values) == 128
    assert len(page(recording, rows, start_s=50, length_s=1, n_columns=400).rows[0].values) == 0


def test_many_samples_are_read_in_bounded_blocks_and_give_the_same_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recording = memory_recording(["FP1-F7", "F7-T7"], duration_s=100)
    rows = fit_montage(recording, RECORDED).rows
    filters = DisplayFilters(high_pass_hz=0.5, notch_hz=60)
    whole = page(recording, rows, start_s=5, length_s=90, n_columns=70, filters=filters)
    monkeypatch.setattr("seizure_core.display.pages.BLOCK_SAMPLES", 3000)
    recording.reader.calls.clear()  # type: ignore[attr-defined]
    cut = page(recording, rows, start_s=5, length_s=90, n_columns=70, filters=filters)
    assert all(stop - start <= 1500 for _, start, stop in recording.reader.calls)  # type: ignore[attr-defined]
    for one, other in zip(whole.rows, cut.rows, strict=True):
        assert values_of(one) == pytest.approx(values_of(other), abs=2 * one.scale)


def test_rows_of_different_rates_share_a_page() -> None:
    recording = memory_recording(
        ["FP1-F7", "ECG", "F7-T7"], sampling_rates_hz=[512, 64, 512], duration_s=20
    )
    rows = fit_montage(recording, RECORDED).rows
    made = page(recording, rows, start_s=0, length_s=10, n_columns=1000)
    assert [(row.row, row.kind) for row in made.rows] == [
        (0, "extremes"),
        (1, "samples"),
        (2, "extremes"),
    ]


def test_an_envelope_is_used_only_where_its_bins_are_fine_enough() -> None:
    recording = memory_recording(["FP1-F7", "F7-T7"], duration_s=600)
    rows = fit_montage(recording, RECORDED).rows
    envelope = Envelope(recording, rows)
    envelope.build()
    calls = recording.reader.calls  # type: ignore[attr-defined]
    calls.clear()
    chosen = rows[1:]
    exact = page(recording, chosen, start_s=0, length_s=600, n_columns=100)
    assert calls
    calls.clear()
    quick = page(recording, chosen, start_s=0, length_s=600, n_columns=100, envelope=envelope)
    assert not calls
    low, high = values_of(quick.rows[0])
    exact_low, exact_high = values_of(exact.rows[0])
    scale = quick.rows[0].scale + exact.rows[0].scale
    assert (low <= exact_low + scale).all()
    assert (high >= exact_high - scale).all()
    page(recording, chosen, start_s=0, length_s=10, n_columns=1000, envelope=envelope)
    assert calls


@pytest.mark.parametrize(
    "filters",
    [
        DisplayFilters(high_pass_hz=0.5),
        DisplayFilters(low_pass_hz=30),
        DisplayFilters(notch_hz=60),
        DisplayFilters(high_pass_hz=1, low_pass_hz=40, notch_hz=50),
    ],
)
def test_a_filtered_page_is_the_filtered_recording_wherever_it_begins(
    filters: DisplayFilters,
) -> None:
    recording = memory_recording(["FP1-F7"], duration_s=60)
    rows = fit_montage(recording, RECORDED).rows
    whole = FilterRun(filters, n_rows=1, sampling_rate_hz=256).process(
        recording.read_samples([0], 0, 60 * 256)
    )[0]
    made = page(recording, rows, start_s=40, length_s=2, n_columns=800, filters=filters).rows[0]
    assert values_of(made) == pytest.approx(whole[40 * 256 : 42 * 256 + 1], abs=0.1)


@pytest.mark.parametrize(
    ("filters", "hz", "gain_db"),
    [
        (DisplayFilters(high_pass_hz=1.0), 1.0, -3),
        (DisplayFilters(low_pass_hz=30.0), 30.0, -3),
        (DisplayFilters(low_pass_hz=15.0), 60.0, -24),
        (DisplayFilters(notch_hz=50.0), 45.0, 0),
    ],
)
def test_filters_let_through_what_they_say(
    filters: DisplayFilters, hz: float, gain_db: float
) -> None:
    sections = filters.sections(512.0)
    assert sections is not None
    _, response = scipy_signal.freqz_sos(sections, worN=[hz], fs=512.0)
    assert 20 * np.log10(abs(response[0])) == pytest.approx(gain_db, abs=1.2)


def test_the_notch_takes_out_its_frequency_and_filters_beyond_half_the_rate_do_nothing() -> None:
    time_s = np.arange(256 * 30) / 256
    hum = np.sin(2 * np.pi * 50 * time_s).astype(np.float32)[np.newaxis]
    run = FilterRun(DisplayFilters(notch_hz=50), n_rows=1, sampling_rate_hz=256)
    assert np.abs(run.process(hum)[0, 256 * 10 :]).max() < 0.01
    assert DisplayFilters(low_pass_hz=70, notch_hz=60).sections(100.0) is None


def test_a_constant_offset_leaves_no_trace_at_the_start_nor_after_a_gap() -> None:
    block = np.full((2, 2560), 4200, dtype=np.float32)
    block[1, 1000:1500] = np.nan
    run = FilterRun(DisplayFilters(high_pass_hz=0.3), n_rows=2, sampling_rate_hz=256)
    filtered = run.process(block)
    assert (np.isnan(filtered) == np.isnan(block)).all()
    assert np.nanmax(np.abs(filtered)) < 1e-3


def test_filtering_in_blocks_is_filtering_at_once_gaps_included() -> None:
    rng = np.random.default_rng(5)
    block = rng.normal(scale=40, size=(3, 5000)).astype(np.float32)
    block[:, 1200:1300] = np.nan
    block[2, 3000:3333] = np.nan
    filters = DisplayFilters(high_pass_hz=0.5, low_pass_hz=40)
    whole = FilterRun(filters, n_rows=3, sampling_rate_hz=256).process(block)
    run = FilterRun(filters, n_rows=3, sampling_rate_hz=256)
    parts = [run.process(block[:, i : i + 700]) for i in range(0, 5000, 700)]
    assert np.concatenate(parts, axis=1) == pytest.approx(whole, abs=1e-4, nan_ok=True)


@pytest.mark.parametrize(
    "numbers",
    [
        {"high_pass_hz": 0.0},
        {"high_pass_hz": -1.0},
        {"low_pass_hz": float("nan")},
        {"high_pass_hz": 30.0, "low_pass_hz": 30.0},
    ],
)
def test_impossible_filters_are_refused(numbers: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        DisplayFilters(**numbers)


@pytest.mark.parametrize(("length_s", "n_columns"), [(0, 100), (-1, 100), (1, 0), (1, 10**6)])
def test_impossible_pages_are_refused(length_s: float, n_columns: int) -> None:
    recording = memory_recording(["FP1-F7"])
    rows = fit_montage(recording, RECORDED).rows
    with pytest.raises(ParameterError):
        page(recording, rows, start_s=0, length_s=length_s, n_columns=n_columns)


def test_eeg_is_shown_as_it_is_stored() -> None:
    recording = open_recording(eeg_file(SEIZURE))
    rows = fit_montage(recording, RECORDED).rows
    made = page(recording, rows, start_s=10, length_s=10, n_columns=1400)
    stored = recording.read(start_s=10, length_s=10)
    for row, samples in zip(made.rows, stored, strict=True):
        assert values_of(row)[:2560] == pytest.approx(samples, abs=row.scale)


class CountingReader:
    """Counts the bytes that are asked of a file's reader."""

    def __init__(self, reader: SignalReader) -> None:
        self.reader = reader
        self.n_bytes = 0

    def read_samples(
        self, channel_indices: Sequence[int], start: int, stop: int
    ) -> NDArray[np.float32]:
        self.n_bytes += 2 * len(channel_indices) * (stop - start)
        return self.reader.read_samples(channel_indices, start, stop)


def test_the_first_page_of_a_large_recording_reads_its_header_and_the_page(tmp_path: Path) -> None:
    path = sparse_recording(tmp_path / "day.edf", hours=24)
    size = path.stat().st_size
    assert size > 1_000_000_000
    before = bytes_read_by_this_process()
    recording = open_recording(path)
    counted = CountingReader(recording.reader)
    watched = dataclasses.replace(recording, reader=counted)
    rows = fit_montage(watched, RECORDED).rows
    assert len(page(watched, rows, start_s=0, length_s=10, n_columns=1400).rows) == 23
    assert counted.n_bytes <= 23 * 2 * 256 * 11
    read = bytes_read_by_this_process() - before
    assert read < 1_000_000, "opening and the first page read more of the file than they need"


def sparse_recording(path: Path, *, hours: int) -> Path:
    """Write a recording that takes no room on the disk: a header, and a hole for the samples."""
    labels = [f"EEG {i + 1}" for i in range(23)]
    n_records = str(3600 * hours)
    build_edf(path, np.zeros((23, 256)), labels=labels, fields={"n_records": n_records})
    header = path.read_bytes()[: 256 * 24]
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + 3600 * hours * 23 * 256 * 2)
    return path


def bytes_read_by_this_process() -> int:
    """Return what this process has read through the system, where Linux counts it."""
    counts = Path("/proc/self/io")
    if not counts.exists():
        return 0
    lines = counts.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("rchar"))
