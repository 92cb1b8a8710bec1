"""Packed recordings open as if they were not, leave nothing behind and cannot fill the disk."""

from __future__ import annotations

import gc
import gzip
from pathlib import Path

import numpy as np
import pytest

from seizure_core.errors import RecordingError
from seizure_core.io import stored_file
from seizure_core.io.opening import open_recording
from tests.edf_files import build_edf, random_signals


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that stands in for the system's temporary one."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def packed(path: Path) -> Path:
    target = path.with_name(f"{path.name}.gz")
    target.write_bytes(gzip.compress(path.read_bytes()))
    return target


@pytest.mark.parametrize("bdf", [False, True])
def test_a_packed_file_gives_the_same_recording(tmp_path: Path, temporary: Path, bdf: bool) -> None:
    plain = build_edf(tmp_path / "a.edf", random_signals(3, 2560), bdf=bdf)
    recording = open_recording(packed(plain))
    expected = open_recording(plain)
    assert recording.file_name == "a.edf.gz"
    assert recording.format == expected.format
    np.testing.assert_array_equal(recording.read(), expected.read())
    assert "Unpacked from" in recording.findings[-1].message
    assert len(list(temporary.iterdir())) == 1
    del recording
    gc.collect()
    assert list(temporary.iterdir()) == []


def test_gaps_of_a_packed_file_stay_gaps(tmp_path: Path) -> None:
    plain = build_edf(
        tmp_path / "a.edf", random_signals(1, 512), record_onsets=[0, 3], reserved="EDF+D"
    )
    recording = open_recording(packed(plain))
    assert recording.duration_s == 4
    assert np.isnan(recording.read()[0, 256:768]).all()


@pytest.mark.parametrize("n_kept", [3, 20, 1000, -1])
def test_a_cut_off_packed_file_is_refused(tmp_path: Path, temporary: Path, n_kept: int) -> None:
    path = packed(build_edf(tmp_path / "a.edf", random_signals(3, 2560)))
    path.write_bytes(path.read_bytes()[:n_kept])
    with pytest.raises(RecordingError, match=r"cut off|damaged"):
        open_recording(path)
    assert list(temporary.iterdir()) == []


def test_a_damaged_packed_file_is_refused(tmp_path: Path, temporary: Path) -> None:
    path = packed(build_edf(tmp_path / "a.edf", random_signals(3, 2560)))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(RecordingError, match="damaged"):
        open_recording(path)
    assert list(temporary.iterdir()) == []


def test_what_unpacks_to_far_too_much_is_stopped_early(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_file, "_UNSUSPICIOUS_BYTES", 1024**2)
    path = tmp_path / "a.edf.gz"
    path.write_bytes(gzip.compress(bytes(8 * 1024**2)))
    with pytest.raises(RecordingError, match="more than 200 times"):
        open_recording(path)
    monkeypatch.setattr(stored_file, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(RecordingError, match="unpacking was stopped"):
        open_recording(packed(build_edf(tmp_path / "b.edf", random_signals(3, 2560))))
    assert list(temporary.iterdir()) == []


def test_a_packed_file_inside_a_packed_file_is_refused(tmp_path: Path) -> None:
    path = packed(packed(build_edf(tmp_path / "a.edf", random_signals(1, 256))))
    with pytest.raises(RecordingError, match="gzip archive"):
        open_recording(path)
