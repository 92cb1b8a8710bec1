"""Specification of simulations: plain values with defaults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from seizure_core.errors import ParameterError
from seizure_core.simulator.electrodes import ALL_ELECTRODES, electrode_positions

SeizureKind = Literal[
    "temporal_theta",
    "spike_wave",
    "low_voltage_fast",
    "tonic",
    "rhythmic_delta",
    "electrodecremental",
    "tonic_fast",
    "hypermotor",
    "absence",
    "neonatal",
    "one_sided",
]
SEIZURE_KINDS: tuple[SeizureKind, ...] = get_args(SeizureKind)

PatternKind = Literal[
    "grda",
    "lrda",
    "gpd",
    "lpd",
    "gpfa",
    "photic_driving",
    "sleep_spikes",
    "rocking",
    "nodding",
    "chewing",
    "physiotherapy",
]
PATTERN_KINDS: tuple[PatternKind, ...] = get_args(PatternKind)

Age = Literal["adult", "child", "neonate"]
ReferenceKind = Literal["ears", "average", "CZ"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedSeizure:
    """A seizure to simulate.

    Attributes
    ----------
    onset_s, duration_s : float
        In seconds from the start of the recording.
    focus : str
        Electrode over the focus.
    kind : str
        One of `SEIZURE_KINDS`.
    peak_uv : float
        Largest amplitude of the rhythm at `focus`.
    spread_s : float
        Time to spread by one radian; the other side follows later.
    muscle_uv : float or None
        Root mean square of its muscle activity; None takes the kind's default.
    shaking_uv : float
        Amplitude of slow movement artefacts.
    """

    onset_s: float
    duration_s: float
    focus: str = "T7"
    kind: SeizureKind = "temporal_theta"
    peak_uv: float = 180.0
    spread_s: float = 6.0
    muscle_uv: float | None = None
    shaking_uv: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPattern:
    """Activity that is no seizure but deceives detectors, at a known time.

    Attributes
    ----------
    onset_s, duration_s : float
        In seconds from the start of the recording.
    kind : str
        One of `PATTERN_KINDS`, named as by the American Clinical Neurophysiology Society: rhythmic
        delta (RDA), periodic discharges (PD) and fast activity (PFA), generalised or lateralised.
    focus : str
        Electrode at the centre of lateralised patterns, spikes and of the moved electrodes.
    frequency_hz : float
        Of waves, discharges, flashes, spikes, bites or strokes.
    height_uv : float
        Amplitude where it is largest; for chewing root mean square of the muscles.
    """

    onset_s: float
    duration_s: float
    kind: PatternKind
    focus: str = "T7"
    frequency_hz: float = 2.0
    height_uv: float = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundSettings:
    """Brain activity between seizures.

    Attributes
    ----------
    amplitude_uv : float
        Root mean square between neighbouring electrodes, without artefacts.
    slope : float
        Exponent of the decrease of power with frequency (1 to 2 in people).
    alpha_hz, alpha_uv : float
        Posterior rhythm with eyes closed: frequency and root mean square at O1.
    eyes_closed_fraction : float
        Fraction of the time, 0 to 1.
    sleep_fraction : float
        Fraction of the time in drowsiness or sleep, with slow waves, spindles, vertex waves.
    theta_bursts_per_min, spikes_per_min : float
        Short rhythmic bursts and single spikes that are not seizures.
    swing : float
        Fluctuation of sources within seconds: standard deviation of the log amplitude. 0 is
        steadier than in people.
    beta_uv : float
        Root mean square of frontal and central beta activity while awake.
    slow_wave_uv : float
        Root mean square of the slow waves of deep sleep at the vertex.
    k_complexes_per_min, clear_spindles_per_min : float
        During sleep; spindles are faint otherwise.
    age : str
        A "child" has posterior slow waves and rhythmic slowing when drowsy; the EEG of a "neonate"
        is discontinuous, with delta brushes.
    """

    amplitude_uv: float = 15.0
    slope: float = 1.5
    alpha_hz: float = 9.5
    alpha_uv: float = 12.0
    eyes_closed_fraction: float = 0.5
    sleep_fraction: float = 0.2
    theta_bursts_per_min: float = 0.3
    spikes_per_min: float = 0.3
    swing: float = 0.4
    beta_uv: float = 3.0
    slow_wave_uv: float = 0.0
    k_complexes_per_min: float = 0.0
    clear_spindles_per_min: float = 0.0
    age: Age = "adult"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactSettings:
    """Rates and amplitudes of artefacts.

    Attributes
    ----------
    blinks_per_min, eye_movements_per_min : float
        None during sleep.
    blink_uv : float
        Amplitude at FP1 and FP2.
    muscle_floor_uv, muscle_burst_uv : float
        Root mean square at the temples: permanent, and during bursts.
    muscle_spread : float
        Standard deviation of the log amplitude between muscles.
    muscle_bursts_per_min, chewing_per_min, movements_per_min, rocking_per_min : float
        Rocking is rhythmic movement such as patting.
    movement_uv : float
        Amplitude of movement artefacts.
    struggles_per_min : float
        Straining and shaking without a seizure.
    pops_per_min, loose_per_min, blocked_per_min : float
        Electrode pops, loose electrodes, and amplifier blocking.
    poor_contact_fraction, poor_contact_uv : float
        Fraction of noisy electrodes, and their usual noise.
    """

    blinks_per_min: float = 10.0
    blink_uv: float = 120.0
    eye_movements_per_min: float = 4.0
    muscle_floor_uv: float = 3.0
    muscle_spread: float = 0.3
    muscle_bursts_per_min: float = 2.0
    muscle_burst_uv: float = 25.0
    chewing_per_min: float = 0.1
    movements_per_min: float = 0.5
    movement_uv: float = 150.0
    rocking_per_min: float = 0.05
    struggles_per_min: float = 0.02
    pops_per_min: float = 0.3
    loose_per_min: float = 0.05
    blocked_per_min: float = 0.02
    poor_contact_fraction: float = 0.03
    poor_contact_uv: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderSettings:
    """Recorder, and processing of the signals afterwards.

    Attributes
    ----------
    gain : float
        1 is correct.
    noise_uv : float
        Root mean square of the amplifier noise, independent for every electrode.
    mains_hz, mains_uv : float
        Frequency and amplitude of mains interference; 0 µV is none.
    high_pass_hz, low_pass_hz : float
        Cut-offs of second- and fourth-order Butterworth filters; 0 is none.
    notch_hz : float
        Centre of a notch, an octave wide; 0 is none.
    quantisation_uv, range_uv : float
        Resolution, and largest value.
    reference : str
        Mean of the ears, average of the 10-20 electrodes, or CZ.
    offset_uv, drift_uv : float
        Standard deviations over electrodes of constant offsets and of drifts over minutes. Without
        a high-pass they stay in the recording.
    swapped : tuple of str
        Two electrodes whose plugs were exchanged; empty for none.
    """

    gain: float = 1.0
    noise_uv: float = 0.5
    mains_hz: float = 60.0
    mains_uv: float = 1.0
    high_pass_hz: float = 0.5
    low_pass_hz: float = 0.0
    notch_hz: float = 0.0
    quantisation_uv: float = 0.39
    range_uv: float = 1600.0
    reference: ReferenceKind = "ears"
    offset_uv: float = 0.0
    drift_uv: float = 0.0
    swapped: tuple[str, str] | tuple[()] = ()


CHBMIT_RECORDER = RecorderSettings(notch_hz=60.0)
"""A hospital's broad-band long-term recorder, as in CHB-MIT."""

EEGMAT_RECORDER = RecorderSettings(
    gain=0.5,
    noise_uv=0.1,
    mains_hz=50.0,
    mains_uv=0.0,
    low_pass_hz=45.0,
    notch_hz=50.0,
    quantisation_uv=0.002,
    range_uv=500.0,
)
"""A laboratory recorder after 0.5-45 Hz filtering and cleaning, as in eegmat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationSpec:
    """A recording to simulate.

    Attributes
    ----------
    seed : int
        The same spec and seed give the same signals.
    electrodes : tuple of str
        Electrodes of the result, against the recorder's reference.

    Raises
    ------
    ParameterError
        A duration, rate, electrode or seizure that cannot be simulated.
    """

    duration_s: float
    sampling_rate_hz: float = 256.0
    seizures: tuple[SimulatedSeizure, ...] = ()
    patterns: tuple[SimulatedPattern, ...] = ()
    seed: int = 0
    electrodes: tuple[str, ...] = ALL_ELECTRODES
    background: BackgroundSettings = field(default_factory=BackgroundSettings)
    artefacts: ArtefactSettings = field(default_factory=ArtefactSettings)
    recorder: RecorderSettings = field(default_factory=RecorderSettings)

    def __post_init__(self) -> None:
        if not self.duration_s > 0 or not 32 <= self.sampling_rate_hz <= 4096:
            raise ParameterError(
                "A simulated recording needs more than 0 s and 32 to 4096 Hz; "
                "{duration_s:g} s at {sampling_rate_hz:g} Hz was asked for.",
                duration_s=self.duration_s,
                sampling_rate_hz=self.sampling_rate_hz,
            )
        if self.seed < 0:
            raise ParameterError("A seed is 0 or more; {seed} was given.", seed=self.seed)
        electrode_positions(self.electrodes)
        electrode_positions(self.recorder.swapped)
        for seizure in self.seizures:
            self._check(seizure, SEIZURE_KINDS)
        for pattern in self.patterns:
            self._check(pattern, PATTERN_KINDS)

    def _check(self, timed: SimulatedSeizure | SimulatedPattern, kinds: Sequence[str]) -> None:
        electrode_positions([timed.focus])
        if timed.kind not in kinds:
            raise ParameterError(
                "The simulator has no kind {kind!r}. It has: {kinds}.",
                kind=timed.kind,
                kinds=", ".join(kinds),
            )
        if timed.duration_s <= 0 or not 0 <= timed.onset_s < self.duration_s:
            raise ParameterError(
                "{kind}: {duration_s:g} s at {onset_s:g} s do not fit into a recording of "
                "{recording_s:g} s.",
                kind=timed.kind,
                duration_s=timed.duration_s,
                onset_s=timed.onset_s,
                recording_s=self.duration_s,
            )

    @property
    def n_samples(self) -> int:
        """Samples per electrode."""
        return max(1, round(self.duration_s * self.sampling_rate_hz))
