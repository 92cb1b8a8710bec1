"""The recipe of the family: one way from simulated and real EEG to a trained network.

What differs between nets is data: a settings file for each, see `net_settings`. Choices rest
on held-out simulated recordings and held-out records of chb02 and chb03 alone; what is test
only is read by `net_measuring.measure_test_only` and nowhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from training.recipes.family_card import FamilyFacts, family_card
from training.recipes.fitting import Labelled, fit
from training.recipes.material.pool import Pool
from training.recipes.material.pool_store import PoolRequest, stored_pool
from training.recipes.material.real_pieces import RealPiece, resting_files, seizure_pieces
from training.recipes.material.seeds import TRAINING_SEEDS, VALIDATION_SEEDS
from training.recipes.material.training_hashes import training_hashes
from training.recipes.material.window_mix import WindowMixer
from training.recipes.measure.model_measuring import (
    FULL,
    Amounts,
    detector_of,
    measure_held_out,
    validation_groups,
)
from training.recipes.measure.points import (
    calibrated_on_validation,
    points_on_validation,
    traced_groups,
)
from training.recipes.model_settings import NetSettings
from training.recipes.progress import History, progress_file
from zoo.card.schema import ArchitectureCard
from zoo.layers.network import build_network
from zoo.store.sealing import write_net

if TYPE_CHECKING:
    from torch import nn

Report = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Trained:
    """A network behind its training.

    Attributes
    ----------
    network : torch.nn.Module
        In eval mode, with the weights of its best epoch.
    history : list of dict
        One row for each epoch.
    validation : tuple
        Windows and labels that chose the epoch.
    """

    network: nn.Sequential
    history: History
    validation: Labelled


def train_network(
    settings: NetSettings, *, data: Path, work: Path, report: Report = print
) -> Trained:
    """Train a net of the family; an interrupted training goes on where it stopped.

    Parameters
    ----------
    settings : NetSettings
    data : Path
        Folder that holds `chbmit` and `eegmat`.
    work : Path
        Where prepared EEG and the state of trainings are kept.
    report : callable
        Takes one line of progress at a time.

    Raises
    ------
    RecordingError
        The real EEG is missing or unreadable.
    TrainingError
        The state on disk is damaged.
    """
    import torch

    # More threads add up in another order: one gives the same net again.
    torch.set_num_threads(1)
    torch.manual_seed(settings.seed)
    pieces = seizure_pieces(data)
    report("simulating and reading ...")
    used, kept = ([p for p in pieces if p.is_validation is held] for held in (False, True))
    windows = _mixer(
        settings,
        _pool(settings, work, TRAINING_SEEDS, settings.n_simulated, used, resting_files(data)),
    )
    validation = _mixer(
        settings,
        _pool(settings, work, VALIDATION_SEEDS, settings.n_validation_simulated, kept, ()),
    ).batch(settings.n_validation_windows)
    contract = settings.input
    network = build_network(settings.network, contract.build_channels, contract.window_samples)
    history = fit(
        network,
        windows,
        validation,
        settings.fit_settings,
        report,
        progress_file(work, settings.model_id, settings.to_json()),
    )
    return Trained(network=network, history=history, validation=validation)


def _pool(
    settings: NetSettings,
    work: Path,
    first_seed: int,
    n_simulated: int,
    pieces: Sequence[RealPiece],
    resting: Sequence[Path],
) -> Pool:
    request = PoolRequest(
        contract=settings.input,
        first_seed=first_seed,
        n_simulated=n_simulated,
        pieces=pieces,
        resting=resting,
    )
    return stored_pool(work / "pools", request)


def _mixer(settings: NetSettings, pool: Pool) -> WindowMixer:
    return WindowMixer(
        pool,
        channels=settings.input.channels,
        window_samples=settings.input.window_samples,
        mixture=settings.mixture_settings,
        augmentation=settings.augmentation,
        seed=settings.seed,
        n_steps=settings.n_steps,
        n_rows=settings.n_rows,
    )


def make_net(
    settings: NetSettings,
    *,
    data: Path,
    folder: Path,
    work: Path,
    amounts: Amounts = FULL,
    report: Report = print,
) -> ArchitectureCard:
    """Train a net, calibrate it, choose its operating points, measure it, write its folder.

    Parameters
    ----------
    settings : NetSettings
    data, work : Path
        See `train_network`.
    folder : Path
        The net's folder; its files are replaced.
    amounts : Amounts
        How much is simulated to choose and to measure on.
    report : callable
        Takes one line of progress at a time.

    Returns
    -------
    ArchitectureCard
        As written. Test-only data was not touched.
    """
    trained = train_network(settings, data=data, work=work, report=report)
    pieces = [piece.path for piece in seizure_pieces(data) if not piece.is_validation]
    resting = resting_files(data)
    facts = FamilyFacts(
        history=trained.history,
        signals=training_hashes(pieces, resting, salt=_salt(settings)),
        n_pieces=len(pieces),
        n_resting=len(resting),
    )
    network = trained.network
    write_net(folder, document=family_card(settings, facts), network=network)

    report("calibrating and choosing operating points ...")
    groups = validation_groups(data, amounts)
    calibration = calibrated_on_validation(network, traced_groups(detector_of(folder), groups))
    facts = replace(facts, calibration=calibration)
    write_net(folder, document=family_card(settings, facts), network=network)
    facts = replace(facts, points=points_on_validation(detector_of(folder), groups))
    document = family_card(settings, facts)
    write_net(folder, document=document, network=network)

    report("measuring on what was held out ...")
    results = measure_held_out(folder, data, amounts=amounts)
    return write_net(folder, document=document | {"results": results}, network=network)


def _salt(settings: NetSettings) -> str:
    """Return a salt for the hashes of training signals; not secret, but each card's own."""
    return hashlib.sha256(f"seizure-zoo {settings.model_id}".encode()).hexdigest()[:32]
