"""Endpoints that search recordings for seizures.

This module must not postpone its annotations: see `ui.api`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gradio.data_classes import FileData

from seizure_core import __version__
from seizure_core.bounds import MAX_ANSWERED_WINDOWS, check_count
from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from ui.api.files import Endpoints, file_answer, file_name_of
from ui.arguments import checked_flag, checked_list, checked_text, optional_number, plain_text
from ui.errors import message_for
from ui.loaded_models import load_model
from ui.widgets.downloads import pack
from zoo.detector import Detector
from zoo.inference.detection import Detection
from zoo.inference.results import detection_json, findings_json, write_detection


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
        """
        with_windows = checked_flag("windows", windows)
        judged = checked_flag("second_stage", second_stage)
        detector, search = self._search(model_id, threshold, stride_s, operating_point, judged)
        opened = self._services.recordings.open_given(recording)
        if with_windows:
            given_s = optional_number("stride_s", stride_s)
            step_s = detector.card.output.step_s or given_s or detector.card.input.stride_s
            check_count(
                round(opened.duration_s / step_s),
                MAX_ANSWERED_WINDOWS,
                "An answer can hold {most} rows of windows; there would be {n}. Call with "
                "windows=false: the windows file holds all of them.",
            )
        detection = search(opened)
        stem = Path(detection.file_name).stem
        with self._services.work.filled() as folder:
            events, rows = write_detection(folder, stem, detection)
        answer = detection_json(detection)
        if not with_windows:
            del answer["windows"]
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
        detector, search = self._search(model_id, threshold, stride_s, operating_point)
        rows: list[dict[str, Any]] = []
        written: list[Path] = []
        with self._services.work.filled() as folder:
            for number, recording in enumerate(given, start=1):
                try:
                    detection = search(self._services.recordings.open_given(recording))
                    written += _write_apart(folder, detection, written)
                except Exception as error:
                    rows.append(_failed_row(file_name_of(recording, number), message_for(error)))
                else:
                    rows.append(_done_row(detection))
            archive = folder / "seizure-zoo_results.zip"
            pack(written, archive)
        model = {
            "model_id": detector.card.model_id,
            "model_version": detector.card.version,
            "weights_sha256": detector.weights_sha256,
            "app_version": __version__,
        }
        return {**model, "recordings": rows}, file_answer(archive)

    def _search(
        self,
        model_id: object,
        threshold: object,
        stride_s: object,
        operating_point: object,
        second_stage: bool = True,
    ) -> tuple[Detector, Callable[[Recording], Detection]]:
        """Load a model, check the settings, and return it with what searches a recording."""
        detector = load_model(self._services.settings, checked_text("model_id", model_id))
        settings: dict[str, Any] = {
            "threshold": optional_number("threshold", threshold),
            "stride_s": optional_number("stride_s", stride_s),
            "operating_point": plain_text("operating_point", operating_point) or None,
        }
        # Before the first of many recordings is opened.
        detector.check_settings(**settings)
        deadline = self._deadline()
        return detector, lambda recording: detector.detect(
            recording, cancelled=deadline.cancelled, second_stage=second_stage, **settings
        )


def _write_apart(folder: Path, detection: Detection, written: list[Path]) -> list[Path]:
    """Write events and windows; a stem that is taken already gets a number."""
    stem = plain = Path(detection.file_name).stem
    taken = {path.name for path in written}
    number = 2
    while f"{stem}_events.tsv" in taken:
        stem = f"{plain}_{number}"
        number += 1
    return list(write_detection(folder, stem, detection))


def _done_row(detection: Detection) -> dict[str, Any]:
    return {
        "file_name": detection.file_name,
        "ok": True,
        # What makes the whole result doubtful, so that the numbers are not trusted blindly.
        "message": " ".join(finding.message for finding in detection.caveats),
        "findings": findings_json(detection.findings),
        "duration_s": detection.duration_s,
        "n_events": len(detection.events),
        "seizure_s": detection.seizure_s,
    }


def _failed_row(file_name: str, message: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("duration_s", "n_events", "seizure_s"))
    return {"file_name": file_name, "ok": False, "message": message, "findings": [], **nothing}
