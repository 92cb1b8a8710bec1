from __future__ import annotations

from types import SimpleNamespace

import pytest

from seizure_core.events.event import Event, Mark
from tests.memory_recording import memory_recording
from ui.viewer.component import ViewerComponents, build_viewer
from ui.viewer.handles import HandleStore, Overlays, Review, UnknownHandleError

SESSION = SimpleNamespace(session_hash="abc")


@pytest.fixture
def viewer() -> ViewerComponents:
    return build_viewer()


def open_one(viewer: ViewerComponents) -> str:
    return viewer.open(memory_recording(["FP1-F7"]), SESSION)  # type: ignore[arg-type]


def test_the_value_names_a_handle_and_a_place_and_no_file(viewer: ViewerComponents) -> None:
    handle = open_one(viewer)
    value = viewer.show(handle, start_s=30.0, length_s=10.0)
    assert value["handle"] == handle
    assert (value["start_s"], value["length_s"]) == (30.0, 10.0)
    assert "made.edf" not in str(value)
    assert viewer.show(handle, start_s=30.0, length_s=10.0) != value
    event = viewer.show(handle, event=Event(onset_s=4, duration_s=2))["event"]
    assert event == {"onset_s": 4, "duration_s": 2}


def test_new_overlays_drop_old_decisions_and_keep_marks(viewer: ViewerComponents) -> None:
    handle = open_one(viewer)
    mark = Mark(mark_id="a", onset_s=1, duration_s=1)
    remark = Mark(mark_id="b", onset_s=0, duration_s=1, kind="artefact")
    viewer.store.get(handle).review = Review(marks=(mark, remark), decisions={0: "rejected"})
    overlays = Overlays(predictions=(Event(onset_s=0, duration_s=1),))
    assert viewer.show(handle, overlays=overlays)["reload"] is True
    assert viewer.store.get(handle).overlays is overlays
    assert viewer.review(handle) == Review(marks=(mark, remark))
    assert [e.onset_s for e in viewer.reference(handle)] == [1]


def test_a_viewer_that_comes_to_the_front_stays_where_it_is(viewer: ViewerComponents) -> None:
    handle = open_one(viewer)
    value = viewer.refresh(handle)
    assert (value["reload"], value["stay"]) == (True, True)
    assert "start_s" not in value
    viewer.store.close(handle)
    with pytest.raises(UnknownHandleError):
        viewer.refresh(handle)


def test_a_closed_recording_cannot_be_shown(viewer: ViewerComponents) -> None:
    handle = open_one(viewer)
    viewer.store.close_session("abc")
    with pytest.raises(UnknownHandleError, match="Open it again"):
        viewer.show(handle)


def test_several_viewers_may_share_open_recordings() -> None:
    store = HandleStore()
    one, other = build_viewer(store), build_viewer(store, elem_id="second")
    assert other.show(open_one(one))


def test_a_tab_can_listen_to_changes_of_marks_by_name(viewer: ViewerComponents) -> None:
    assert callable(viewer.component.marks_changed)
    with pytest.raises(AttributeError):
        _ = viewer.component.never_triggered


def test_the_component_is_no_part_of_the_published_api(viewer: ViewerComponents) -> None:
    assert sorted(viewer.component.get_config()["server_fns"]) == [
        "viewer_add_montage",
        "viewer_bad",
        "viewer_export",
        "viewer_import",
        "viewer_montage",
        "viewer_open",
        "viewer_overview",
        "viewer_page",
        "viewer_queue",
        "viewer_queue_open",
        "viewer_review",
        "viewer_spectrum",
        "viewer_threshold",
        "viewer_trends",
    ]
