"""What is kept with a net: its operating points and its calibration, as people read them."""

from __future__ import annotations

from training.evaluate.explorer import ExploredPoint
from training.kept_model import KeptNet
from ui.drawings.score_charts import reliability_html
from ui.i18n import score_text as words
from ui.i18n.translation import tr, tr_message
from ui.i18n.wording import NOTHING
from ui.train.evaluation.score_views import figure_words
from ui.widgets import markup
from zoo.card.history import Calibration
from zoo.card.output import POINT_NAMES


def kept_html(kept: KeptNet) -> str:
    """Return the operating points and the calibration of a net that is to be kept."""
    return f'<div class="kept">{_points_html(kept)}{_calibration_html(kept.calibration)}</div>'


def _points_html(kept: KeptNet) -> str:
    heading = markup.heading(words.POINTS_HEADING)
    points = kept.points
    if points is None:
        return heading + markup.paragraph(tr(words.NO_POINTS, threshold=kept.start.threshold))
    return (
        heading
        + markup.table(
            words.POINT_COLUMNS, [_row(name, points.point(name)) for name in POINT_NAMES]
        )
        + markup.paragraph(tr(words.POINTS_CHOSEN, chosen_on=tr_message(points.chosen_on)))
    )


def _row(name: str, point: ExploredPoint) -> list[str]:
    event, settings = point.score.event, point.settings
    return [
        tr(words.POINT_WORDS[name]),
        f"{settings.threshold:g}",
        f"{settings.lower_threshold:g}",
        *(_share(value) for value in (event.sensitivity, event.precision, event.f1)),
        NOTHING if event.false_alarms_per_24h is None else figure_words(event.false_alarms_per_24h),
    ]


def _calibration_html(calibrated: Calibration | None) -> str:
    heading = markup.heading(words.CALIBRATION_HEADING)
    if calibrated is None:
        return heading + markup.paragraph(words.NOT_CALIBRATED)
    before = calibrated.before.expected_calibration_error
    after = calibrated.after.expected_calibration_error
    said = tr(
        words.CALIBRATED,
        n_windows=calibrated.n_windows,
        temperature=calibrated.temperature,
        bias=calibrated.bias,
        before=before,
        after=after,
    )
    return (
        heading
        + markup.paragraph(said)
        + reliability_html(
            calibrated.before.bins,
            calibrated.after.bins,
            error_before=before,
            error_after=after,
        )
    )


def _share(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"
