"""The reader of EDF and BDF samples, over made files and real ones, against pyedflib."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyedflib
import pytest

from seizure_core.errors import RecordingError
from seizure_core.io.edf.reader import EdfFile, examine_edf
from seizure_core.io.edf.samples import EdfReader
from seizure_core.io.opening import open_recording
from seizure_core.io.stored_file import find_file
from seizure_core.units import microvolts_per_unit
from tests.edf_files import build_edf, random_signals
from tests.eeg_files import REST, SEIZURE, eeg_file
from tests.shared_files import SHARED_DATA, shared_file

Make = Callable[[Path], Path]


def reader_of(found: EdfFile) -> EdfReader:
    return EdfReader(file=found.file, header=found.header, time_line=found.time_line)


def _plain(path: Path) -> Path:
    return build_edf(path, random_signals(3, 2560, seed=1))


def _half_records(path: Path) -> Path:
    return build_edf(path, random_signals(2, 2000), sampling_rate_hz=200, record_duration="0.5")


def _long_fraction(path: Path) -> Path:
    return build_edf(
        path, random_signals(2, 700), samples_per_record=307, record_duration="9.59375"
    )


def _mixed(path: Path) -> Path:
    signals = [random_signals(1, n, seed=n)[0] for n in (2560, 10, 2560, 1000)]
    return build_edf(path, signals, sampling_rate_hz=[256, 1, 256, 100])


def _annotations_first(path: Path) -> Path:
    return build_edf(
        path,
        random_signals(2, 2560),
        annotations=[(1, 2, "a"), (3, None, "b")],
        annotation_position=0,
    )


def _sub_second(path: Path) -> Path:
    return build_edf(path, random_signals(1, 1024), record_onsets=["0.25", "1.25", "2.25", "3.25"])


def _bdf(path: Path) -> Path:
    rng = np.random.default_rng(3)
    stored = rng.integers(-(2**23), 2**23, size=(2, 2048))
    stored[:, :4] = [-(2**23), 2**23 - 1, -1, 0]
    return build_edf(path, stored, digital=True, bdf=True, sampling_rate_hz=512)


def _bdf_plus_mixed(path: Path) -> Path:
    signals = [random_signals(1, n, seed=n)[0] for n in (1024, 20)]
    return build_edf(
        path, signals, sampling_rate_hz=[256, 5], bdf=True, annotations=[(0.5, None, "x")]
    )


def _inverted_and_far_off_zero(path: Path) -> Path:
    return build_edf(
        path,
        np.random.default_rng(0).integers(-32768, 32768, size=(3, 512)),
        digital=True,
        physical_limits=[("8711", "-8711"), ("175921", "175946"), ("-0.5", "7")],
        units=["uV", "uV", "mV"],
    )


def _one_long_record(path: Path) -> Path:
    return build_edf(path, random_signals(2, 200_000), record_duration="781.25")


MADE = [
    _plain,
    _half_records,
    _long_fraction,
    _mixed,
    _annotations_first,
    _sub_second,
    _bdf,
    _bdf_plus_mixed,
    _inverted_and_far_off_zero,
    _one_long_record,
]
PUBLISHED = [
    "conformance/edfReader/edfAnnonC.edf",
    "conformance/edfio/short_psg.bdf",
    "conformance/mne/test_edf_stim_channel.edf",
    "conformance/mne/test_uneven_samp.edf",
    "conformance/pyedflib/test_generator.bdf",
    "conformance/pyedflib/test_legacy.edf",
    "conformance/pyedflib/test_utf8.edf",
]
FILES = [pytest.param(make, id=make.__name__.strip("_")) for make in MADE] + [
    pytest.param(name, id=Path(name).name) for name in [SEIZURE, REST, *PUBLISHED]
]


@pytest.fixture(params=FILES)
def found(request: pytest.FixtureRequest, tmp_path: Path) -> EdfFile:
    source = request.param
    if source in (SEIZURE, REST):
        path = eeg_file(source)
    else:
        path = shared_file(source) if isinstance(source, str) else source(tmp_path / "made.edf")
    return examine_edf(find_file(path, path.name))


def _by_naked_pyedflib(found: EdfFile) -> list[np.ndarray]:
    """Return all channels in float64, in microvolts, scaled by pyedflib itself."""
    edf = pyedflib.EdfReader(str(found.file.location))
    try:
        values = []
        for index, signal in enumerate(found.header.channels):
            number = index if "+" in found.header.format else signal.number - 1
            factor = float(microvolts_per_unit(signal.unit) or 1)
            values.append(edf.readSignal(number) * factor)
        return values
    finally:
        edf.close()


def _assert_close(read: np.ndarray, expected: np.ndarray) -> None:
    allowed = np.maximum(np.spacing(np.abs(expected).astype(np.float32)), 1e-4)
    assert (np.abs(read - expected) <= allowed).all()


def test_all_samples_of_all_channels_are_those_of_pyedflib(found: EdfFile) -> None:
    reader = reader_of(found)
    for index, expected in enumerate(_by_naked_pyedflib(found)):
        read = reader.read_samples([index], 0, len(expected))
        assert read.dtype == np.float32
        assert read.shape == (1, len(expected))
        _assert_close(read[0].astype(np.float64), expected)


def test_scaled_samples_are_those_of_the_file_times_the_factor(found: EdfFile) -> None:
    per_record = found.header.channels[0].samples_per_record
    alike = [i for i, s in enumerate(found.header.channels) if s.samples_per_record == per_record]
    wanted = [*alike, alike[0]]
    factors = np.linspace(-0.02, 0.01, len(wanted))
    reader = reader_of(found)
    n_samples = found.time_line.n_samples(per_record)
    whole = np.empty((len(wanted), n_samples), dtype=np.float32)
    finite = reader.read_scaled(wanted, factors, 0, n_samples, whole)
    plain = reader.read_samples(wanted, 0, n_samples)
    assert finite == bool(np.isfinite(plain).all())
    for row, index, factor in zip(range(len(wanted)), wanted, factors, strict=True):
        signal = found.header.channels[index]
        largest = max(abs(signal.limits.minimum), abs(signal.limits.maximum)) * abs(factor)
        np.testing.assert_allclose(whole[row], plain[row] * factor, rtol=1e-6, atol=3e-7 * largest)
    for start, stop in ((0, 1), (per_record - 1, min(per_record + 1, n_samples)), (5, n_samples)):
        part = np.empty((len(wanted), stop - start), dtype=np.float32)
        reader.read_scaled(wanted, factors, start, stop, part)
        assert part.tobytes() == whole[:, start:stop].tobytes()


@pytest.mark.parametrize("limits", [("-3276.8", "3276.7"), ("-1000", "3000")])
@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 0], [2], [0, 2, 3]])
def test_long_stretches_are_scaled_as_short_ones(
    tmp_path: Path, order: list[int], limits: tuple[str, str]
) -> None:
    stored = np.random.default_rng(1).integers(-32768, 32768, size=(4, 256 * 70))
    path = build_edf(tmp_path / "long.edf", stored, digital=True, physical_limits=limits)
    reader = reader_of(examine_edf(find_file(path, "long.edf")))
    factors = [0.5, -0.01, 3.0, 0.02][: len(order)]
    start, stop = 100, 256 * 70 - 3
    whole = np.empty((len(order), stop - start), dtype=np.float32)
    assert reader.read_scaled(order, factors, start, stop, whole)
    low, high = map(float, limits)
    values = (stored[order, start:stop] + 32768) * (high - low) / 65535 + low
    expected = values * np.array(factors)[:, np.newaxis]
    np.testing.assert_allclose(whole, expected, rtol=1e-5, atol=1e-3)
    for first in range(start, stop, 1000):
        last = min(first + 1000, stop)
        part = np.empty((len(order), last - first), dtype=np.float32)
        reader.read_scaled(order, factors, first, last, part)
        assert part.tobytes() == whole[:, first - start : last - start].tobytes()


def test_any_stretch_of_any_channels_is_cut_from_the_whole_bit_for_bit(found: EdfFile) -> None:
    reader = reader_of(found)
    rng = np.random.default_rng(0)
    per_record = found.header.channels[0].samples_per_record
    alike = [i for i, s in enumerate(found.header.channels) if s.samples_per_record == per_record]
    n_samples = found.time_line.n_samples(per_record)
    whole = reader.read_samples(alike, 0, n_samples)
    stretches = [tuple(sorted(rng.integers(0, n_samples + 1, size=2))) for _ in range(6)]
    stretches += [(0, 1), (n_samples - 1, n_samples), (0, per_record), (5, 5)]
    stretches += [(per_record - 1, min(per_record + 1, n_samples))]
    for start, stop in stretches:
        rows = rng.permutation(len(alike))[:4]
        read = reader.read_samples([alike[row] for row in rows], int(start), int(stop))
        assert read.tobytes() == whole[rows, start:stop].tobytes()


@pytest.mark.parametrize(
    ("block", "longest", "skipped"),
    [(1, 8 << 20, 1 << 30), (5000, 0, 1 << 30), (1 << 20, 0, -1), (9000, 8 << 20, -1)],
)
def test_neither_blocks_nor_what_is_skipped_between_change_a_value(
    found: EdfFile, monkeypatch: pytest.MonkeyPatch, block: int, longest: int, skipped: int
) -> None:
    per_record = found.header.channels[0].samples_per_record
    alike = [i for i, s in enumerate(found.header.channels) if s.samples_per_record == per_record]
    n_samples = min(found.time_line.n_samples(per_record), 40 * per_record)
    reader = reader_of(found)
    whole = reader.read_samples(alike, 1, n_samples)
    integers = reader.read_integers(alike)
    monkeypatch.setattr("seizure_core.io.edf.samples._BLOCK_BYTES", block)
    monkeypatch.setattr("seizure_core.io.edf.samples._LONGEST_RECORD", longest)
    monkeypatch.setattr("seizure_core.io.edf.samples._WORTH_SKIPPING", skipped)
    assert reader.read_samples(alike, 1, n_samples).tobytes() == whole.tobytes()
    assert reader.read_integers(alike).tobytes() == integers.tobytes()


def test_channels_of_different_rates_are_refused_together(tmp_path: Path) -> None:
    path = _mixed(tmp_path / "a.edf")
    recording = open_recording(path)
    with pytest.raises(RecordingError, match="different sampling rates"):
        recording.read_samples([0, 1], 0, 5)
    with pytest.raises(RecordingError, match="different sampling rates"):
        recording.read_scaled([0, 1], [1.0, 1.0], 0, 5, np.empty((2, 5), dtype=np.float32))
    with pytest.raises(RecordingError, match="different sampling rates"):
        recording.read([0, 1])


@pytest.mark.parametrize("what", ["deleted", "replaced", "shortened", "grown"])
def test_a_file_that_changed_since_it_was_opened_is_refused(tmp_path: Path, what: str) -> None:
    path = _plain(tmp_path / "a.edf")
    reader = reader_of(examine_edf(find_file(path, "shown.edf")))
    assert reader.read_samples([0], 0, 10).shape == (1, 10)
    content = path.read_bytes()
    if what == "deleted":
        path.unlink()
    elif what == "replaced":
        other = tmp_path / "other"
        other.write_bytes(content)
        other.replace(path)
    else:
        path.write_bytes(content[:-600] if what == "shortened" else content + b"\0\0")
    with pytest.raises(RecordingError, match=r"^shown\.edf: (the file was changed|there is no)"):
        reader.read_samples([0], 0, 10)


def test_no_handle_stays_open(tmp_path: Path) -> None:
    handles = Path("/proc/self/fd")
    if not handles.is_dir():
        pytest.skip("this system does not list open handles in /proc/self/fd")
    path = _plain(tmp_path / "a.edf")
    reader = reader_of(examine_edf(find_file(path, "a.edf")))

    def n_open() -> int:
        return sum(link.resolve() == path for link in handles.iterdir())

    kept = [reader.read_samples([0, 2], 7, 900) for _ in range(100)]
    assert len(kept) == 100
    assert n_open() == 0
    maps = Path("/proc/self/maps").read_text()
    assert str(path) not in maps


def test_the_published_files_of_this_contract_exist_where_the_shared_data_is() -> None:
    if SHARED_DATA.is_dir():
        assert [name for name in PUBLISHED if not (SHARED_DATA / name).exists()] == []
