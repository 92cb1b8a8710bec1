"""Endpoints that review candidates: list, decide, mark, compare, export.

This module must not postpone its annotations: see `ui.api`.
"""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from gradio.data_classes import FileData

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.review.agreement import MARGIN
from seizure_core.review.agreement import compare_readers as comparison_of
from seizure_core.review.exports import item_json, write_review
from seizure_core.review.folder import RecordingPlace, ReviewFolder, Verdict
from seizure_core.review.model import Decision, checked_name
from seizure_core.review.origins import add_reference
from seizure_core.review.queue import ordered
from seizure_core.review.stamp import Printed, stamp_of
from ui.api.files import Endpoints, file_answer, find_all
from ui.arguments import (
    checked_flag,
    checked_list,
    checked_number,
    checked_settings,
    checked_text,
    checked_texts,
    optional_number,
    plain_text,
)
from ui.loaded_models import load_model
from ui.opening.recordings import DATA_PREFIX, shown_name
from zoo.store.reviews import source_of_detection

_NUMBERS, _TEXTS = ("onset_s", "duration_s"), ("event_type", "side", "text")


class ReviewEndpoints(Endpoints):
    """The functions that review; each bears the name it is published under."""

    def list_reviews(self) -> list[dict[str, Any]]:
        """List the reviews, the latest changed first, with how far each is."""
        shelf = self._services.reviews
        return [
            {"review_id": review_id, **asdict(stamp_of(shelf.open(review_id)))}
            for review_id in shelf.ids()
        ]

    def add_to_review(
        self,
        review_id: str,
        recordings: list[FileData | str],
        model_id: str = "",
        threshold: float | None = None,
        references: list[FileData | str] = [],  # noqa: B006 - Gradio publishes it
        reader: str = "",
    ) -> dict[str, Any]:
        """Add recordings to a review, with what a model or an expert found; it may be a new one.

        Parameters
        ----------
        review_id : str
            Id of the review: up to 60 small letters, digits, - and _.
        recordings : list of FileData or str
            Recordings, each an uploaded file, `data:NAME` or a web address.
        model_id : str
            Id of a model to run on them, as /list_models names it; empty for none.
        threshold : float, optional
            Probability at which the model's events begin, 0 to 1; null takes the model's.
        references : list of FileData or str
            Files of one expert's annotations, given in the same way; paired by name. Texts are not
            taken over.
        reader : str
            Name of that expert.
        """
        sources = self._services.recordings
        marked = find_all(sources, checked_list("references", references), what="reference")
        name = plain_text("reader", reader)
        if marked or name:
            name = checked_name(name)
        wanted = plain_text("model_id", model_id)
        detector = load_model(self._services.settings, wanted) if wanted else None
        level = optional_number("threshold", threshold)
        if detector is not None:
            detector.check_settings(threshold=level, stride_s=None, operating_point=None)
        given = checked_list("recordings", recordings)
        paths = find_all(sources, given, what="recording")
        review = self._services.reviews.create(checked_text("review_id", review_id))
        for one, path in zip(given, paths, strict=True):
            recording = open_recording(path, file_name=shown_name(path.name))
            place = one if isinstance(one, str) and one.startswith(DATA_PREFIX) else ""
            recording_id = review.add_recording(path, recording, place=place)
            if detector is not None:
                deadline = self._deadline()
                found = detector.detect(recording, threshold=level, cancelled=deadline.cancelled)
                review.add_events(recording_id, source_of_detection(found), found.events)
            if marked:
                add_reference(review, recording_id, recording, marked, name)
        return _listed(review, "", "doubt", undecided=True)

    def review_events(
        self,
        review_id: str,
        recording: str = "",
        order: str = "doubt",
        undecided: bool = False,
    ) -> dict[str, Any]:
        """List the events of a review and what was decided, undecided candidates first.

        Parameters
        ----------
        review_id : str
            Id of the review, as /list_reviews names it.
        recording : str
            File name or id of one recording; empty for all.
        order : str
            "doubt" (nearest to the model's threshold first), "probability" or "time".
        undecided : bool
            Whether to list only what is left to be decided.
        """
        review = self._review(review_id)
        recording_id = _recording_id(review, plain_text("recording", recording))
        left = checked_flag("undecided", undecided)
        return _listed(review, recording_id, checked_text("order", order), undecided=left)

    def decide(
        self,
        review_id: str,
        items: list[str],
        decision: str,
        reader: str,
        event: dict[str, Any] = {},  # noqa: B006 - Gradio publishes it; it is never changed
    ) -> dict[str, Any]:
        """Accept, reject or change events of a review; each decision is kept for good.

        Parameters
        ----------
        review_id : str
            Id of the review, as /list_reviews names it.
        items : list of str
            Ids of events, as /review_events names them.
        decision : str
            "accepted", "rejected", "changed" or "undecided".
        reader : str
            Name of who decides.
        event : dict
            Changes of the event: `onset_s`, `duration_s`, `event_type`, `side` (left, right,
            midline, both), `channels` (a list), `text`.
        """
        review = self._review(review_id)
        chosen: Decision = checked_text("decision", decision)  # type: ignore[assignment]
        state, changes = review.state, _changes(event)
        verdicts = []
        for item_id in checked_texts("items", items):
            item = state.item(item_id)
            changed = replace(item.final or item.event, **changes) if changes else None
            verdicts.append(Verdict(item_id=item_id, decision=chosen, event=changed))
        decided = review.decide(verdicts, who=checked_text("reader", reader))
        return {**asdict(stamp_of(review)), "events": [item_json(item) for item in decided]}

    def mark_event(
        self, review_id: str, recording: str, event: dict[str, Any], reader: str
    ) -> dict[str, Any]:
        """Add an event of a reader's own to a review.

        Parameters
        ----------
        review_id : str
            Id of the review, as /list_reviews names it.
        recording : str
            File name or id of the recording.
        event : dict
            `onset_s`, `duration_s`, and optionally `event_type` ("sz", "spike", ...), `side`,
            `channels`, `text`.
        reader : str
            Name of who marks it.
        """
        review = self._review(review_id)
        recording_id = _recording_id(review, checked_text("recording", recording))
        changes = _changes(event)
        if "onset_s" not in changes:
            raise ParameterError("An event needs onset_s, and duration_s if it lasts.")
        made = replace(Event(onset_s=0.0, duration_s=0.0), **changes)
        return item_json(review.mark(recording_id, made, who=checked_text("reader", reader)))

    def export_review(
        self,
        review_id: str,
        recording: str,
        kind: str = "tsv",
        start_s: float = 0.0,
        stop_s: float | None = None,
        case: str = "",
        patient: str = "",
        reviewer: str = "",
        with_name: bool = False,
    ) -> FileData:
        """Write the events of a recording to a file that says by whom it was reviewed.

        Parameters
        ----------
        review_id : str
            Id of the review, as /list_reviews names it.
        recording : str
            File name or id of the recording.
        kind : str
            "tsv" (SzCORE), "edf" (EDF+ annotations), "csv", "json", or "recording": the EEG itself
            as EDF+ with annotations, without the patient's name; or "report", a PDF.
        start_s : float
            Begin of a cut of the recording, in seconds.
        stop_s : float, optional
            End of the cut; null for the end of the recording.
        case : str
            Name of the case to print in a report; empty for none.
        patient : str
            Patient to print in a report; empty for none.
        reviewer : str
            Who signs the report; empty for the readers of the review.
        with_name : bool
            Whether a report has file name and date, which may identify the patient.
        """
        review = self._review(review_id)
        printed = Printed(
            case=plain_text("case", case),
            patient=plain_text("patient", patient),
            reviewer=plain_text("reviewer", reviewer),
            with_file_name=checked_flag("with_name", with_name),
        )
        place = review.recording_named(checked_text("recording", recording))
        with self._services.work.filled() as folder:
            return file_answer(
                write_review(
                    folder,
                    review,
                    place.recording_id,
                    checked_text("kind", kind),
                    recording=self._opened(place),
                    start_s=checked_number("start_s", start_s, lowest=0.0),
                    stop_s=optional_number("stop_s", stop_s, lowest=0.0),
                    printed=printed,
                    check=self._deadline().check,
                )
            )

    def compare_readers(self, review_id: str, margin: float = MARGIN) -> dict[str, Any]:
        """Compare the readers and models of a review: pairs, kappa, exchange, disagreements.

        Parameters
        ----------
        review_id : str
            Id of the review, as /list_reviews names it.
        margin : float
            Largest loss of Fleiss' kappa, 0 to 1, that lets a model stand in for a reader.
        """
        allowed = checked_number("margin", margin, lowest=0.0, highest=1.0)
        return comparison_of(self._review(review_id).state, margin=allowed)

    def delete_review(self, review_id: str) -> dict[str, Any]:
        """Delete a review with all its decisions.

        Parameters
        ----------
        review_id : str
            Id of the review, as /list_reviews names it.
        """
        wanted = checked_text("review_id", review_id)
        self._services.reviews.delete(wanted)
        return {"review_id": wanted, "deleted": True}

    def _review(self, review_id: object) -> ReviewFolder:
        return self._services.reviews.open(checked_text("review_id", review_id))

    def _opened(self, place: RecordingPlace) -> Recording | None:
        if place.place.startswith(DATA_PREFIX):
            path = self._services.recordings.path_of(place.place)
        else:
            path = Path(place.place)
        return open_recording(path, file_name=place.file_name) if path.is_file() else None


def _recording_id(review: ReviewFolder, name: str) -> str:
    return review.recording_named(name).recording_id if name else ""


def _listed(
    review: ReviewFolder, recording_id: str, order: str, *, undecided: bool
) -> dict[str, Any]:
    state = review.state
    items = [
        item
        for item in state.all_items
        if recording_id in ("", item.recording_id) and not (undecided and item.is_decided)
    ]
    items = sorted(ordered(state, items, order), key=lambda item: item.is_decided)
    names = {name: one.file_name for name, one in review.places().items()}
    rows = [{**item_json(item), "file_name": names[item.recording_id]} for item in items]
    return {**asdict(stamp_of(review, recording_id)), "recordings": names, "events": rows}


def _changes(event: object) -> dict[str, Any]:
    """Return the fields of an event that a caller gave, checked."""
    given = checked_settings("event", event)
    changes: dict[str, Any] = {}
    for name, value in given.items():
        if name in _NUMBERS:
            changes[name] = checked_number(name, value, lowest=0.0)
        elif name in _TEXTS:
            changes[name] = plain_text(name, value)
        elif name == "channels":
            changes[name] = tuple(checked_texts(name, value))
        else:
            raise ParameterError(
                "An event has {names}; not {name!r}.",
                names=", ".join((*_NUMBERS, *_TEXTS, "channels")),
                name=name,
            )
    return changes
