"""The printable report of a detection: gathers what `seizure_core.figures.report` prints."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from seizure_core import __version__
from seizure_core.events.review import NO_REVIEW, Review
from seizure_core.figures.report_facts import DetectionReport, ReportedModel
from seizure_core.recording import Recording
from seizure_core.signals.blocks import Cancelled, Progress
from zoo.card.schema import ArchitectureCard
from zoo.inference.detection import Detection


def write_detection_report(
    path: str | Path,
    detection: Detection,
    recording: Recording,
    card: ArchitectureCard,
    *,
    with_file_name: bool = False,
    max_event_pages: int | None = None,
    made: datetime | None = None,
    review: Review = NO_REVIEW,
    case: str = "",
    reviewer: str = "",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """Write what a model found in a recording as a PDF, and return its number of sheets.

    Parameters
    ----------
    path : str or Path
        Where it goes; written whole or not at all.
    detection : Detection
        The result.
    recording : Recording
        The recording it was found in.
    card : ArchitectureCard
        Of the model that found it.
    with_file_name : bool
        Whether the recording's file name and date are printed, which may tell who it is.
    most_event_pages : int, optional
        Pages of EEG for so many events, the first; others are counted. None means a dozen.
    made : datetime, optional
        Printed as the time of making.
    review : Review
        What a person marked and decided.
    case, reviewer : str
        Printed as they are, where they are not empty.
    progress, cancelled
        As `seizure_core.figures.report.write_report` takes them.

    Raises
    ------
    ParameterError
        The number of pages is negative.
    RecordingError
        The recording cannot be read (any more).
    WorkCancelledError
        `cancelled` said yes.
    """
    # Here and not above: whoever only lists results must not wait for matplotlib.
    from seizure_core.figures.report import DEFAULT_EVENT_PAGES, write_report

    return write_report(
        path,
        report_of(detection, card, made=made, review=review, case=case, reviewer=reviewer),
        recording,
        with_file_name=with_file_name,
        max_event_pages=DEFAULT_EVENT_PAGES if max_event_pages is None else max_event_pages,
        progress=progress,
        cancelled=cancelled,
    )


def report_of(
    detection: Detection,
    card: ArchitectureCard,
    *,
    made: datetime | None = None,
    review: Review = NO_REVIEW,
    case: str = "",
    reviewer: str = "",
) -> DetectionReport:
    """Return what a report of a detection is made of; the operating point is the one used."""
    return DetectionReport(
        model=ReportedModel(
            model_id=detection.model_id,
            title=card.title,
            version=detection.model_version,
            weights_sha256=detection.weights_sha256,
            sampling_rate_hz=card.input.sampling_rate_hz,
            window_s=card.input.window_s,
            stride_s=detection.stride_s,
            intended_use=card.intended_use,
            limitations=card.limitations,
        ),
        settings=detection.post_processing,
        trace=detection.trace,
        events=detection.events,
        channels=detection.channels,
        coverage=detection.coverage,
        findings=detection.findings,
        app_version=__version__,
        made=made,
        review=review,
        case=case,
        reviewer=reviewer,
    )
