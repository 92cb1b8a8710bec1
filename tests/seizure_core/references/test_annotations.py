"""Annotations of EDF+ files that mark seizures, and the words for their types."""

from __future__ import annotations

from pathlib import Path

import pytest

from seizure_core.errors import ReferenceFileError
from seizure_core.references import Reference, read_reference
from seizure_core.references.event_types import is_background, read_annotation, seizure_code
from tests.edf_files import build_edf, random_signals
from tests.seizure_core.references.test_references import messages, read, spans


def edf_reference(tmp_path: Path, *annotations: tuple[float, float | None, str]) -> Reference:
    path = build_edf(
        tmp_path / "a.edf",
        random_signals(1, 2560),
        labels=["FP1-F7"],
        annotations=annotations,
    )
    return read_reference(path)


def test_annotations_with_a_duration_are_seizures(tmp_path: Path) -> None:
    reference = edf_reference(
        tmp_path, (1.0, 2.0, "Seizure"), (4.0, 1.5, "CRISI 2"), (6.0, 1.0, "sz_foc_ia")
    )
    assert spans(reference) == [(1.0, 3.0), (4.0, 5.5), (6.0, 7.0)]
    assert [e.event_type for e in reference.events] == ["sz", "sz", "sz_foc_ia"]
    assert (reference.format, reference.duration_s) == ("EDF annotations", 10.0)
    assert reference.findings == ()


def test_annotations_for_start_and_end_make_a_seizure(tmp_path: Path) -> None:
    reference = edf_reference(
        tmp_path,
        *((1.0, None, "Seizure 1 start"), (3.0, None, "seizure 1 end")),
        *((4.0, None, "inizio crisi"), (5.0, 0.0, "Fine della crisi")),
        *((6.0, None, "Seizure"), (7.5, None, "Seizure end")),
    )
    assert spans(reference) == [(1.0, 3.0), (4.0, 5.0), (6.0, 7.5)]
    assert reference.findings == ()


def test_annotations_that_do_not_count_are_said(tmp_path: Path) -> None:
    reference = edf_reference(
        tmp_path,
        *((1.0, None, "Seizure end"), (2.0, None, "Seizure"), (3.0, None, "SZ onset")),
        *((4.0, 2.0, "no seizure"), (5.0, 2.0, "post-ictal slowing"), (6.0, 1.0, "eyes open")),
    )
    assert reference.events == ()
    text = messages(reference)
    assert "'Seizure end' at 1 s has no start before it" in text
    assert "'Seizure' at 2 s has neither a duration nor an end" in text
    assert "'SZ onset' at 3 s has neither a duration nor an end" in text
    assert "3 annotation(s) do not mark a seizure" in text
    assert "not understood as seizures: 'no seizure', 'post-ictal slowing'" in text


def test_an_edf_without_annotation_marks_no_seizure_and_says_so(tmp_path: Path) -> None:
    reference = read_reference(build_edf(tmp_path / "a.edf", random_signals(1, 256)))
    assert reference.events == ()
    assert "no annotation" in messages(reference)


def test_a_broken_edf_is_a_broken_reference(tmp_path: Path) -> None:
    with pytest.raises(ReferenceFileError, match=r"^a\.edf: "):
        read(tmp_path, "a.edf", b"0       " + b"x" * 300)


@pytest.mark.parametrize("text", ["", "2", "start", "1 2", "seizure free", "onset of sleep"])
def test_annotations_without_a_seizure_word_say_nothing(text: str) -> None:
    assert read_annotation(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sz", "sz"),
        ("SZ", "sz"),
        ("sz-gen", "sz_gen"),
        ("sz_gen:", "sz_gen"),
        ("sz_gen_m_tonicClonic", "sz_gen_m_tonicClonic"),
        ("fnsz", "sz_foc"),
        ("TCSZ", "sz_gen_m_tonicClonic"),
        ("Electrographic seizure", "sz"),
        ("crisi focale", "sz_foc"),
        ("1", "sz"),
        ("bckg", None),
        ("no seizure", None),
        ("szechuan", None),
        ("pre-ictal", None),
        ("seizure start", None),
        ("n/a", None),
    ],
)
def test_types_are_read_in_every_spelling(text: str, code: str | None):
    assert seizure_code(text) == code


def test_background_is_said_in_so_many_words():
    assert all(is_background(text) for text in ("bckg", "Background", "0", "n/a", ""))
    assert not is_background("sz")
