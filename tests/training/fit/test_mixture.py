from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.events.event import Event
from tests.properties import examples
from tests.training.fit.test_loop import TrainingCallback, trainer, weights
from tests.training.material import SETTINGS, make_dataset, references_in, write_recording
from training.data.builder import create_dataset
from training.data.pairing import pair_files
from training.data.store import open_dataset
from training.errors import TrainingError
from training.fit.dataset_source import DatasetPlan, check_mixture
from training.fit.mining import hardest_background
from training.fit.mixture import WindowForm, WindowMixer, draws_of_pieces, joined
from training.fit.pool import Pool, Prepared, build_pool
from training.fit.settings import (
    SEIZURE_KINDS,
    WINDOW_KINDS,
    MiningSettings,
    MixtureSettings,
    train_settings,
)
from training.recipes.held_out import (
    MEASURING_SEEDS,
    TRAINING_SEEDS,
    VALIDATION_SEEDS,
    assembled_recordings,
    simulated_pairs,
)
from training.recipes.real_pieces import (
    VALIDATION_RECORDS,
    resting_files,
    seizure_pieces,
)
from training.recipes.real_pieces import (
    test_only_files as files_for_test_only,
)
from zoo.card.sections import InputSection

WINDOW = 7680
CONTRACT = InputSection.model_validate(
    {
        "channels": list(CHBMIT_23),
        "min_coverage": 0.75,
        "sampling_rate_hz": 256.0,
        "window_s": 30.0,
        "stride_s": 1.0,
        "unit": "uV",
        "preprocessing": [{"step": "scale", "factor": 0.01}],
    }
)


@pytest.fixture(scope="module")
def data(recipe_data: Path) -> Path:
    return recipe_data


@pytest.fixture(scope="module")
def pool(data: Path) -> Pool:
    real = resting_files(data) + seizure_pieces(data)
    return build_pool(CONTRACT, first_seed=0, n_simulated=1, real=real)


def batch(
    pool: Pool, kinds: tuple[str, ...], n_windows: int, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    form = WindowForm(n_samples=WINDOW, n_steps=None)
    shares: dict[str, Any] = dict.fromkeys(kinds, 1.0)
    mixer = WindowMixer(MixtureSettings(**shares), form, pool, draws_of_pieces(pool, form))
    return mixer.batch(n_windows, np.random.default_rng(seed))


def test_no_training_list_names_a_test_only_file(data: Path) -> None:
    training = {p.path for p in seizure_pieces(data) + resting_files(data)}
    test_only = {f.path for f in files_for_test_only(data)}
    assert test_only
    assert training
    assert not training & test_only
    assert {p.name[:5] for p in test_only} == {"chb01", "Subje"}


def test_held_out_records_are_marked(data: Path) -> None:
    kept = {p.record for p in seizure_pieces(data, held_out=True)}
    assert kept == {"chb02_16plus", "chb03_03"}
    assert kept <= set(VALIDATION_RECORDS)


@pytest.mark.parametrize("kind", WINDOW_KINDS)
def test_every_kind_of_window_is_drawn_with_its_label(pool: Pool, kind: str) -> None:
    windows, labels = batch(pool, (kind,), 6)
    assert windows.shape == (6, 23, WINDOW)
    assert windows.dtype == np.float32
    assert np.isfinite(windows).all()
    assert set(labels.tolist()) == {int(kind in SEIZURE_KINDS)}
    assert (np.abs(windows).sum(axis=(1, 2)) > 0).all()


def test_the_same_seed_draws_the_same_windows(pool: Pool) -> None:
    first, second = (batch(pool, WINDOW_KINDS, 8, seed=5) for _ in range(2))
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])


def test_kinds_a_pool_lacks_are_left_out(pool: Pool) -> None:
    simulated = {kind: pool[kind] for kind in ("with_seizures", "restless")}
    windows, labels = batch(simulated, WINDOW_KINDS, 12)
    assert len(windows) == 12
    assert 0 < labels.sum() < 12
    with pytest.raises(TrainingError, match="Nothing of the mixture"):
        batch(simulated, ("resting",), 1)


def test_prepared_signals_are_what_the_detector_would_see(pool: Pool) -> None:
    piece = next(one for one in pool["ictal"] if one.patient == "chb03")
    assert piece.signals.shape == (23, 2560)
    # 100 microvolts are 1 after the card's factor; T8-P8 stands in the montage twice.
    assert 0.05 < np.median(piece.signals.astype(np.float32).std(axis=1)) < 5.0
    assert np.array_equal(piece.signals[14], piece.signals[22])
    resting = pool["resting"][0]
    missing = [row for row in range(23) if not resting.signals[row].any()]
    assert [CHBMIT_23[row] for row in missing] == ["T7-FT9", "FT9-FT10", "FT10-T8"]


def test_a_lone_seizure_is_silent_before_its_onset(pool: Pool) -> None:
    lone = pool["lone_seizures"][0]
    event = lone.seizures[0]
    onset = int(event.onset_s * 256)
    assert not lone.signals[:, : onset - 1].any()
    assert np.abs(lone.signals[:, onset + 2560 : onset + 7680]).max() > 0.1


@given(
    lengths=st.lists(st.integers(200, 400), min_size=1, max_size=3),
    n_samples=st.integers(100, 300),
)
@examples(0.5)
def test_joined_pieces_have_the_wanted_length_and_no_jumps(
    lengths: list[int], n_samples: int
) -> None:
    ramps = [np.linspace(0, 1, n, dtype=np.float32)[None] for n in lengths]
    whole = joined(ramps, n_samples, 64)
    assert whole.shape == (1, n_samples)
    assert np.abs(np.diff(whole)).max() < 0.05


def test_assembled_recordings_come_with_and_without_the_seizure(data: Path) -> None:
    kept = seizure_pieces(data, held_out=True)
    made = list(assembled_recordings(kept))
    assert [round(recording.duration_s) for recording, _ in made] == [60, 120, 60, 120]
    assert [len(events) for _, events in made] == [0, 1, 0, 1]
    assert made[1][1][0].onset_s == 60.0


def test_pairs_differ_in_the_seizure_alone() -> None:
    ictal, calm = next(simulated_pairs(first_seed=3, n_pairs=1))
    event = ictal.events[0]
    before = slice(0, int(event.onset_s * 256) - 1)
    assert np.array_equal(ictal.signals_uv[:, before], calm.signals_uv[:, before])
    assert not np.array_equal(ictal.signals_uv, calm.signals_uv)
    assert calm.events == ()


def test_simulations_of_training_validation_and_measuring_are_far_apart() -> None:
    seeds = np.sort((TRAINING_SEEDS, VALIDATION_SEEDS, MEASURING_SEEDS))
    assert np.diff(seeds).min() >= 1_000_000


def test_the_ictal_share_of_a_window_is_exact() -> None:
    one = Prepared(
        signals=np.zeros((1, 256 * 100), dtype=np.float16),
        sampling_rate_hz=256.0,
        seizures=(Event(onset_s=20.0, duration_s=30.0),),
    )
    shares = [one.ictal_mask(256 * start_s, WINDOW).mean() for start_s in (5, 60, 20)]
    assert shares == pytest.approx([0.5, 0.0, 1.0])


MIXED: dict[str, Any] = {
    "split": "recording",
    "epochs": 2,
    "augmentation": {"gain_spread": 0.3, "flip": 0.5, "lost_fraction": 0.3, "max_lost": 2},
    "mixture": {
        "real_seizure": 0.2,
        "real_background": 0.2,
        "resting": 0.1,
        "simulated_seizure": 0.2,
        "artefacts": 0.2,
        "seizure_over_real": 0.1,
        "n_simulated": 1,
        "batches_per_epoch": 3,
    },
    "mining": {"fraction": 0.5, "every_epochs": 1},
}


def test_a_users_training_draws_from_simulated_eeg_and_goes_on_bit_for_bit(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data")
    whole = TrainingCallback()
    trainer(dataset, tmp_path / "whole", whole, **MIXED).run()
    assert whole.n_batches == 6
    assert len(list((tmp_path / "whole").glob("*.safetensors"))) == 3  # two checkpoints, the pool
    assert whole.rows[-1]["event_f1"] is not None
    while (
        trainer(dataset, tmp_path / "parts", TrainingCallback(stop_after=2), **MIXED).run()
        != "done"
    ):
        pass
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(one[name], other[name]) for name in one)
    plain = {**MIXED, "mixture": {}, "mining": {}}
    trainer(dataset, tmp_path / "plain", **plain).run()
    assert not torch.equal(one["0.weight"], weights(tmp_path / "plain")["0.weight"])


def test_recorded_windows_of_a_mixture_are_those_of_the_training_part(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data")
    settings = train_settings(
        {"mixture": {"real_seizure": 0.5, "real_background": 0.5, "resting": 0.2}}
    )
    source = DatasetPlan(dataset=dataset, settings=settings).stage(0, []).source
    epoch = source.epoch((0, 0, 0), None)
    ((signals, labels), *_) = epoch.batches_from(0)
    split = DatasetPlan(dataset=dataset, settings=settings).splits[0]
    known = {
        dataset.window(int(index)).tobytes(): int(dataset.windows["label"][index])
        for index in split.train
    }
    found = [known.get(window.numpy().tobytes()) for window in signals]
    assert {True, False} == {one is None for one in found} or None not in found
    for label, one in zip(labels.tolist(), found, strict=True):
        assert one in (None, label)  # resting background is multiplied
    assert sum(one is not None for one in found) > len(found) // 2


def test_windows_of_a_mixture_for_any_montage_have_as_many_channels_as_the_recordings(
    tmp_path: Path,
) -> None:
    paths = [
        write_recording(tmp_path, "chb02_01", [(12.0, 14.0)], seed=0),
        write_recording(
            tmp_path, "chb03_01", [(12.0, 14.0)], seed=2, electrodes=("FP1", "F7", "T7")
        ),
        write_recording(tmp_path, "chb05_01", [(12.0, 14.0)], seed=3),
    ]
    card = create_dataset(
        pair_files(paths, references_in(tmp_path)), {**SETTINGS, "channels": None}
    )
    dataset = open_dataset(card["dataset_id"])
    settings = train_settings({"mixture": MIXED["mixture"], "batch_size": 4})
    source = DatasetPlan(dataset=dataset, settings=settings).stage(0, []).source
    epoch = source.epoch((0, 0, 0), None)
    counts = {signals.shape[1] for signals, _ in epoch.batches_from(0)}
    assert counts <= {one.n_channels for one in dataset.recordings} | {3, 4, 5}


def test_simulated_windows_that_cannot_be_made_are_refused(tmp_path: Path) -> None:
    mixture = MixtureSettings(artefacts=0.5, real_seizure=0.5)
    dataset = make_dataset(tmp_path / "data")
    check_mixture(dataset, mixture)
    with pytest.raises(TrainingError, match="a share of seizures and one of background"):
        check_mixture(dataset, MixtureSettings(artefacts=1.0))
    with pytest.raises(TrainingError, match="this one has named channels"):
        check_mixture(dataset, mixture.model_copy(update={"n_channels": (2, 4)}))
    long = dataset.settings.model_copy(update={"window_s": 120.0})
    object.__setattr__(dataset, "settings", long)
    with pytest.raises(TrainingError, match="Windows of 120 s"):
        check_mixture(dataset, mixture)
    odd = long.model_copy(update={"window_s": 4.0, "channels": ("X1", "X2")})
    object.__setattr__(dataset, "settings", odd)
    with pytest.raises(TrainingError, match="no simulated EEG for the dataset's channels"):
        check_mixture(dataset, mixture)


def short_and_patterned() -> Pool:
    """Return a pool whose seizures are short and whose restless EEG is 1 in a pattern, else 0.1."""
    quiet = np.full((23, 40 * 256), 0.1, dtype=np.float16)
    patterned = quiet.copy()
    patterned[:, 15 * 256 : 25 * 256] = 1.0
    event = Event(onset_s=18.0, duration_s=4.0)
    pattern = Event(onset_s=15.0, duration_s=10.0)
    return {
        "with_seizures": [Prepared(signals=quiet, sampling_rate_hz=256.0, seizures=(event,))],
        "restless": [Prepared(signals=patterned, sampling_rate_hz=256.0, patterns=(pattern,))],
    }


def mixer_of(pool: Pool, n_samples: int) -> WindowMixer:
    form = WindowForm(n_samples=n_samples, n_steps=n_samples // 256)
    return WindowMixer(MixtureSettings(simulated_seizure=0.5, artefacts=0.5), form, pool, {})


def test_a_seizure_shorter_than_half_a_window_lies_around_its_centre() -> None:
    windows, labels = mixer_of(short_and_patterned(), 20 * 256).batch(40, np.random.default_rng(0))
    assert len(windows) == 40
    ictal = labels[labels.any(axis=1)]
    assert len(ictal)
    assert set(ictal.sum(axis=1)) <= {3, 4}  # steps of a second, of which both ends may be cut
    assert ictal[:, 9:11].any(axis=1).all()


def test_deceiving_patterns_are_drawn_more_often_than_they_last() -> None:
    windows, labels = mixer_of(short_and_patterned(), 2 * 256).batch(400, np.random.default_rng(1))
    background = windows[~labels.any(axis=1)]
    in_pattern = (background.max(axis=(1, 2)) > 0.5).mean()
    assert 0.5 < in_pattern < 0.9  # they last a quarter of the time


class Loudness(torch.nn.Module):
    """Takes what is loud for a seizure."""

    def __init__(self) -> None:
        super().__init__()
        self.gain = torch.nn.Parameter(torch.ones(()))

    def forward(self, signals: torch.Tensor) -> torch.Tensor:
        loud = self.gain * signals.abs().mean(dim=(1, 2))
        return torch.stack([torch.zeros_like(loud), loud], dim=1)


def test_the_background_that_deceives_the_network_most_comes_back() -> None:
    form = WindowForm(n_samples=512, n_steps=None)
    shares = MixtureSettings(simulated_seizure=0.5, artefacts=0.5)
    mixer = WindowMixer(shares, form, short_and_patterned(), {})
    settings = MiningSettings(fraction=0.2, every_epochs=2, pool=3.0)

    def hardest(epoch: int) -> list[int] | None:
        return hardest_background(mixer, Loudness(), (1, 0, epoch), settings, n_background=50)

    assert hardest(0) is None
    assert hardest(3) is None
    hard = hardest(2)
    assert hard is not None
    assert len(hard) == 10
    assert hard == hardest(2)
    assert not set(hard) & set(hardest(4) or [])
    assert (mixer.numbered(hard)[0].mean(axis=(1, 2)) > 0.9).all()
    # With a share of 1 all background windows are hard ones.
    windows, labels = mixer.batch(60, np.random.default_rng(3), hard=hard, hard_share=1.0)
    assert (windows[labels == 0].mean(axis=(1, 2)) > 0.9).all()
    assert (labels == 0).any()
