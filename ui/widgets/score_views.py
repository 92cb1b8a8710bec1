"""Scores as people read them, with what an alarm always, or never, would have scored."""

from __future__ import annotations

from collections.abc import Sequence

from seizure_core.events.scoring import RecordingScore, Score
from seizure_core.recording import Finding
from ui.i18n import words
from ui.i18n.translation import tr
from ui.i18n.wording import count_words, figure_words
from ui.widgets import markup

COLUMNS = (
    "",
    "Seizures found",
    "False alarms",
    "False alarms per 24 h",
    "Sensitivity",
    "Precision",
    "F1",
    "F1 by second",
)


def score_html(score: RecordingScore, source: str, findings: Sequence[Finding] = ()) -> str:
    """Return the score of one recording.

    Parameters
    ----------
    score : RecordingScore
        From `score_recording`.
    source : str
        Where the reference comes from: a file name, or words.
    findings : sequence of Finding
        About the reference.
    """
    n_seizures = count_words(score.score.event.n_reference, "seizure")
    rows = [
        _row(tr("The model"), score.score),
        _row(tr("Always alarm"), score.always),
        _row(tr("Never alarm"), score.never),
    ]
    latency = ", ".join(f"{seconds:+.1f} s" for seconds in score.latency_s)
    return (
        markup.paragraph(
            tr(
                "{seizures} by {source}. Scored by SzCORE's rules: any overlap counts, from 30 s "
                "before to 60 s after a seizure.",
                seizures=n_seizures,
                source=source,
            )
        )
        + markup.table(COLUMNS, rows)
        + markup.paragraph(words.HOW_COUNTED)
        + (
            markup.paragraph(tr("Latency after the marked onset: {latencies}.", latencies=latency))
            if latency
            else ""
        )
        + markup.findings(findings)
    )


def _row(name: str, score: Score) -> tuple[str, ...]:
    event = score.event
    return (
        name,
        tr(words.SOME_OF, some=event.n_detected, all=event.n_reference),
        str(event.n_false_alarms),
        figure_words(event.false_alarms_per_24h),
        *(figure_words(figure, ".2f") for figure in (event.sensitivity, event.precision, event.f1)),
        figure_words(score.sample.f1, ".2f"),
    )
