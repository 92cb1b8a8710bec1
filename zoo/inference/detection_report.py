"""PDF report of a detection, from detection, recording and card."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from seizure_core import __version__
from seizure_core.figures.report_facts import DetectionReport, ReportedModel
from seizure_core.recording import Recording
from seizure_core.review.page import NO_REVIEW, Review
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
    """Write the report of a detection as PDF; return its number of sheets.

    Parameters
    ----------
    path : str or Path
        Written atomically.
    card : ArchitectureCard
        Card of the model.
    with_file_name : bool
        Whether to print file name and date of the recording, which may identify the patient.
    max_event_pages : int, optional
        Number of events with a page of EEG; the others are only listed. None means a dozen.
    made : datetime, optional
        Date to print.
    review : Review
        Marks and decisions of the reviewer.
    case, reviewer : str
        Printed if not empty.
    progress, cancelled
        See `seizure_core.figures.report.write_report`.

    Raises
    ------
    ParameterError
        The number of pages is negative.
    RecordingError
        The recording can no longer be read.
    WorkCancelledError
        `cancelled` returned True.
    """
    # Imported here: other uses of this module need not wait for matplotlib.
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
    """Return the contents of the report, with the operating point that was used."""
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
