from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.channels.montages import DOUBLE_BANANA_18, ELECTRODES_10_20
from seizure_core.display.montages import MontageFit, fit_montage, montage_from_json
from seizure_core.display.rows import read_display_rows
from seizure_core.display.sums import weights_of
from seizure_core.recording import Recording
from tests.memory_recording import memory_recording
from tests.properties import examples

NAMES = [*ELECTRODES_10_20, "A1", "A2"]
POTENTIALS = {name: np.random.default_rng(i).normal(size=512) for i, name in enumerate(NAMES)}


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("C3-(A1+A2)/2", {"C3": 1, "A1": -0.5, "A2": -0.5}),
        (" 2 * FZ - F3 - F4 ", {"FZ": 2, "F3": -1, "F4": -1}),
        ("-(C3 - C4) * 0.5", {"C3": -0.5, "C4": 0.5}),
        ("'EEG A1-REF' - C3", {"EEG A1-REF": 1, "C3": -1}),
        ("C3-C3", None),
        ("C3+1", None),
        ("C3*C4", None),
        ("C3/0", None),
        ("C3/C4", None),
        ("C3-(A1", None),
        ("C3 A1", None),
        ("__import__('os')", None),
        ("C3**2", None),
        ("C3/1e-300/1e-300", None),
        ("", None),
    ],
)
def test_a_sum_has_the_weights_of_its_names(text: str, weights: dict[str, float] | None) -> None:
    assert weights_of(text) == weights


@examples(4)
@given(st.text(alphabet="C3A1F()+-*/.e0 '\"\n\t\\", max_size=60))
def test_any_text_is_a_sum_or_none(text: str) -> None:
    weights = weights_of(text)
    assert weights is None or all(weights.values())


def fitted(recording: Recording, *rows: str) -> MontageFit:
    text = json.dumps({"schema_version": 1, "name": "own", "rows": list(rows)})
    return fit_montage(recording, montage_from_json(text))


def values(recording: Recording, fit: MontageFit) -> np.ndarray:
    return read_display_rows(recording, fit.rows, 0, 512)


def test_linked_ears_laplacian_and_means_are_derived_from_electrodes() -> None:
    recording = memory_recording(
        [f"EEG {name}-REF" for name in NAMES], [POTENTIALS[name] for name in NAMES]
    )
    v = POTENTIALS
    mean = np.mean([v[name] for name in ELECTRODES_10_20], axis=0)
    wanted = {
        "C3-(A1+A2)/2": v["C3"] - (v["A1"] + v["A2"]) / 2,
        "4*Cz-C3-C4-Fz-Pz": 4 * v["CZ"] - v["C3"] - v["C4"] - v["FZ"] - v["PZ"],
        "(O1+O2)/2-AVG": (v["O1"] + v["O2"]) / 2 - mean,
        "T3-AVG": v["T7"] - mean,
        "Fp1-F7": v["FP1"] - v["F7"],
    }
    fit = fitted(recording, *wanted)
    assert not fit.missing
    assert [row.label for row in fit.rows] == list(wanted)
    assert values(recording, fit) == pytest.approx(np.stack(list(wanted.values())), abs=1e-4)
    assert [row.side for row in fit.rows] == ["left", "midline", "across", "left", "left"]
    assert [row.how for row in fit.rows][:2] == ["combined", "combined"]
    assert fit.rows[0].source == "+1 (EEG C3-REF) -0.5 (EEG A1-REF) -0.5 (EEG A2-REF)"


def test_a_sum_comes_from_bipolar_files_too_and_says_what_it_lacks() -> None:
    pairs = [d.split("-") for d in DOUBLE_BANANA_18]
    recording = memory_recording(
        DOUBLE_BANANA_18, [POTENTIALS[a] - POTENTIALS[b] for a, b in pairs]
    )
    fit = fitted(recording, "2*F7-FP1-T7", "C3-(A1+A2)/2", "C3", "C3+T7-F7", "C3-(A1")
    assert fit.missing == ("C3-(A1+A2)/2", "C3", "C3+T7-F7", "C3-(A1")
    expected = 2 * POTENTIALS["F7"] - POTENTIALS["FP1"] - POTENTIALS["T7"]
    assert values(recording, fit)[0] == pytest.approx(expected, abs=1e-5)


def test_other_channels_are_combined_by_their_own_names() -> None:
    signals = [np.full(512, value) for value in (5.0, 3.0, 1.0)]
    recording = memory_recording(["LOC", "ROC", "Resp (abd)"], signals)
    fit = fitted(recording, "LOC-ROC", "'Resp (abd)'*2", "LOC")
    assert values(recording, fit)[:, 0].tolist() == [2.0, 2.0, 5.0]


def test_a_star_stands_for_every_electrode_but_those_of_the_reference() -> None:
    recording = memory_recording([f"EEG {name}-REF" for name in NAMES])
    assert len(fitted(recording, "*-(A1+A2)/2").rows) == 19
    against_cz = fitted(recording, "*-Cz")
    assert len(against_cz.rows) == 18
    assert not against_cz.missing
