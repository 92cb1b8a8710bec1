"""Every test file of other EDF libraries, one by one, against them and against known facts.

A file in the folder that is not listed here fails the test, as does a listed one that is gone.
"""

from __future__ import annotations

import csv
from pathlib import Path

import edfio
import numpy as np
import pyedflib
import pytest

from seizure_core import Recording, open_recording
from seizure_core.units import microvolts_per_unit
from tests.seizure_core.conformance_facts import FACTS
from tests.shared_files import SHARED_DATA, needs_shared_data, shared_file, shared_files

FOLDER = "conformance"
SUFFIXES = {".edf", ".bdf"}


# `bdfPlusC_annotations.txt` has no recording beside it.
EXPECTED_ANNOTATIONS = {
    "edfReader/edfAnnonC_annotations.txt": "edfReader/edfAnnonC.edf",
    "edfReader/edfPlusC_annotations.txt": "edfReader/edfPlusC.edf",
}

listed = pytest.mark.parametrize("name", FACTS)


def _path(name: str) -> Path:
    return shared_file(f"{FOLDER}/{name}")


def _opened(name: str) -> Recording:
    return open_recording(_path(name))


def _all_samples(recording: Recording) -> list[np.ndarray]:
    return [
        recording.read_samples([index], 0, channel.n_samples)[0].astype(np.float64)
        for index, channel in enumerate(recording.channels)
    ]


def _assert_same_samples(read: np.ndarray, expected: np.ndarray) -> None:
    assert read.shape == expected.shape
    allowed = np.maximum(np.spacing(np.abs(expected).astype(np.float32)), 1e-4)
    assert (np.abs(read - expected) <= allowed).all()


def _factor(unit: str) -> float:
    return float(microvolts_per_unit(unit) or 1)


@needs_shared_data
def test_every_file_of_the_folder_is_listed_and_every_listed_one_is_there() -> None:
    there = {
        path.relative_to(SHARED_DATA / FOLDER).as_posix()
        for path in shared_files(f"{FOLDER}/**/*")
        if path.suffix.lower() in SUFFIXES
    }
    assert there == FACTS.keys()
    texts = {
        path.relative_to(SHARED_DATA / FOLDER).as_posix()
        for path in shared_files(f"{FOLDER}/**/*_annotations.txt")
    }
    assert texts == EXPECTED_ANNOTATIONS.keys() | {"edfReader/bdfPlusC_annotations.txt"}


@listed
def test_facts_of_the_header_and_the_time_line(name: str) -> None:
    facts, recording = FACTS[name], _opened(name)
    assert recording.file_name == Path(name).name
    assert recording.format == facts.format
    assert recording.duration_s == pytest.approx(facts.duration_s, abs=1e-9)
    assert recording.start_time == facts.start_time
    rates = [channel.sampling_rate_hz for channel in recording.channels]
    assert {rate: rates.count(rate) for rate in rates} == facts.rates
    assert len(recording.annotations) == facts.n_annotations
    wanted = len(rates) if facts.n_voltages is None else facts.n_voltages
    assert sum(channel.is_voltage for channel in recording.channels) == wanted
    segments = facts.segments or ((0, facts.duration_s),)
    read = [(segment.start_s, segment.duration_s) for segment in recording.segments]
    np.testing.assert_allclose(read, segments, atol=1e-9)


@listed
def test_findings_are_those_expected_and_no_others(name: str) -> None:
    messages = [finding.message for finding in _opened(name).findings]
    assert len(messages) == len(FACTS[name].findings)
    for words in FACTS[name].findings:
        assert any(words in message for message in messages)


@listed
def test_samples_are_those_of_edfio(name: str) -> None:
    recording = _opened(name)
    read_file = edfio.read_bdf if name.endswith(".bdf") else edfio.read_edf
    other = read_file(_path(name))
    assert recording.labels == [signal.label for signal in other.signals]
    for channel, signal, read in zip(
        recording.channels, other.signals, _all_samples(recording), strict=True
    ):
        # edfio joins what gaps separate.
        stored = read[~np.isnan(read)] if FACTS[name].segments else read
        is_code = channel.unit == "code"
        values = signal.digital if is_code else signal.data * _factor(signal.physical_dimension)
        _assert_same_samples(stored, values)


@listed
def test_annotations_are_those_of_edfio(name: str) -> None:
    read_file = edfio.read_bdf if name.endswith(".bdf") else edfio.read_edf
    expected = [(a.onset, a.duration, a.text) for a in read_file(_path(name)).annotations]
    read = [(a.onset_s, a.duration_s, a.text) for a in _opened(name).annotations]
    assert [row[1:] for row in read] == [row[1:] for row in expected]
    np.testing.assert_allclose([row[0] for row in read], [row[0] for row in expected], atol=1e-7)


@listed
def test_missing_samples_are_exactly_those_between_the_segments(name: str) -> None:
    recording = _opened(name)
    for channel, read in zip(recording.channels, _all_samples(recording), strict=True):
        times_s = (np.arange(channel.n_samples) + 0.5) / channel.sampling_rate_hz
        inside = np.zeros(len(times_s), dtype=bool)
        for segment in recording.segments:
            inside |= (times_s >= segment.start_s) & (times_s < segment.stop_s)
        np.testing.assert_array_equal(np.isnan(read), ~inside)


@listed
def test_pyedflib_agrees_or_refuses_as_listed(name: str) -> None:
    facts = FACTS[name]
    if facts.pyedflib_refuses:
        with pytest.raises(OSError, match=facts.pyedflib_refuses):
            pyedflib.EdfReader(str(_path(name)))
        return
    recording = _opened(name)
    edf = pyedflib.EdfReader(str(_path(name)))
    try:
        # Of a plain EDF pyedflib takes the annotation signal for a channel; it is the last.
        labels = edf.getSignalLabels()
        extra = ["EDF Annotations"] if not facts.pyedflib_sees_annotations else []
        assert labels == recording.labels + extra
        for index, read in enumerate(_all_samples(recording)):
            channel = recording.channels[index]
            assert edf.getSampleFrequency(index) == pytest.approx(channel.sampling_rate_hz)
            is_code = channel.unit == "code"
            factor = 1.0 if is_code else _factor(edf.getPhysicalDimension(index))
            _assert_same_samples(read, edf.readSignal(index, digital=is_code) * factor)
        assert edf.file_duration == pytest.approx(recording.duration_s)
        start = edf.getStartdatetime()
        # pyedflib 0.1.42 returns a tenth of the microseconds.
        assert start.replace(microsecond=0) == facts.start_time.replace(microsecond=0)
        assert start.microsecond == facts.start_time.microsecond // 10
        onsets, durations, texts = edf.readAnnotations()
    finally:
        edf.close()
    if facts.pyedflib_sees_annotations:
        # pyedflib keeps the order of the file.
        theirs = sorted(zip(onsets, durations, texts, strict=True), key=lambda row: row[0])
        read_ones = recording.annotations
        assert [a.text for a in read_ones] == [row[2] for row in theirs]
        np.testing.assert_allclose(
            [a.onset_s for a in read_ones], [row[0] for row in theirs], atol=2e-7
        )
        read_durations = [-1.0 if a.duration_s is None else a.duration_s for a in read_ones]
        assert read_durations == [row[1] for row in theirs]


@pytest.mark.parametrize("text_name", EXPECTED_ANNOTATIONS)
def test_annotations_are_those_of_the_text_file(text_name: str) -> None:
    """The text files count from the header's full second, recordings from the first sample."""
    recording = _opened(EXPECTED_ANNOTATIONS[text_name])
    assert recording.start_time is not None
    offset_s = recording.start_time.microsecond / 1e6
    with _path(text_name).open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Onset"]]
    expected = sorted(
        (round(float(row["Onset"]), 6), row["Duration"], row["Annotation"]) for row in rows
    )
    read = sorted(
        (
            round(a.onset_s + offset_s, 6),
            "" if a.duration_s is None else f"{a.duration_s:g}",
            a.text,
        )
        for a in recording.annotations
    )
    assert read == expected


@needs_shared_data
@pytest.mark.parametrize(
    ("pattern", "n_files", "n_channels", "rate_hz"),
    [("chbmit/**/*.edf", 21, 23, 256), ("eegmat/*.edf", 40, 21, 500)],
)
def test_real_recordings_read_as_pyedflib_reads_them(
    pattern: str, n_files: int, n_channels: int, rate_hz: float
) -> None:
    paths = shared_files(pattern)
    assert len(paths) == n_files
    for path in paths:
        recording = open_recording(path)
        assert len(recording.channels) == n_channels
        assert {channel.sampling_rate_hz for channel in recording.channels} == {rate_hz}
        assert all(channel.is_voltage for channel in recording.channels)
        assert not any(finding.severity == "warning" for finding in recording.findings)
        read = recording.read()
        edf = pyedflib.EdfReader(str(path))
        try:
            assert edf.getSignalLabels() == recording.labels
            assert edf.getStartdatetime() == recording.start_time
            texts = list(edf.readAnnotations()[2])
            for index in range(0, n_channels, 5):
                factor = _factor(edf.getPhysicalDimension(index))
                _assert_same_samples(read[index].astype(float), edf.readSignal(index) * factor)
        finally:
            edf.close()
        assert [annotation.text for annotation in recording.annotations] == texts
