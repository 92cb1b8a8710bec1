"""Simulated activity of sleep and of the young: K complexes, slow waves, children, neonates."""

from __future__ import annotations

import numpy as np

from seizure_core.simulator.scene import Scene, plateau

_ASLEEP = 0.5
# Drowsy: neither awake nor asleep.
_DROWSY = (0.05, 0.95)
_CHILD_SLOW_PER_MIN, _HYPNAGOGIC_PER_MIN, _BRUSHES_PER_MIN = 4.0, 8.0, 12.0
_BRUSH_PLACES = ("C3", "C4", "T7", "T8", "O1", "O2", "P3", "P4")


def make_discontinuous(scene: Scene) -> None:
    """Alternate the broadband activity of a neonate between bursts and near silence."""
    if scene.spec.background.age != "neonate":
        return
    curve = scene.slow_curve(scene.stream("discontinuity"), scene.spec.n_samples, 5.0)
    scene.signals[:] *= 0.25 + 1.1 / (1.0 + np.exp(-4.0 * curve))


def add_sleep(scene: Scene) -> None:
    """Add K complexes, clear spindles and the slow waves of deep sleep."""
    _add_slow_waves(scene)
    _add_k_complexes(scene)
    _add_clear_spindles(scene)


def add_age(scene: Scene) -> None:
    """Add what belongs to children, or to neonates."""
    if scene.spec.background.age == "child":
        _add_posterior_slow_waves(scene)
        _add_hypnagogic(scene)
    elif scene.spec.background.age == "neonate":
        _add_delta_brushes(scene)


def _add_slow_waves(scene: Scene) -> None:
    height_uv = scene.spec.background.slow_wave_uv
    if height_uv <= 0:
        return
    rng = scene.stream("slow waves")
    # Deep sleep comes and goes.
    depth = 1.0 / (1.0 + np.exp(-2.0 * scene.slow_curve(rng, scene.spec.n_samples, 60.0)))
    for place, share in (("FZ", 0.8), ("CZ", 0.7), ("F3", 0.4), ("F4", 0.4), ("PZ", 0.4)):
        wave = scene.noise(
            rng, 1, scene.spec.n_samples, lambda f: np.exp(-0.5 * np.square((f - 0.9) / 0.35))
        )[0]
        scene.add(scene.weights_of(place, 0.7), share * height_uv * wave * depth * scene.sleep, 0)


def _add_k_complexes(scene: Scene) -> None:
    """Add a sharp negative wave and a slower positive one at the vertex."""
    rng, background = scene.stream("K complexes"), scene.spec.background
    for start in scene.starts(rng, background.k_complexes_per_min):
        time_s = np.arange(int(1.2 * scene.rate_hz)) / scene.rate_hz
        wave = -np.exp(-0.5 * np.square((time_s - 0.25) / 0.08))
        wave += 0.8 * np.exp(-0.5 * np.square((time_s - 0.6) / 0.18))
        height_uv = background.amplitude_uv * rng.uniform(5.0, 9.0)
        if scene.sleep[start] > _ASLEEP:
            scene.add(scene.weights_of("CZ", 0.8), wave * height_uv, start)


def _add_clear_spindles(scene: Scene) -> None:
    rng, background = scene.stream("clear spindles"), scene.spec.background
    for start in scene.starts(rng, background.clear_spindles_per_min):
        length = int(rng.uniform(0.6, 2.0) * scene.rate_hz)
        phase = 2 * np.pi * rng.uniform(12.0, 14.5) * np.arange(length) / scene.rate_hz
        wave = np.sin(phase) * plateau(length, length // 2, length // 2)
        height_uv = background.amplitude_uv * rng.uniform(1.5, 4.0) * scene.sleep[start]
        scene.add(scene.weights_of("CZ", rng.uniform(0.5, 0.9)), wave * height_uv, start)


def _add_posterior_slow_waves(scene: Scene) -> None:
    """Add the slow waves of youth: single ones under the alpha rhythm, eyes closed."""
    rng, background = scene.stream("posterior slow waves"), scene.spec.background
    for start in scene.starts(rng, _CHILD_SLOW_PER_MIN):
        length = int(rng.uniform(0.3, 0.5) * scene.rate_hz)
        wave = -np.sin(np.pi * np.arange(length) / length)
        place = str(rng.choice(["O1", "O2"]))
        height_uv = background.alpha_uv * rng.uniform(1.0, 2.5) * scene.eyes_closed[start]
        scene.add(scene.weights_of(place, 0.5), wave * height_uv, start)


def _add_hypnagogic(scene: Scene) -> None:
    """Add bursts of high, rhythmic 3-5 Hz activity while falling asleep or waking up."""
    rng, background = scene.stream("hypnagogic"), scene.spec.background
    for start in scene.starts(rng, _HYPNAGOGIC_PER_MIN):
        length = int(rng.uniform(1.5, 6.0) * scene.rate_hz)
        phase = 2 * np.pi * rng.uniform(3.0, 5.0) * np.arange(length) / scene.rate_hz
        wave = np.sin(phase) * plateau(length, length // 4, length // 4)
        height_uv = background.amplitude_uv * rng.uniform(3.0, 6.0)
        if _DROWSY[0] < scene.sleep[start] < _DROWSY[1]:
            scene.add(scene.weights_of("CZ", 1.2), wave * height_uv, start)


def _add_delta_brushes(scene: Scene) -> None:
    """Add slow waves of a neonate with fast activity riding on them."""
    rng, background = scene.stream("delta brushes"), scene.spec.background
    for start in scene.starts(rng, _BRUSHES_PER_MIN):
        length = int(rng.uniform(0.8, 2.0) * scene.rate_hz)
        time_s = np.arange(length) / scene.rate_hz
        wave = -np.sin(np.pi * np.arange(length) / length)
        fast = 0.25 * np.sin(2 * np.pi * rng.uniform(8.0, 20.0) * time_s)
        height_uv = background.amplitude_uv * rng.uniform(2.0, 4.0)
        weights = scene.weights_of(str(rng.choice(_BRUSH_PLACES)), 0.4)
        scene.add(weights, wave * (1.0 + fast) * height_uv, start)
