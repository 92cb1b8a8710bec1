"""The golden input is the same everywhere and sensitive to what matters."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from seizure_core.json_document import sha256_of
from tests.zoo.models import build_from, card_document
from zoo.card.sections import GoldenSection
from zoo.errors import GoldenError
from zoo.store.model_folder import check_golden, golden_input, make_golden


def section_of(network: torch.nn.Module) -> GoldenSection:
    return GoldenSection.model_validate(make_golden(network, n_channels=2, n_samples=128))


def test_the_input_is_fixed_for_good() -> None:
    signals = golden_input(seed=1, n_windows=2, n_channels=3, n_samples=1000, amplitude=100.0)
    assert signals.shape == (2, 3, 1000)
    assert signals.dtype == np.float32
    assert np.abs(signals).max() <= 100.0
    assert sha256_of(signals.tobytes())[:16] == "b5d29a485ad719d5"


def test_every_seed_window_and_channel_differs() -> None:
    inputs = [
        golden_input(seed=seed, n_windows=2, n_channels=2, n_samples=50, amplitude=1.0)
        for seed in (1, 2)
    ]
    rows = {row.tobytes() for signals in inputs for row in signals.reshape(4, 50)}
    assert len(rows) == 8


def test_the_model_itself_passes_and_reports_a_difference_of_zero() -> None:
    network = build_from(card_document())
    assert check_golden(network, section_of(network), n_samples=128) < 1e-7


def test_any_single_changed_parameter_is_noticed() -> None:
    network = build_from(card_document()).eval()
    golden = section_of(network)
    for name, parameter in network.named_parameters():
        kept = parameter.detach().clone()
        with torch.no_grad():
            parameter.view(-1)[0] += 0.1
        with pytest.raises(GoldenError):
            check_golden(network, golden, n_samples=128)
        with torch.no_grad():
            parameter.copy_(kept)
        assert check_golden(network, golden, n_samples=128) < 1e-6, name


def test_a_model_that_gives_nan_has_no_golden() -> None:
    network = build_from(card_document())
    with torch.no_grad():
        network[5].bias[0] = float("inf")
    with pytest.raises(GoldenError, match="NaN or infinity"):
        make_golden(network, n_channels=2, n_samples=128)
