from __future__ import annotations

from pathlib import Path

import pytest

from seizure_core.errors import ParameterError, RecordingError
from tests.edf_files import build_edf
from ui.opening.recordings import RecordingSources
from ui.server.work_folders import WorkFolders

SIGNAL = [[0.0] * 512]


@pytest.fixture
def sources(tmp_path: Path) -> RecordingSources:
    for name in ("uploads", "data"):
        (tmp_path / name).mkdir()
    return RecordingSources(
        upload_folder=tmp_path / "uploads",
        data_folder=tmp_path / "data",
        work=WorkFolders(root=tmp_path / "work", keep_s=3600),
        demo_folder=tmp_path / "demo",
    )


def upload(sources: RecordingSources, name: str = "a.edf") -> Path:
    folder = sources.upload_folder / "hash"
    folder.mkdir(exist_ok=True)
    return build_edf(folder / name, SIGNAL)


def test_two_sessions_that_upload_the_same_bytes_each_get_their_own_file(
    sources: RecordingSources,
) -> None:
    uploaded = upload(sources)
    first, second = sources.take([str(uploaded)]), sources.take([str(uploaded)])
    sources.release(first)
    assert first.folder is not None
    assert not first.folder.exists()
    assert second.recording.read(length_s=1).shape == (1, 256)
    assert first.recording.file_name == "a.edf"


def test_an_upload_that_is_no_recording_leaves_no_folder_behind(sources: RecordingSources) -> None:
    bad = sources.upload_folder / "notes.txt"
    bad.write_text("no EEG here")
    with pytest.raises(RecordingError, match=r"notes\.txt"):
        sources.take([str(bad)])
    assert list(sources.work.root.iterdir()) == []


def test_files_outside_the_uploads_cannot_be_passed_as_uploads(
    sources: RecordingSources, tmp_path: Path
) -> None:
    outside = build_edf(tmp_path / "private.edf", SIGNAL)
    link = sources.upload_folder / "link.edf"
    link.symlink_to(outside)
    for given in (outside, link, sources.upload_folder / ".." / "private.edf"):
        with pytest.raises(ParameterError, match="was not uploaded"):
            sources.open_given({"path": str(given)})


def test_a_file_of_the_data_folder_is_opened_by_name(
    sources: RecordingSources, tmp_path: Path
) -> None:
    (tmp_path / "data" / "sub").mkdir()
    build_edf(tmp_path / "data" / "sub" / "b.edf", SIGNAL)
    assert sources.open_given("data:sub/b.edf").file_name == "b.edf"


def test_nothing_outside_the_data_folder_is_reachable(
    sources: RecordingSources, tmp_path: Path
) -> None:
    outside = build_edf(tmp_path / "private.edf", SIGNAL)
    (tmp_path / "data" / "link.edf").symlink_to(outside)
    (tmp_path / "data" / "up").symlink_to(tmp_path)
    names = [
        "../private.edf",
        str(outside),
        "link.edf",
        "up/private.edf",
        "",
        ".",
        "a\0b",
        "x" * 5000,
    ]
    messages = set()
    for name in names:
        with pytest.raises(ParameterError, match="There is no recording") as caught:
            sources.open_given(f"data:{name}")
        messages.add(str(caught.value).split("Near")[0].replace(repr(name), ""))
        assert str(sources.data_folder) not in str(caught.value)
    assert outside.exists()


def test_near_names_are_told_for_a_name_that_is_not_there(
    sources: RecordingSources, tmp_path: Path
) -> None:
    build_edf(tmp_path / "data" / "chb01_03.edf", SIGNAL)
    for name in (".chb01_3.edf", "chb01_3.tsv"):
        (tmp_path / "data" / name).touch()
    (tmp_path / "chb01_13.edf").touch()
    (tmp_path / "data" / "chb01_13.edf").symlink_to(tmp_path / "chb01_13.edf")
    with pytest.raises(ParameterError, match=r"Near names: chb01_03\.edf\.$"):
        sources.open_given("data:chb01_3.edf")


def test_without_a_data_folder_its_use_is_explained(tmp_path: Path) -> None:
    sources = RecordingSources(
        upload_folder=tmp_path,
        data_folder=None,
        work=WorkFolders(root=tmp_path / "work", keep_s=1),
        demo_folder=tmp_path / "demo",
    )
    with pytest.raises(ParameterError, match="SEIZURE_ZOO_DATA"):
        sources.open_given("data:a.edf")


@pytest.mark.parametrize("given", [None, 3, "a.edf", {}, {"path": 4}, ["a.edf"]])
def test_what_is_no_recording_at_all_is_explained(sources: RecordingSources, given: object) -> None:
    with pytest.raises(ParameterError, match="handle_file"):
        sources.open_given(given)


def test_an_upload_that_was_deleted_meanwhile_is_a_missing_file(sources: RecordingSources) -> None:
    uploaded = upload(sources)
    uploaded.unlink()
    with pytest.raises(FileNotFoundError):
        sources.open_given({"path": str(uploaded)})
