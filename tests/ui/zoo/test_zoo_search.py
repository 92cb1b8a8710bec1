from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from tests.memory_recording import memory_recording
from tests.ui.values import recording_of
from ui.zoo.catalogue import ModelScore, NetFacts
from ui.zoo.filters import cleared, wanted_of
from ui.zoo.search import Wanted, matching


def score(dataset: str, **figures: float | None) -> ModelScore:
    known: dict[str, float | None] = {"sensitivity": None, "false_alarms_per_24h": None, "f1": None}
    return ModelScore(dataset=dataset, n_seizures=4, hours=2.0, **{**known, **figures})


SEED = NetFacts(
    model_id="seed",
    title="The seed's CNN",
    version="1.0.0",
    created="2025-01-01",
    license="Apache-2.0",
    source="shipped",
    registry=None,
    is_here=True,
    n_parameters=3137,
    window_s=30.0,
    stride_s=1.0,
    sampling_rate_hz=256.0,
    channels=("FP1-F7", "F7-T7"),
    min_channels=None,
    min_coverage=1.0,
    parent_id=None,
    scores=(
        score("ward A", sensitivity=0.9, false_alarms_per_24h=20.0),
        replace(score("ward B", sensitivity=0.4, false_alarms_per_24h=1.0), n_seizures=1),
    ),
    searched="the seed's cnn\nseizure zoo\nconv1d",
)
ANY = replace(
    SEED,
    model_id="any",
    title="any montage",
    created="2026-01-01",
    license="MIT",
    source="user",
    n_parameters=90_000,
    window_s=4.0,
    sampling_rate_hz=128.0,
    channels=None,
    min_channels=2,
    scores=(score("ward B", sensitivity=1.0, false_alarms_per_24h=0.5),),
    searched="any montage\nper_channel\nattention",
)
NEW = replace(
    ANY,
    model_id="new",
    title="Brand new",
    created="2026-02-01",
    source="hub",
    n_parameters=500,
    channels=("C3",),
    scores=(),
    searched="brand new\nattention",
)
NETS = (SEED, ANY, NEW)


def ids(wanted: Wanted, order: str = "registry") -> list[str]:
    return [net.model_id for net in matching(NETS, wanted, order)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["seed", "any", "new"]),
        (Wanted(words="CONV1D seed"), ["seed"]),
        (Wanted(words="attention  montage"), ["any"]),
        (Wanted(words="nothing like it"), []),
        (Wanted(sources=("user", "hub")), ["any", "new"]),
        (Wanted(licences=("MIT",)), ["any", "new"]),
        (Wanted(windows_s=(30.0,)), ["seed"]),
        (Wanted(rates_hz=(128.0,)), ["any", "new"]),
        (Wanted(montage="all_montages"), ["any"]),
        (Wanted(montage="fixed"), ["seed", "new"]),
        (Wanted(max_parameters=5000), ["seed", "new"]),
        (Wanted(min_sensitivity=0.9), ["seed", "any"]),
        (Wanted(max_false_alarms=1.0), ["any"]),
        (Wanted(dataset="ward B"), ["seed", "any"]),
        (Wanted(dataset="ward B", min_sensitivity=0.5), ["any"]),
        (Wanted(dataset="ward B", max_false_alarms=1.0), ["seed", "any"]),
        (Wanted(words="attention", max_parameters=1000, licences=("MIT",)), ["new"]),
    ],
    ids=repr,
)
def test_only_what_is_wanted_is_found(wanted: Wanted, found: list[str]) -> None:
    assert ids(wanted) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("registry", ["seed", "any", "new"]),
        ("title", ["any", "new", "seed"]),
        ("newest", ["new", "any", "seed"]),
        ("parameters", ["new", "seed", "any"]),
        ("window", ["any", "new", "seed"]),
        ("sensitivity", ["any", "seed", "new"]),
        ("false_alarms", ["any", "seed", "new"]),
    ],
)
def test_nets_are_put_in_the_order_asked_for(order: str, found: list[str]) -> None:
    assert ids(Wanted(), order) == found


def test_scores_are_ordered_by_the_eeg_that_was_chosen() -> None:
    worse = replace(SEED, model_id="worse", scores=(score("ward B", sensitivity=0.1),))
    nets = (worse, SEED, ANY)
    found = matching(nets, Wanted(dataset="ward B"), "sensitivity")
    assert [net.model_id for net in found] == ["any", "seed", "worse"]


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
        (alive(50.0, "F7-T7", "Fp1-F7"), ["seed", "any"]),
        (alive(50.0, "F7-T7", "O1-O2"), ["any"]),
        (alive(20.0, "F7-T7", "Fp1-F7"), ["any"]),
        (alive(50.0, "ECG"), []),
        # Names alone do not do: these channels hold nothing, from start to end.
        (recording_of(50.0, labels=both), []),
        (memory_recording(both, [np.zeros(12800), noise(12800)]), []),
        # Nor does a rate from which no resampling leads to the models'.
        (memory_recording(both, [noise(500)] * 2, sampling_rates_hz=5.0), []),
    ):
        assert ids(Wanted(recording=recording)) == found


def test_cleared_filters_let_everything_through() -> None:
    wanted, order = wanted_of(None, cleared())
    assert wanted == Wanted()
    assert order == "registry"


def test_without_an_open_recording_nothing_can_fit_it() -> None:
    values = [*cleared()[:-1], True]
    with pytest.raises(ParameterError, match="Open a recording first"):
        wanted_of(None, values)
