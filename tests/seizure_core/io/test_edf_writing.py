from __future__ import annotations

from datetime import datetime
from pathlib import Path

import mne
import numpy as np
import pyedflib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core import Annotation, open_recording
from seizure_core.errors import ParameterError
from seizure_core.io.edf.writer import write_edf, write_edf_annotations
from tests.edf_files import random_signals

REMARKS = (
    Annotation(onset_s=0.1234567, duration_s=None, text="électrode " * 20 + "lâche"),
    Annotation(onset_s=1.0, duration_s=2.5, text="seizure"),
    Annotation(onset_s=1.0, duration_s=0.0, text="中文"),
)


def test_signals_annotations_and_start_come_back(tmp_path: Path) -> None:
    signals = random_signals(3, 2560)
    path = tmp_path / "a.edf"
    start = datetime(2022, 3, 4, 5, 6, 7, 250_000)
    labels = ["FP1-F7", "F7-T7", "T8-P8"]
    write_edf(
        path, signals, labels=labels, sampling_rate_hz=256, start_time=start, annotations=REMARKS
    )
    recording = open_recording(path)
    assert recording.format == "EDF+C"
    assert recording.findings == ()
    assert recording.labels == labels
    assert recording.start_time == start
    assert recording.duration_s == 10
    assert [(a.onset_s, a.duration_s, a.text) for a in recording.annotations] == [
        (a.onset_s, a.duration_s, a.text.strip()) for a in REMARKS
    ]
    step = recording.channels[0].maximum / 32767
    np.testing.assert_allclose(recording.read(), signals, atol=step / 2 * 1.001)
    assert list(tmp_path.glob(".*")) == []


def test_pyedflib_and_mne_read_what_was_written(tmp_path: Path) -> None:
    signals = random_signals(2, 1280)
    path = tmp_path / "a.edf"
    write_edf(path, signals, labels=["A", "B"], sampling_rate_hz=128, annotations=REMARKS)
    ours = open_recording(path).read()
    edf = pyedflib.EdfReader(str(path))
    try:
        theirs = np.stack([edf.readSignal(0), edf.readSignal(1)])
        onsets, durations, texts = edf.readAnnotations()
    finally:
        edf.close()
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    assert list(onsets) == [a.onset_s for a in REMARKS]
    assert list(durations) == [-1.0, 2.5, 0.0]
    assert texts[2] == "中文"
    raw = mne.io.read_raw_edf(path, verbose="error")
    np.testing.assert_allclose(raw.get_data() * 1e6, theirs, rtol=1e-6, atol=1e-6)
    described = {a["description"].strip() for a in raw.annotations}
    assert described == {a.text.strip() for a in REMARKS}


def test_the_same_signals_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.edf", "b.edf"):
        write_edf(tmp_path / name, random_signals(2, 500), labels=["A", "B"], sampling_rate_hz=100)
    assert (tmp_path / "a.edf").read_bytes() == (tmp_path / "b.edf").read_bytes()


def test_zero_stays_zero_and_values_outside_a_given_range_are_clipped(tmp_path: Path) -> None:
    path = tmp_path / "a.edf"
    write_edf(path, [[0.0, 50, 500, -500]], labels=["A"], sampling_rate_hz=4, physical_range_uv=100)
    channel = open_recording(path).channels[0]
    assert (channel.minimum, channel.maximum) == (-100, 100)
    read = open_recording(path).read()[0]
    assert read[0] == 0
    np.testing.assert_allclose(read, [0, 50, 100, -100], atol=0.002)


@pytest.mark.parametrize(
    ("rate_hz", "n_samples", "duration_s"),
    [(256, 2560, 10), (256, 2592, 10.125), (500, 50, 0.1), (173.61, 4097, 100), (0.5, 4, 8)],
)
def test_record_lengths_fit_the_rate_and_fill_up_as_little_as_can_be(
    tmp_path: Path, rate_hz: float, n_samples: int, duration_s: float
) -> None:
    path = tmp_path / "a.edf"
    write_edf(path, random_signals(1, n_samples), labels=["A"], sampling_rate_hz=rate_hz)
    recording = open_recording(path)
    assert recording.channels[0].sampling_rate_hz == rate_hz
    assert recording.duration_s == duration_s
    assert (recording.read()[0, n_samples:] == 0).all()


def test_annotations_alone_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.edf"
    write_edf_annotations(path, REMARKS, start_time=datetime(2022, 3, 4, 5, 6, 7, 500_000))
    recording = open_recording(path)
    assert recording.channels == ()
    assert [a.onset_s for a in recording.annotations] == [a.onset_s for a in REMARKS]
    assert recording.start_time == datetime(2022, 3, 4, 5, 6, 7, 500_000)
    write_edf_annotations(path, [])
    assert open_recording(path).annotations == ()


@given(
    rows=st.lists(
        st.tuples(
            st.integers(-(10**9), 10**10).map(lambda n: n / 10**5),
            st.none() | st.integers(0, 10**9).map(lambda n: n / 10**5),
            st.text(st.characters(codec="utf-8"), min_size=1, max_size=50),
        ),
        max_size=8,
    ),
    microsecond=st.sampled_from([0, 1, 250_000, 999_999]),
)
def test_any_annotations_come_back_with_their_times(
    tmp_path: Path, rows: list[tuple[float, float | None, str]], microsecond: int
) -> None:
    path = tmp_path / "a.edf"
    written = [Annotation(onset_s=on, duration_s=length, text=text) for on, length, text in rows]
    start = datetime(2022, 3, 4, 5, 6, 7, microsecond)
    write_edf_annotations(path, written, start_time=start)
    readable = [a for a in sorted(written, key=lambda a: a.onset_s) if _readable(a.text)]
    assert [(a.onset_s, a.duration_s, a.text) for a in open_recording(path).annotations] == [
        (a.onset_s, a.duration_s, _readable(a.text)) for a in readable
    ]


def _readable(text: str) -> str:
    return "".join(" " if char in "\x00\x14\x15" else char for char in text).strip()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"signals": [[np.nan, 1.0]]}, "NaN"),
        ({"signals": []}, "shape"),
        ({"labels": ["A", "B"]}, "1 signals need as many labels; 2"),
        ({"labels": ["a label that is too long"]}, "up to 16 ASCII"),
        ({"labels": ["Fp1µ"]}, "up to 16 ASCII"),
        ({"sampling_rate_hz": 0}, "sampling rate"),
        ({"sampling_rate_hz": 0.001}, "no length of a data record"),
        ({"physical_range_uv": 0}, "range of 0 uV"),
        ({"physical_range_uv": 1e9}, "range of 1e"),
        ({"annotations": [Annotation(onset_s=1e12, duration_s=None, text="x")]}, "annotation at"),
    ],
)
def test_what_edf_cannot_hold_is_refused_and_nothing_is_left_behind(
    tmp_path: Path, change: dict, words: str
) -> None:
    given_values = {"signals": [[1.0, 2.0]], "labels": ["A"], "sampling_rate_hz": 2, **change}
    signals = given_values.pop("signals")
    with pytest.raises(ParameterError, match=words):
        write_edf(tmp_path / "a.edf", signals, **given_values)
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []
