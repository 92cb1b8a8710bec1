"""The card of `n1spool-cnn`: its fixed texts and the places where numbers come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.events.postprocessing import PostProcessing
from training.evaluate.operating_points import ChosenPoints
from training.recipes.card_parts import SPLIT, software, training_data
from zoo.presets import preset

MODEL_ID = "n1spool-cnn"
MICROVOLTS_TO_ONE = 100.0

VERSIONS = (
    {
        "version": "1.1.0",
        "created": "2026-11-22",
        "note": "The weights of 1.0.0. New: operating points to choose from, and results by "
        "SzCORE's rules.",
    },
    {
        "version": "1.2.0",
        "created": "2026-11-22",
        "note": "Trained again on a more lifelike simulator: blinks, muscle, poor contacts and "
        "movement as in real recordings, and spells of straining and shaking that are no seizure. "
        "Calibrated.",
    },
)

_INTENDED_USE = (
    "Research and teaching: finding stretches of scalp EEG that look like an epileptic seizure, "
    "in recordings with the longitudinal bipolar montage of CHB-MIT or electrodes it can be "
    "derived from. Not for clinical use, diagnosis or alarms."
)
_LIMITATIONS = (
    "A very small net (3,137 parameters) that looks at 30 s at once: seizures shorter than about "
    "15 s are missed, onsets are known to several seconds only. It was trained mostly on simulated "
    "EEG and on ten-second pieces of two children; it has seen no whole real seizure and no real "
    "sleep. It reacts to amplitude: seizures no larger than the background are missed, and long "
    "strong movement or muscle activity can raise false alarms. On the "
    "test-only files it raised no false alarm, but its event in the one seizure (chb01) begins "
    "with the clip, 10 s before the marked onset. No figures on patients in number exist yet."
)
_NOTE = (
    "Labelling: a window is seizure when at least half of it is ictal; background windows hold at "
    "most a fifth. How ten-second pieces serve a window of 30 s: three pieces of one patient, each "
    "run forwards or backwards by chance, are joined with cross-fades of 0.25 s; two or three "
    "ictal pieces make a seizure window, three pre-ictal ones a background window, both joined in "
    "the same way. Resting EEG of the other recorder is multiplied by 1 to 8, and simulated "
    "seizures are laid over resting and pre-ictal real EEG at the amplitude of that background, "
    "so that neither recorder nor amplitude tells the class. The only preprocessing is a fixed "
    "factor that brings 100 microvolts to 1; there is no filter. Weights of the epoch with the "
    "least validation loss; threshold and post-processing chosen on held-out simulated recordings "
    "and held-out records of chb02 and chb03. chb01 and eegmat subjects 15-19 are test only."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """What the card says about one training; the defaults make a draft."""

    seed: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    history: list[dict[str, float | None]] = field(default_factory=list)
    signals: Mapping[str, Any] | None = None
    n_pieces: int = 0
    n_resting: int = 0
    n_simulated: int = 0
    n_windows: int = 0
    point: PostProcessing = field(
        default_factory=lambda: PostProcessing(threshold=0.5, threshold_off=0.5)
    )
    points: ChosenPoints | None = None
    calibration: Mapping[str, Any] | None = None

    def with_operating_point(self, point: PostProcessing, points: ChosenPoints | None) -> CardFacts:
        """Return the same facts with other operating points."""
        return replace(self, point=point, points=points)


def card_document(facts: CardFacts) -> dict[str, Any]:
    """Return the card without `golden` and `weights`, as plain data; results are empty."""
    point = facts.point
    return {
        "schema_version": 1,
        "model_id": MODEL_ID,
        "title": "The seed's CNN: two convolutions over 23 channels and 30 s",
        "version": VERSIONS[-1]["version"],
        "created": date.today().isoformat(),
        "authors": ["Seizure Zoo"],
        "license": "Apache-2.0",
        "intended_use": _INTENDED_USE,
        "limitations": _LIMITATIONS,
        "parent": None,
        "input": {
            "channels": list(CHBMIT_23),
            "min_coverage": 0.75,
            "sampling_rate_hz": 256.0,
            "window_s": 30.0,
            "stride_s": 1.0,
            "unit": "uV",
            "preprocessing": [{"step": "scale", "factor": 1.0 / MICROVOLTS_TO_ONE}],
        },
        "network": [dict(layer) for layer in preset("seed-cnn").layers],
        "output": {
            "classes": ["background", "seizure"],
            "step_s": None,
            "threshold": point.threshold,
            "threshold_off": point.lower_threshold,
            "smoothing_s": point.smoothing_s,
            "min_duration_s": point.min_duration_s,
            "merge_gap_s": point.merge_gap_s,
            **({} if facts.points is None else {"operating_points": facts.points.section()}),
        },
        "training": _training(facts),
        "results": [],
    }


def _training(facts: CardFacts) -> dict[str, Any]:
    return {
        "data": training_data(
            n_simulated=facts.n_simulated, n_pieces=facts.n_pieces, n_resting=facts.n_resting
        ),
        "split": dict(SPLIT),
        "settings": {**facts.settings, "windows_drawn": facts.n_windows},
        "seed": facts.seed,
        "software": software(),
        "history": facts.history,
        "signals": facts.signals,
        "calibration": facts.calibration,
        "versions": [dict(one) for one in VERSIONS],
        "note": _NOTE,
    }
