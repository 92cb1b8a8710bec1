"""Endpoints that search recordings for seizures.

This module must not postpone its annotations: see `ui.api`.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gradio.data_classes import FileData

from seizure_core import __version__
from seizure_core.batch.engines import in_process
from seizure_core.batch.planning import named_tasks
from seizure_core.batch.task import Batch, TaskRow
from seizure_core.bounds import MAX_ANSWERED_WINDOWS, check_count
from seizure_core.errors import ParameterError
from ui.api.files import Endpoints, file_answer, file_name_of
from ui.arguments import (
    checked_flag,
    checked_list,
    checked_text,
    checked_texts,
    optional_number,
    plain_text,
)
from ui.errors import message_for
from ui.loaded_models import hub_access, load_model
from ui.opening.recordings import shown_name
from ui.widgets.downloads import pack
from zoo.detector import Detector
from zoo.inference.batch import PredictJob
from zoo.inference.results import detection_json, write_detection


class DetectionEndpoints(Endpoints):
    """The functions that run models; each bears the name it is published under."""

    def predict(
        self,
        recording: FileData | str,
        model_id: str,
        threshold: float | None = None,
        stride_s: float | None = None,
        operating_point: str | None = None,
        windows: bool = True,
        second_stage: bool = True,
        bad_channels: list[str] = [],  # noqa: B006 - Gradio publishes it; it is never changed
    ) -> tuple[dict[str, Any], FileData, FileData]:
        """Find the seizures of a recording with a model; answers JSON, events and windows files.

        Parameters
        ----------
        recording : FileData or str
            An uploaded file, `data:NAME` for a file of the server's data folder, or the web
            address of a file.
        model_id : str
            Id of the model, as /list_models names it.
        threshold : float, optional
            Probability at which an event begins, 0 to 1; null takes the model's.
        stride_s : float, optional
            Seconds from one window to the next; null takes the model's.
        operating_point : str, optional
            One of the model's operating points, such as "sensitive"; null takes its usual one.
        windows : bool
            Whether the answer has a row for every window; they are in the windows file in any
            case.
        second_stage : bool
            Whether the model's second stage, if it has one, drops events that are no seizures.
        bad_channels : list of str
            Labels of channels to leave out, because their signal is no EEG.
        """
        with_windows = checked_flag("windows", windows)
        judged = checked_flag("second_stage", second_stage)
        detector, settings = self._chosen(model_id, threshold, stride_s, operating_point)
        opened = self._services.recordings.open_given(recording)
        opened = opened.with_bad_channels(checked_texts("bad_channels", bad_channels))
        if with_windows:
            given_s = optional_number("stride_s", stride_s)
            step_s = detector.card.output.step_s or given_s or detector.card.input.stride_s
            check_count(
                round(opened.duration_s / step_s),
                MAX_ANSWERED_WINDOWS,
                "An answer can hold {most} rows of windows; there would be {n}. Call with "
                "windows=false: the windows file holds all of them.",
            )
        detection = detector.detect(
            opened, cancelled=self._deadline().cancelled, second_stage=judged, **settings
        )
        stem = Path(detection.file_name).stem
        with self._services.work.filled() as folder:
            events, rows = write_detection(folder, stem, detection)
        answer = detection_json(detection, with_windows=with_windows)
        return answer, file_answer(events), file_answer(rows)

    def predict_batch(
        self,
        recordings: list[FileData | str],
        model_id: str,
        threshold: float | None = None,
        stride_s: float | None = None,
        operating_point: str | None = None,
    ) -> tuple[dict[str, Any], FileData]:
        """Find the seizures of several recordings; one that fails is named, the rest is done.

        Parameters
        ----------
        recordings : list of FileData or str
            Recordings, each an uploaded file, `data:NAME` or a web address.
        model_id : str
            Id of the model, as /list_models names it.
        threshold : float, optional
            Probability at which an event begins, 0 to 1; null takes the model's.
        stride_s : float, optional
            Seconds from one window to the next; null takes the model's.
        operating_point : str, optional
            One of the model's operating points, such as "sensitive"; null takes its usual one.
        """
        given = checked_list("recordings", recordings)
        if not given:
            raise ParameterError("recordings must name at least one recording; the list is empty.")
        detector, settings = self._chosen(model_id, threshold, stride_s, operating_point)
        access = hub_access(self._services.settings)
        job = PredictJob.of(checked_text("model_id", model_id), detector, access=access, **settings)
        found, rows = self._found(given)
        tasks = named_tasks((path, shown_name(path.name)) for path in found.values())
        with self._services.work.filled() as folder, TemporaryDirectory(dir=folder) as made:
            batch = Batch(job=job, out=Path(made))
            batch.ledger.create()
            done = list(in_process(batch, tasks, cancelled=self._deadline().cancelled))
            archive = folder / "seizure-zoo_results.zip"
            pack([path for row in done for path in row.files], archive)
        rows |= {place: _batch_row(row) for place, row in zip(found, done, strict=True)}
        model = {
            "model_id": detector.card.model_id,
            "model_version": detector.card.version,
            "weights_sha256": detector.weights_sha256,
            "app_version": __version__,
        }
        ordered = [row for _, row in sorted(rows.items())]
        return {**model, "recordings": ordered}, file_answer(archive)

    def _found(self, given: list[Any]) -> tuple[dict[int, Path], dict[int, dict[str, Any]]]:
        """Return where recordings lie, and rows for those that are not there, by their places."""
        found, lost = {}, {}
        for place, recording in enumerate(given, start=1):
            try:
                found[place] = self._services.recordings.find_given(recording, what="recording")
            except Exception as error:
                lost[place] = _failed_row(file_name_of(recording, place), message_for(error))
        return found, lost

    def _chosen(
        self, model_id: object, threshold: object, stride_s: object, operating_point: object
    ) -> tuple[Detector, dict[str, Any]]:
        """Load a model and check the settings, before the first of many recordings is opened."""
        detector = load_model(self._services.settings, checked_text("model_id", model_id))
        settings: dict[str, Any] = {
            "threshold": optional_number("threshold", threshold),
            "stride_s": optional_number("stride_s", stride_s),
            "operating_point": plain_text("operating_point", operating_point) or None,
        }
        detector.check_settings(**settings)
        return detector, settings


def _batch_row(row: TaskRow) -> dict[str, Any]:
    if not row.ok:
        return _failed_row(row.file_name, row.message)
    found, statistics = row.summary, row.summary["statistics"]
    return {
        "file_name": row.file_name,
        "ok": True,
        # What makes the whole result doubtful, so that the numbers are not trusted blindly.
        "message": " ".join(one["message"] for one in found["findings"] if one["caveat"]),
        "findings": found["findings"],
        "duration_s": found["duration_s"],
        "n_events": statistics["n_events"],
        "seizure_s": statistics["seizure_s"],
    }


def _failed_row(file_name: str, message: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("duration_s", "n_events", "seizure_s"))
    return {"file_name": file_name, "ok": False, "message": message, "findings": [], **nothing}
