from __future__ import annotations

from pathlib import Path

import numpy as np

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.demo import DEMO_SEIZURES, demo_recording, simulate_demo
from seizure_core.io.opening import open_recording


def test_the_demo_is_written_once_and_opens_with_its_seizures_marked(tmp_path: Path) -> None:
    path = demo_recording(tmp_path / "cache")
    written = path.stat().st_mtime_ns
    assert demo_recording(tmp_path / "cache") == path
    assert path.stat().st_mtime_ns == written
    recording = open_recording(path)
    assert recording.labels == list(CHBMIT_23)
    assert recording.duration_s == 600.0
    marked = [(a.onset_s, a.duration_s) for a in recording.annotations if "seizure" in a.text]
    assert marked == [(s.onset_s, s.duration_s) for s in DEMO_SEIZURES]
    expected = simulate_demo().signals_uv[:, 150 * 256 : 160 * 256]
    read = recording.read(list(range(23)), start_s=150.0, length_s=10.0)
    assert np.abs(read - expected).max() < 1.0


def test_two_writings_of_the_demo_are_the_same_bytes(tmp_path: Path) -> None:
    first, second = demo_recording(tmp_path / "a"), demo_recording(tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()


def test_seizures_stand_out_of_the_demo() -> None:
    signals = simulate_demo().signals_uv
    calm = np.median(signals[:, : 140 * 256].std(axis=1))
    for seizure in DEMO_SEIZURES:
        start = int((seizure.onset_s + seizure.duration_s / 2) * 256)
        ictal = np.median(signals[:, start : start + 20 * 256].std(axis=1))
        assert ictal > 1.6 * calm
