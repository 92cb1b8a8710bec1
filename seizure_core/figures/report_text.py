"""What a printed report says: facts, tables of events and marks, findings and limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from seizure_core.channels.sources import ChannelSource
from seizure_core.events.event import Event
from seizure_core.events.marks import Mark
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.review import (
    NO_REVIEW,
    Review,
    events_after,
    own_marks,
    remarks_of,
    reviewed,
)
from seizure_core.events.trace import ProbabilityTrace, probability_words
from seizure_core.figures.canvas import counted, drawable
from seizure_core.figures.text_pages import TextLine, heading, paragraph, table
from seizure_core.recording import Finding, Recording
from seizure_core.signals.quality_report import clock

RESEARCH_USE = (
    "Research use only. This is the output of a program that makes mistakes: it misses seizures "
    "and reports some that are none. It is no medical device, no diagnosis and no basis for "
    "treatment. Whoever uses it looks at the EEG itself."
)
_READING = (
    "Probability is the net's own value, not the chance that a seizure is there. Times are from "
    "the start of the recording. The first and the last half window take the value of the "
    "nearest window.",
    "The pages of EEG show the channels the net was fed with as the file records them, without "
    "filters, negative up, the detected event shaded.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedNet:
    """What a report says of a net.

    Attributes
    ----------
    model_id, title, version, weights_sha256 : str
        Which net it was, exactly.
    sampling_rate_hz, window_s, stride_s : float
        What it looks at, and how far it moves on each time.
    intended_use, limitations : str
        In the words of its card.
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
    """All that a report is made of, besides the recording.

    Attributes
    ----------
    net : ReportedNet
        Which net.
    settings : PostProcessing
        The operating point that was used.
    trace : ProbabilityTrace
        Over the whole recording.
    events : tuple of Event
        What was found, in order.
    channels : tuple of ChannelSource
        Where every channel came from.
    coverage : float
        Part of the net's channels that could be had, 0 to 1.
    findings : tuple of Finding
        What the user should know; the first sheet says the caveats before the result.
    app_version : str
        Of this program.
    made : datetime or None
        When; None leaves it out.
    review : Review
        What a person marked and decided.
    case, reviewer : str
        Which recording and who looked at it, as somebody wants it printed; empty leaves it out.
    """

    net: ReportedNet
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
        """The events that were not rejected, and the person's own."""
        return events_after(self.events, self.review)


def recording_facts(
    report: DetectionReport, recording: Recording, name: str | None
) -> tuple[str, list[tuple[str, str]]]:
    """Return a heading and the facts of the recording; its name and date only with a name."""
    rates = sorted({channel.sampling_rate_hz for channel in recording.channels})
    facts = [("Recording", drawable(report.case, 90))] if report.case else []
    if name is not None:
        facts.append(("File", drawable(name, 90)))
    start = recording.start_time
    start_format = "%H:%M:%S" if name is None else "%Y-%m-%d %H:%M:%S"
    gaps = len(recording.segments) - 1
    facts += [
        ("Format", recording.format),
        ("Duration", f"{clock(recording.duration_s)} ({recording.duration_s:,.6g} s)"),
        ("Start", "not in the file" if start is None else f"{start:{start_format}}"),
        ("Channels", str(len(recording.channels))),
        ("Sampling rate", ", ".join(f"{rate:g}" for rate in rates) + " Hz"),
        ("Interruptions", str(max(gaps, 0)) if gaps > 0 else "none"),
        ("Channels of the net", f"{report.coverage:.0%} could be had"),
        ("Seizure time", f"{sum(event.duration_s for event in report.events_after):,.6g} s"),
    ]
    if report.review:
        facts.append(("Review", _review_words(report)))
    return "Recording", facts


def _review_words(report: DetectionReport) -> str:
    said = [one.decision for one in reviewed(report.events, report.review)]
    counts = [f"{said.count(word)} {word}" for word in ("accepted", "rejected", "undecided")]
    n_marks = len(own_marks(report.events, report.review))
    return ", ".join(counts) + f"; {counted(n_marks, 'mark')} of the reader's own"


def net_facts(report: DetectionReport) -> tuple[str, list[tuple[str, str]]]:
    """Return a heading and the facts of the net and the operating point."""
    net, settings = report.net, report.settings
    facts = [
        ("Net", f"{drawable(net.title, 90)} ({net.model_id})"),
        ("Version", net.version),
        ("Weights (sha256)", f"{net.weights_sha256[:32]} {net.weights_sha256[32:]}"),
        (
            "Looks at",
            f"{net.window_s:g} s at {net.sampling_rate_hz:g} Hz, every {net.stride_s:g} s",
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
        facts.append(("Reviewed by", drawable(report.reviewer, 90)))
    return "Net and operating point", facts


def event_lines(report: DetectionReport, most_event_pages: int) -> Iterator[TextLine]:
    """Yield the tables of events, of rejected events and of the reader's other marks."""
    events = report.events_after
    yield from heading("Events after review" if report.review else "Events")
    if not events:
        yield from paragraph(
            "None is left: all that the net found was rejected. That is no proof that there is no "
            "seizure."
            if report.events
            else "None: the probability never met the operating point. That is no proof that there "
            "is no seizure."
        )
    elif len(events) > most_event_pages:
        left = len(events) - most_event_pages
        yield from paragraph(
            f"Pages of EEG follow for the first {most_event_pages}; {left:,} more are in this "
            "table only."
            if most_event_pages
            else "No pages of EEG were asked for."
        )
    if events:
        yield from _event_table(report, events)
    rejected = [
        one.found for one in reviewed(report.events, report.review) if one.decision == "rejected"
    ]
    if rejected:
        yield from heading("Rejected")
        yield from paragraph("Found by the net, and rejected by the reader.")
        rows = [(*_times(one.onset_s, one.duration_s), _sure(one.confidence)) for one in rejected]
        header = ("Onset (h:mm:ss)", "End (h:mm:ss)", "Duration (s)", "Largest probability")
        yield from table(header, rows, (1.6, 1.6, 1.4, 1.8))
    yield from _remark_lines(remarks_of(report.review.marks))


def _event_table(report: DetectionReport, events: Sequence[Event]) -> list[TextLine]:
    decisions = {
        (one.kept.onset_s, one.kept.duration_s): one.decision
        for one in reviewed(report.events, report.review)
        if one.kept is not None
    }
    rows = []
    for number, event in enumerate(events, 1):
        decision = decisions.get((event.onset_s, event.duration_s), "marked by the reader")
        row = [str(number), *_times(event.onset_s, event.duration_s), _sure(event.confidence)]
        if report.review:
            kind = "" if event.event_type == "sz" else event.event_type
            row += [decision, " ".join(word for word in (kind, event.text) if word)]
        else:
            row.append(", ".join(event.channels) or "all")
        rows.append(row)
    header = ["No.", "Onset (h:mm:ss)", "End (h:mm:ss)", "Duration (s)", "Largest probability"]
    if report.review:
        return table([*header, "Decision", "Remark"], rows, (0.5, 1.5, 1.4, 1.2, 1.6, 1.7, 2.7))
    return table([*header, "Channels"], rows, (0.6, 1.6, 1.6, 1.4, 1.8, 3.6))


def _remark_lines(marks: Sequence[Mark]) -> Iterator[TextLine]:
    if not marks:
        return
    yield from heading("Other marks")
    rows = [(*_times(one.onset_s, one.duration_s), one.kind, one.text) for one in marks]
    header = ("Onset (h:mm:ss)", "End (h:mm:ss)", "Duration (s)", "Kind", "Remark")
    yield from table(header, rows, (1.6, 1.6, 1.4, 1.4, 4.6))


def _times(onset_s: float, duration_s: float) -> tuple[str, str, str]:
    return clock(onset_s), clock(onset_s + duration_s), f"{duration_s:.6g}"


def _sure(confidence: float | None) -> str:
    return "" if confidence is None else probability_words(confidence)


def closing_lines(report: DetectionReport, recording: Recording) -> Iterator[TextLine]:
    """Yield where channels came from, findings and limits."""
    yield from heading("Where the channels come from")
    missing = sum(not source.terms for source in report.channels)
    words = f"{counted(len(report.channels), 'channel')} of the net, {report.coverage:.0%} had"
    yield from paragraph(words + (f", {missing} missing and fed as zeros." if missing else "."))
    rows = [(source.target, source.how, source.source or "\u2013") for source in report.channels]
    half = -(-len(rows) // 2)
    second = [*rows[half:], *([("", "", "")] if len(rows) % 2 else [])]
    paired = [left + right for left, right in zip(rows[:half], second, strict=True)]
    header = ("Channel", "How", "In the file")
    yield from table(header * 2, paired, (1.3, 1.0, 3.0) * 2)
    yield from heading("Findings")
    for finding in report.findings:
        yield from paragraph(f"{finding.severity.capitalize()}: {unnamed(finding, recording)}")
    if not report.findings:
        yield from paragraph("None.")
    yield from heading("Limits")
    for text in (RESEARCH_USE, *_READING):
        yield from paragraph(text)
    for words, text in (
        ("Intended use", report.net.intended_use),
        ("Limitations", report.net.limitations),
    ):
        if text:
            yield from paragraph(f"{words} of the net: {text}")


def unnamed(finding: Finding, recording: Recording) -> str:
    """Return a finding without the file's name, which may be a person's."""
    return finding.message.replace(recording.file_name, "the recording")
