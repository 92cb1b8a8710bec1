"""A miniature of every recipe learns as well as it did when the shipped models were trained.

The figures were recorded with the recipes' own loop, of 2026-11-22, before they shared one with
the trainings of users: the least validation loss of three epochs of twenty batches, for three
seeds. Seeds and windows are drawn otherwise since, so that equal numbers cannot be expected.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from training.recipes import recipe_names
from training.recipes.making import train_network
from training.recipes.settings import recipe_settings

RECORDED = {
    "aligned-cnn": (0.4764, 0.5447, 0.5784),
    "any-montage": (0.5794, 0.4644, 0.4973),
    "dilated-tcn": (0.3962, 0.5593, 0.4325),
    "eegnet-small": (0.5491, 0.5455, 0.5946),
    "n1spool-cnn": (0.6276, 0.5651, 0.6129),
    "unet-attention": (0.4312, 0.4494, 0.4453),
}


def test_every_recipe_has_recorded_figures() -> None:
    assert set(RECORDED) == set(recipe_names())


@pytest.mark.slow
@pytest.mark.parametrize("name", RECORDED)
def test_a_miniature_reaches_the_recorded_figures(
    recipe_data: Path, recipe_work: Path, name: str
) -> None:
    recipe = recipe_settings(name).with_amounts(
        epochs=3,
        batches_per_epoch=20,
        batch_size=16,
        n_simulated=6,
        n_validation_simulated=3,
        n_validation_windows=96,
    )
    _, history = train_network(recipe, data=recipe_data, work=recipe_work, report=lambda _: None)
    least = min(row["validation_loss"] for row in history)
    # As good as the worst of the recorded seeds, and the epochs go down as they did.
    assert least <= max(RECORDED[name])
    assert history[-1]["train_loss"] < history[0]["train_loss"]
