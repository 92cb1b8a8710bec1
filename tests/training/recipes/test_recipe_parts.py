from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.events.event import Event
from seizure_core.events.trace import ProbabilityTrace
from tests.properties import examples
from training.recipes.augmentation import Augmentation
from training.recipes.material.held_out import assembled_recordings, simulated_pairs
from training.recipes.material.pool import Pool, build_pool
from training.recipes.material.prepared import Prepared
from training.recipes.material.real_pieces import (
    VALIDATION_RECORDS,
    resting_files,
    seizure_pieces,
)
from training.recipes.material.real_pieces import (
    test_only_files as files_for_test_only,
)
from training.recipes.material.window_mix import (
    DEFAULT_MIXTURE,
    SEIZURE_KINDS,
    MixtureSettings,
    WindowMixer,
    joined,
)
from training.recipes.measure.measuring import Measured, tally
from training.recipes.measure.operating_point import choose_operating_point
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
    return build_pool(
        CONTRACT,
        first_seed=0,
        n_simulated=3,
        pieces=seizure_pieces(data),
        resting=resting_files(data),
    )


def mixer(pool: Pool, kinds: tuple[str, ...], seed: int = 0) -> WindowMixer:
    return WindowMixer(
        pool,
        channels=CHBMIT_23,
        window_samples=WINDOW,
        mixture=MixtureSettings(shares=dict.fromkeys(kinds, 1.0)),
        augmentation=None,
        seed=seed,
    )


def test_no_training_list_names_a_test_only_file(data: Path) -> None:
    training = {p.path for p in seizure_pieces(data)} | set(resting_files(data))
    test_only = {f.path for f in files_for_test_only(data)}
    assert test_only
    assert training
    assert not training & test_only
    assert {p.name[:5] for p in test_only} == {"chb01", "Subje"}


def test_held_out_records_are_marked(data: Path) -> None:
    kept = {p.record for p in seizure_pieces(data) if p.is_validation}
    assert kept == {"chb02_16plus", "chb03_03"}
    assert kept <= set(VALIDATION_RECORDS)


@pytest.mark.parametrize("kind", DEFAULT_MIXTURE)
def test_every_kind_of_window_is_drawn_with_its_label(pool: Pool, kind: str) -> None:
    windows, labels = mixer(pool, (kind,)).batch(6)
    assert windows.shape == (6, 23, WINDOW)
    assert windows.dtype == np.float32
    assert np.isfinite(windows).all()
    assert set(labels.tolist()) == {int(kind in SEIZURE_KINDS)}
    assert (np.abs(windows).sum(axis=(1, 2)) > 0).all()


def test_the_same_seed_draws_the_same_windows(pool: Pool) -> None:
    kinds = tuple(DEFAULT_MIXTURE)
    first, second = mixer(pool, kinds, 5).batch(8), mixer(pool, kinds, 5).batch(8)
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])


def test_kinds_a_pool_lacks_are_left_out(pool: Pool) -> None:
    simulated = Pool(with_seizures=pool.with_seizures, restless=pool.restless)
    windows, labels = mixer(simulated, tuple(DEFAULT_MIXTURE)).batch(12)
    assert len(windows) == 12
    assert 0 < labels.sum() < 12


def test_prepared_signals_are_what_the_detector_would_see(pool: Pool) -> None:
    piece = pool.ictal["chb03"][0]
    assert piece.signals.shape == (23, 2560)
    # 100 microvolts are 1 after the card's factor; T8-P8 stands in the montage twice.
    assert 0.05 < np.median(piece.signals.astype(np.float32).std(axis=1)) < 5.0
    assert np.array_equal(piece.signals[14], piece.signals[22])
    resting = pool.resting[0]
    missing = [row for row in range(23) if not resting.signals[row].any()]
    assert [CHBMIT_23[row] for row in missing] == ["T7-FT9", "FT9-FT10", "FT10-T8"]


def test_a_lone_seizure_is_silent_before_its_onset(pool: Pool) -> None:
    lone = pool.lone_seizures[0]
    event = lone.signals.seizures[0]
    onset = int(event.onset_s * 256)
    assert not lone.signals.signals[:, : onset - 1].any()
    assert np.abs(lone.signals.signals[:, onset + 2560 : onset + 7680]).max() > 0.1


def test_augmentation_loses_channels_and_keeps_shapes() -> None:
    windows = np.ones((40, 23, 64), dtype=np.float32)
    changed = Augmentation(lost_fraction=1.0, max_lost=6, no_low_temporal_fraction=0.0).apply(
        windows, CHBMIT_23, np.random.default_rng(0)
    )
    lost = (changed == 0).all(axis=2).sum(axis=1)
    assert lost.min() >= 1
    assert lost.max() <= 6
    assert changed.shape == (40, 23, 64)


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
    kept = [p for p in seizure_pieces(data) if p.is_validation]
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


def measured(events: list[tuple[float, float]], seizures: list[tuple[float, float]]) -> Measured:
    trace = ProbabilityTrace(probabilities=np.zeros(600, dtype=np.float32), duration_s=600.0)
    return Measured(
        file_name="x",
        trace=trace,
        events=tuple(Event(onset_s=a, duration_s=b - a) for a, b in events),
        seizures=tuple(Event(onset_s=a, duration_s=b - a) for a, b in seizures),
    )


def test_counting_found_covered_and_false() -> None:
    rows = [
        measured([(100, 130), (400, 420)], [(110, 150)]),  # found, 20 of 40 s, one false alarm
        measured([], [(200, 230)]),  # missed
        measured([(281, 290)], [(200, 230)]),  # within 60 s behind: found, nothing covered
    ]
    counts = tally(rows)
    assert (counts.n_seizures, counts.n_found, counts.n_false_alarms) == (3, 2, 1)
    assert (counts.seizure_s, counts.covered_s) == (100.0, 20.0)
    assert counts.f1 == pytest.approx(2 * 2 / (2 + 3 + 1))


def test_f1_is_undefined_where_nothing_is_and_nothing_was_said() -> None:
    assert tally([measured([], [])]).f1 is None
    assert tally([measured([(10, 20)], [])]).f1 == 0.0


def test_the_operating_point_separates_what_can_be_separated() -> None:
    def row(level: float, seizures: tuple[Event, ...]) -> Measured:
        values = np.full(300, 0.2, dtype=np.float32)
        values[100:140] = level
        trace = ProbabilityTrace(probabilities=values, duration_s=300.0)
        return Measured(file_name="x", trace=trace, events=(), seizures=seizures)

    seizure = (Event(onset_s=100.0, duration_s=40.0),)
    rows = [row(0.88, seizure), row(0.66, ()), row(0.66, ())]
    point, counts = choose_operating_point([rows])
    assert 0.66 < point.threshold <= 0.88
    assert (counts[0].n_found, counts[0].n_false_alarms) == (1, 0)


def test_the_ictal_share_of_a_window_is_exact() -> None:
    one = Prepared(
        signals=np.zeros((1, 256 * 100), dtype=np.float16),
        sampling_rate_hz=256.0,
        seizures=(Event(onset_s=20.0, duration_s=30.0),),
    )
    assert one.ictal_fraction(256 * 5, WINDOW) == pytest.approx(0.5)
    assert one.ictal_fraction(256 * 60, WINDOW) == 0.0
    assert one.ictal_fraction(256 * 20, WINDOW) == pytest.approx(1.0)
