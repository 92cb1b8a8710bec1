"""Damaged EDF and BDF files: they open with findings or raise `RecordingError`, nothing else."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core import open_recording
from seizure_core.errors import RecordingError
from tests.edf_files import FIXED_FIELDS, SIGNAL_FIELDS, build_edf, random_signals, spoil_signal
from tests.properties import PROFILE_VARIABLE

ODD_TEXTS = [
    *("-1", "0", "1", "2", "3", "7", "256", "99999999", "1e9", "nan", "inf", "-0", "1,5", "0.0001"),
    *("1E-9", "9E99", "-9E99", "1e-99", "+", "", "EDF+C", "EDF+D", "BDF+D", "EDF Annotations"),
    *("BDF Annotations", "Status", "uV", "V", "\x00\x00", "\xff\xfe", "-32768", "32767", "0x10"),
]
ODD_BYTES = [
    *(b"\x14", b"\x15", b"\x00", b"+", b"-", b"\xff", b"\x00+5\x14x\x14\x00", b"-5\x14\x14\x00"),
    *(b"+999999999999\x14\x14\x00", b"+1e5\x14\x14", b"+9999999999999999\x14\x14", b"\x80" * 9),
]
MAX_PEAK_BYTES = 20_000_000
# `make fuzz` measures memory itself, and tracemalloc takes four times as long as the reader.
TRACES_MEMORY = os.environ.get(PROFILE_VARIABLE) != "fuzz"


def _base(path: Path, *, bdf: bool, kind: str) -> Path:
    signals = random_signals(2, 1024)
    if kind == "plain":
        return build_edf(path, signals, bdf=bdf)
    name = "BDF" if bdf else "EDF"
    return build_edf(
        path,
        signals,
        bdf=bdf,
        reserved=f"{name}{kind}",
        record_onsets=[0, 1, 3, "4.5"],
        annotations=[(0.5, None, "spike"), (1, 2, "Anfall ö")],
    )


def _survives(path: Path) -> None:
    """Open and read what there is; only `RecordingError` may come out, in bounded memory."""
    refusal, peak = "", 0
    if TRACES_MEMORY:
        tracemalloc.start()
    try:
        recording = open_recording(path)
        assert np.isfinite(recording.duration_s)
        for index, channel in enumerate(recording.channels):
            assert channel.n_samples > 0
            assert channel.sampling_rate_hz > 0
            assert np.isfinite([channel.minimum, channel.maximum]).all()
            n_read = min(channel.n_samples, 3000)
            assert recording.read_samples([index], 0, n_read).shape == (1, n_read)
            end = recording.read_samples([index], channel.n_samples - 1, channel.n_samples)
            assert end.shape == (1, 1)
    except RecordingError as error:
        refusal = str(error)
    finally:
        if TRACES_MEMORY:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert peak < MAX_PEAK_BYTES
    assert str(path.parent) not in refusal


@pytest.mark.parametrize("bdf", [False, True])
@pytest.mark.parametrize("kind", ["plain", "+C", "+D"])
@given(data=st.data())
def test_header_fields_of_any_text_never_break_the_reader(
    tmp_path: Path, data: st.DataObject, bdf: bool, kind: str
) -> None:
    path = _base(tmp_path / "a.edf", bdf=bdf, kind=kind)
    content = bytearray(path.read_bytes())
    n_signals = int(content[252:256])
    places = _field_places(n_signals)
    for offset, size in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        text = data.draw(st.sampled_from(ODD_TEXTS) | st.text("0123456789.,-+eE x", max_size=8))
        content[offset : offset + size] = text.encode("latin-1")[:size].ljust(size)
    path.write_bytes(content)
    _survives(path)


@pytest.mark.parametrize("bdf", [False, True])
@given(data=st.data())
def test_fields_of_one_signal_never_cost_the_others(
    tmp_path: Path, data: st.DataObject, bdf: bool
) -> None:
    labels = ["FP1-F7", "F7-T7", "T7-P7", "P7-O1"]
    path = build_edf(tmp_path / "a.edf", random_signals(4, 1024), labels=labels, bdf=bdf)
    before = open_recording(path).read()
    position = data.draw(st.integers(0, 3))
    texts = st.sampled_from(ODD_TEXTS) | st.text("0123456789.,-+eE x", max_size=8)
    names = st.sampled_from([name for name in SIGNAL_FIELDS if name != "label"])
    fields = data.draw(st.dictionaries(names, texts, min_size=1, max_size=4))
    spoil_signal(path, position, **{name: text[:8] for name, text in fields.items()})
    recording = open_recording(path)
    assert recording.labels == labels
    for index, expected in enumerate(before):
        read = recording.read([index])[0]
        assert np.isfinite(read).all()
        if index != position:
            np.testing.assert_array_equal(read, expected)


@pytest.mark.parametrize("bdf", [False, True])
@given(data=st.data())
def test_mutilated_bytes_never_break_the_reader(
    tmp_path: Path, data: st.DataObject, bdf: bool
) -> None:
    kind = data.draw(st.sampled_from(["plain", "+C", "+D"]))
    path = _base(tmp_path / "a.edf", bdf=bdf, kind=kind)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        new = data.draw(st.sampled_from(ODD_BYTES) | st.binary(min_size=1, max_size=6))
        content[place : place + len(new)] = new
    path.write_bytes(content[: data.draw(st.integers(0, len(content)) | st.just(len(content)))])
    _survives(path)


@given(
    first=st.lists(st.sampled_from(ODD_BYTES) | st.binary(max_size=12), min_size=4, max_size=4),
    second=st.lists(st.sampled_from(ODD_BYTES) | st.binary(max_size=12), min_size=4, max_size=4),
    reserved=st.sampled_from(["EDF+C", "EDF+D"]),
)
def test_annotation_signals_of_any_bytes_never_break_the_reader(
    tmp_path: Path, first: list[bytes], second: list[bytes], reserved: str
) -> None:
    path = build_edf(
        tmp_path / "a.edf", random_signals(1, 1024), tals=[first, second], reserved=reserved
    )
    _survives(path)


@given(content=st.binary(max_size=600))
def test_files_of_any_bytes_never_break_the_reader(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.edf"
    path.write_bytes(content)
    _survives(path)


def test_a_file_full_of_annotations_is_read_up_to_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seizure_core.io.edf.annotations.MAX_ANNOTATIONS", 100)
    path = build_edf(tmp_path / "a.edf", tals=[[b"+0\x14\x14\x00" + b"+1\x14x\x14\x00" * 150]])
    recording = open_recording(path)
    assert len(recording.annotations) == 100
    assert any("50 are left out" in finding.message for finding in recording.findings)


def _field_places(n_signals: int) -> list[tuple[int, int]]:
    places = []
    offset = 0
    for size in FIXED_FIELDS.values():
        places.append((offset, size))
        offset += size
    for size in SIGNAL_FIELDS.values():
        for _ in range(n_signals):
            places.append((offset, size))
            offset += size
    return places
