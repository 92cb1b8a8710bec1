"""Contents of a report, and its facts on recording and model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seizure_core.channels.sources import ChannelSource
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.recording import Finding, Recording
from seizure_core.review.page import NO_REVIEW, Review, events_after, own_marks, reviewed
from seizure_core.signals.quality_report import clock

RESEARCH_USE = (
    "Research use only. This is the output of a program that makes mistakes: it misses seizures "
    "and reports some that are none. It is no medical device, no diagnosis and no basis for "
    "treatment. Whoever uses it looks at the EEG itself."
)
READING = (
    "Probability is the model's own value, not the chance that a seizure is there. Times are from "
    "the start of the recording. The first and the last half window take the value of the "
    "nearest window.",
    "The pages of EEG show the channels the model was fed with as the file records them, without "
    "filters, negative up, the detected event shaded.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedModel:
    """Facts about the model.

    Attributes
    ----------
    intended_use, limitations : str
        From its card.
    """

    model_id: str
    title: str
    version: str
    weights_sha256: str
    sampling_rate_hz: float
    window_s: float
    stride_s: float
    intended_use: str
    limitations: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DetectionReport:
    """Contents of a report, besides the recording.

    Attributes
    ----------
    settings : PostProcessing
        The operating point used.
    events : tuple of Event
        In order.
    channels : tuple of ChannelSource
        Source of each input channel.
    coverage : float
        Fraction of the model's channels that were available.
    findings : tuple of Finding
        The first sheet starts with the caveats.
    made : datetime or None
        Date of the report; None leaves it out.
    review : Review
        Marks and decisions of the reviewer.
    case, reviewer : str
        Labels for case and reviewer; empty leaves them out.
    """

    model: ReportedModel
    settings: PostProcessing
    trace: ProbabilityTrace
    events: tuple[Event, ...]
    channels: tuple[ChannelSource, ...]
    coverage: float
    findings: tuple[Finding, ...]
    app_version: str
    made: datetime | None = None
    review: Review = NO_REVIEW
    case: str = ""
    reviewer: str = ""

    @property
    def events_after(self) -> tuple[Event, ...]:
        """The events that were not rejected, and the reviewer's own."""
        return events_after(self.events, self.review)


def recording_facts(
    report: DetectionReport, recording: Recording, *, with_file_name: bool
) -> list[tuple[str, str]]:
    """Return the facts on the recording, name and date only on request."""
    rates = sorted({channel.sampling_rate_hz for channel in recording.channels})
    facts = [("Recording", report.case)] if report.case else []
    if with_file_name:
        facts.append(("File", recording.file_name))
    start = recording.start_time
    start_format = "%Y-%m-%d %H:%M:%S" if with_file_name else "%H:%M:%S"
    gaps = len(recording.segments) - 1
    facts += [
        ("Format", recording.format),
        ("Duration", f"{clock(recording.duration_s)} ({recording.duration_s:,.6g} s)"),
        ("Start", "not in the file" if start is None else f"{start:{start_format}}"),
        ("Channels", str(len(recording.channels))),
        ("Sampling rate", ", ".join(f"{rate:g}" for rate in rates) + " Hz"),
        ("Interruptions", str(max(gaps, 0)) if gaps > 0 else "none"),
        ("Channels of the model", f"{report.coverage:.0%} could be had"),
        ("Seizure time", f"{sum(event.duration_s for event in report.events_after):,.6g} s"),
    ]
    if report.review:
        facts.append(("Review", _review_words(report)))
    return facts


def _review_words(report: DetectionReport) -> str:
    said = [event.decision for event in reviewed(report.events, report.review)]
    counts = [f"{said.count(word)} {word}" for word in ("accepted", "rejected", "undecided")]
    n_marks = len(own_marks(report.events, report.review))
    return (
        ", ".join(counts) + f"; {n_marks} {'mark' if n_marks == 1 else 'marks'} of the reader's own"
    )


def model_facts(report: DetectionReport) -> list[tuple[str, str]]:
    """Return the facts on model and operating point."""
    model, settings = report.model, report.settings
    facts = [
        ("Model", f"{model.title} ({model.model_id})"),
        ("Version", model.version),
        ("Weights (sha256)", f"{model.weights_sha256[:32]} {model.weights_sha256[32:]}"),
        (
            "Looks at",
            f"{model.window_s:g} s at {model.sampling_rate_hz:g} Hz, every {model.stride_s:g} s",
        ),
        (
            "Threshold",
            f"{settings.threshold:.4g}; an event ends below {settings.lower_threshold:.4g}",
        ),
        ("Smoothing", f"{settings.smoothing_s:g} s"),
        ("Shortest event", f"{settings.min_duration_s:g} s"),
        ("Joined if closer", f"{settings.merge_gap_s:g} s"),
        ("Program", f"Seizure Zoo {report.app_version}"),
    ]
    if report.made is not None:
        facts.append(("Report made", f"{report.made:%Y-%m-%d %H:%M}"))
    if report.reviewer:
        facts.append(("Reviewed by", report.reviewer))
    return facts
