from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event, Mark
from tests.ui.values import recording_of
from ui.opening.recordings import OpenRecording, RecordingSources
from ui.opening.sessions import Sessions, looked_at
from ui.server.work_folders import WorkFolders
from ui.stopping import WorkStops
from ui.viewer.handles import HandleStore, Overlays, Review, UnknownHandleError

VISITOR: Any = SimpleNamespace(session_hash="abc", username=None)
ANEW: Any = SimpleNamespace(session_hash="def", username=None)
STRANGER: Any = SimpleNamespace(session_hash="ghi", username="somebody")


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
    with sessions.sources.work.filled() as folder:
        return OpenRecording(recording=recording_of(), folder=folder, files=())


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


def test_a_page_that_is_loaded_again_has_its_recording_and_review_back(sessions: Sessions) -> None:
    opened = sessions.exchange(None, opened_in(sessions), VISITOR)
    mark = Mark(mark_id="1", onset_s=1.0, duration_s=2.0)
    review = Review(marks=(mark,), decisions={0: "rejected"}, shifts_s={1: -1.0})
    overlays = Overlays(
        predictions=(Event(onset_s=3, duration_s=2), Event(onset_s=6, duration_s=2))
    )
    before = sessions.store.get(opened.handle)
    before.review, before.overlays = review, overlays
    sessions.store.close_session("abc")
    again = sessions.resume(opened.handle, ANEW)
    assert again.recording is opened.recording
    assert sessions.store.get(again.handle).review == review
    assert sessions.store.get(again.handle).overlays == overlays
    with pytest.raises(UnknownHandleError):
        sessions.store.get(opened.handle)
    sessions.release(opened)  # as Gradio does when the old session's state grows old
    assert again.folder is not None
    assert again.folder.exists()
    sessions.release(again)
    assert not again.folder.exists()


def test_what_is_still_open_moves(sessions: Sessions) -> None:
    opened = sessions.exchange(None, opened_in(sessions), VISITOR)
    again = sessions.resume(opened.handle, ANEW)
    sessions.store.close_session("abc")
    assert sessions.store.get(again.handle).recording is opened.recording


def test_a_page_loaded_anew_twice_at_once_comes_with_its_first_handle(sessions: Sessions) -> None:
    opened = sessions.exchange(None, opened_in(sessions), VISITOR)
    never_heard_of = sessions.resume(opened.handle, ANEW)
    again = sessions.resume(opened.handle, ANEW)
    assert sessions.store.get(again.handle).recording is opened.recording
    with pytest.raises(UnknownHandleError):
        sessions.store.get(never_heard_of.handle)
    sessions.release(never_heard_of)
    assert again.folder is not None
    assert again.folder.exists()
    last = sessions.resume(again.handle, ANEW)
    with pytest.raises(ParameterError, match="no longer on the server"):
        sessions.resume(opened.handle, ANEW)
    sessions.release(last)
    assert not again.folder.exists()
    with pytest.raises(ParameterError, match="no longer on the server"):
        sessions.resume(again.handle, ANEW)


def test_nobody_else_can_have_a_recording_back(sessions: Sessions) -> None:
    opened = sessions.exchange(None, opened_in(sessions), VISITOR)
    for handle, who in ((opened.handle, STRANGER), ("", ANEW), ("guess", ANEW)):
        with pytest.raises(ParameterError, match="no longer on the server"):
            sessions.resume(handle, who)
    assert sessions.resume(opened.handle, ANEW).recording is opened.recording
