"""What is found out about a recording or its marks reaches everything that is made of it."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core.errors import SeizureZooError
from seizure_core.events.score_files import score_files
from seizure_core.io.opening import open_recording
from tests.edf_files import AnnotationRow, build_edf
from tests.seizure_core.reference_texts import BLOCK, SEIZEIT1
from tests.training.material import CHANNELS, NETWORK, RATE_HZ, SETTINGS
from tests.zoo.amplitude_model import amplitude_detector
from training.cli import main
from training.data.builder import create_dataset
from training.data.labelled_recordings import RefusedFile, open_labelled
from training.data.labelling import BACKGROUND_LABEL
from training.data.pairing import pair_files
from training.data.store import open_dataset
from training.evaluate.evaluation import evaluate_detector
from training.evaluate.evaluation_report import evaluation_json
from training.runs.folder import run_status
from training.runs.requests import new_run

QUICK = {**SETTINGS, "guard_s": 0.0, "balance": None, "background_stride_s": 1.0}


def write(
    folder: Path,
    name: str,
    *annotations: AnnotationRow,
    stamps: list[float] | None = None,
    length_s: int = 120,
) -> Path:
    """Write noise with annotations, and optionally jumping time stamps."""
    signals = np.random.default_rng(len(name)).normal(
        0, 40, (len(CHANNELS), int(length_s * RATE_HZ))
    )
    return build_edf(
        folder / f"{name}.edf",
        signals,
        labels=CHANNELS,
        sampling_rate_hz=RATE_HZ,
        annotations=annotations,
        record_onsets=stamps,
    )


def windows_s(card: dict[str, Any], label: int) -> np.ndarray:
    """Return the starts of a dataset's windows of a class."""
    windows = open_dataset(card["dataset_id"]).windows
    return np.sort(windows["start"][windows["label"] == label]) / RATE_HZ


@pytest.mark.parametrize("doubtful", ["seizure?", "Seizure like event@@FP1-F7"])
def test_a_doubtful_mark_is_neither_seizure_nor_background(tmp_path: Path, doubtful: str) -> None:
    path = write(tmp_path, "doubt", (10, 10, "sz"), (60, 20, doubtful))
    card = create_dataset(pair_files([path], []), QUICK)
    starts = windows_s(card, BACKGROUND_LABEL)
    assert not ((starts < 80) & (starts + 4 > 60)).any()
    assert (starts == 56).any()
    assert (starts == 80).any()
    (row,) = card["recordings"]
    assert row["uncertain"] == [[60.0, 20.0]]
    (said,) = row["findings"]
    assert doubtful in said
    assert f"doubt.edf: {said}" in card["warnings"]
    (entry,) = card["ledger"]["recordings"]
    assert entry["findings"] == [said]
    assert entry["rejected"]["may be a seizure: its annotation cannot be understood"] == 20.0
    parts = ("seizure_s", "background_s", "guard_s", "not_drawn_s", "rejected_s")
    assert sum(entry[part] for part in parts) == pytest.approx(120.0)


def test_a_file_whose_only_mark_has_no_readable_time_is_left_out_with_the_reason(
    tmp_path: Path,
) -> None:
    lost = write(tmp_path, "lost", ("1:00", 6, "sz"))
    good = write(tmp_path, "good", (10, 10, "sz"))
    # Nobody may take it for free of seizures, not even a setting.
    card = create_dataset(pair_files([lost, good], []), {**QUICK, "unreferenced": "seizure-free"})
    assert [one["file_name"] for one in card["recordings"]] == ["good.edf"]
    (refused,) = card["refused"]
    assert refused["file_name"] == "lost.edf"
    assert "where its seizures are is not known" in refused["reason"]
    assert "cannot be read" in refused["reason"]
    with pytest.raises(
        SeizureZooError, match=r"lost.edf is left out: it has no reference.* cannot be read"
    ):
        create_dataset(pair_files([lost], []), QUICK)


def test_marks_against_the_word_that_there_is_no_seizure_are_guarded(tmp_path: Path) -> None:
    path = write(tmp_path, "free", (60, 20, "seizure?"))
    pairing = pair_files([path], []).with_seizure_free("free.edf")
    opened = open_labelled(pairing.pairs[0])
    assert not isinstance(opened, RefusedFile)
    assert [(one.onset_s, one.offset_s) for one in opened.uncertain] == [(60.0, 80.0)]


def test_signals_of_jumping_stamps_are_trained_on_where_their_marks_are(tmp_path: Path) -> None:
    stamps = [n + (30.5 if n >= 40 else 0.0) for n in range(120)]
    path = write(tmp_path, "jumps", (90.5, 20, "sz"), stamps=stamps)
    card = create_dataset(pair_files([path], []), QUICK)
    dataset = open_dataset(card["dataset_id"])
    (row,) = card["recordings"]
    assert row["duration_s"] == 150.5
    assert any("It is placed by its time stamps" in one for one in row["findings"])
    stored = dataset.signals(0)
    start = round(90.5 * RATE_HZ)
    raw = open_recording(path).read(start_s=90.5, length_s=1.0)
    np.testing.assert_allclose(stored[:, start : start + 64], raw * 0.01, atol=1e-4)
    assert not dataset.windows["start"].size or (dataset.windows["start"] >= 0).all()


def test_stamps_that_contradict_each_other_make_no_reference_material(tmp_path: Path) -> None:
    stamps = [float(n) for n in range(120)]
    stamps[30] = 200.0
    path = write(tmp_path, "back", stamps=stamps)
    (tmp_path / "back_events.tsv").write_text("onset\tduration\ttrial_type\n10\t10\tsz\n")
    opened = open_labelled(pair_files([path], [tmp_path / "back_events.tsv"]).pairs[0])
    assert isinstance(opened, RefusedFile)
    assert "cannot be put on one time line" in opened.reason


def test_findings_reach_runs_and_cards_but_names_reach_neither(tmp_path: Path) -> None:
    from training.card_document import public_findings

    first = write(tmp_path, "mario_rossi", (10, 10, "sz"), (60, 20, "Mario's seizure?"))
    second = write(tmp_path, "anna", (10, 10, "sz"), (70, None, "sz start"))
    card = create_dataset(pair_files([first, second], []), QUICK)
    run = new_run(card["dataset_id"], NETWORK, {"epochs": 1, "split": "recording"})
    warnings = run_status(run)["warnings"]
    assert any(one.startswith("recording 1: These annotations sound like") for one in warnings)
    assert any(one.startswith("recording 2: The annotation '...' at 70 s") for one in warnings)
    shown = " ".join(public_findings(open_dataset(card["dataset_id"])))
    assert "1 recording: These annotations sound like seizures" in shown
    assert "1 recording: The annotation '...' at 70 s has neither a duration nor an end" in shown
    kept = (run.folder / "run.json").read_text(encoding="utf-8")
    for text in (shown, kept):
        assert not any(name in text.casefold() for name in ("mario", "rossi", "anna"))


def test_an_alarm_at_a_doubtful_mark_is_neither_right_nor_false(tmp_path: Path) -> None:
    pairs = ["FP1-F7", "F7-T7", "T7-P7"]
    detector = amplitude_detector(tmp_path / "amplitude", pairs, rate_hz=RATE_HZ)
    samples = np.where(np.arange(round(400 * RATE_HZ)) % 2, 10.0, -10.0)
    for start_s, stop_s in ((50, 70), (300, 320)):
        samples[round(start_s * RATE_HZ) : round(stop_s * RATE_HZ)] *= 10
    annotations = [(50, 20, "sz"), (300, 20, "seizure?")]
    for name, marks in (("doubt", annotations), ("sure", annotations[:1])):
        build_edf(
            tmp_path / f"{name}.edf",
            [samples] * 3,
            labels=pairs,
            sampling_rate_hz=RATE_HZ,
            annotations=marks,
        )
    recordings = [tmp_path / "doubt.edf", tmp_path / "sure.edf"]
    result = evaluation_json(evaluate_detector(detector, pair_files(recordings, [])))
    doubt, sure = result["recordings"]
    assert [one["event"]["n_detected"] for one in (doubt, sure)] == [1, 1]
    assert [one["event"]["n_false_alarms"] for one in (doubt, sure)] == [0, 1]
    assert [one["event"]["duration_s"] for one in (doubt, sure)] == [380.0, 400.0]
    assert [one["uncertain_s"] for one in (doubt, sure)] == [20.0, 0.0]
    assert "'seizure?' at 300 s" in doubt["findings"][0]
    assert doubt["findings"][0] in doubt["message"]
    assert result["warnings"] == [f"doubt.edf: {doubt['findings'][0]}"]
    assert [one["file_name"] for one in result["false_alarms"]] == ["sure.edf"]


def test_a_doubtful_result_says_so_first_in_its_score(tmp_path: Path) -> None:
    pairs = ["FP1-F7", "F7-T7", "T7-P7"]
    detector = amplitude_detector(tmp_path / "amplitude", pairs, rate_hz=RATE_HZ)
    samples = np.where(np.arange(round(400 * RATE_HZ)) % 2, 78.0, -78.0)
    marks = [(50, 20, "sz"), (300, 20, "seizure?")]
    path = build_edf(
        tmp_path / "loud.edf",
        [samples] * 2,
        labels=pairs[:2],
        sampling_rate_hz=RATE_HZ,
        annotations=marks,
    )
    evaluation = evaluate_detector(detector, pair_files([path], []))
    (row,) = evaluation_json(evaluation)["recordings"]
    assert row["message"].startswith("100% of the recording comes out as seizure")
    assert row["findings"][1] == "1 of 3 channels are missing and fed as zeros: T7-P7."
    assert "'seizure?' at 300 s" in row["findings"][2]
    stricter = evaluation.at(replace(evaluation.settings, threshold=0.95))
    assert stricter.recordings[0].doubts == tuple(row["findings"][1:2])


def test_a_score_of_two_files_leaves_doubtful_rows_out_and_says_so(tmp_path: Path) -> None:
    found, expert = tmp_path / "found.tsv", tmp_path / "expert.tsv"
    head = "onset\tduration\ttrial_type\n10\t10\tsz\n"
    found.write_text(head + "200\t20\tsz\n")
    expert.write_text(head + "200\t20\tprobable seizure\n")
    score = score_files(found, expert, recording_duration_s=400.0)
    assert (score["event"]["n_detected"], score["event"]["n_false_alarms"]) == (1, 0)
    assert score["uncertain_s"] == 20.0
    assert any("expert.tsv: These annotations sound" in one["message"] for one in score["findings"])


def test_the_command_line_takes_text_and_packed_recordings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [",".join(CHANNELS)]
    values = np.random.default_rng(1).normal(0, 40, (40 * 64, len(CHANNELS)))
    rows += [f"{n / 64}," + ",".join(f"{v:.2f}" for v in row) for n, row in enumerate(values)]
    rows[0] = "time (s)," + rows[0]
    text = tmp_path / "text.csv"
    text.write_text("\n".join(rows) + "\n")
    (tmp_path / "text_events.tsv").write_text("onset\tduration\ttrial_type\n10\t10\tsz\n")
    plain = write(tmp_path / "..", "packed", (10, 10, "sz"), (60, 20, "seizure?"))
    (tmp_path / "packed.edf.gz").write_bytes(gzip.compress(plain.read_bytes()))
    (tmp_path / "participants.csv").write_text("patient,age\np1,30\np2,40\n")
    (tmp_path / "README.txt").write_text("Recordings of 2021.\n")
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps(QUICK))
    for files in ([tmp_path], [text, tmp_path / "packed.edf.gz"]):
        arguments = ["dataset", "create", *map(str, files), "--settings", str(settings)]
        assert main(arguments) == 0
        out, err = capsys.readouterr()
        assert "windows of 2 recordings" in out
        assert "packed.edf.gz: These annotations sound like seizures" in err
    assert main(["dataset", "create", str(settings)]) == 1
    assert "is neither a recording" in capsys.readouterr().err


def test_references_of_public_databases_are_paired_by_name_and_list(tmp_path: Path) -> None:
    names = ("PN00-1", "PN06-1", "P_ID64_r1", "P_ID64_r10", "m", "n")
    recordings = [write(tmp_path, name, length_s=10) for name in names]
    texts = {
        "Seizures-list-PN00.txt": BLOCK.format(name="PN00-1", start="19.40.00", end="19.40.03"),
        "Seizures-list-PN06.txt": BLOCK.format(name="PNO6-1.edf", start="19.40.00", end="19.40.03"),
        "P_ID64_r1_a1.tsv": SEIZEIT1,
        "P_ID64_r10_a1.tsv": SEIZEIT1,
        "m_annot.txt": "# MNE-Annotations\n# onset, duration, description\n1,2,seizure\n",
        "n-annot.csv": "onset,duration,description\n1970-01-01 00:00:01,2.0,seizure\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    pairing = pair_files(recordings, [tmp_path / name for name in texts])
    assert [pair.references[0].file.file_name for pair in pairing.pairs] == list(texts)
    assert pairing.unused == ()
    assert [pair.patient for pair in pairing.pairs][2:4] == ["P_ID64", "P_ID64"]
    opened = open_labelled(pairing.pairs[5])
    assert not isinstance(opened, RefusedFile)
    assert [(one.onset_s, one.offset_s) for one in opened.events] == [(1.0, 3.0)]
