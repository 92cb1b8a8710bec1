from __future__ import annotations

from typing import Any

import gradio as gr
import numpy as np
import pytest
from numpy.typing import NDArray

from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from tests.memory_recording import memory_recording
from tests.ui.values import recording_of
from tests.zoo.models import ANY_MONTAGE_LAYERS, card_document
from ui.zoo.catalogue import ListedModel
from ui.zoo.search import ModelFilters, Wanted, matching
from zoo.card.schema import ArchitectureCard, open_card_from_document
from zoo.card.sections import WeightsSection
from zoo.store.registry import Source


def measured(dataset: str, n_seizures: int = 4, **figures: float) -> dict[str, Any]:
    return {
        "dataset": dataset,
        "protocol": "SzCORE events",
        "split": "patients not trained on",
        "n_recordings": 2,
        "n_seizures": n_seizures,
        "hours": 2.0,
        "metrics": {name: {"value": value} for name, value in figures.items()},
    }


def listed(
    model_id: str,
    *results: dict[str, Any],
    source: Source,
    n_parameters: int,
    contract: dict[str, Any],
    layers: list[dict[str, Any]] | None = None,
    **texts: str,
) -> ListedModel:
    document = {
        **card_document(model_id, layers=layers, input=contract),
        **texts,
        "results": list(results),
    }
    weights = WeightsSection.model_construct(n_parameters=n_parameters)
    card = ArchitectureCard.model_construct(
        **dict(open_card_from_document(document)), golden=None, weights=weights
    )
    return ListedModel(card=card, source=source)


SEED = listed(
    "seed",
    measured("ward A", sensitivity=0.9, false_alarms_per_24h=20.0),
    measured("ward B", 1, sensitivity=0.4, false_alarms_per_24h=1.0),
    source="shipped",
    n_parameters=3137,
    contract={"window_s": 30.0, "sampling_rate_hz": 256.0, "min_coverage": 1.0},
    title="n1Spool",
    created="2025-01-01",
)
ANY = listed(
    "any",
    measured("ward B", sensitivity=1.0, false_alarms_per_24h=0.5),
    source="user",
    n_parameters=90_000,
    contract={
        "window_s": 4.0,
        "sampling_rate_hz": 128.0,
        "channels": None,
        "min_channels": 2,
        "min_coverage": 1.0,
    },
    layers=ANY_MONTAGE_LAYERS,
    title="any montage",
    created="2026-01-01",
    license="MIT",
    intended_use="Attention.",
)
NEW = listed(
    "new",
    source="hub",
    n_parameters=500,
    contract={
        "window_s": 4.0,
        "sampling_rate_hz": 128.0,
        "channels": ["C3"],
        "min_coverage": 1.0,
    },
    title="Brand new",
    created="2026-02-01",
    license="MIT",
    intended_use="Attention too.",
)
MODELS = (SEED, ANY, NEW)


def ids(wanted: Wanted, recording: Recording | None = None) -> list[str]:
    return [one.model_id for one in matching(MODELS, wanted, recording)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["any", "seed", "new"]),
        (Wanted(words="CONV1D seed"), ["seed"]),
        (Wanted(words="attention  montage"), ["any"]),
        (Wanted(words="nothing like it"), []),
        (Wanted(sources=("user", "hub")), ["any", "new"]),
        (Wanted(licences=("MIT",)), ["any", "new"]),
        (Wanted(windows=(30.0,)), ["seed"]),
        (Wanted(rates=(128.0,)), ["any", "new"]),
        (Wanted(montage="all_montages"), ["any"]),
        (Wanted(montage="fixed"), ["seed", "new"]),
        (Wanted(size=5000), ["seed", "new"]),
        (Wanted(sensitivity=0.9), ["any", "seed"]),
        (Wanted(false_alarms=1.0), ["any"]),
        (Wanted(dataset="ward B"), ["any", "seed"]),
        (Wanted(dataset="ward B", sensitivity=0.5), ["any"]),
        (Wanted(dataset="ward B", false_alarms=1.0), ["any", "seed"]),
        (Wanted(words="attention", size=1000, licences=("MIT",)), ["new"]),
    ],
    ids=repr,
)
def test_only_what_is_wanted_is_found(wanted: Wanted, found: list[str]) -> None:
    assert ids(wanted) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("best", ["any", "seed", "new"]),
        ("title", ["any", "new", "seed"]),
        ("newest", ["new", "any", "seed"]),
        ("parameters", ["new", "seed", "any"]),
        ("window", ["any", "new", "seed"]),
        ("sensitivity", ["any", "seed", "new"]),
        ("false_alarms", ["seed", "any", "new"]),
    ],
)
def test_models_are_put_in_the_order_asked_for(order: str, found: list[str]) -> None:
    assert ids(Wanted(order=order)) == found


def test_scores_are_ordered_by_the_eeg_that_was_chosen() -> None:
    worse = listed(
        "worse",
        measured("ward B", sensitivity=0.1),
        source="user",
        n_parameters=1,
        contract={},
    )
    found = matching((worse, SEED, ANY), Wanted(dataset="ward B", order="sensitivity"))
    assert [one.model_id for one in found] == ["any", "seed", "worse"]


class Noise:
    """A reader of channels that are all alive."""

    def read_samples(self, channel_indices: Any, start: int, stop: int) -> NDArray[np.float32]:
        shape = (len(channel_indices), stop - start)
        return np.random.default_rng(start).normal(scale=30, size=shape).astype(np.float32)


def alive(duration_s: float, *labels: str) -> Recording:
    return recording_of(duration_s, labels=labels, reader=Noise())


def noise(n_samples: int) -> NDArray[np.float64]:
    return np.random.default_rng(1).normal(0, 50, n_samples)


def test_a_model_fits_a_recording_that_prediction_would_take() -> None:
    both = ("Fp1-F7", "F7-T7")
    for recording, found in (
        (alive(50.0, "F7-T7", "Fp1-F7"), ["any", "seed"]),
        (alive(50.0, "F7-T7", "O1-O2"), ["any"]),
        (alive(20.0, "F7-T7", "Fp1-F7"), ["any"]),
        (alive(50.0, "ECG"), []),
        # Names alone do not do: these channels hold nothing, from start to end.
        (recording_of(50.0, labels=both), []),
        (memory_recording(both, [np.zeros(12800), noise(12800)]), []),
        # Nor does a rate from which no resampling leads to the models'.
        (memory_recording(both, [noise(500)] * 2, sampling_rates_hz=5.0), []),
    ):
        assert ids(Wanted(fits=True), recording) == found


def test_cleared_and_emptied_fields_let_everything_through() -> None:
    with gr.Blocks():
        filters = ModelFilters()
    cleared = filters.cleared()
    assert ids(filters.wanted(cleared)) == ids(Wanted())
    assert filters.wanted(dict.fromkeys(cleared)) == Wanted()


def test_without_an_open_recording_nothing_can_fit_it() -> None:
    with pytest.raises(ParameterError, match="Open a recording first"):
        ids(Wanted(fits=True))
