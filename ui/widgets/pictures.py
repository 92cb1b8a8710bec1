"""The figures of the core as pictures of the page."""

from __future__ import annotations

from collections.abc import Sequence

from seizure_core import figures
from seizure_core.recording import Recording
from seizure_core.stats.distribution import Distribution
from ui.i18n import text
from ui.i18n.translation import tr
from ui.i18n.wording import count_words
from ui.widgets.drawing import Draw, figure_html
from ui.widgets.paging import Page
from zoo.inference.detection import Detection


def draw_page(recording: Recording, channels: Sequence[int], page: Page) -> Draw:
    """Return what draws a page of EEG; no channels means all of them."""
    return lambda: figures.figure_bytes(
        figures.page_figure(recording, channels, start_s=page.start_s, length_s=page.length_s)
    )


def draw_distribution(distribution: Distribution) -> Draw:
    """Return what draws a chart of a distribution."""
    return lambda: figures.figure_bytes(figures.distribution_figure(distribution))


def trace_html(detection: Detection) -> str:
    """Return the probability over the whole recording, events shaded, as a picture."""
    return figure_html(
        lambda: figures.figure_bytes(
            figures.trace_figure(
                detection.trace,
                threshold=detection.threshold,
                events=detection.events,
                start_time=detection.start_time,
                heading=tr(text.PROBABILITY_BY, net=detection.model_id),
            )
        ),
        alternative=tr(
            text.TRACE_OF,
            file=detection.file_name,
            threshold=detection.threshold,
            events=count_words(len(detection.events), "event"),
        ),
    )
