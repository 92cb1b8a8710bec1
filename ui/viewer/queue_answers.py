"""Answers about the queue of a review, for the viewer in the browser."""

from __future__ import annotations

from typing import Any

from seizure_core.errors import ParameterError
from ui.viewer.handles import HandleStore, ViewedFile
from ui.viewer.requests import ViewerRequest
from ui.viewer.review_queue import QueuedRecording


def queue_answer(opened: ViewedFile, request: ViewerRequest) -> dict[str, Any]:
    """Return all candidates in the order in which to decide, and the recording on the screen."""
    queued = _queued(opened)
    return queued.queue.listed() | {"recording": queued.page.recording_id}


def open_queued(store: HandleStore, opened: ViewedFile, request: ViewerRequest) -> dict[str, Any]:
    """Return the handle of another recording of the review."""
    queue, recording_id = _queued(opened).queue, request.text("recording")
    if recording_id not in queue.review.state.durations_s:
        raise ParameterError(
            "There is no recording {recording_id!r} in this review.", recording_id=recording_id
        )
    return {"handle": store.open_queued(queue, recording_id, session=opened.session)}


def _queued(opened: ViewedFile) -> QueuedRecording:
    if opened.queued is None:
        raise ParameterError("This recording is not looked at as part of a review.")
    return opened.queued
