"""The report on simulated against real EEG: a table for each kind, and a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scripts.realism.compared import EegBody, compared_figure
from scripts.realism.features import FEATURES, features_of, spectrum
from scripts.realism.material import (
    KINDS,
    RATE_HZ,
    STRETCH_S,
    Stretches,
    real_stretches,
    simulated_stretches,
)
from scripts.realism.telling_apart import Telling, tell_apart
from seizure_core.atomic import atomic_path
from seizure_core.figures import figure_bytes

PICTURE = "simulator.png"
N_SIMULATED = 80
_DPI = 110

# Up to these areas two kinds are hardly told apart, or more often than not.
_HARDLY, _MOSTLY = 0.7, 0.85

_ABOUT = """\
# Simulated EEG against real EEG

Written by `python -m scripts.simulator_report --data DIR`; do not edit. It compares stretches of \
{stretch:g} s in the 18 pairs of the double banana. Real ones of chb02, chb03 and eegmat subjects \
00-14 may be trained on, and so may those of eegmmidb (one adult, "awake and moving"); those of \
wards (iiic: rhythmic delta, periodic discharges, seizures; the seconds experts voted on and a few \
around them) are for choosing only, and nothing was tuned on them. Nothing that is test only was \
read. Simulated ones are of seeds that no recipe uses.

**How well can a simple classifier tell them apart?** A logistic regression on {n} numbers a \
stretch, judged on recordings it was not trained on. 0.5 means it cannot, 1 that it always can.

| kind | area under the curve | real stretches (recordings) | simulated |
|---|---|---|---|
{rows}

{verdict} Few real stretches of two children and some dozen adults stand behind these figures, and \
the simulator was tuned by hand on those of the first three kinds: on people it was not compared \
with it will be told apart more easily. It is meant to be wider than they are, for these are not \
all patients. Good enough to train on beside real EEG, not to replace it.

![Spectra, amplitudes and correlations of real and simulated EEG](images/{picture})

Lines and bands: median and 10th to 90th percentile over stretches.
"""


def write_report(data: Path, folder: Path) -> dict[str, Telling]:
    """Measure, and write `simulator.md` and its picture.

    Parameters
    ----------
    data : Path
        Folder that holds `chbmit` and `eegmat`, and may hold `iiic` and `eegmmidb`.
    folder : Path
        The documentation's; the picture goes to its `images`.

    Raises
    ------
    RecordingError
        The real EEG is missing.
    """
    real, simulated = real_stretches(data), simulated_stretches(N_SIMULATED)
    tellings, tables = {}, []
    kinds = [kind for kind in KINDS if real[kind].signals]
    for kind in kinds:
        theirs, ours = _matrix(real[kind]), _matrix(simulated[kind])
        tellings[kind] = tell_apart(
            theirs,
            ours,
            real_sources=real[kind].sources,
            simulated_sources=simulated[kind].sources,
            names=FEATURES,
        )
        tables.append(_table(kind, tellings[kind], theirs, ours))
    figure = compared_figure({kind: (_body(real[kind]), _body(simulated[kind])) for kind in kinds})
    about = _ABOUT.format(
        stretch=STRETCH_S,
        n=len(FEATURES),
        rows=_rows(tellings),
        picture=PICTURE,
        verdict=_verdict(tellings),
    )
    (folder / "images").mkdir(parents=True, exist_ok=True)
    with atomic_path(folder / "images" / PICTURE) as temporary:
        temporary.write_bytes(figure_bytes(figure, dpi=_DPI))
    with atomic_path(folder / "simulator.md") as temporary:
        temporary.write_text("\n".join([about, *tables]), encoding="utf-8")
    return tellings


def _matrix(stretches: Stretches) -> NDArray[np.float64]:
    return np.stack([features_of(one, RATE_HZ) for one in stretches.signals])


def _rows(tellings: Mapping[str, Telling]) -> str:
    return "\n".join(
        f"| {kind} | {one.area:.2f} | {one.n_real} ({one.n_sources}) | {one.n_simulated} |"
        for kind, one in tellings.items()
    )


def _verdict(tellings: Mapping[str, Telling]) -> str:
    said = (
        (_HARDLY, "hardly tells apart"),
        (_MOSTLY, "tells apart more often than not"),
        (1.0, "tells apart nearly always"),
    )
    kinds: dict[str, list[str]] = {}
    for kind, telling in tellings.items():
        words = next(words for limit, words in said if telling.area <= limit)
        kinds.setdefault(words, []).append(kind)
    parts = [f"{words} {' and '.join(names)}" for words, names in kinds.items()]
    return f"It {'; it '.join(parts)}. The tables show by what."


def _table(
    kind: str, telling: Telling, real: NDArray[np.float64], simulated: NDArray[np.float64]
) -> str:
    lines = [
        f"## {kind[0].upper()}{kind[1:]}",
        "",
        "| | real: median (10th to 90th) | simulated | area, this one alone |",
        "|---|---|---|---|",
    ]
    order = sorted(range(len(FEATURES)), key=lambda i: -telling.single[FEATURES[i]])
    lines += [
        f"| {FEATURES[i]} | {_spread(real[:, i])} | {_spread(simulated[:, i])} | "
        f"{telling.single[FEATURES[i]]:.2f} |"
        for i in order
    ]
    return "\n".join([*lines, ""])


def _spread(values: NDArray[np.float64]) -> str:
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9))
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def _body(stretches: Stretches) -> EegBody:
    powers, amplitudes, correlations = [], [], []
    frequencies = np.zeros(0)
    for signals in stretches.signals:
        present = signals[np.ptp(signals, axis=1) > 0].astype(np.float64)
        frequencies, power = spectrum(present, RATE_HZ)
        powers.append(np.median(power, axis=0))
        amplitudes.append(present.std(axis=1))
        correlations.append(np.corrcoef(present)[np.triu_indices(len(present), 1)])
    return EegBody(
        frequencies_hz=frequencies,
        power=np.stack(powers),
        amplitudes_uv=np.concatenate(amplitudes),
        correlations=np.concatenate(correlations),
    )
