from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seizure_core.errors import ParameterError
from tests.training.material import write_recording
from ui.opening.recordings import RecordingSources
from ui.server.work_folders import WorkFolders
from ui.train.pairs import Material, find_material

Find = Callable[..., Material | None]


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    write_recording(folder, "chb01_01", [(12.0, 10.0)])
    write_recording(folder, "chb01_02", [], reference=False)
    write_recording(folder, "other", [(12.0, 10.0)])
    return folder


@pytest.fixture
def find(tmp_path: Path, uploads: Path) -> Find:
    sources = RecordingSources(
        upload_folder=uploads,
        data_folder=uploads,
        work=WorkFolders(root=tmp_path / "work", keep_s=3600),
        demo_folder=tmp_path / "demo",
    )

    def look(
        *recordings: str,
        references: tuple[str, ...] = (),
        folder: tuple[str, ...] = (),
        before: Material | None = None,
    ) -> Material | None:
        return find_material(
            sources,
            recordings=[str(uploads / f"{name}.edf") for name in recordings],
            references=[str(uploads / f"{name}_events.tsv") for name in references],
            folder=folder,
            before=before,
        )

    return look


def test_without_recordings_there_is_nothing(find: Find) -> None:
    assert find(references=("chb01_01",)) is None


def test_a_recording_without_reference_is_asked_about_and_never_taken_for_seizure_free(
    find: Find,
) -> None:
    material = find("chb01_01", "chb01_02", references=("chb01_01",))
    assert material is not None
    assert material.questions == ["chb01_02.edf"]
    assert material.said_free == []
    assert [row[2] for row in material.table()] == ["used", "left out"]
    answered = material.answered(["chb01_02.edf"])
    assert [row[2] for row in answered.table()] == ["used", "used: seizure-free"]
    assert answered.answered([]).said_free == []


def test_reference_and_patient_can_be_corrected_and_stay_when_files_are_added(find: Find) -> None:
    material = find("chb01_01", "chb01_02", references=("chb01_01", "other"))
    assert material is not None
    assert material.pairing.unused == ("other_events.tsv",)
    corrected = material.corrected(["chb01_02.edf"], "other_events.tsv", "Anna")
    assert corrected.table()[1] == [
        "chb01_02.edf",
        "Anna",
        "used",
        "other_events.tsv (chosen by you)",
    ]
    more = find("chb01_01", "chb01_02", "other", references=("other",), before=corrected)
    assert more is not None
    assert more.table()[1] == corrected.table()[1]
    assert corrected.corrected(["chb01_02.edf"], "", "").questions == ["chb01_02.edf"]


def test_a_reference_that_is_not_there_cannot_be_chosen(find: Find) -> None:
    material = find("chb01_01")
    assert material is not None
    with pytest.raises(ParameterError, match=r"no reference 'x\.tsv'"):
        material.corrected(["chb01_01.edf"], "x.tsv", "")


def test_references_beside_a_recording_of_the_servers_folder_are_taken_along(find: Find) -> None:
    material = find(folder=("chb01_01.edf", "chb01_02.edf"))
    assert material is not None
    assert [row[3] for row in material.table()] == ["chb01_01_events.tsv (by its name)", ""]


def test_files_that_were_not_uploaded_are_refused(find: Find, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="was not uploaded"):
        find("../outside")
