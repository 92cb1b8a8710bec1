"""Model folders: card, weights and README, loaded with every check.

A golden output, the logits of a seeded input, verifies that a loaded model computes what it did.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.card.schema import CARD_FILE, ArchitectureCard, read_card
from zoo.card.sections import WEIGHTS_FILE, GoldenSection
from zoo.errors import GoldenError
from zoo.layers.network import build_network
from zoo.store.weights import WeightsFile, check_origin, load_into, read_weights

if TYPE_CHECKING:
    from torch import nn

N_WINDOWS = 2
AMPLITUDE = 100.0
TOLERANCE = 1e-4

# Samples for which each value is held: noise at three speeds, so that it varies for every kernel
# length and stride.
_HOLDS = (1, 16, 256)


def golden_input(
    *, seed: int, n_windows: int, n_channels: int, n_samples: int, amplitude: float
) -> NDArray[np.float32]:
    """Return noise that is the same on every machine and with every library version.

    It is derived from SHAKE-256, because random generators may change between versions.

    Returns
    -------
    ndarray of float32, shape (n_windows, n_channels, n_samples)
        Between -amplitude and amplitude.
    """
    signals = np.zeros((n_windows * n_channels, n_samples))
    for hold in _HOLDS:
        n_values = -(-n_samples // hold)
        digest = hashlib.shake_256(f"golden {seed} {hold}".encode())
        raw = digest.digest(2 * n_values * len(signals))
        values = np.frombuffer(raw, dtype="<u2").reshape(len(signals), n_values)
        held = np.repeat(values.astype(np.float64), hold, axis=1)[:, :n_samples]
        signals += held / 32768.0 - 1.0
    scaled = signals * (amplitude / len(_HOLDS))
    return scaled.astype(np.float32).reshape(n_windows, n_channels, n_samples)


def make_golden(
    network: nn.Module, *, n_channels: int, n_samples: int, seed: int = 1
) -> dict[str, Any]:
    """Return the card's `golden` section of a network.

    Raises
    ------
    GoldenError
        The output is NaN or infinite.
    """
    settings: dict[str, Any] = {
        "seed": seed,
        "n_windows": N_WINDOWS,
        "n_channels": n_channels,
        "amplitude": AMPLITUDE,
    }
    logits = run_network(network, golden_input(n_samples=n_samples, **settings))
    if not np.isfinite(logits).all():
        raise GoldenError(WEIGHTS_FILE, "the model gives NaN or infinity; it cannot be kept.")
    # Nine digits identify every float32.
    rounded = np.array([float(f"{x:.9g}") for x in logits.ravel()]).reshape(logits.shape)
    return {**settings, "tolerance": TOLERANCE, "logits": rounded.tolist()}


def check_golden(network: nn.Module, golden: GoldenSection, *, n_samples: int) -> float:
    """Compare a network's output on the golden input with the card.

    Returns
    -------
    float
        Largest difference, relative to the largest absolute logit plus 1.

    Raises
    ------
    GoldenError
        The difference exceeds the card's tolerance.
    """
    signals = golden_input(
        seed=golden.seed,
        n_windows=golden.n_windows,
        n_channels=golden.n_channels,
        n_samples=n_samples,
        amplitude=golden.amplitude,
    )
    logits = run_network(network, signals)
    expected = np.array(golden.logits)
    scale = 1.0 + float(np.abs(expected).max())
    difference = float(np.abs(logits - expected).max()) / scale
    # Written so that NaN is refused, too.
    if not difference <= golden.tolerance:
        raise GoldenError(
            WEIGHTS_FILE,
            "the model does not compute what it computed when it was published: on the golden "
            "input its output is off by {difference:.3g} (accepted: {tolerance:.3g}). Card and "
            "weights are whole but do not belong together, or this machine computes differently.",
            difference=difference,
            tolerance=golden.tolerance,
        )
    return difference


def run_network(network: nn.Module, signals: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the logits of a network in eval mode; its mode is restored.

    Returns
    -------
    ndarray of float64, shape (n_windows, 2) or (n_windows, 2, n_steps)
    """
    import torch

    was_training = network.training
    network.eval()
    try:
        with torch.inference_mode():
            logits = network(torch.from_numpy(signals))
    finally:
        network.train(was_training)
    as_float64: NDArray[np.float64] = logits.numpy().astype(np.float64)
    return as_float64


def open_folder(folder: str | Path) -> tuple[ArchitectureCard, nn.Sequential]:
    """Return card and network of a model folder after every check.

    In this order: card (schema, network, shapes), weights (size, format, sha256, hash of the card),
    tensors (names, shapes, finite values), golden output.

    Raises
    ------
    CardError
        The card cannot be read or contradicts itself.
    WeightsError
        The weights fail a check; subclasses tell which.
    """
    card = read_card(Path(folder) / CARD_FILE)
    weights = read_registered_weights(folder, card)
    network = build_network(card.network, card.input.build_channels, card.input.window_samples)
    load_into(network, weights)
    network.eval()
    check_golden(network, card.golden, n_samples=card.input.window_samples)
    return card, network


def read_registered_weights(folder: str | Path, card: ArchitectureCard) -> WeightsFile:
    """Read the weights of a card; check by their hashes that both belong together.

    Raises
    ------
    WeightsError
        They cannot be read, or do not belong to the card.
    """
    # Normalisations hold two more values for every two parameters.
    n_values = 2 * card.weights.n_parameters
    weights = read_weights(Path(folder) / card.weights.file, n_values=n_values)
    check_origin(weights, sha256=card.weights.sha256, card_sha256=card.sha256)
    return weights
