from __future__ import annotations

from pathlib import Path

import pytest

from seizure_core.demo import DEMO_SEIZURES, simulate_demo
from tests.shared_files import SHARED_DATA, needs_shared_data
from training.recipes.measuring import measure
from training.recipes.n1spool_measuring import (
    TEST_ONLY_SPLIT,
    detector_of,
    measure_pairs,
    measure_simulated,
    measure_test_only,
    measure_validation_pieces,
)
from zoo.net_folder import load_net

FOLDER = Path(__file__).resolve().parents[2] / "zoo" / "models" / "n1spool-cnn"

# The network of the public contract, letter by letter.
CONTRACT_NETWORK = [
    {"type": "conv1d", "out_channels": 10, "kernel_size": 10, "stride": 5, "padding": 9},
    {"type": "relu"},
    {"type": "max_pool1d", "kernel_size": 15, "stride": 10},
    {"type": "conv1d", "out_channels": 5, "kernel_size": 5, "stride": 4, "padding": 4},
    {"type": "relu"},
    {"type": "max_pool1d", "kernel_size": 10, "stride": 5},
    {"type": "flatten"},
    {"type": "dropout", "p": 0.5},
    {"type": "linear", "out_features": 15},
    {"type": "linear", "out_features": 2},
]


def quoted(dataset: str) -> dict[str, float | None]:
    """Return the figures the shipped card quotes for one data set."""
    results = {one.dataset: one for one in load_net(FOLDER).card.results}
    return {name: metric.value for name, metric in results[dataset].metrics.items()}


def figures(result: dict[str, object]) -> dict[str, float | None]:
    metrics = result["metrics"]
    assert isinstance(metrics, dict)
    return {name: metric["value"] for name, metric in metrics.items()}


def test_it_is_the_network_of_the_contract_without_filters() -> None:
    card = load_net(FOLDER).card
    shipped = [layer.model_dump() for layer in card.network]
    for layer, wanted in zip(shipped, CONTRACT_NETWORK, strict=True):
        assert wanted.items() <= layer.items()
    assert card.weights.n_parameters == 3137
    assert [step["step"] for step in card.input.preprocessing] == ["scale"]
    assert len(card.input.channels or ()) == 23
    assert (card.input.sampling_rate_hz, card.input.window_s, card.input.stride_s) == (256, 30, 1)


def test_simulated_figures_on_the_card_are_measured_again() -> None:
    assert figures(measure_simulated(FOLDER)) == pytest.approx(
        quoted("simulated recordings"), abs=1e-3, nan_ok=True
    )


def test_the_net_answers_to_the_seizure_and_to_nothing_else_in_a_pair() -> None:
    measured = figures(measure_pairs(FOLDER))
    assert measured == pytest.approx(
        quoted("simulated pairs that differ only in the seizure"), abs=1e-3
    )
    order = measured["pairs_in_right_order"]
    assert order is not None
    assert order >= 0.9


def test_the_demo_recordings_seizures_are_found() -> None:
    recording = simulate_demo().as_recording("demo")
    row = measure(detector_of(FOLDER), [(recording, simulate_demo().events)])[0]
    assert len(row.found) == len(DEMO_SEIZURES)
    assert not row.false_alarms
    assert len(row.events) == len(DEMO_SEIZURES)


@needs_shared_data
def test_figures_on_held_out_pieces_are_measured_again() -> None:
    assert figures(measure_validation_pieces(FOLDER, SHARED_DATA)) == pytest.approx(
        quoted("CHB-MIT, held-out records of chb02 and chb03"), abs=1e-3
    )


@pytest.fixture(scope="module")
def test_only() -> dict[str, dict[str, float | None]]:
    """Measure the test-only files; no choice hangs on it, so it is no look in the log's sense."""
    return {
        str(one["dataset"]): figures(one) | {"n_recordings": float(one["n_recordings"])}
        for one in measure_test_only(FOLDER, SHARED_DATA)
    }


@needs_shared_data
def test_the_real_seizure_kept_for_testing_is_found(
    test_only: dict[str, dict[str, float | None]],
) -> None:
    covered = test_only["chb01 seizure"]["covered_fraction"]
    assert covered is not None
    assert covered >= 0.5


@needs_shared_data
def test_events_on_quiet_test_files_are_rare(
    test_only: dict[str, dict[str, float | None]],
) -> None:
    interictal, resting = test_only["chb01 interictal"], test_only["eegmat 15-19"]
    assert interictal["n_events"] is not None
    assert resting["n_events"] is not None
    assert interictal["n_events"] <= 1
    assert resting["n_recordings"] == 10
    assert resting["n_events"] <= 1


@needs_shared_data
def test_the_card_quotes_what_was_measured_on_test_files(
    test_only: dict[str, dict[str, float | None]],
) -> None:
    card = load_net(FOLDER).card
    assert {one.dataset for one in card.results if one.split == TEST_ONLY_SPLIT} == set(test_only)
    for dataset, measured in test_only.items():
        del measured["n_recordings"]
        assert measured == pytest.approx(quoted(dataset), abs=1e-3)
