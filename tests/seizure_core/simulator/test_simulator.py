from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import welch

from seizure_core.errors import ParameterError
from seizure_core.simulator import (
    ALL_ELECTRODES,
    ELECTRODES_10_20,
    SEIZURE_KINDS,
    ArtefactSettings,
    RecorderSettings,
    SimulatedRecording,
    SimulatedSeizure,
    SimulationSpec,
    random_spec,
    simulate,
)
from seizure_core.simulator.electrodes import angles_between, electrode_positions
from seizure_core.simulator.seizures import POSTICTAL_S, SEIZURE_FORMS, waveform
from tests.properties import examples

CHAINS = (
    "FP1-F7 F7-T7 T7-P7 P7-O1 FP1-F3 F3-C3 C3-P3 P3-O1 FP2-F4 F4-C4 C4-P4 P4-O2 "
    "FP2-F8 F8-T8 T8-P8 P8-O2 FZ-CZ CZ-PZ"
).split()
QUIET = ArtefactSettings(
    blinks_per_min=0,
    eye_movements_per_min=0,
    muscle_floor_uv=0,
    muscle_bursts_per_min=0,
    chewing_per_min=0,
    movements_per_min=0,
    rocking_per_min=0,
    pops_per_min=0,
    loose_per_min=0,
    blocked_per_min=0,
)


def band_power(signals: np.ndarray, low_hz: float, high_hz: float) -> np.ndarray:
    frequencies, power = welch(signals, 256.0, nperseg=512, axis=-1)
    return power[..., (frequencies >= low_hz) & (frequencies < high_hz)].sum(axis=-1)


def test_the_same_spec_gives_the_same_signals_and_another_seed_others() -> None:
    spec = random_spec(3, 40.0, n_seizures=1)
    first, second = simulate(spec), simulate(spec)
    assert np.array_equal(first.signals_uv, second.signals_uv)
    assert first.events == second.events
    other = simulate(replace(spec, seed=spec.seed + 1))
    assert not np.array_equal(first.signals_uv, other.signals_uv)


def test_events_are_the_seizures_of_the_spec() -> None:
    seizures = (
        SimulatedSeizure(onset_s=10.0, duration_s=12.5, focus="T8", kind="rhythmic_delta"),
        SimulatedSeizure(onset_s=50.0, duration_s=30.0, focus="FZ", kind="spike_wave"),
    )
    recording = simulate(SimulationSpec(duration_s=60.0, seizures=seizures))
    assert [(e.onset_s, e.duration_s) for e in recording.events] == [(10.0, 12.5), (50.0, 10.0)]
    assert [e.channels for e in recording.events] == [("T8",), ("FZ",)]
    assert [e.text for e in recording.events] == ["rhythmic_delta", "spike_wave"]
    assert recording.signals_uv.shape == (len(ALL_ELECTRODES), 60 * 256)
    assert recording.signals_uv.dtype == np.float32
    assert recording.labels == ALL_ELECTRODES


def test_ictal_power_rises_first_at_the_focus_and_later_far_from_it() -> None:
    seizure = SimulatedSeizure(onset_s=30.0, duration_s=60.0, focus="T7", spread_s=10.0)
    spec = SimulationSpec(duration_s=100.0, seizures=(seizure,), seed=5, artefacts=QUIET)
    ictal = simulate(spec).derive(CHAINS).signals_uv
    calm = simulate(replace(spec, seizures=())).derive(CHAINS).signals_uv

    def rise(derivation: str, start_s: float, stop_s: float) -> float:
        row = CHAINS.index(derivation)
        part = slice(int(start_s * 256), int(stop_s * 256))
        return float(band_power(ictal[row, part], 2, 15) / band_power(calm[row, part], 2, 15))

    assert rise("T7-P7", 36, 46) > 3.0
    assert rise("T7-P7", 55, 80) > 8.0
    # Ten seconds a radian: the other temple, 0.8 rad beyond the crossing, is still calm.
    assert rise("T8-P8", 30, 37) < 1.05
    assert rise("T8-P8", 55, 80) > 1.2
    assert rise("T7-P7", 55, 80) > rise("T8-P8", 55, 80)


def test_the_rhythm_slows_down_in_the_course_of_a_temporal_seizure() -> None:
    seizure = SimulatedSeizure(onset_s=5.0, duration_s=60.0, focus="T7", peak_uv=400.0)
    spec = SimulationSpec(duration_s=70.0, seizures=(seizure,), seed=2, artefacts=QUIET)
    row = simulate(spec).derive(["T7-P7"]).signals_uv[0]

    def peak_hz(start_s: int, stop_s: int) -> float:
        frequencies, power = welch(row[start_s * 256 : stop_s * 256], 256.0, nperseg=1024)
        return float(frequencies[2:][np.argmax(power[2:])])

    assert 5.0 < peak_hz(14, 24) < 8.0
    assert 2.0 < peak_hz(54, 64) < 4.5


SEIZURELESS = SimulationSpec(duration_s=110.0, seed=11, recorder=RecorderSettings(high_pass_hz=0.0))


@pytest.fixture(scope="module")
def without() -> SimulatedRecording:
    return simulate(SEIZURELESS)


@pytest.mark.parametrize("kind", SEIZURE_KINDS)
def test_without_its_seizure_a_recording_is_the_same_elsewhere(
    without: SimulatedRecording, kind: str
) -> None:
    seizure = SimulatedSeizure(onset_s=20.0, duration_s=15.0, kind=kind)
    with_it = simulate(replace(SEIZURELESS, seizures=(seizure,)))
    changed = np.flatnonzero(np.any(with_it.signals_uv != without.signals_uv, axis=0)) / 256.0
    assert changed.min() >= 20.0
    assert changed.max() < 35.0 + POSTICTAL_S
    inside = slice(25 * 256, 34 * 256)
    difference = with_it.signals_uv[:, inside] - without.signals_uv[:, inside]
    assert difference.std(axis=1).max() > 30.0


def test_slowing_follows_the_seizure() -> None:
    seizure = SimulatedSeizure(onset_s=20.0, duration_s=30.0, focus="T7", peak_uv=300.0)
    spec = SimulationSpec(duration_s=120.0, seizures=(seizure,), seed=4, artefacts=QUIET)
    row = simulate(spec).derive(["T7-P7"]).signals_uv[0]
    before, after = row[5 * 256 : 18 * 256], row[52 * 256 : 65 * 256]
    assert band_power(after, 0.5, 3) > 2.0 * band_power(before, 0.5, 3)
    assert band_power(after, 12, 30) < 1.5 * band_power(before, 12, 30)


def _medians(recorder: str) -> dict[str, float]:
    """Typical values over simulated people: the numbers compared with real pieces."""
    rms, line_length, slopes, neighbours = [], [], [], []
    for seed in range(12):
        signals = simulate(random_spec(seed, 20.0, recorder=recorder)).derive(CHAINS).signals_uv
        signals = signals[:, 5 * 256 :]
        frequencies, power = welch(signals, 256.0, nperseg=512, axis=1)
        part = (frequencies >= 2) & (frequencies <= 30)
        fits = np.polyfit(np.log(frequencies[part]), np.log(power[:, part] + 1e-9).T, 1)
        rms.append(np.median(signals.std(axis=1)))
        line_length.append(np.median(np.abs(np.diff(signals, axis=1)).mean(axis=1)))
        slopes.append(np.median(fits[0]))
        correlation = np.abs(np.corrcoef(signals))
        neighbours.append(np.median(correlation[np.triu_indices(len(CHAINS), 1)]))
    values = {"rms": rms, "line_length": line_length, "slope": slopes, "correlation": neighbours}
    return {name: float(np.median(value)) for name, value in values.items()}


def test_hospital_background_lies_within_the_range_of_the_real_preictal_pieces() -> None:
    # 10th to 90th percentile of the ten pre-ictal pieces of chb02 and chb03.
    typical = _medians("hospital")
    assert 16.8 < typical["rms"] < 75.1
    assert 4.0 < typical["line_length"] < 26.7
    assert -1.91 < typical["slope"] < -0.83
    assert 0.1 < typical["correlation"] < 0.3


def test_laboratory_background_lies_within_the_range_of_eegmat() -> None:
    # 10th to 90th percentile of 10 s pieces of eegmat subjects 00 to 14.
    typical = _medians("laboratory")
    assert 5.5 < typical["rms"] < 10.4
    assert 0.98 < typical["line_length"] < 1.95
    assert -2.1 < typical["slope"] < -1.3
    assert 0.1 < typical["correlation"] < 0.3


def test_blinks_show_in_front_and_muscle_at_the_temples() -> None:
    base = SimulationSpec(duration_s=60.0, artefacts=QUIET, seed=1)
    calm = simulate(base)

    def added(**what: float) -> dict[str, float]:
        spec = replace(base, artefacts=replace(QUIET, **what))
        difference = simulate(spec).signals_uv - calm.signals_uv
        return dict(zip(calm.labels, difference.std(axis=1).tolist(), strict=True))

    background = replace(base.background, sleep_fraction=0.0)
    base = replace(base, background=background)
    calm = simulate(base)
    blinks = added(blinks_per_min=20.0)
    assert blinks["FP1"] > 4 * blinks["C3"] > 0
    muscle = added(muscle_floor_uv=10.0)
    assert muscle["T7"] > 2 * muscle["CZ"]


def test_mains_hum_sits_at_its_frequency() -> None:
    recorder = RecorderSettings(mains_hz=50.0, mains_uv=20.0)
    spec = SimulationSpec(duration_s=30.0, recorder=recorder, artefacts=QUIET)
    frequencies, power = welch(simulate(spec).signals_uv[0], 256.0, nperseg=512)
    assert frequencies[np.argmax(power * (frequencies > 20))] == 50.0


def test_values_are_multiples_of_the_recorders_step_within_its_range() -> None:
    recorder = RecorderSettings(quantisation_uv=0.5, range_uv=40.0)
    signals = simulate(SimulationSpec(duration_s=20.0, recorder=recorder)).signals_uv
    assert np.abs(signals).max() <= 40.0
    assert np.array_equal(signals * 2, np.round(signals * 2))


def test_derivations_are_differences_and_unknown_ones_are_refused() -> None:
    recording = simulate(SimulationSpec(duration_s=5.0, electrodes=("T7", "P7", "CZ")))
    derived = recording.derive(["T7-P7", "P7-T7", "T7-P7"])
    expected = recording.signals_uv[0] - recording.signals_uv[1]
    assert np.array_equal(derived.signals_uv, np.stack([expected, -expected, expected]))
    with pytest.raises(ParameterError, match="T7-O1"):
        recording.derive(["T7-O1"])


def test_a_simulated_recording_reads_like_a_file() -> None:
    seizure = SimulatedSeizure(onset_s=2.0, duration_s=2.0)
    simulated = simulate(SimulationSpec(duration_s=5.0, seizures=(seizure,)))
    recording = simulated.as_recording("made_up.edf")
    assert recording.duration_s == 5.0
    assert recording.labels == list(ALL_ELECTRODES)
    assert recording.annotations[0].onset_s == 2.0
    part = recording.read(["CZ"], start_s=1.0, length_s=2.0)
    row = simulated.labels.index("CZ")
    assert np.array_equal(part[0], simulated.signals_uv[row, 256:768])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"duration_s": 0.0}, "more than 0 s"),
        ({"sampling_rate_hz": 8.0}, "32 to 4096 Hz"),
        ({"electrodes": ("T3",)}, "no electrode T3"),
        ({"seed": -1}, "seed"),
        ({"seizures": (SimulatedSeizure(onset_s=70.0, duration_s=5.0),)}, "do not fit"),
        ({"seizures": (SimulatedSeizure(onset_s=0.0, duration_s=5.0, kind="x"),)}, "no kind"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_the_reason(
    change: dict[str, object], message: str
) -> None:
    with pytest.raises(ParameterError, match=message):
        SimulationSpec(**{"duration_s": 60.0, **change})


@given(
    seed=st.integers(0, 10_000),
    duration_s=st.floats(0.01, 40.0),
    rate_hz=st.sampled_from([128.0, 200.0, 256.0, 500.0]),
    n_seizures=st.integers(0, 2),
)
@examples(0.25)
def test_every_random_person_can_be_simulated_at_any_rate(
    seed: int, duration_s: float, rate_hz: float, n_seizures: int
) -> None:
    spec = random_spec(seed, duration_s, n_seizures=n_seizures, sampling_rate_hz=rate_hz)
    recording = simulate(spec)
    assert recording.signals_uv.shape == (len(ALL_ELECTRODES), max(1, round(duration_s * rate_hz)))
    assert np.isfinite(recording.signals_uv).all()
    assert len(recording.events) == n_seizures
    assert all(e.offset_s <= duration_s + 1e-9 for e in recording.events)


@pytest.mark.parametrize("kind", SEIZURE_KINDS)
def test_a_cycle_of_every_rhythm_has_mean_zero_and_height_one(kind: str) -> None:
    wave = waveform(np.linspace(0, 2 * np.pi, 4096, endpoint=False), SEIZURE_FORMS[kind])
    assert abs(wave.mean()) < 0.01
    assert 0.4 < np.abs(wave).max() <= 1.05


def test_left_and_right_electrodes_mirror_each_other() -> None:
    positions = electrode_positions(ELECTRODES_10_20)
    mirror = positions * np.array([-1.0, 1.0, 1.0])
    nearest = angles_between(positions, mirror).argmin(axis=1)
    mirrored = [ELECTRODES_10_20[i] for i in nearest]
    assert mirrored[ELECTRODES_10_20.index("T7")] == "T8"
    assert mirrored[ELECTRODES_10_20.index("FP1")] == "FP2"
    assert mirrored[ELECTRODES_10_20.index("PZ")] == "PZ"
