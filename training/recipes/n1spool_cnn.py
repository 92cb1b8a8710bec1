"""The recipe of `n1spool-cnn`: from simulated and real EEG to a finished card.

Read `train` from top to bottom. Everything random hangs on the settings' seed; two CPU
cores need some minutes. Choices (weights, threshold, post-processing) rest on held-out
simulated recordings and held-out records of chb02 and chb03 alone; what is test only is
read by `net_measuring.measure_test_only` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from training.recipes.fitting import Labelled, fit
from training.recipes.material.pool import Pool, build_pool
from training.recipes.material.real_pieces import RealPiece, resting_files, seizure_pieces
from training.recipes.material.seeds import TRAINING_SEEDS, VALIDATION_SEEDS
from training.recipes.material.training_hashes import training_hashes
from training.recipes.material.window_mix import WindowMixer
from training.recipes.measure.measuring import measure
from training.recipes.measure.model_measuring import (
    detector_of,
    measure_held_out,
    validation_groups,
)
from training.recipes.measure.operating_point import choose_operating_point
from training.recipes.measure.points import (
    calibrated_on_validation,
    points_on_validation,
    traced_groups,
)
from training.recipes.n1spool_card import MODEL_ID, CardFacts, card_document
from training.recipes.n1spool_settings import RecipeSettings, plain_settings
from training.recipes.progress import progress_file
from zoo.card.schema import ArchitectureCard
from zoo.card.sections import InputSection
from zoo.layers.network import build_network
from zoo.presets import preset
from zoo.store.sealing import write_net

Report = Callable[[str], None]

# Not secret: it only keeps the hashes of this card apart from those of others.
_SALT = "5f3c1a9e77d04b62a8e15c0f93b6d214"


def train(
    data: Path,
    folder: Path,
    *,
    settings: RecipeSettings | None = None,
    work: Path | None = None,
    report: Report = print,
) -> ArchitectureCard:
    """Train the net, choose its operating point, measure it and write its folder.

    Parameters
    ----------
    data : Path
        Folder that holds `chbmit` and `eegmat`.
    folder : Path
        The net's folder; its files are replaced.
    settings : RecipeSettings, optional
        None means those of the shipped net.
    work : Path, optional
        Where an interrupted training is kept to go on from; None keeps nothing.
    report : callable
        Takes one line of progress at a time.

    Returns
    -------
    ArchitectureCard
        As written. Test-only data was not touched.

    Raises
    ------
    RecordingError
        The real EEG is missing or unreadable.
    """
    import torch

    settings = settings or RecipeSettings()
    torch.manual_seed(settings.seed)
    pieces = seizure_pieces(data)
    kept = [piece for piece in pieces if piece.is_validation]
    used = [piece for piece in pieces if not piece.is_validation]
    resting = resting_files(data)
    contract = InputSection.model_validate(card_document(CardFacts())["input"])

    report("simulating and reading ...")
    pool = build_pool(
        contract,
        first_seed=TRAINING_SEEDS,
        n_simulated=settings.n_simulated,
        pieces=used,
        resting=resting,
    )
    windows = _mixer(pool, contract, settings, seed=settings.seed)
    validation = _validation_windows(contract, settings, kept)

    net = preset("seed-cnn")
    network = build_network(net.layers, len(contract.channels or ()), contract.window_samples)
    progress = None
    if work is not None:
        progress = progress_file(work, MODEL_ID, repr(settings))
    history = fit(network, windows, validation, settings.fit, report, progress)

    facts = CardFacts(
        seed=settings.seed,
        settings=plain_settings(settings),
        history=history,
        signals=training_hashes([piece.path for piece in used], resting, salt=_SALT),
        n_pieces=len(used),
        n_resting=len(resting),
        n_simulated=settings.n_simulated,
        n_windows=settings.fit.epochs * settings.fit.batches_per_epoch * settings.fit.batch_size,
    )
    write_net(folder, document=card_document(facts), network=network)

    report("calibrating and choosing the operating point ...")
    recordings = validation_groups(data, settings.amounts)
    traced = traced_groups(detector_of(folder), recordings)
    facts = replace(facts, calibration=calibrated_on_validation(network, traced))
    write_net(folder, document=card_document(facts), network=network)
    point, _ = choose_operating_point([measure(detector_of(folder), group) for group in recordings])
    report(f"operating point: {point}")
    facts = facts.with_operating_point(point, points_on_validation(detector_of(folder), recordings))
    write_net(folder, document=card_document(facts), network=network)

    report("measuring on what was held out ...")
    results = measure_held_out(folder, data, amounts=settings.amounts)
    return write_net(folder, document=card_document(facts) | {"results": results}, network=network)


def _mixer(
    pool: Pool, contract: InputSection, settings: RecipeSettings, *, seed: int
) -> WindowMixer:
    return WindowMixer(
        pool,
        channels=contract.channels or (),
        window_samples=contract.window_samples,
        mixture=settings.mixture,
        augmentation=settings.augmentation,
        seed=seed,
    )


def _validation_windows(
    contract: InputSection, settings: RecipeSettings, kept: Sequence[RealPiece]
) -> Labelled:
    pool = build_pool(
        contract,
        first_seed=VALIDATION_SEEDS,
        n_simulated=settings.n_validation_simulated,
        pieces=kept,
        resting=(),
    )
    return _mixer(pool, contract, settings, seed=settings.seed).batch(settings.n_validation_windows)
