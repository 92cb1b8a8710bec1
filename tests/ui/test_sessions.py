from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from seizure_core.errors import ParameterError
from tests.ui.values import recording_of
from ui.recordings import OpenRecording, RecordingSources
from ui.sessions import Sessions, looked_at
from ui.stopping import WorkStops
from ui.viewer.handles import HandleStore, UnknownHandleError
from ui.work_folders import WorkFolders

VISITOR: Any = SimpleNamespace(session_hash="abc")


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    sources = RecordingSources(
        upload_folder=tmp_path / "uploads",
        data_folder=None,
        work=WorkFolders(root=tmp_path / "work", keep_s=3600),
        demo_folder=tmp_path / "demo",
    )
    return Sessions(sources=sources, store=HandleStore(), stops=WorkStops())


def opened_in(sessions: Sessions) -> OpenRecording:
    return OpenRecording(recording=recording_of(), folder=sessions.sources.work.new(), files=())


def test_a_recording_takes_the_place_of_the_one_before(sessions: Sessions) -> None:
    first = sessions.exchange(None, opened_in(sessions), VISITOR)
    second = sessions.exchange(first, opened_in(sessions), VISITOR)
    assert sessions.store.get(second.handle).recording is second.recording
    assert first.folder is not None
    assert not first.folder.exists()
    with pytest.raises(UnknownHandleError):
        sessions.store.get(first.handle)


def test_a_session_that_ends_gives_up_its_recording(sessions: Sessions) -> None:
    opened = sessions.exchange(None, opened_in(sessions), VISITOR)
    sessions.release(opened)
    sessions.release(None)
    assert list(sessions.sources.work.root.iterdir()) == []
    with pytest.raises(UnknownHandleError):
        sessions.store.get(opened.handle)


def test_without_a_recording_one_is_asked_for(sessions: Sessions) -> None:
    with pytest.raises(ParameterError, match="Open a recording first"):
        looked_at(None)
    assert looked_at(opened_in(sessions)).handle == ""
