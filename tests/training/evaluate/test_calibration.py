"""Calibration of probabilities, and how it goes into a network."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from tests.training.material import (
    NETWORK,
    STEP_NETWORK,
)
from training.evaluate.calibration import (
    Rescaling,
    apply_rescaling,
    calibrate,
    fit_rescaling,
    reliability,
)
from zoo.layers.network import build_network
from zoo.store.model_folder import run_network


def test_calibration_lowers_the_loss_and_its_error_and_leaves_the_order_alone() -> None:
    generator = torch.Generator().manual_seed(0)
    truth = torch.randint(0, 2, (4000,), generator=generator)
    evidence = (2.0 * truth - 1.0) + 1.5 * torch.randn(4000, generator=generator)
    # Too sure by a factor of five, and leaning towards seizure.
    logits = 5.0 * torch.stack([-evidence, evidence], dim=1) + torch.tensor([0.0, 6.0])
    rescaling = fit_rescaling(logits, truth)
    assert rescaling is not None
    # Bayes: the right logit of this evidence is 2 * evidence / 1.5 ** 2.
    assert rescaling.temperature == pytest.approx(10.0 * 1.5**2 / 2.0, rel=0.1)
    assert rescaling.bias == pytest.approx(-6.0 / rescaling.temperature, abs=0.1)
    without = fit_rescaling(logits, truth, with_bias=False)
    assert without is not None
    assert without.bias == 0.0
    assert fit_rescaling(logits[:5], truth[:5]) is None
    assert fit_rescaling(logits[truth == 1], truth[truth == 1]) is None


def test_a_model_that_is_far_too_unsure_is_made_surer() -> None:
    generator = torch.Generator().manual_seed(1)
    truth = torch.randint(0, 2, (2000,), generator=generator)
    evidence = (2.0 * truth - 1.0) + torch.randn(2000, generator=generator)
    rescaling = fit_rescaling(torch.stack([-0.1 * evidence, 0.1 * evidence], dim=1), truth)
    assert rescaling is not None
    # Bayes: the right logit of this evidence is 2 * evidence, ten times what was said.
    assert rescaling.temperature == pytest.approx(0.1, rel=0.15)


def test_windows_told_apart_perfectly_make_nothing_surer_than_their_number_allows() -> None:
    truth = torch.arange(40) % 2
    rescaling = fit_rescaling(torch.stack([1.0 - truth, truth.float()], dim=1), truth)
    assert rescaling is not None
    # Platt: twenty seizures without a miss say 21 of 22.
    surest = 1.0 / (1.0 + math.exp(-(1.0 / rescaling.temperature + rescaling.bias)))
    assert surest == pytest.approx(21.0 / 22.0, abs=1e-3)


def test_a_calibrated_network_gives_the_probabilities_that_were_reported() -> None:
    torch.manual_seed(0)
    network = build_network(NETWORK, 4, 256).eval()
    signals = torch.from_numpy(np.random.default_rng(0).normal(size=(400, 4, 256))).float()
    with torch.no_grad():
        before = network(signals)
        chance = torch.sigmoid(0.3 * (before[:, 1] - before[:, 0]) - 1.0)
        truth = (torch.rand(400, generator=torch.Generator().manual_seed(1)) < chance).long()
        calibrated = calibrate(network, before, truth, fitted_on="made-up windows")
        assert calibrated is not None
        after = torch.softmax(network(signals), dim=1)[:, 1]
    again = reliability(after.numpy(), truth.numpy() == 1)
    assert again is not None
    assert [one.n for one in again.bins] == [one.n for one in calibrated.after.bins]
    errors = (calibrated.before, calibrated.after)
    assert errors[1].expected_calibration_error < errors[0].expected_calibration_error


def test_reliability_holds_probabilities_against_what_happened() -> None:
    found = reliability([0.05, 0.05, 0.95, 0.95, 1.0, float("nan")], [0, 1, 1, 1, 0, 1])
    assert found is not None
    assert [(one.n, one.seizure_fraction) for one in found.bins] == [(2, 0.5), (3, 0.666667)]
    expected = (2 * 0.45 + 3 * (2.9 / 3 - 2 / 3)) / 5
    assert found.expected_calibration_error == pytest.approx(expected, abs=1e-6)
    assert reliability([], []) is None


def test_a_rescaling_goes_into_the_last_layer() -> None:
    torch.manual_seed(0)
    network = build_network(NETWORK, 4, 256).eval()
    signals = np.random.default_rng(0).normal(size=(3, 4, 256)).astype(np.float32)
    before = run_network(network, signals)
    assert apply_rescaling(network, Rescaling(temperature=2.5, bias=0.7))
    assert np.allclose(run_network(network, signals), before / 2.5 + [0.0, 0.7], atol=1e-5)
    pooled = build_network(
        [*STEP_NETWORK, {"type": "adaptive_avg_pool1d", "output_size": 1}], 4, 256
    )
    assert not apply_rescaling(pooled, Rescaling(temperature=2.5))
    unbiased = build_network([*NETWORK[:-1], {**NETWORK[-1], "bias": False}], 4, 256)
    assert not apply_rescaling(unbiased, Rescaling(temperature=2.5, bias=0.7))
    assert apply_rescaling(unbiased, Rescaling(temperature=2.5))
