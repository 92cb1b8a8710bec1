"""How well trends of the night show one-sided bursts of 2.5 Hz, and how fast they are made.

Run from the project's root: `python -m benchmarks.trends [N]` (default: 200 simulations). Each is a
minute of the simulator's EEG with its artefacts and sleep, in a longitudinal bipolar montage, once
without and once with lateralised delta of 12 to 20 s. A step of 10 s counts as shown where that
side is rhythmic and the asymmetry points to it more than in the middle step of the minute; every
such step without a burst is false. The two limits were chosen on 60 other simulations. The time is
that of 24 hours and 23 channels; 1 GB is needed in the temporary folder.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.viewer import LABELS, make_recording
from seizure_core import open_recording
from seizure_core.simulator import SimulatedPattern, SimulationSpec, simulate
from seizure_core.stats.night_trends import SIDES_OF_HEAD, HeadSide, NightTrends, night_trends
from tests.memory_recording import memory_recording

DURATION_S = 60.0
RHYTHMIC, ASYMMETRIC = 0.7, 0.1
FOCI: dict[HeadSide, tuple[str, ...]] = {
    "left": ("F3", "C3", "T7", "P7"),
    "right": ("F4", "C4", "T8", "P8"),
}
DERIVATIONS = [label.split("-") for label in LABELS[:18]]


def trends_of(spec: SimulationSpec) -> NightTrends:
    """Return the trends of a simulated recording."""
    made = simulate(spec)
    electrodes = dict(zip(made.labels, made.signals_uv, strict=True))
    signals = [electrodes[first] - electrodes[second] for first, second in DERIVATIONS]
    rate_hz = spec.sampling_rate_hz
    return night_trends(memory_recording(LABELS[:18], signals, sampling_rates_hz=rate_hz))


def shown(trends: NightTrends, side: HeadSide) -> NDArray[np.bool_]:
    """Return the steps that show a rhythm of one side."""
    beyond_usual = trends.asymmetry - np.median(trends.asymmetry)
    towards = beyond_usual if side == "right" else -beyond_usual
    return (trends.sides[side].rhythmicity >= RHYTHMIC) & (towards >= ASYMMETRIC)


def simulations(n: int) -> tuple[float, float, float]:
    """Return shares: bursts shown, recordings and steps without a burst that show one."""
    n_shown = n_false = n_false_steps = n_steps = 0
    for number in range(n):
        rng = np.random.default_rng([23, number])
        calm = SimulationSpec(duration_s=DURATION_S, seed=number)
        without = trends_of(calm)
        false = shown(without, "left") | shown(without, "right")
        n_false += bool(false.any())
        n_false_steps += int(false.sum())
        n_steps += false.size
        side = SIDES_OF_HEAD[number % 2]
        burst = SimulatedPattern(
            onset_s=rng.uniform(5, 35),
            duration_s=rng.uniform(12, 20),
            kind="lrda",
            focus=str(rng.choice(FOCI[side])),
            frequency_hz=2.5,
            height_uv=rng.uniform(80, 150),
        )
        starts_s = np.arange(len(without.asymmetry)) * without.step_s
        offset_s = burst.onset_s + burst.duration_s
        touched = (starts_s < offset_s) & (starts_s + without.step_s > burst.onset_s)
        n_shown += bool((shown(trends_of(replace(calm, patterns=(burst,))), side) & touched).any())
    return n_shown / n, n_false / n, n_false_steps / n_steps


def main() -> None:
    """Print the shares and the time."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seen, false, steps = simulations(n)
    print(f"{n} simulations: {seen:.1%} of bursts shown")
    print(f"without a burst: {false:.1%} of minutes and {steps:.1%} of steps show one")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "night.edf"
        make_recording(path, 24.0)
        recording = open_recording(path)
        began = time.process_time()
        night_trends(recording)
        print(f"24 h, 23 channels: {time.process_time() - began:.1f} s of CPU time")


if __name__ == "__main__":
    main()
