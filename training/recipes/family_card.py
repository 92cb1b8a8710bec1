"""The card of a net of the family: its settings' texts, and the numbers of its training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from seizure_core.events.postprocessing import PostProcessing
from training.evaluate.evaluation_report import operating_point_json
from training.evaluate.operating_points import ChosenPoints
from training.recipes.card_parts import SPLIT, software, training_data
from training.recipes.model_settings import NetSettings
from training.recipes.progress import History

_NOTE = (
    "Labelling: a window is seizure when at least half of it is ictal; background windows hold at "
    "most a fifth (nets with an output every second: the same for each second). Ten-second pieces "
    "of one patient are joined with cross-fades of 0.25 s where a window is longer, before and "
    "inside seizures alike, each run forwards or backwards by chance. Resting EEG of the other "
    "recorder is multiplied by 1 to 8, and simulated seizures are laid over resting and pre-ictal "
    "real EEG at the amplitude of that background, so that neither recorder nor amplitude tells "
    "the class. Weights of the epoch with the least validation loss; calibration and operating "
    "points chosen on held-out simulated recordings and held-out records of chb02 and chb03. "
    "chb01 and eegmat subjects 15-19 are test only."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyFacts:
    """What a training came to; the defaults make a draft.

    Attributes
    ----------
    history : list of dict
    signals : mapping or None
        The card's `training.signals`.
    n_pieces, n_resting : int
        Real files trained on.
    calibration : mapping or None
        The card's `training.evaluate.calibration`.
    points : ChosenPoints or None
        The balanced one is the card's own.
    """

    history: History = field(default_factory=list)
    signals: Mapping[str, Any] | None = None
    n_pieces: int = 0
    n_resting: int = 0
    calibration: Mapping[str, Any] | None = None
    points: ChosenPoints | None = None


def family_card(settings: NetSettings, facts: FamilyFacts) -> dict[str, Any]:
    """Return the card without `golden` and `weights`, as plain data; results are empty."""
    return {
        "schema_version": 1,
        "model_id": settings.model_id,
        "title": settings.title,
        "version": settings.version,
        "created": date.today().isoformat(),
        "authors": ["Seizure Zoo"],
        "license": "Apache-2.0",
        "intended_use": settings.intended_use,
        "limitations": settings.limitations,
        "parent": None,
        "input": settings.input.model_dump(mode="json", exclude_unset=True),
        "network": [dict(layer) for layer in settings.network],
        "output": {
            "classes": ["background", "seizure"],
            "step_s": settings.step_s,
            **_points(facts.points),
        },
        "training": _training(settings, facts),
        "results": [],
    }


def _points(points: ChosenPoints | None) -> dict[str, Any]:
    if points is None:
        return operating_point_json(PostProcessing(threshold=0.5, threshold_off=0.5))
    return {
        **operating_point_json(points.balanced.settings),
        "operating_points": points.section(),
    }


def _training(settings: NetSettings, facts: FamilyFacts) -> dict[str, Any]:
    fit = settings.fit
    return {
        "data": training_data(
            n_simulated=settings.n_simulated, n_pieces=facts.n_pieces, n_resting=facts.n_resting
        ),
        "split": dict(SPLIT),
        "settings": {
            **fit.model_dump(mode="json"),
            "optimizer": "Adam, cosine to zero",
            "loss": "cross-entropy",
            "mixture": [f"{kind}: {share:g}" for kind, share in settings.mixture.items()],
            "gain_spread": settings.gain_spread,
            "flipped_polarity": True,
            **_channel_settings(settings),
            "windows_drawn": fit.epochs * fit.batches_per_epoch * fit.batch_size,
        },
        "seed": settings.seed,
        "software": software(),
        "history": facts.history,
        "signals": facts.signals,
        "calibration": facts.calibration,
        "versions": [dict(one) for one in settings.versions],
        "note": f"{settings.note} {_NOTE}".strip(),
    }


def _channel_settings(settings: NetSettings) -> dict[str, Any]:
    if settings.n_rows is not None:
        return {"channels_a_window": list(settings.n_rows)}
    return {
        "mirrored_sides": True,
        "lost_channel_fraction": settings.augmentation.lost_fraction,
    }
