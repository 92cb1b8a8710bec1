"""The public API: typed functions under the names that other programs call.

This module must not postpone its annotations (`from __future__ import annotations`):
Gradio reads the return types of endpoints from the signature to learn how many values
they return, and takes a postponed one for a single value.
"""

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradio.data_classes import FileData
from gradio.events import api

from seizure_core import __version__
from seizure_core.distribution import value_distribution as distribution_of
from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from seizure_core.statistics import channel_statistics
from ui.arguments import checked_list, checked_number, checked_text, checked_texts, optional_number
from ui.drawing import Draw, save_figure
from ui.errors import for_api, message_for
from ui.models import card_data, model_rows
from ui.paging import DEFAULT_PAGE_S, checked_page
from ui.pictures import draw_distribution, draw_page
from ui.plain_data import distribution_data, recording_data, statistics_data, without_undefined
from ui.queues import INFERENCE_QUEUE
from ui.recordings import DATA_PREFIX
from ui.results import pack, write_result
from ui.services import Services
from zoo.detection import Detection
from zoo.detector import Detector, load_detector
from zoo.results import detection_json, write_detection


class Endpoints:
    """The functions of the API; each bears the name it is published under.

    Parameters
    ----------
    services : Services
        Where recordings come from and files are put.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    def describe_recording(self, recording: FileData | str) -> dict[str, Any]:
        """Say what a recording's header tells: format, start, duration, channels, annotations."""
        return without_undefined(recording_data(self._open(recording)))

    def view_recording(
        self,
        recording: FileData | str,
        channels: list[str] = [],  # noqa: B006 - Gradio publishes it; it is never changed
        start_s: float = 0.0,
        length_s: float = DEFAULT_PAGE_S,
    ) -> FileData:
        """Draw a stretch of a recording as a PNG; no channels means all of them."""
        opened = self._open(recording)
        page = checked_page(
            opened,
            checked_number("start_s", start_s, lowest=0.0),
            checked_number("length_s", length_s, lowest=0.0),
        )
        chosen = opened.channel_indices(checked_texts("channels", channels))
        return self._picture(
            f"{Path(opened.file_name).stem}_page.png", draw_page(opened, chosen, page)
        )

    def recording_statistics(self, recording: FileData | str) -> dict[str, Any]:
        """Measure every channel over the whole recording: mean, spread, flat parts and more."""
        opened = self._open(recording)
        return {
            "file_name": opened.file_name,
            "channels": statistics_data(channel_statistics(opened)),
        }

    def value_distribution(
        self, recording: FileData | str, channel: str
    ) -> tuple[dict[str, Any], FileData]:
        """Count how often each value occurs in one channel, with a chart of it."""
        opened = self._open(recording)
        position = opened.channel_indices([checked_text("channel", channel)])[0]
        distribution = distribution_of(opened, position)
        return distribution_data(distribution), self._picture(
            f"{Path(opened.file_name).stem}_distribution.png", draw_distribution(distribution)
        )

    def list_models(self) -> list[dict[str, Any]]:
        """List the nets of the zoo with the facts one chooses by."""
        return without_undefined(model_rows())

    def model_card(self, model_id: str) -> dict[str, Any]:
        """Return the whole card of a net: input, network, operating point, results, limits."""
        return without_undefined(card_data(checked_text("model_id", model_id)))

    def predict(
        self,
        recording: FileData | str,
        model_id: str,
        threshold: float | None = None,
        stride_s: float | None = None,
    ) -> tuple[dict[str, Any], FileData, FileData]:
        """Find the seizures of one recording with a net; answers JSON, events and windows files."""
        search = _Search.checked(model_id, threshold, stride_s)
        detection = search.run(self._open(recording))
        files = write_result(self._services.work.new(), detection)
        answer = without_undefined(detection_json(detection))
        return answer, _file(files.events), _file(files.windows)

    def predict_batch(
        self,
        recordings: list[FileData | str],
        model_id: str,
        threshold: float | None = None,
        stride_s: float | None = None,
    ) -> tuple[dict[str, Any], FileData]:
        """Find the seizures of several recordings; one that fails is named, the rest is done."""
        given = checked_list("recordings", recordings)
        if not given:
            raise ParameterError("recordings must name at least one recording; the list is empty.")
        search = _Search.checked(model_id, threshold, stride_s)
        folder = self._services.work.new()
        rows: list[dict[str, Any]] = []
        written: list[Path] = []
        for number, recording in enumerate(given, start=1):
            try:
                detection = search.run(self._open(recording))
                written += _write_apart(folder, detection, written)
            except Exception as error:
                rows.append(_failed_row(_name_of(recording, number), message_for(error)))
            else:
                rows.append(_done_row(detection))
        archive = folder / "seizure-zoo_results.zip"
        pack(written, archive)
        return {**search.net, "recordings": rows}, _file(archive)

    def _open(self, recording: object) -> Recording:
        return self._services.recordings.open_given(recording)

    def _picture(self, name: str, draw: Draw) -> FileData:
        path = self._services.work.new() / name
        save_figure(draw, path)
        return _file(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """A loaded net with the settings of one call."""

    detector: Detector
    threshold: float | None
    stride_s: float | None

    @classmethod
    def checked(cls, model_id: object, threshold: object, stride_s: object) -> "_Search":
        return cls(
            threshold=optional_number("threshold", threshold),
            stride_s=optional_number("stride_s", stride_s),
            detector=load_detector(checked_text("model_id", model_id)),
        )

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
        return self.detector.detect(recording, threshold=self.threshold, stride_s=self.stride_s)


def publish_endpoints(services: Services) -> None:
    """Publish every endpoint inside the current Blocks context."""
    endpoints = Endpoints(services)
    # What computes for long shares one place in the queue with the Predict tab.
    for function, queue_name in (
        (endpoints.describe_recording, "files"),
        (endpoints.view_recording, "files"),
        (endpoints.recording_statistics, "files"),
        (endpoints.value_distribution, "files"),
        (endpoints.list_models, "files"),
        (endpoints.model_card, "files"),
        (endpoints.predict, INFERENCE_QUEUE),
        (endpoints.predict_batch, INFERENCE_QUEUE),
    ):
        api(
            for_api(function),
            api_name=function.__name__,
            api_description=inspect.getdoc(function),
            concurrency_id=queue_name,
            concurrency_limit=1 if queue_name == INFERENCE_QUEUE else 4,
        )


def _file(path: Path) -> FileData:
    return FileData(path=str(path), orig_name=path.name)


def _write_apart(folder: Path, detection: Detection, written: list[Path]) -> list[Path]:
    """Write events and windows; a stem that is taken already gets a number."""
    stem = plain = Path(detection.file_name).stem
    taken = {path.name for path in written}
    number = 2
    while f"{stem}_events.tsv" in taken:
        stem = f"{plain}_{number}"
        number += 1
    return list(write_detection(folder, stem, detection))


def _name_of(recording: object, number: int) -> str:
    if isinstance(recording, dict):
        name = recording.get("orig_name") or recording.get("path")
        if isinstance(name, str):
            return Path(name).name
    if isinstance(recording, str):
        return Path(recording.removeprefix(DATA_PREFIX)).name
    return f"recording {number}"


def _done_row(detection: Detection) -> dict[str, Any]:
    return {
        "file_name": detection.file_name,
        "ok": True,
        "message": "",
        "duration_s": detection.duration_s,
        "n_events": len(detection.events),
        "seizure_s": detection.seizure_s,
    }


def _failed_row(file_name: str, message: str) -> dict[str, Any]:
    return {
        "file_name": file_name,
        "ok": False,
        "message": message,
        "duration_s": None,
        "n_events": None,
        "seizure_s": None,
    }
