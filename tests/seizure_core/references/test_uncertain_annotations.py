"""Annotations that may mark a seizure: read by the standard, or neither seizure nor background."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest

from seizure_core.errors import ReferenceFileError
from seizure_core.io.opening import open_recording
from seizure_core.references import Reference, read_reference
from seizure_core.references.event_types import read_annotation, sounds_like_seizure
from tests.edf_files import AnnotationRow, build_edf

Spans = list[tuple[float, float]]


def marked(folder: Path, *annotations: AnnotationRow, length_s: int = 60) -> Reference:
    path = build_edf(
        folder / "a.edf", [[0.0] * length_s], sampling_rate_hz=1, annotations=annotations
    )
    return read_reference(path)


def spans(reference: Reference) -> tuple[Spans, Spans]:
    found = (reference.events, reference.uncertain)
    events, uncertain = ([(one.onset_s, one.offset_s) for one in part] for part in found)
    return events, uncertain


def messages(reference: Reference) -> str:
    return " | ".join(finding.message for finding in reference.findings)


def test_marks_linked_to_channels_are_seizures_of_these(tmp_path: Path) -> None:
    reference = marked(
        tmp_path,
        *((3.5, 2.25, "Seizure@@FP1-F7"), (10, None, "Seizure start@@F7-T7")),
        *((12, None, "sz start@@C3-P3"), (14.125, None, "Seizure end@@F7-T7")),
        *((16, None, "sz end@@C3-P3"), (20, 2, "sz"), (30, 4, "sz@@F3"), (30, 4, "sz@@F4")),
        *((40, None, "Seizure start@@F3"), (45, None, "Seizure end")),
    )
    assert spans(reference) == ([(3.5, 5.75), (10, 16), (20, 22), (30, 34), (40, 45)], [])
    channels = [event.channels for event in reference.events]
    assert channels == [("FP1-F7",), ("F7-T7", "C3-P3"), (), ("F3", "F4"), ("F3",)]
    assert reference.findings == ()


def test_onsets_and_durations_with_a_comma_are_numbers(tmp_path: Path) -> None:
    reference = marked(tmp_path, (5, 4, "sz"), ("20,5", "6,25", "sz"))
    assert spans(reference) == ([(5, 9), (20.5, 26.75)], [])


def test_commas_that_may_separate_thousands_are_told(tmp_path: Path) -> None:
    reference = marked(tmp_path, ("1,000", 4, "sz"))
    assert spans(reference) == ([(1, 5)], [])
    assert "'+1,000' as 1 s). If they separate thousands" in messages(reference)


@pytest.mark.parametrize(
    ("annotations", "events", "uncertain", "said"),
    [
        ([(10, 5, "seizure?")], [], [(10, 15)], "'seizure?' at 10 s"),
        ([(10, None, "possible seizure")], [], [(10, inf)], "'possible seizure' at 10 s"),
        ([(10, None, "Sz"), (30, 5, "Sz")], [(30, 35)], [(10, 30)], "neither a duration nor"),
        ([(10, 5, "sz"), (30, None, "sz end")], [(10, 15)], [(15, 30)], "no start before it"),
        ([(10, None, "sz end")], [], [(0, 10)], "no start before it: 0 to 10 s count neither"),
        ([(10, 0, "sz start")], [], [(10, inf)], "10 s to the end count neither"),
        ([(10, 20, "seizure?"), (15, 5, "sz")], [(15, 20)], [(10, 15), (20, 30)], "seizure?"),
        ([(-5, 10, "sz")], [(-5, 5)], [], "begins before the recording"),
        ([(55, 10, "sz")], [(55, 65)], [], "reaches past the recording's end"),
        ([(10, "x", "sz")], [], [(10, inf)], "neither a duration nor an end"),
    ],
)
def test_what_cannot_be_understood_is_uncertain_and_said(
    tmp_path: Path, annotations: list[AnnotationRow], events: Spans, uncertain: Spans, said: str
) -> None:
    reference = marked(tmp_path, *annotations)
    assert spans(reference) == (events, uncertain)
    assert said in messages(reference)


@pytest.mark.parametrize("text", ["sz", "Seizure?", "Crise@@F3"])
def test_a_mark_without_a_readable_time_may_be_anywhere(tmp_path: Path, text: str) -> None:
    reference = marked(tmp_path, (5, 4, "sz"), ("1:05", 6, text))
    assert spans(reference) == ([(5, 9)], [(0, 5), (9, inf)])
    assert f"The time of 1 entry of the annotation signals ({text!r}) cannot be read" in messages(
        reference
    )
    alone = marked(tmp_path, ("+e5", 6, text))
    assert spans(alone) == ([], [(0, inf)])
    assert "no annotation" not in messages(alone)


def test_an_unreadable_remark_on_something_else_is_said_and_guards_nothing(tmp_path: Path) -> None:
    reference = marked(tmp_path, (5, 4, "sz"), ("x", None, "eyes open"))
    assert spans(reference) == ([(5, 9)], [])
    assert "'eyes open'" in messages(reference)
    # With nothing else in the file, not even that much is known.
    assert spans(marked(tmp_path, ("x", None, "eyes open"))) == ([], [(0, inf)])


def test_marks_in_a_file_whose_stamps_run_backwards_are_refused(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        [[0.0] * 4],
        sampling_rate_hz=1,
        record_onsets=[0, 10, 11, 3],
        annotations=[(10, 1, "sz")],
    )
    with pytest.raises(ReferenceFileError, match="where its annotations belong is not known"):
        read_reference(path)


@pytest.mark.parametrize(
    ("jump_s", "onset_s"), [(15.5, 45.5), (0.6, 30.6), (0.4, 30.0), (0.05, 30.0), (-0.3, 30.0)]
)
def test_marks_and_signals_agree_where_stamps_jump(
    tmp_path: Path, jump_s: float, onset_s: float
) -> None:
    loud = [0.0] * 300 + [1000.0] * 100 + [0.0] * 200
    stamps = [n + (jump_s if n >= 20 else 0.0) for n in range(60)]
    path = build_edf(
        tmp_path / "a.edf",
        [loud],
        sampling_rate_hz=10,
        record_onsets=stamps,
        annotations=[(30 + jump_s, 10, "sz")],
        reserved="EDF+C",
    )
    assert spans(read_reference(path)) == ([(onset_s, onset_s + 10)], [])
    assert (open_recording(path).read(start_s=onset_s, length_s=10) > 999).all()


def test_stamps_that_stand_still_move_no_mark(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        [[0.0] * 60],
        sampling_rate_hz=1,
        record_onsets=[0] * 60,
        annotations=[(30, 10, "sz")],
    )
    recording = open_recording(path)
    assert [(one.onset_s, one.text) for one in recording.annotations] == [(30, "sz")]
    assert [one.severity for one in recording.findings].count("error") == 1
    assert not any("are placed" in one.message for one in recording.findings)


@pytest.mark.parametrize(
    "rows",
    [
        "10\t5\tseizure?\n",
        "10\tn/a\tsz\n",
        "10\t0\tseizure onset\n",
        "4\t1\tsz\n10\tn/a\tSeizure start\n12\tn/a\tSeizure end\n14\t3\tprobable sz\n",
    ],
)
def test_tables_of_events_have_uncertain_rows_too(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "a_events.tsv"
    path.write_text("onset\tduration\ttrial_type\n" + rows)
    reference = read_reference(path)
    expected = {
        "10\t5": ([], [(10, 15)]),
        "10\tn": ([], [(10, inf)]),
        "10\t0": ([], [(10, inf)]),
        "4\t1\t": ([(4, 5), (10, 12)], [(14, 17)]),
    }
    assert spans(reference) == expected[rows[:4]]
    assert "neither as seizure nor as background" in messages(reference)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("SZ END", "end"),
        ("sz_start", "start"),
        ("seizure-offset", "end"),
        ("End of seizure 3", "end"),
        ("Inizio della crisi", "start"),
        ("Anfallsbeginn", "start"),
        ("Début de crise", "start"),
        ("fin de la crise", "end"),
        ("inicio crisis", "start"),
        ("einde aanval", "end"),
        ("Epileptischer Anfall", "whole"),
        ("sz1", "whole"),
        ("Seizure2 start", "start"),
        ("sz_foc_ia", "whole"),
    ],
)
def test_starts_and_ends_are_read_in_several_languages(text: str, role: str) -> None:
    mark = read_annotation(text)
    assert mark is not None
    assert mark.role == role


@pytest.mark.parametrize(
    "text",
    [
        *("no seizure", "No clinical seizures seen", "seizure-free", "interictal spikes"),
        *("post-ictal slowing", "pre-seizure", "Nessuna crisi", "keine Anfälle", "pas de crise"),
        *("sleep onset", "hyperventilation end"),
        *("antiseizure drug given", "without seizures", "eyes open", "absence of alpha", "Szene"),
    ],
)
def test_a_denied_seizure_is_none(text: str) -> None:
    assert read_annotation(text) is None
    assert not sounds_like_seizure(text)


@pytest.mark.parametrize(
    "text",
    [
        *("seizure?", "not sure if seizure", "Possibly postictal", "crisi?", "sz vs artefact"),
        *("No change. Seizure begins here", "GTCS", "absence", "no. 3 seizure", "ictal rhythm"),
        *("EEG onset", "Clinical offset", "Onset", "FIAS", "tonic", "spasms", "aura"),
        *("unlabelled", "Unlabeled"),
    ],
)
def test_a_doubtful_seizure_is_doubtful(text: str) -> None:
    assert read_annotation(text) is None
    assert sounds_like_seizure(text)
