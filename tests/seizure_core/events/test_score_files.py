from __future__ import annotations

import json
from pathlib import Path

import pytest

from seizure_core.errors import ParameterError, ReferenceFileError
from seizure_core.events.event import Event
from seizure_core.events.score_files import score_files
from seizure_core.references import write_events_csv, write_szcore_tsv
from tests.training.miniature_chbmit import seizure_annotations

HOUR_S = 3600.0


def tsv(path: Path, *spans: tuple[float, float], duration_s: float = HOUR_S) -> Path:
    events = [Event(onset_s=onset, duration_s=length) for onset, length in spans]
    write_szcore_tsv(path, events, duration_s=duration_s)
    return path


def test_a_found_seizure_and_a_false_alarm(tmp_path: Path) -> None:
    reference = tsv(tmp_path / "reference.tsv", (1000, 40))
    hypothesis = tsv(tmp_path / "hypothesis.tsv", (1005, 30), (2000, 60))
    score = score_files(hypothesis, reference)
    assert score["event"]["sensitivity"] == 1.0
    assert score["event"]["precision"] == 0.5
    assert score["event"]["false_alarms_per_24h"] == pytest.approx(24.0)
    assert score["event"]["n_reference"] == 1
    assert score["event"]["n_hypothesis"] == 2
    assert score["latency_s"] == [5.0]


def test_an_alarm_that_never_stops_finds_everything_at_264_false_alarms(tmp_path: Path) -> None:
    reference = tsv(tmp_path / "reference.tsv", (1000, 40))
    hypothesis = tsv(tmp_path / "hypothesis.tsv", (0, HOUR_S))
    score = score_files(hypothesis, reference)
    assert score["event"]["sensitivity"] == 1.0
    assert score["event"]["false_alarms_per_24h"] == pytest.approx(264.0)
    assert score["baselines"]["always"]["event"] == score["event"]
    assert score["baselines"]["never"]["event"]["sensitivity"] == 0.0


def test_without_seizures_and_alarms_nothing_is_undefined_but_null(tmp_path: Path) -> None:
    nothing = tsv(tmp_path / "nothing.tsv")
    score = score_files(nothing, nothing)
    assert score["event"]["sensitivity"] is None
    assert score["event"]["f1"] is None
    json.dumps(score, allow_nan=False)


def test_files_of_different_recordings_are_refused(tmp_path: Path) -> None:
    reference = tsv(tmp_path / "reference.tsv", (10, 5))
    hypothesis = tsv(tmp_path / "hypothesis.tsv", (10, 5), duration_s=1800.0)
    with pytest.raises(ReferenceFileError, match=r"hypothesis\.tsv.*1800 s.*3600 s"):
        score_files(hypothesis, reference)
    assert score_files(hypothesis, reference, recording_duration_s=1800.0)["event"]["f1"] == 1.0


def test_a_duration_must_come_from_somewhere(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    write_events_csv(path, [Event(onset_s=10, duration_s=5)])
    with pytest.raises(ReferenceFileError, match="how long"):
        score_files(path, path)
    assert score_files(path, path, recording_duration_s=60.0)["event"]["f1"] == 1.0
    with pytest.raises(ParameterError, match="more than 0"):
        score_files(path, path, recording_duration_s=0.0)


def test_formats_may_differ_between_the_two(tmp_path: Path) -> None:
    reference = tmp_path / "chb01_03.edf.seizures"
    reference.write_bytes(seizure_annotations([(2996, 3036)]))
    hypothesis = tsv(tmp_path / "chb01_03.tsv", (2990, 30))
    score = score_files(hypothesis, reference, recording_duration_s=HOUR_S)
    assert score["event"]["sensitivity"] == 1.0
    assert score["latency_s"] == [-6.0]
