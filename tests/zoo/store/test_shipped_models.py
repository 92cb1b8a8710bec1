"""What every shipped model must fulfil; it runs over whatever `registry.json` names."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from seizure_core.json_document import sha256_of
from zoo.card.readme import model_readme
from zoo.card.schema import ArchitectureCard
from zoo.detector import Detector
from zoo.loading import load_detector
from zoo.store.home import SHIPPED_FOLDER
from zoo.store.model_folder import check_golden
from zoo.store.registry import Registry
from zoo.store.registry_file import REGISTRY_FILE, read_registry_file

ENTRIES = read_registry_file(SHIPPED_FOLDER / REGISTRY_FILE).entries
EVERY_MODEL = pytest.mark.parametrize("model_id", [entry.model_id for entry in ENTRIES])


@pytest.fixture(scope="module")
def models() -> dict[str, Detector]:
    """Return every shipped model, loaded with all checks."""
    return {entry.model_id: load_detector(entry.model_id) for entry in ENTRIES}


def windows_for(card: ArchitectureCard, n_windows: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(5)
    shape = (n_windows, card.input.build_channels, card.input.window_samples)
    return 40 * torch.randn(shape, generator=generator)


def probabilities(model: Detector, x: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return torch.softmax(model.network(x), dim=1)[:, 1]


def test_the_shipped_registry_is_sound_and_its_ids_are_unique() -> None:
    content = read_registry_file(SHIPPED_FOLDER / REGISTRY_FILE)
    raw = json.loads((SHIPPED_FOLDER / REGISTRY_FILE).read_text())["models"]
    assert content.faults == ()
    assert len({one["model_id"] for one in raw}) == len(raw)


def test_every_folder_of_shipped_models_is_registered() -> None:
    folders = SHIPPED_FOLDER.glob("zoo/models/*/card.json")
    assert {path.parent.name for path in folders} == {entry.model_id for entry in ENTRIES}


@EVERY_MODEL
def test_it_loads_with_every_check(models: dict[str, Detector], model_id: str) -> None:
    model, entry = models[model_id], Registry.load().get(model_id)
    assert entry.source == "shipped"
    assert not model.network.training
    assert model.card.model_id == model_id
    assert entry.folder == f"zoo/models/{model_id}"


@EVERY_MODEL
def test_its_hashes_and_size_are_those_of_its_files(
    models: dict[str, Detector], model_id: str
) -> None:
    card, entry = models[model_id].card, Registry.load().get(model_id)
    data = (entry.path / card.weights.file).read_bytes()
    assert sha256_of(data) == card.weights.sha256 == entry.weights_sha256
    assert len(data) == card.weights.size_bytes
    assert card.sha256 == entry.card_sha256
    n_parameters = sum(p.numel() for p in models[model_id].network.parameters())
    assert n_parameters == card.weights.n_parameters


@EVERY_MODEL
def test_its_golden_output_is_reproduced(models: dict[str, Detector], model_id: str) -> None:
    model = models[model_id]
    n_samples = model.card.input.window_samples
    assert check_golden(model.network, model.card.golden, n_samples=n_samples) <= 1e-4
    assert np.ptp(np.array(model.card.golden.logits)) > 0


@EVERY_MODEL
def test_its_outputs_are_probabilities_of_the_cards_shape(
    models: dict[str, Detector], model_id: str
) -> None:
    model = models[model_id]
    outputs = probabilities(model, windows_for(model.card, 3))
    n_steps = model.card.n_steps
    assert outputs.shape == ((3,) if n_steps is None else (3, n_steps))
    assert bool(torch.isfinite(outputs).all())
    assert bool(((outputs >= 0) & (outputs <= 1)).all())


@EVERY_MODEL
def test_silence_and_huge_signals_give_finite_probabilities(
    models: dict[str, Detector], model_id: str
) -> None:
    model = models[model_id]
    x = windows_for(model.card, 2)
    for scale in (0.0, 1e4):
        assert bool(torch.isfinite(probabilities(model, scale * x)).all())


@EVERY_MODEL
def test_a_window_alone_gives_what_it_gives_in_a_batch(
    models: dict[str, Detector], model_id: str
) -> None:
    model = models[model_id]
    x = windows_for(model.card, 5)
    together = probabilities(model, x)
    alone = torch.cat([probabilities(model, x[i : i + 1]) for i in range(len(x))])
    # Deep models add up the rounding of float32.
    torch.testing.assert_close(alone, together, rtol=0, atol=5e-6)


@EVERY_MODEL
def test_it_is_deterministic(models: dict[str, Detector], model_id: str) -> None:
    x = windows_for(models[model_id].card, 3)
    first = probabilities(models[model_id], x)
    assert torch.equal(probabilities(models[model_id], x), first)
    assert torch.equal(probabilities(load_detector(model_id), x), first)


@EVERY_MODEL
def test_its_card_says_what_it_is_for_and_what_it_is_not(
    models: dict[str, Detector], model_id: str
) -> None:
    card = models[model_id].card
    assert len(card.intended_use.split()) >= 5
    assert len(card.limitations.split()) >= 5
    assert card.authors
    assert card.training.data
    assert card.results, "say what was measured, good or bad"


@EVERY_MODEL
def test_its_readme_is_the_one_its_card_gives(models: dict[str, Detector], model_id: str) -> None:
    readme = Registry.load().get(model_id).path / "README.md"
    assert readme.read_text(encoding="utf-8") == model_readme(models[model_id].card)
