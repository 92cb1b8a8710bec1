"""Endpoints that look at a recording: header, pages, statistics, values.

This module must not postpone its annotations: see `ui.api`.
"""

from pathlib import Path
from typing import Any

from gradio.data_classes import FileData

from seizure_core import figures
from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from seizure_core.stats.channel_statistics import recording_statistics as statistics_of
from seizure_core.stats.distribution import value_distribution as distribution_of
from seizure_core.stats.facts import statistics_json
from ui.api.files import Endpoints, file_answer
from ui.arguments import checked_number, checked_text, checked_texts
from ui.plain_data import distribution_data, recording_data
from ui.widgets.pictures import MakeFigure, save_figure

DEFAULT_PAGE_S = 10.0
_SHORTEST_PAGE_S, _LONGEST_PAGE_S = 0.1, 7 * 86400.0


class RecordingEndpoints(Endpoints):
    """The functions about recordings; each bears the name it is published under."""

    def describe_recording(self, recording: FileData | str) -> dict[str, Any]:
        """Say what a recording's header tells: format, start, duration, channels, annotations.

        Parameters
        ----------
        recording : FileData or str
            An uploaded file, `data:NAME` for a file of the server's data folder, or the web
            address of a file.
        """
        return recording_data(self._open(recording))

    def view_recording(
        self,
        recording: FileData | str,
        channels: list[str] = [],  # noqa: B006 - Gradio publishes it; it is never changed
        start_s: float = 0.0,
        length_s: float = DEFAULT_PAGE_S,
    ) -> FileData:
        """Draw a stretch of a recording as a PNG; no channels means all of them.

        Parameters
        ----------
        recording : FileData or str
            An uploaded file, `data:NAME` for a file of the server's data folder, or the web
            address of a file.
        channels : list of str
            Labels of the channels to draw, in this order, 256 at most; an empty list draws all.
        start_s : float
            Where the page begins, in seconds from the start of the recording.
        length_s : float
            Length of the page in seconds, 0.1 to 604800.
        """
        opened = self._open(recording)
        start_s = checked_number("start_s", start_s, lowest=0.0)
        length_s = checked_number("length_s", length_s, lowest=0.0)
        check_page(opened, start_s, length_s)
        chosen = opened.channel_indices(checked_texts("channels", channels))
        in_time = self._deadline().cancelled
        return self._picture(
            f"{Path(opened.file_name).stem}_page.png",
            lambda: figures.page_figure(
                opened, chosen, start_s=start_s, length_s=length_s, cancelled=in_time
            ),
        )

    def recording_statistics(
        self,
        recording: FileData | str,
        channels: list[str] = [],  # noqa: B006 - Gradio publishes it; it is never changed
    ) -> dict[str, Any]:
        """Measure channels over the whole recording: mean, spread, flat parts and more.

        Parameters
        ----------
        recording : FileData or str
            An uploaded file, `data:NAME` for a file of the server's data folder, or the web
            address of a file.
        channels : list of str
            Labels of the channels to measure, 1024 at most; an empty list measures all.
        """
        opened = self._open(recording)
        chosen = checked_texts("channels", channels)
        return statistics_json(statistics_of(opened, chosen, cancelled=self._deadline().cancelled))

    def value_distribution(
        self, recording: FileData | str, channel: str
    ) -> tuple[dict[str, Any], FileData]:
        """Count how often each value occurs in one channel, with a chart of it.

        Parameters
        ----------
        recording : FileData or str
            An uploaded file, `data:NAME` for a file of the server's data folder, or the web
            address of a file.
        channel : str
            Label of the channel.
        """
        opened = self._open(recording)
        position = opened.channel_indices([checked_text("channel", channel)])[0]
        distribution = distribution_of(opened, position, progress=self._deadline().check)
        return distribution_data(distribution), self._picture(
            f"{Path(opened.file_name).stem}_distribution.png",
            lambda: figures.distribution_figure(distribution),
        )

    def _open(self, recording: object) -> Recording:
        return self._services.recordings.open_given(recording)

    def _picture(self, name: str, make: MakeFigure) -> FileData:
        with self._services.work.filled() as folder:
            save_figure(make, folder / name)
            return file_answer(folder / name)


def check_page(recording: Recording, start_s: float, length_s: float) -> None:
    """Refuse a page that begins outside the recording; one that reaches past its end is cut.

    Raises
    ------
    ParameterError
        The start is outside the recording, or the length is out of its bounds.
    """
    if not 0 <= start_s < recording.duration_s:
        raise ParameterError(
            "The start must lie within the recording, from 0 to {duration_s:g} s; "
            "{start_s:g} s was asked for.",
            duration_s=recording.duration_s,
            start_s=start_s,
        )
    if not _SHORTEST_PAGE_S <= length_s <= _LONGEST_PAGE_S:
        raise ParameterError(
            "A page can be {shortest_page_s:g} to {longest_page_s:g} s long; "
            "{length_s:g} s was asked for.",
            shortest_page_s=_SHORTEST_PAGE_S,
            longest_page_s=_LONGEST_PAGE_S,
            length_s=length_s,
        )
