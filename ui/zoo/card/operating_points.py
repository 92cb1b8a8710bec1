"""At which levels events are cut from a net's output: the points a card offers, side by side."""

from __future__ import annotations

from ui.i18n import zoo_text as words
from ui.i18n.translation import tr, tr_message
from ui.i18n.wording import NOTHING
from ui.widgets import markup
from ui.zoo.card.results import figure_words
from ui.zoo.card.views import output_words
from zoo.card.history import Calibration
from zoo.card.output import CARD_POINT, OperatingPoint, PostProcessingNumbers
from zoo.card.schema import ArchitectureCard

_MEASURES = ("sensitivity", "precision", "false_alarms_per_24h")


def output_html(card: ArchitectureCard) -> str:
    """Return how a net's output becomes events, and what its probabilities are worth."""
    points = card.output.operating_points
    if points is None:
        return markup.facts(output_words(card)) + _calibration_html(card.training.calibration)
    table = markup.table(
        words.POINT_COLUMNS,
        (_row(name, point) for name, point in card.output.points.items()),
    )
    return (
        markup.facts(output_words(card)[:1])
        + f'<div class="zoo-points">{table}</div>'
        + markup.paragraph(
            tr(words.POINTS_CHOSEN_ON, data=tr_message(points.chosen_on.rstrip(". ")))
        )
        + _calibration_html(card.training.calibration)
    )


def _row(name: str, point: PostProcessingNumbers) -> tuple[str, ...]:
    metrics = point.metrics if isinstance(point, OperatingPoint) else {}
    return (
        tr(words.POINT_NAMES.get(name, name)) if name != CARD_POINT else tr(words.CARD_POINT),
        f"{point.threshold:g}",
        f"{point.threshold_off:g}",
        *(
            tr(words.SECONDS, s=length_s)
            for length_s in (point.smoothing_s, point.min_duration_s, point.merge_gap_s)
        ),
        *(
            figure_words(measure, metrics[measure].value) if measure in metrics else NOTHING
            for measure in _MEASURES
        ),
    )


def _calibration_html(calibration: Calibration | None) -> str:
    if calibration is None:
        return ""
    return markup.paragraph(
        tr(
            words.CALIBRATED,
            fitted_on=calibration.fitted_on.rstrip(". "),
            before=calibration.before.expected_calibration_error,
            after=calibration.after.expected_calibration_error,
        )
    )
