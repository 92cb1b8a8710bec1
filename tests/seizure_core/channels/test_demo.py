from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.demo import DEMO_SEIZURES, demo_recording, simulate_demo
from seizure_core.io.opening import open_recording


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_recording(tmp_path_factory.mktemp("demo"))


def test_the_demo_is_written_once_and_opens_with_its_seizures_marked(written: Path) -> None:
    time_ns = written.stat().st_mtime_ns
    assert demo_recording(written.parent) == written
    assert written.stat().st_mtime_ns == time_ns
    recording = open_recording(written)
    assert recording.labels == list(CHBMIT_23)
    assert recording.duration_s == 600.0
    marked = [(a.onset_s, a.duration_s) for a in recording.annotations if "seizure" in a.text]
    assert marked == [(s.onset_s, s.duration_s) for s in DEMO_SEIZURES]
    expected = simulate_demo().signals_uv[:, 150 * 256 : 160 * 256]
    read = recording.read(list(range(23)), start_s=150.0, length_s=10.0)
    assert np.abs(read - expected).max() < 1.0


def test_two_writings_of_the_demo_are_the_same_bytes(written: Path, tmp_path: Path) -> None:
    assert written.read_bytes() == demo_recording(tmp_path).read_bytes()


def test_seizures_stand_out_of_the_demo(written: Path) -> None:
    signals = open_recording(written).read(list(range(23)))
    calm = np.median(signals[:, : 140 * 256].std(axis=1))
    for seizure in DEMO_SEIZURES:
        start = int((seizure.onset_s + seizure.duration_s / 2) * 256)
        ictal = np.median(signals[:, start : start + 20 * 256].std(axis=1))
        assert ictal > 1.6 * calm
