"""A model that was tested in this session, and tables of its scores with intervals.

Its traces are kept, so that levels can be moved; detectors without a model are listed with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seizure_core.errors import ParameterError
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.recording import Finding
from training.data.card import by_recording
from training.data.labelled_recordings import refusals
from training.data.pairing import Pair, Pairing
from training.evaluate.evaluation import Evaluation
from training.evaluate.evaluation_report import overall_json, recording_rows
from training.evaluate.explorer import ExploredPoint, TracedFile, threshold_curve
from training.evaluate.operating_points import DEFAULT_GRID
from ui.i18n import words
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, count_words, duration_words, figure_words
from ui.widgets import markup

_SCORE_COLUMNS = (
    "Detector",
    "Seizures found",
    "Sensitivity",
    "Precision",
    "F1",
    "False alarms per 24 h",
    "Seconds found",
    "F1 by second",
)
_DETECTOR_WORDS = {
    "net": "The model",
    "always": "Always alarm",
    "never": "Never alarm",
    "line_length": "Line length twice the usual",
}
_UNITS = {"patient": ("patient", "patients"), "recording": ("recording", "recordings")}
_INTERVALS_FEW = "So few that the intervals say little; where they have no width, nothing varied."

# Columns of the score tables that have an interval, by its name in `METRICS`.
_SHARES = ("event.sensitivity", "event.precision", "event.f1")
_ALARMS = "event.false_alarms_per_24h"
_SECONDS = ("sample.sensitivity", "sample.f1")

Scores = Mapping[str, Any]


def scores_html(evaluation: Evaluation) -> str:
    """Return all scores at the evaluation's operating point."""
    overall, settings = overall_json(evaluation), evaluation.settings
    baselines = {name: overall["baselines"][name] for name in ("line_length", "always", "never")}
    doubts = by_recording((file.traced.file_name, file.doubts) for file in evaluation.recordings)
    return (
        markup.findings(map(Finding.warning, doubts))
        + markup.facts(
            [
                ("An event starts at", f"{settings.threshold:g}"),
                ("and ends below", f"{settings.lower_threshold:g}"),
                ("Recordings scored", str(len(evaluation.recordings))),
                ("Scored on", _scored_on(overall)),
                ("Median latency", _median(overall["latency_s"])),
            ]
        )
        + markup.table(
            _SCORE_COLUMNS,
            [
                _row(tr(_DETECTOR_WORDS["net"]), overall, overall["intervals"]),
                *(_row(tr(_DETECTOR_WORDS[name]), row, {}) for name, row in baselines.items()),
            ],
        )
        + markup.paragraph(words.HOW_COUNTED)
        + markup.paragraph(_intervals_words(overall["bootstrap"]))
        + _recordings_html(recording_rows(evaluation))
    )


def _scored_on(overall: Scores) -> str:
    event = overall["event"]
    return tr(
        "{seizures} in {time}",
        seizures=count_words(event["n_reference"], "seizure"),
        time=duration_words(event["duration_s"]),
    )


def failed_html(evaluation: Evaluation) -> str:
    """Return which recordings were not scored, and why; empty if all were."""
    in_training = [failure for failure in evaluation.failed if failure.in_training]
    others = [failure for failure in evaluation.failed if not failure.in_training]
    found = list(map(Finding.warning, refusals(others)))
    if in_training:
        names = ", ".join(failure.file_name for failure in in_training)
        found.insert(
            0,
            Finding.warning(
                "Left out, because they or parts of them were in the training of this model "
                "(recognised by their signals, whatever the files are called): {recordings}. "
                "Their scores would say nothing about recordings the model has not seen.",
                recordings=names,
            ),
        )
    notes = by_recording((file.traced.file_name, file.notes) for file in evaluation.recordings)
    return markup.findings([*found, *map(Finding.info, notes)])


def _recordings_html(rows: Sequence[Scores]) -> str:
    if len(rows) < 2:
        return ""
    return (
        markup.heading("Each recording")
        + markup.table(
            ("Recording", *_SCORE_COLUMNS[1:]),
            [_row(row["file_name"], row, row["intervals"]) for row in rows],
        )
        + markup.paragraph(
            "In brackets: 95 % intervals, from draws of the recording's own seizures and false "
            "alarms; none where there are fewer than two seizures."
        )
    )


def _row(name: str, scores: Scores, intervals: Mapping[str, Scores]) -> list[str]:
    event = scores["event"]
    return [
        name,
        tr("{found} of {all}", found=event["n_detected"], all=event["n_reference"]),
        *(_cell(scores, metric, intervals, _share) for metric in _SHARES),
        _cell(scores, _ALARMS, intervals, figure_words),
        *(_cell(scores, metric, intervals, _share) for metric in _SECONDS),
    ]


def _cell(scores: Scores, metric: str, intervals: Mapping[str, Scores], said: Any) -> str:
    part, name = metric.split(".")
    value = scores[part][name]
    if value is None:
        return NOTHING
    interval = intervals.get(metric) or {"low": None}
    if interval["low"] is None:
        return str(said(value))
    return f"{said(value)} ({said(interval['low'])}\u2013{said(interval['high'])})"


def _intervals_words(drawn: Scores) -> str:
    if drawn["n_units"] < 2:
        return tr("One recording has no spread: there are no intervals over all.")
    said = tr(
        "In brackets: 95 % intervals, from {n_draws:,} draws of {units} with replacement (seed "
        "{seed}).",
        n_draws=drawn["n_draws"],
        units=count_words(drawn["n_units"], *_UNITS[drawn["unit"]]),
        seed=drawn["seed"],
    )
    return f"{said} {tr(_INTERVALS_FEW)}" if drawn["few"] else said


def _share(value: float) -> str:
    return figure_words(value, ".2f")


def _median(values: Sequence[float]) -> str:
    if not values:
        return NOTHING
    return f"{sorted(values)[len(values) // 2]:.3g} s"


_TEST_FIRST = "Test a model first."

Levels = tuple[float, float, float, float, float]
"""Threshold, part of it below which events end, smoothing, shortest event, widest gap (s)."""


@dataclass(kw_only=True, eq=False)
class Outcome:
    """An evaluation with its files.

    Attributes
    ----------
    evaluation : Evaluation
        At the card's operating point.
    pairs : dict of str to Pair
        The files of each recording by its name.
    is_run : bool
        Whether the model is that of a run, which can still be kept.
    """

    evaluation: Evaluation
    pairs: dict[str, Pair]
    is_run: bool
    _curves: dict[PostProcessing, list[ExploredPoint]] = field(default_factory=dict)

    @classmethod
    def of(cls, evaluation: Evaluation, pairing: Pairing, *, is_run: bool) -> Outcome:
        """Return an evaluation with the files it was made of."""
        pairs = {pair.recording.file_name: pair for pair in pairing.pairs}
        return cls(evaluation=evaluation, pairs=pairs, is_run=is_run)

    @property
    def names(self) -> list[str]:
        """Names of the recordings that were scored."""
        return [file.file_name for file in self.evaluation.traced]

    def traced(self, file_name: str) -> TracedFile:
        """Return a recording that was scored.

        Raises
        ------
        ParameterError
            There is none of this name.
        """
        for file in self.evaluation.traced:
            if file.file_name == file_name:
                return file
        raise ParameterError(_TEST_FIRST)

    def curve(self, settings: PostProcessing) -> Sequence[ExploredPoint]:
        """Return the pooled score over thresholds; that of the last shape is remembered."""
        shape = levels_of(settings)[1:]
        key = post_processing((0.5, *shape))
        if key not in self._curves:
            points = threshold_curve(self.evaluation.traced, key, DEFAULT_GRID.thresholds)
            self._curves = {key: points}
        return self._curves[key]


def looked_at(tested: Outcome | None) -> Outcome:
    """Return what was tested.

    Raises
    ------
    ParameterError
        Nothing was.
    """
    if tested is None:
        raise ParameterError(_TEST_FIRST)
    return tested


def post_processing(levels: tuple[float, ...]) -> PostProcessing:
    """Return what the sliders say; the lower level follows the threshold."""
    threshold, ratio, smoothing_s, min_duration_s, merge_gap_s = levels
    return PostProcessing(
        threshold=threshold,
        threshold_off=round(ratio * threshold, 6),
        smoothing_s=smoothing_s,
        min_duration_s=min_duration_s,
        merge_gap_s=merge_gap_s,
    )


def levels_of(settings: PostProcessing) -> Levels:
    """Return where the sliders stand for numbers."""
    ratio = settings.lower_threshold / settings.threshold if settings.threshold else 1.0
    return (
        settings.threshold,
        round(ratio, 4),
        settings.smoothing_s,
        settings.min_duration_s,
        settings.merge_gap_s,
    )
