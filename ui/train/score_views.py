"""An evaluation as people read it: the net beside an alarm that is always or never on."""

from __future__ import annotations

from typing import Any

from seizure_core.recording import Finding
from ui import markup
from ui import train_text as words
from ui.wording import NOTHING, clock_words, duration_words


def evaluation_html(result: dict[str, Any]) -> str:
    """Return what `evaluate` answers."""
    overall = result["overall"]
    detectors = {result["model_id"]: overall, **overall["baselines"]}
    rows = [
        [words.DETECTOR_WORDS.get(name, name), *_scores(one)] for name, one in detectors.items()
    ]
    failed = [
        Finding(severity="warning", message=f"{one['file_name']}: {one['message']}")
        for one in result["failed"]
    ]
    return (
        markup.facts(
            [
                ("Net", f"{result['model_id']} {result['model_version']}"),
                ("Recordings scored", f"{result['n_scored']}, not scored: {result['n_failed']}"),
                ("Threshold", f"{result['operating_point']['threshold']:g}"),
                ("Median latency", _median(overall["latency_s"])),
            ]
        )
        + markup.findings(failed)
        + markup.table(words.SCORE_COLUMNS, rows)
        + markup.heading("Each recording")
        + markup.table(
            ("Recording", *words.SCORE_COLUMNS[1:]),
            [[one["file_name"], *_scores(one)] for one in result["recordings"] if one["ok"]],
        )
        + _mistakes("Missed seizures", result["missed_seizures"])
        + _mistakes("False alarms, the surest first", result["false_alarms"])
    )


def _scores(one: dict[str, Any]) -> list[str]:
    event, sample = one["event"], one["sample"]
    alarms = event["false_alarms_per_24h"]
    return [
        _share(event["sensitivity"]),
        _share(event["precision"]),
        _share(event["f1"]),
        NOTHING if alarms is None else figure_words(alarms),
        _share(sample["sensitivity"]),
        _share(sample["f1"]),
    ]


def _mistakes(title: str, rows: list[dict[str, Any]]) -> str:
    if not rows:
        return ""
    return markup.heading(title) + markup.bullets(
        f"{row['file_name']} at {clock_words(row['onset_s'])}, {duration_words(row['duration_s'])}"
        for row in rows[:10]
    )


def _share(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def figure_words(value: float) -> str:
    """Return a measured number with three digits, and never as a power of ten."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _median(values: list[float]) -> str:
    if not values:
        return NOTHING
    return f"{sorted(values)[len(values) // 2]:.3g} s"
