"""Endpoints that search recordings for seizures.

This module must not postpone its annotations: see `ui.api`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradio.data_classes import FileData

from seizure_core import __version__
from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from ui.api.files import file_answer, file_name_of
from ui.arguments import checked_list, checked_text, optional_number, plain_text
from ui.errors import message_for
from ui.loaded_models import load_net
from ui.plain_data import without_undefined
from ui.predict.exports import pack
from ui.resources import Services
from ui.server.settings import Settings
from zoo.detector import Detector
from zoo.inference.detection import Detection
from zoo.inference.results import detection_json, findings_json, write_detection


class DetectionEndpoints:
    """The functions that run nets; each bears the name it is published under.

    Parameters
    ----------
    services : Services
        Where recordings come from and files are put.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    def predict(
        self,
        recording: FileData | str,
        model_id: str,
        threshold: float | None = None,
        stride_s: float | None = None,
        operating_point: str | None = None,
    ) -> tuple[dict[str, Any], FileData, FileData]:
        """Find the seizures of one recording with a net; answers JSON, events and windows files."""
        search = _Search.checked(
            self._services.settings, model_id, threshold, stride_s, operating_point
        )
        detection = search.run(self._open(recording))
        stem = Path(detection.file_name).stem
        events, windows = write_detection(self._services.work.new(), stem, detection)
        answer = without_undefined(detection_json(detection))
        return answer, file_answer(events), file_answer(windows)

    def predict_batch(
        self,
        recordings: list[FileData | str],
        model_id: str,
        threshold: float | None = None,
        stride_s: float | None = None,
        operating_point: str | None = None,
    ) -> tuple[dict[str, Any], FileData]:
        """Find the seizures of several recordings; one that fails is named, the rest is done."""
        given = checked_list("recordings", recordings)
        if not given:
            raise ParameterError("recordings must name at least one recording; the list is empty.")
        search = _Search.checked(
            self._services.settings, model_id, threshold, stride_s, operating_point
        )
        folder = self._services.work.new()
        rows: list[dict[str, Any]] = []
        written: list[Path] = []
        for number, recording in enumerate(given, start=1):
            try:
                detection = search.run(self._open(recording))
                written += _write_apart(folder, detection, written)
            except Exception as error:
                rows.append(_failed_row(file_name_of(recording, number), message_for(error)))
            else:
                rows.append(_done_row(detection))
        archive = folder / "seizure-zoo_results.zip"
        pack(written, archive)
        return {**search.net, "recordings": rows}, file_answer(archive)

    def _open(self, recording: object) -> Recording:
        return self._services.recordings.open_given(recording)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """A loaded net with the settings of one call."""

    detector: Detector
    threshold: float | None
    stride_s: float | None
    operating_point: str | None

    @classmethod
    def checked(
        cls,
        settings: Settings,
        model_id: object,
        threshold: object,
        stride_s: object,
        operating_point: object,
    ) -> "_Search":
        detector = load_net(settings, checked_text("model_id", model_id))
        numbers: dict[str, Any] = {
            "threshold": optional_number("threshold", threshold),
            "stride_s": optional_number("stride_s", stride_s),
            "operating_point": plain_text("operating_point", operating_point) or None,
        }
        # Before the first of many recordings is opened.
        detector.check_settings(**numbers)
        return cls(detector=detector, **numbers)

    @property
    def net(self) -> dict[str, str]:
        card = self.detector.card
        return {
            "model_id": card.model_id,
            "model_version": card.version,
            "weights_sha256": self.detector.weights_sha256,
            "app_version": __version__,
        }

    def run(self, recording: Recording) -> Detection:
        return self.detector.detect(
            recording,
            threshold=self.threshold,
            stride_s=self.stride_s,
            operating_point=self.operating_point,
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
        # What makes the whole result doubtful, so that nobody takes the numbers for good.
        "message": " ".join(one.message for one in detection.caveats),
        "findings": findings_json(detection.findings),
        "duration_s": detection.duration_s,
        "n_events": len(detection.events),
        "seizure_s": detection.seizure_s,
    }


def _failed_row(file_name: str, message: str) -> dict[str, Any]:
    return {
        "file_name": file_name,
        "ok": False,
        "message": message,
        "findings": [],
        "duration_s": None,
        "n_events": None,
        "seizure_s": None,
    }
