"""Explanations of a window: exact on a transparent model, and on seizures of known focus."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.errors import ParameterError, RecordingTooShortError
from seizure_core.io.edf.writer import write_edf
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.simulator import SimulatedSeizure, SimulationSpec, simulate
from tests.memory_recording import memory_recording
from zoo.detector import Detector
from zoo.inference.explain import explain_window
from zoo.loading import load_detector
from zoo.store.registry import Registry

FOCI = ("F7", "P7", "C3", "C4", "P3", "F8", "T8", "P4", "F3", "CZ")
FOCAL_KINDS = ("temporal_theta", "low_voltage_fast", "rhythmic_delta")


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load_detector("n1spool-cnn")


def focal_seizure(folder: Path, number: int, focus: str) -> Recording:
    """Return a recording whose seizure stays where it begins, without muscle."""
    seizure = SimulatedSeizure(
        onset_s=15.0,
        duration_s=34.0,
        focus=focus,
        kind=FOCAL_KINDS[number % len(FOCAL_KINDS)],  # type: ignore[arg-type]
        peak_uv=300.0,
        spread_s=60.0,
        muscle_uv=0.0,
    )
    simulated = simulate(SimulationSpec(duration_s=50.0, seed=700 + number, seizures=(seizure,)))
    path = folder / f"focal_{number}.edf"
    signals = simulated.derive(CHBMIT_23).signals_uv
    write_edf(path, signals, labels=CHBMIT_23, sampling_rate_hz=256.0)
    return open_recording(path)


def test_the_focus_is_among_the_top_three_channels_of_focal_seizures_that_are_found(
    detector: Detector, tmp_path: Path
) -> None:
    found, named = 0, 0
    for number in range(6):
        focus = FOCI[number % len(FOCI)]
        explanation = explain_window(
            detector, focal_seizure(tmp_path, number, focus), centre_s=32.0
        )
        if explanation.probability < 0.5:
            continue
        found += 1
        named += any(focus in name.split("-") for name in explanation.top_channels(3))
    assert found >= 3
    assert named >= 0.8 * found


class OneChannelModel:
    """A model whose log odds are the energy of one channel's third quarter."""

    def __init__(self, channel: int) -> None:
        self.channel = channel

    def __call__(self, windows):  # type: ignore[no-untyped-def]
        import torch

        length = windows.shape[2]
        part = windows[:, self.channel, length // 2 : 3 * length // 4]
        energy = (part**2).mean(dim=1)
        return torch.stack([torch.zeros_like(energy), energy], dim=1)


def noise(duration_s: float) -> Recording:
    rng = np.random.default_rng(3)
    signals = rng.normal(0.0, 50.0, (len(CHBMIT_23), round(256 * duration_s)))
    return memory_recording(CHBMIT_23, list(signals.astype(np.float32)))


def test_silence_takes_away_exactly_what_a_simple_model_looks_at(detector: Detector) -> None:
    simple = Detector(card=detector.card, network=OneChannelModel(7))  # type: ignore[arg-type]
    explanation = explain_window(simple, noise(60.0), centre_s=30.0)
    assert explanation.top_channels(1) == (CHBMIT_23[7],)
    others = np.delete(np.arange(23), 7)
    assert not explanation.channel_effects[others].any()
    assert not explanation.effects[others].any()
    assert explanation.channel_effects[7] == pytest.approx(explanation.log_odds)
    # Stretches of 1.875 s: the model looks from 15 s to 22.5 s, the 8th to the 11th.
    inside = explanation.effects[7, 8:12]
    assert explanation.stretch_s == 1.875
    assert inside.min() > 0.1 * explanation.log_odds
    # The others matter only by the fade of a tenth of a second at the two borders.
    outside = np.delete(explanation.effects[7], range(8, 12))
    assert outside.max() < 0.1 * inside.min()
    assert explanation.effects[7].sum() == pytest.approx(explanation.log_odds, rel=0.1)
    first_s, last_s = explanation.top_stretch()
    assert 30.0 <= first_s < last_s <= 37.5


@pytest.mark.parametrize(("centre_s", "start_s"), [(0.0, 0.0), (30.0, 15.0), (60.0, 30.0)])
def test_the_window_lies_around_the_moment_and_inside_the_recording(
    detector: Detector, centre_s: float, start_s: float
) -> None:
    assert explain_window(detector, noise(60.0), centre_s=centre_s).start_s == start_s


def test_the_explained_probability_is_the_one_detection_gives(detector: Detector) -> None:
    recording = noise(60.0)
    detection = detector.detect(recording)
    for index in (0, 7, len(detection.times_s) - 1):
        explanation = explain_window(detector, recording, centre_s=float(detection.times_s[index]))
        assert explanation.start_s == detection.starts_s[index]
        assert explanation.probability == pytest.approx(
            float(detection.probabilities[index]), abs=1e-5
        )


def test_a_moment_outside_and_a_short_recording_are_refused(detector: Detector) -> None:
    with pytest.raises(ParameterError, match="61 s is outside"):
        explain_window(detector, noise(60.0), centre_s=61.0)
    with pytest.raises(RecordingTooShortError):
        explain_window(detector, noise(20.0), centre_s=5.0)


@pytest.mark.parametrize("model_id", sorted(Registry.load().models))
def test_every_model_of_the_zoo_can_be_explained(model_id: str) -> None:
    model = load_detector(model_id)
    explanation = explain_window(model, noise(2 * model.card.input.window_s), centre_s=10.0)
    assert explanation.effects.shape[0] == len(explanation.channels)
    assert np.isfinite(explanation.effects).all()
