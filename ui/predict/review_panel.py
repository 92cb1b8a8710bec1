"""Begins the review of candidates of many recordings, and adds a result to a review."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import gradio as gr
from gradio.blocks import Block

from seizure_core.errors import ParameterError
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.review.folder import RecordingPlace, ReviewFolder
from seizure_core.review.model import ReviewItem, checked_name
from seizure_core.review.page import NO_REVIEW
from seizure_core.review.paging import ReviewPage
from seizure_core.review.queue import undecided
from ui.errors import inform
from ui.events import Trigger, Updates, listen
from ui.i18n.translation import tr
from ui.opening.recordings import DATA_PREFIX, OpenRecording
from ui.opening.sessions import Sessions, looked_at
from ui.resources import Services
from ui.server.access import may_write
from ui.server.queues import OPENING_QUEUE
from ui.viewer.component import ViewerComponents
from ui.viewer.review_queue import ReviewQueue
from zoo.store.reviews import source_of_detection

_ORDERS = [("Largest doubt first", "doubt"), ("Highest probability first", "probability")]
_HELP = (
    "A review holds the candidates of many recordings; <code>seizure-zoo review add</code> fills "
    "one from a folder of nights. <b>Y</b> accepts, <b>X</b> rejects and shows the next, <b>N</b> "
    "and <b>P</b> go on and back, <b>H J K L</b> move the edges, digits and <b>Shift</b> with a "
    "letter give the type. Every decision is kept at once."
)


class ReviewPanel:
    """The controls of reviews: where recordings are opened, and below a result.

    Parameters
    ----------
    services : Services
        Where reviews and recordings are.
    sessions : Sessions
        Puts one recording in place of another.
    current : gr.State
        The session's `OpenRecording`, or None.
    """

    def __init__(self, services: Services, sessions: Sessions, current: gr.State) -> None:
        self._services, self._sessions, self._current = services, sessions, current
        with gr.Accordion("Review of many recordings", open=False, elem_id="review-queue"):
            gr.HTML(_HELP)
            with gr.Row():
                self._review = gr.Dropdown(
                    choices=[], value=None, label="Review", elem_id="review-id"
                )
                self._reader = gr.Textbox(label="Reader", max_length=80, elem_id="reader")
                self._order = gr.Dropdown(
                    choices=[*_ORDERS, ("As they lie in the recordings", "time")],
                    value="doubt",
                    label="Order",
                    elem_id="review-order",
                )
            self._begin = gr.Button("Begin to review", variant="primary", elem_id="review-begin")

    def build_add(self) -> None:
        """Build the controls that add a result to a review."""
        with gr.Accordion("Add this result to a review", open=False, elem_id="review-add"):
            with gr.Row():
                self._target = gr.Dropdown(
                    choices=[],
                    value=None,
                    allow_custom_value=True,
                    label="Review (or the name of a new one)",
                    elem_id="review-target",
                )
                self._decider = gr.Textbox(label="Reader", max_length=80, elem_id="decider")
            self._add = gr.Button("Add the result", elem_id="review-add-result")

    def wire(
        self,
        viewer: ViewerComponents,
        loaded: Sequence[Trigger],
        show: Callable[[OpenRecording], Updates],
        showing: Sequence[Block],
    ) -> None:
        """Bind the controls; `show` and `showing` are as `Opening` takes them."""
        lists = [self._review, self._target]
        for trigger in loaded:
            listen(trigger, self.relist, inputs=lists, outputs=lists, quiet=True)

        def begin(
            before: OpenRecording | None,
            review_id: str | None,
            reader: str,
            order: str,
            request: gr.Request,
        ) -> Updates:
            opened = self.begin(before, review_id, reader, order, request)
            return {self._current: opened, **show(opened)}

        listen(
            self._begin.click,
            begin,
            inputs=[self._current, self._review, self._reader, self._order],
            outputs=[self._current, *showing],
            writers=self._services.settings,
            queue=OPENING_QUEUE,
        )

        def add(opened: OpenRecording | None, review_id: str | None, reader: str) -> Updates:
            self.add(viewer, opened, review_id, reader)
            return self.relist(None, review_id)

        listen(
            self._add.click,
            add,
            inputs=[self._current, self._target, self._decider],
            outputs=lists,
            writers=self._services.settings,
        )

    def relist(self, chosen: str | None, target: str | None) -> Updates:
        """List the reviews; strangers are told none, because their names may tell something."""
        ids = self._services.reviews.ids() if may_write(self._services.settings) else []
        first = next(iter(ids), None)
        return {
            self._review: gr.Dropdown(choices=ids, value=chosen if chosen in ids else first),
            self._target: gr.Dropdown(choices=ids, value=target or first),
        }

    def begin(
        self,
        before: OpenRecording | None,
        review_id: str | None,
        reader: str,
        order: str,
        request: gr.Request,
    ) -> OpenRecording:
        """Open the recording of the first undecided candidate, as part of the queue.

        Raises
        ------
        ParameterError
            There is no such review, nothing is left, or no recording is where it was.
        """
        who = checked_name(reader or "")
        review = self._services.reviews.open(given_review(review_id))
        left = undecided(review.state, order)
        if not left:
            raise ParameterError("All candidates of this review are decided.")
        place, path = self._first_place(review, left)
        recording = open_recording(path, file_name=place.file_name)
        opened = OpenRecording(recording=recording, folder=None, files=(path,))
        shown = self._sessions.exchange(before, opened, request)
        queue = ReviewQueue(review=review, who=who, order=order, opener=self._opened)
        queue.handles[place.recording_id] = shown.handle
        self._sessions.store.get(shown.handle).join(queue, place.recording_id)
        return shown

    def add(
        self,
        viewer: ViewerComponents,
        opened: OpenRecording | None,
        review_id: str | None,
        reader: str,
    ) -> None:
        """Add the result on the screen, and what was decided about it, to a review.

        Raises
        ------
        ParameterError
            There is no result, or the recording is more than one file.
        """
        looked = looked_at(opened)
        found = viewer.found(looked.handle)
        if found is None:
            raise ParameterError("There is no result yet: find seizures first.")
        if len(looked.files) != 1:
            raise ParameterError("A review takes recordings of one file each.")
        (path,), name = looked.files, given_review(review_id)
        review = self._services.reviews.create(name)
        recording_id = review.add_recording(path, looked.recording)
        review.add_events(recording_id, source_of_detection(found), found.events)
        decided = viewer.review(looked.handle)
        page = ReviewPage(review, recording_id, reader)
        if decided and page.events == found.events:
            page.keep(NO_REVIEW, decided)
        n = len(review.state.candidates())
        inform(
            tr(
                "{file} is part of the review {name} now, which has {n} candidates.",
                file=looked.recording.file_name,
                name=name,
                n=n,
            )
        )

    def _first_place(
        self, review: ReviewFolder, left: Sequence[ReviewItem]
    ) -> tuple[RecordingPlace, Path]:
        places = review.places()
        for recording_id in dict.fromkeys(item.recording_id for item in left):
            path = self._path(places[recording_id])
            if path.is_file():
                return places[recording_id], path
        raise ParameterError(
            "{name} is not where it was when the review began; add it again.",
            name=places[left[0].recording_id].file_name,
        )

    def _opened(self, place: RecordingPlace) -> Recording:
        path = self._path(place)
        if not path.is_file():
            raise ParameterError(
                "{name} is not where it was when the review began; add it again.",
                name=place.file_name,
            )
        return open_recording(path, file_name=place.file_name)

    def _path(self, place: RecordingPlace) -> Path:
        if place.place.startswith(DATA_PREFIX):
            return self._services.recordings.path_of(place.place)
        return Path(place.place)


def given_review(review_id: str | None) -> str:
    """Return the review that was chosen or named.

    Raises
    ------
    ParameterError
        None was.
    """
    if not review_id:
        raise ParameterError("Choose a review, or type the name of a new one.")
    return review_id.strip()
