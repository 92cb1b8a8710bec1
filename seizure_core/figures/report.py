"""A printable report of what a net found in a recording: a PDF of A4 sheets.

Sheets: facts, net and operating point with the probability over the whole recording; the
table of events, where every channel came from, findings and limits; a page of EEG for each of
the first events. Nothing of the patient is on it; the file's name only if asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from seizure_core.atomic import atomic_path
from seizure_core.channels.labels import parse_derivation
from seizure_core.channels.sources import ChannelSource
from seizure_core.display.rows import DisplayRow, side_of
from seizure_core.errors import ParameterError
from seizure_core.events import Event
from seizure_core.figures.canvas import EVENT, INK, counted, plain_frame
from seizure_core.figures.eeg_page import page_figure
from seizure_core.figures.layout import shortened
from seizure_core.figures.printing import MARGIN_IN, PAPER_IN, add_foot, fit_to_paper
from seizure_core.figures.probability import draw_trace
from seizure_core.figures.text_pages import (
    Line,
    blank_sheet,
    draw_lines,
    heading,
    paragraph,
    sheets,
    table,
)
from seizure_core.postprocessing import PostProcessing
from seizure_core.quality_report import clock
from seizure_core.recording import Finding, Recording
from seizure_core.signal_blocks import Cancelled, Progress, WorkCancelledError
from seizure_core.trace import ProbabilityTrace

DEFAULT_EVENT_PAGES = 12
_BEFORE_S, _PAGE_S = 10.0, 30.0
_TRACE_IN = 2.6
_RESEARCH_USE = (
    "Research use only. This is the output of a program that makes mistakes: it misses seizures "
    "and reports some that are none. It is no medical device, no diagnosis and no basis for "
    "treatment. Whoever uses it looks at the EEG itself."
)
_FOOT = "For research use only, not for diagnosis or treatment"
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
        What the user should know.
    app_version : str
        Of this program.
    made : datetime or None
        When; None leaves it out.
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


Sheet = Callable[[], Figure]


def write_report(
    path: str | Path,
    report: DetectionReport,
    recording: Recording,
    *,
    with_file_name: bool = False,
    most_event_pages: int = DEFAULT_EVENT_PAGES,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """Write a report as a PDF, whole or not at all.

    Parameters
    ----------
    path : str or Path
        Where it goes.
    report : DetectionReport
        What was found, by which net.
    recording : Recording
        Where; pages of EEG are read from it.
    with_file_name : bool
        Whether the recording's file name is printed, which may name a person.
    most_event_pages : int
        Pages of EEG for so many events, the first; others are counted.
    progress : callable, optional
        Called with the fraction done, 0 to 1, after every sheet.
    cancelled : callable, optional
        Asked before every sheet; True ends the work.

    Returns
    -------
    int
        The number of sheets.

    Raises
    ------
    ParameterError
        The number of pages is negative.
    RecordingError
        The recording cannot be read (any more).
    WorkCancelledError
        `cancelled` said yes.
    """
    if most_event_pages < 0:
        raise ParameterError(f"A report has 0 or more pages of EEG; {most_event_pages} were asked.")
    planned = _sheets(report, recording, with_file_name, most_event_pages)
    net = report.net
    metadata = {"Title": "Seizure detection report", "Creator": "Seizure Zoo", "Producer": None}
    with atomic_path(path) as temporary:
        with PdfPages(temporary, metadata=metadata | {"CreationDate": report.made}) as pdf:
            for number, sheet in enumerate(planned, 1):
                if cancelled is not None and cancelled():
                    raise WorkCancelledError(recording.file_name)
                figure = sheet()
                page = f"{net.model_id} {net.version}, sheet {number} of {len(planned)}"
                add_foot(figure, _FOOT, page)
                pdf.savefig(figure)
                if progress is not None:
                    progress(number / len(planned))
    return len(planned)


def _sheets(
    report: DetectionReport, recording: Recording, with_file_name: bool, most_event_pages: int
) -> list[Sheet]:
    """Return what draws each sheet; pages of EEG are read only when they are drawn."""
    name = recording.file_name if with_file_name else None
    planned: list[Sheet] = [lambda: _first_sheet(report, recording, name)]
    lines = [*_event_lines(report, most_event_pages), *_closing_lines(report, recording)]
    planned += [_text_sheet(part) for part in sheets(lines)]
    rows = _rows(report.channels, recording)
    drawn = report.events[:most_event_pages] if rows else ()
    for number, event in enumerate(drawn, 1):
        planned.append(_event_sheet(report, recording, rows, number, event))
    return planned


def _text_sheet(lines: Sequence[Line]) -> Sheet:
    def draw() -> Figure:
        figure = blank_sheet()
        draw_lines(figure, lines)
        return figure

    return draw


def _first_sheet(report: DetectionReport, recording: Recording, name: str | None) -> Figure:
    figure = blank_sheet()
    title = Line(cells=((0.0, "Seizure detection report"),), size_pt=17, height_in=0.35)
    down_in = draw_lines(figure, [title], top_in=MARGIN_IN)
    warning = [
        Line(cells=line.cells, color=EVENT, height_in=line.height_in)
        for line in paragraph(_RESEARCH_USE)
    ]
    down_in = draw_lines(figure, warning, top_in=down_in + 0.08)
    half_in = (PAPER_IN[0] - 2 * MARGIN_IN) / 2
    columns = (_recording_facts(report, recording, name), _net_facts(report))
    for column, (words, facts) in enumerate(columns):
        lines = [*heading(words)]
        for key, value in facts:
            parts = paragraph(value, width_in=half_in - 1.75)
            for level, part in enumerate(parts):
                value_cells = tuple((1.5, text) for _, text in part.cells)
                label = ((0.0, key),) if level == 0 else ()
                lines.append(Line(cells=label + value_cells))
        draw_lines(figure, lines, top_in=down_in, left_in=MARGIN_IN + column * half_in)
    _draw_trace(figure, report, recording)
    return figure


def _draw_trace(figure: Figure, report: DetectionReport, recording: Recording) -> None:
    width, height = PAPER_IN
    bottom_in = 1.3
    axes = figure.add_axes(
        (
            (MARGIN_IN + 0.6) / width,
            bottom_in / height,
            1 - (2 * MARGIN_IN + 1.5) / width,
            _TRACE_IN / height - 0.055,
        )
    )
    plain_frame(axes)
    draw_trace(
        axes,
        report.trace,
        threshold=report.settings.threshold,
        events=report.events,
        start_time=recording.start_time,
    )
    figure.text(
        MARGIN_IN / width,
        (bottom_in + _TRACE_IN) / height,
        f"Seizure probability over the whole recording, {counted(len(report.events), 'event')}",
        fontsize=12,
        color=INK,
    )


def _recording_facts(
    report: DetectionReport, recording: Recording, name: str | None
) -> tuple[str, list[tuple[str, str]]]:
    rates = sorted({channel.sampling_rate_hz for channel in recording.channels})
    facts = [("File", shortened(name, 90))] if name is not None else []
    start = recording.start_time
    gaps = len(recording.segments) - 1
    facts += [
        ("Format", recording.format),
        ("Duration", f"{clock(recording.duration_s)} ({recording.duration_s:,.6g} s)"),
        ("Start", "not in the file" if start is None else f"{start:%H:%M:%S}"),
        ("Channels", str(len(recording.channels))),
        ("Sampling rate", ", ".join(f"{rate:g}" for rate in rates) + " Hz"),
        ("Interruptions", str(max(gaps, 0)) if gaps > 0 else "none"),
        ("Channels of the net", f"{report.coverage:.0%} could be had"),
        ("Seizure time", f"{sum(event.duration_s for event in report.events):,.6g} s"),
    ]
    if report.made is not None:
        facts.append(("Report made", f"{report.made:%Y-%m-%d %H:%M}"))
    return "Recording", facts


def _net_facts(report: DetectionReport) -> tuple[str, list[tuple[str, str]]]:
    net, settings = report.net, report.settings
    return "Net and operating point", [
        ("Net", f"{shortened(net.title, 90)} ({net.model_id})"),
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


def _event_lines(report: DetectionReport, most_event_pages: int) -> list[Line]:
    lines = heading("Events")
    if not report.events:
        return lines + paragraph(
            "None: the probability never met the operating point. That is no proof that there is "
            "no seizure."
        )
    if len(report.events) > most_event_pages:
        left = len(report.events) - most_event_pages
        lines += paragraph(
            f"Pages of EEG follow for the first {most_event_pages}; {left:,} more are in this "
            "table only."
            if most_event_pages
            else "No pages of EEG were asked for."
        )
    rows = [
        (
            str(number),
            clock(event.onset_s),
            clock(event.offset_s),
            f"{event.duration_s:.6g}",
            "" if event.confidence is None else f"{event.confidence:.3f}",
            ", ".join(event.channels) or "all",
        )
        for number, event in enumerate(report.events, 1)
    ]
    header = ("No.", "Onset (h:mm:ss)", "End (h:mm:ss)", "Duration (s)", "Largest probability",
              "Channels")  # fmt: skip
    return lines + table(header, rows, (0.6, 1.6, 1.6, 1.4, 1.8, 3.6))


def _rows(sources: Sequence[ChannelSource], recording: Recording) -> list[DisplayRow]:
    """Return the net's channels as rows of a page, those that could be had."""
    rows = []
    for source in sources:
        if not source.terms:
            continue
        channels = [recording.channels[index] for index, _ in source.terms]
        rows.append(
            DisplayRow(
                label=source.target,
                unit=channels[0].unit,
                sampling_rate_hz=channels[0].sampling_rate_hz,
                n_samples=min(channel.n_samples for channel in channels),
                terms=tuple((index, float(weight)) for index, weight in source.terms),
                how=source.how,
                source=source.source,
                group="",
                side=side_of(parse_derivation(source.target)),
            )
        )
    return rows


def _event_sheet(
    report: DetectionReport,
    recording: Recording,
    rows: Sequence[DisplayRow],
    number: int,
    event: Event,
) -> Sheet:
    def draw() -> Figure:
        sure = "" if event.confidence is None else f", largest probability {event.confidence:.2f}"
        figure = page_figure(
            recording,
            rows=rows,
            start_s=max(min(event.onset_s, recording.duration_s) - _BEFORE_S, 0.0),
            length_s=_PAGE_S,
            events=report.events,
            heading=f"Event {number} of {len(report.events)}: {clock(event.onset_s)} to "
            f"{clock(event.offset_s)} ({event.duration_s:.6g} s{sure})",
            with_remarks=False,
        )
        fit_to_paper(figure)
        return figure

    return draw


def _closing_lines(report: DetectionReport, recording: Recording) -> Iterator[Line]:
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
        yield from paragraph(f"{finding.severity.capitalize()}: {_unnamed(finding, recording)}")
    if not report.findings:
        yield from paragraph("None.")
    yield from heading("Limits")
    for text in (_RESEARCH_USE, *_READING):
        yield from paragraph(text)
    for words, text in (
        ("Intended use", report.net.intended_use),
        ("Limitations", report.net.limitations),
    ):
        if text:
            yield from paragraph(f"{words} of the net: {text}")


def _unnamed(finding: Finding, recording: Recording) -> str:
    """Return a finding without the file's name, which may be a person's."""
    return finding.message.replace(recording.file_name, "the recording")
