"""Endpoints that look at a recording: header, pages, statistics, values.

This module must not postpone its annotations: see `ui.api`.
"""

from pathlib import Path
from typing import Any

from gradio.data_classes import FileData

from seizure_core.recording import Recording
from seizure_core.stats.channel_statistics import recording_statistics as statistics_of
from seizure_core.stats.distribution import value_distribution as distribution_of
from seizure_core.stats.export import statistics_json
from ui.api.files import file_answer
from ui.arguments import checked_number, checked_text, checked_texts
from ui.plain_data import distribution_data, recording_data, without_undefined
from ui.resources import Services
from ui.widgets.drawing import Draw, save_figure
from ui.widgets.paging import DEFAULT_PAGE_S, checked_page
from ui.widgets.pictures import draw_distribution, draw_page


class RecordingEndpoints:
    """The functions about recordings; each bears the name it is published under.

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
        return without_undefined(statistics_json(statistics_of(self._open(recording))))

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

    def _open(self, recording: object) -> Recording:
        return self._services.recordings.open_given(recording)

    def _picture(self, name: str, draw: Draw) -> FileData:
        path = self._services.work.new() / name
        save_figure(draw, path)
        return file_answer(path)
