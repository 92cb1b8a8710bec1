from __future__ import annotations

import gzip
import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest

from seizure_core.errors import RecordingError
from tests.edf_files import build_edf
from tests.eeg_files import eeg_file, eeg_files
from training.data.digital_samples import digital_samples
from training.data.signal_hashes import (
    MAX_CARD_HASHES,
    KnownSignals,
    card_section,
    hash_channels,
    hash_file,
    new_salt,
)
from zoo.card.history import SignalHashes

SALT = "00" * 16


def known(*paths: Path) -> KnownSignals:
    section = card_section(
        np.concatenate([hash_file(path, salt=SALT) for path in paths]), salt=SALT
    )
    return KnownSignals.of_section(SignalHashes.model_validate(section))


def living_signal(n: int = 40_000, seed: int = 0) -> np.ndarray:
    walk = np.random.default_rng(seed).normal(scale=40, size=n)
    return np.round(walk).astype(np.int16)


def test_a_file_of_training_is_recognised_under_any_name(tmp_path: Path) -> None:
    path = eeg_file("chbmit/chb03/chb03_01_ictal_s372-382.edf")
    copy = tmp_path / "holiday.edf"
    shutil.copyfile(path, copy)
    found = known(path).recognise(copy)
    assert found.is_known
    assert found.n_known == found.n_blocks


def test_a_clip_that_starts_anywhere_is_recognised(tmp_path: Path) -> None:
    channels = [living_signal(seed=seed) for seed in range(4)]
    whole = build_edf(tmp_path / "whole.edf", channels, digital=True)
    clip = build_edf(tmp_path / "clip.edf", [c[7013:9013] for c in channels], digital=True)
    assert known(whole).recognise(clip).is_known
    assert known(clip).recognise(whole).is_known


def test_a_file_with_another_header_is_recognised(tmp_path: Path) -> None:
    channels = [living_signal(seed=seed) for seed in range(2)]
    one = build_edf(tmp_path / "one.edf", channels, digital=True)
    two = build_edf(
        tmp_path / "two.edf",
        channels,
        digital=True,
        labels=["X1", "X2"],
        physical_limits=("-1000", "1000"),
        start_date="01.01.99",
    )
    assert known(one).recognise(two).is_known


def test_a_packed_file_and_one_of_unknown_limits_are_recognised(tmp_path: Path) -> None:
    channels = [living_signal(seed=seed) for seed in range(2)]
    one = build_edf(tmp_path / "one.edf", channels, digital=True)
    two = build_edf(
        tmp_path / "two.edf", channels, digital=True, fields={"digital_maximum": ["", "inf"]}
    )
    packed = tmp_path / "one.edf.gz"
    packed.write_bytes(gzip.compress(one.read_bytes()))
    for other in (two, packed):
        found = known(one).recognise(other)
        assert found.is_known
        assert found.n_known == found.n_blocks


def test_other_recordings_of_the_same_person_and_recorder_are_not_recognised() -> None:
    paths = eeg_files("chbmit/chb03/*.edf")
    hashes = [set(hash_file(path, salt=SALT)["hash"].tolist()) for path in paths]
    assert all(hashes)
    assert not any(one & two for one, two in itertools.combinations(hashes, 2))


def test_what_recorders_write_alike_everywhere_is_not_recognised(tmp_path: Path) -> None:
    decay = np.round(-2000 * np.exp(-(np.arange(40_000) % 2000) / 150.0)).astype(np.int16)
    steps = np.tile(np.repeat([100, -100], 128), 157)[:40_000].astype(np.int16)
    flat = np.zeros(40_000, dtype=np.int16)
    one = build_edf(tmp_path / "one.edf", [decay, steps, flat, living_signal()], digital=True)
    two = build_edf(tmp_path / "two.edf", [decay, steps, flat, living_signal(seed=1)], digital=True)
    assert known(one).recognise(two).n_known == 0


def test_hashes_of_other_salts_tell_nothing_to_each_other() -> None:
    channels = [living_signal().astype(np.int32)]
    one, two = (
        set(hash_channels(channels, salt=salt)["hash"].tolist()) for salt in (SALT, new_salt())
    )
    assert one
    assert two
    assert not one & two


def test_the_cut_into_chunks_does_not_change_the_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    channels = [living_signal().astype(np.int32)]
    whole = hash_channels(channels, salt=SALT)
    monkeypatch.setattr("training.data.signal_hashes._CHUNK_SAMPLES", 1000)
    assert np.array_equal(hash_channels(channels, salt=SALT), whole)


def test_a_card_keeps_a_bounded_number_and_still_recognises() -> None:
    rng = np.random.default_rng(0)
    channels = [rng.integers(-3000, 3000, 2_600_000).astype(np.int32) for _ in range(5)]
    section = card_section(hash_channels(channels, salt=SALT), salt=SALT)
    assert MAX_CARD_HASHES / 4 < len(section["hashes"]) <= MAX_CARD_HASHES
    signals = KnownSignals.of_section(SignalHashes.model_validate(section))
    assert signals.recognise_samples([c[500_000:600_000] for c in channels]).is_known


def test_channels_too_short_to_tell_and_unreadable_files_do_no_harm(tmp_path: Path) -> None:
    short = build_edf(tmp_path / "short.edf", [[1.0] * 128], sampling_rate_hz=128)
    assert len(hash_file(short, salt=SALT)) == 0
    (tmp_path / "no.edf").write_bytes(b"0       rubbish")
    with pytest.raises(RecordingError):
        list(digital_samples(tmp_path / "no.edf"))
    with pytest.raises(RecordingError):
        list(digital_samples(tmp_path / "absent.edf"))
