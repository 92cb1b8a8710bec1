"""What a page brings along when it is loaded again."""

from __future__ import annotations

from pathlib import Path

from seizure_core.io.opening import open_recording
from seizure_core.review.folder import ReviewFolder
from tests.seizure_core.review.reviews import review_of
from ui.opening.returning import take_reviews
from ui.viewer.handles import HandleStore
from ui.viewer.requests import ViewerRequest
from ui.viewer.review_queue import ReviewQueue


def test_decisions_under_way_arrive_also_about_recordings_that_were_left(tmp_path: Path) -> None:
    review, ids = review_of(tmp_path)
    queue = ReviewQueue(
        review=review, who="Dr A", order="doubt", opener=lambda one: open_recording(Path(one.place))
    )
    store = HandleStore()
    handles = [store.open_queued(queue, recording_id, session="page") for recording_id in ids]
    store.close_session("page")
    rejected = [{"prediction": 0, "decision": "rejected"}]
    brought = [{"handle": one, "marks": [], "decisions": rejected} for one in [*handles, "gone"]]
    take_reviews(store, ViewerRequest({"reviews": brought}))
    decided = [item for item in ReviewFolder(review.folder).state.candidates() if item.is_decided]
    assert sorted(item.recording_id for item in decided) == sorted(ids)
