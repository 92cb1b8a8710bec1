"""Endpoints that hold detections and models against what experts marked.

This module must not postpone its annotations: see `ui.api`.
"""

from pathlib import Path
from typing import Any

from gradio.data_classes import FileData

from seizure_core.events.score_files import score_files
from training.data.pairing import Pairing, pair_files
from training.evaluate.evaluation import evaluate_detector, require_any
from training.evaluate.evaluation_report import evaluation_json
from training.saving import any_detector, is_run
from ui.api.files import Endpoints, file_name_of, find_all
from ui.arguments import (
    checked_flag,
    checked_list,
    checked_text,
    checked_texts,
    optional_number,
)
from ui.errors import message_for
from ui.loaded_models import hub_access
from zoo.store.registry import model_card


class ScoringEndpoints(Endpoints):
    """The functions that score; each bears the name it is published under."""

    def score(
        self,
        hypothesis: FileData | str,
        reference: FileData | str,
        recording_duration_s: float | None = None,
    ) -> dict[str, Any]:
        """Score a file of detected events against a file of expert annotations.

        Parameters
        ----------
        hypothesis : FileData or str
            File of the events a detector found: an uploaded file, `data:NAME` or a web address.
        reference : FileData or str
            File of the expert's annotations, given in the same way.
        recording_duration_s : float, optional
            Length of the recording in seconds; null takes it from the files.
        """
        sources = self._services.recordings
        return score_files(
            sources.find_given(hypothesis, what="file of detected events"),
            sources.find_given(reference, what="reference"),
            recording_duration_s=optional_number("recording_duration_s", recording_duration_s),
        )

    def evaluate(
        self,
        model_id: str,
        recordings: list[FileData | str],
        references: list[FileData | str],
        threshold: float | None = None,
        stride_s: float | None = None,
        seizure_free: list[str] = [],  # noqa: B006 - Gradio publishes it; it is never changed
        allow_training_data: bool = False,
    ) -> dict[str, Any]:
        """Measure a model on recordings with references; what could not be scored is named.

        Parameters
        ----------
        model_id : str
            Id of the model, as /list_models names it, or of a run, as /list_runs does.
        recordings : list of FileData or str
            Recordings, each an uploaded file, `data:NAME` or a web address.
        references : list of FileData or str
            Files of expert annotations, each an uploaded file, `data:NAME` or a web address; they
            are paired with the recordings by their names.
        threshold : float, optional
            Probability at which an event begins, 0 to 1; null takes the model's.
        stride_s : float, optional
            Seconds from one window to the next; null takes the model's.
        seizure_free : list of str
            File names of recordings without reference that are known to have no seizure.
        allow_training_data : bool
            Whether recordings the model was trained on are measured too, which flatters it.
        """
        model = checked_text("model_id", model_id)
        if not is_run(model):
            model_card(model)  # Names an unknown model, or an address on the Hub, before all else.
        pairing, lost = self._paired(recordings, references)
        for name in checked_texts("seizure_free", seizure_free):
            pairing = pairing.with_seizure_free(name)
        evaluation = evaluate_detector(
            any_detector(model, hub_access(self._services.settings)),
            pairing,
            threshold=optional_number("threshold", threshold),
            stride_s=optional_number("stride_s", stride_s),
            allow_training_data=checked_flag("allow_training_data", allow_training_data),
            progress=self._deadline().check,
        )
        return _with_lost(evaluation_json(require_any(evaluation)), lost)

    def _paired(
        self, recordings: object, references: object
    ) -> tuple[Pairing, list[dict[str, Any]]]:
        """Return recordings with their references, and rows for recordings that are not there."""
        sources = self._services.recordings
        found: list[Path] = []
        lost: list[dict[str, Any]] = []
        problem: Exception | None = None
        for number, given in enumerate(checked_list("recordings", recordings), start=1):
            try:
                found.append(sources.find_given(given, what="recording"))
            except Exception as error:
                problem = problem or error
                row = {"file_name": file_name_of(given, number), "message": message_for(error)}
                lost.append(row)
        if problem is not None and not found:
            raise problem
        marked = find_all(sources, checked_list("references", references), what="reference")
        return pair_files(found, marked), lost


def _with_lost(answer: dict[str, Any], lost: list[dict[str, Any]]) -> dict[str, Any]:
    """Return an evaluation in which recordings that are not there are counted and named."""
    nothing: dict[str, Any] = {"ok": False, "event": None, "sample": None, "latency_s": []}
    return {
        **answer,
        "recordings": [*answer["recordings"], *({**row, **nothing} for row in lost)],
        "failed": [*answer["failed"], *lost],
        "n_failed": answer["n_failed"] + len(lost),
    }
