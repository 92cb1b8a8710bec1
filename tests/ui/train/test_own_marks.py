"""Marks of the viewer as references of a dataset."""

from __future__ import annotations

from pathlib import Path

import pytest

from seizure_core.events.event import Event
from seizure_core.references import read_reference
from tests.edf_files import build_edf
from tests.training.material import write_recording
from ui.opening.recordings import RecordingSources
from ui.server.work_folders import WorkFolders
from ui.train.material import marked_files
from ui.train.pairs import find_material

SEIZURES = (Event(onset_s=3.0, duration_s=4.0), Event(onset_s=8.0, duration_s=6.0))


@pytest.fixture
def sources(tmp_path: Path) -> RecordingSources:
    (tmp_path / "uploads").mkdir()
    return RecordingSources(
        upload_folder=tmp_path / "uploads",
        data_folder=tmp_path / "uploads",
        work=WorkFolders(root=tmp_path / "work", keep_s=3600),
        demo_folder=tmp_path / "demo",
    )


def spans(path: Path) -> list[tuple[float, float]]:
    return [(e.onset_s, e.offset_s) for e in read_reference(path).events]


def test_marks_outlive_the_looking_at_the_recording(sources: RecordingSources) -> None:
    given = build_edf(sources.upload_folder / "a.edf", [[0.0] * 2560 * 2])
    opened = sources.take([str(given)])
    (marked,) = marked_files(sources.work, opened, SEIZURES)
    sources.release(opened)
    assert marked.recording.read_bytes() == given.read_bytes()
    assert spans(marked.reference) == [(3.0, 7.0), (8.0, 14.0)]


def test_a_seizure_across_the_join_of_two_files_is_marked_in_both(
    sources: RecordingSources,
) -> None:
    late = build_edf(sources.upload_folder / "a.edf", [[0.0] * 2560], start_time="04.05.16")
    early = build_edf(sources.upload_folder / "b.edf", [[0.0] * 2560], start_time="04.05.06")
    opened = sources.take([str(late), str(early)])
    first, second = marked_files(sources.work, opened, SEIZURES)
    assert (first.recording.name, second.recording.name) == ("b.edf", "a.edf")
    assert spans(first.reference) == [(3.0, 7.0), (8.0, 10.0)]
    assert spans(second.reference) == [(0.0, 4.0)]


def test_files_of_the_servers_folder_stay_where_they_lie(sources: RecordingSources) -> None:
    build_edf(sources.upload_folder / "a.edf", [[0.0] * 2560])
    (marked,) = marked_files(sources.work, sources.take(["data:a.edf"]), ())
    assert marked.recording == (sources.upload_folder / "a.edf").resolve()
    assert spans(marked.reference) == []


def test_marked_recordings_stay_when_files_are_added_and_go_when_taken_out(
    sources: RecordingSources,
) -> None:
    write_recording(sources.upload_folder, "chb01_01", [(12.0, 10.0)])
    build_edf(sources.upload_folder / "a.edf", [[0.0] * 2560])
    marked = marked_files(sources.work, sources.take(["data:a.edf"]), SEIZURES[:1])
    nothing = {"recordings": [], "references": [], "folder": []}
    alone = find_material(sources, **nothing, before=None, marked=marked)
    assert alone is not None
    assert alone.table() == [["a.edf", "a", "used", "a_events.tsv (chosen by you)"]]
    upload = str(sources.upload_folder / "chb01_01.edf")
    both = find_material(sources, **{**nothing, "recordings": [upload]}, before=alone)
    assert both is not None
    assert [row[0] for row in both.table()] == ["chb01_01.edf", "a.edf"]
    assert both.questions == ["chb01_01.edf"]
    assert find_material(sources, **nothing, before=alone, marked=()) is None
