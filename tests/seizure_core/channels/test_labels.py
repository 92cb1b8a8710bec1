from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seizure_core.channels.labels import (
    Derivation,
    is_scalp_electrode,
    normalise_label,
    parse_derivation,
)
from seizure_core.channels.montages import (
    CHBMIT_23,
    DOUBLE_BANANA_18,
    ELECTRODES_10_20,
    LONGITUDINAL_CHAINS,
)


@pytest.mark.parametrize(
    ("label", "normalised"),
    [
        ("FP1-F7", "FP1-F7"),
        ("EEG FP1-F7", "FP1-F7"),
        ("eeg fp1-f7", "FP1-F7"),
        ("EEG Fp1-REF", "FP1"),
        ("EEG FP1-LE", "FP1"),
        ("POL Fp1", "FP1"),
        ("Fp1-Avg", "FP1"),
        ("F7-CS2", "F7"),
        ("FC1-Ref", "FC1"),
        ("T8-P8-0", "T8-P8"),
        ("T8-P8-1", "T8-P8"),
        ("Fp1-REF-1", "FP1"),
        ("EEG T3", "T7"),
        ("T3-T5", "T7-P7"),
        ("T4-T6", "T8-P8"),
        ("EEGFp1", "FP1"),
        ("EEGT3-T5", "T7-P7"),
        ("EEGFp1Ref", "FP1"),
        ("POLFp1", "FP1"),
        ("EEG_Fp1_REF", "FP1"),
        ("EEG_T3_T5", "T7-P7"),
        ("EEG.AF3", "AF3"),
        ("EEG.Fp1-CPz", "FP1-CPZ"),
        ("Fp1/Ref", "FP1"),
        ("Fp1/F7", "FP1-F7"),
        ("C3/A2", "C3-A2"),
        ("Fp1/A1+A2", "FP1"),
        ("EEG T4 LE", "T8"),
        ("EEG Fp1-EEG F7", "FP1-F7"),
        ("T8-P8_1", "T8-P8"),
        ("EEG_01_LE", "O1"),
        ("EEG01", "EEG01"),
        ("EEG 3", "3"),
        ("01", "O1"),
        ("P3-01", "P3-O1"),
        ("P7-02-0", "P7-O2"),
        ("Fc5.", "FC5"),
        (" C3 - P3 ", "C3-P3"),
        ("C3\u2212P3", "C3-P3"),
        ("C4:A1", "C4-A1"),
        ("-", ""),
        (".", ""),
        ("", ""),
        ("ECG ECG", "ECG ECG"),
        ("Resp  oro-nasal", "RESP ORO-NASAL"),
    ],
)
def test_one_spelling_for_all_spellings(label: str, normalised: str):
    assert normalise_label(label) == normalised


NO_SCALP_EEG = """-|.||ECG|ECG ECG|VNS|LOC-ROC|LUE-RAE|EKG1-EKG2|EKG1-CHIN|EEG A2-A1
EDF Annotations|STI 014|CS2|REF|E1|C3-C3|-FP1|EEG
CQ.AF3|EQ.AF3|POW.AF3.Theta|EEG.Counter|EEG.Interpolated|Fp1_CQ|Fp1_quality|Fp1 filtered|F7_EOG
EEG01|EEG02|C_3|EEG_ECG|EEGMASK|A1/A2|REF/Fp1|REF_Fp1"""


@pytest.mark.parametrize("label", re.split(r"[|\n]", NO_SCALP_EEG))
def test_what_is_no_scalp_eeg_is_no_derivation(label: str):
    assert parse_derivation(label) is None


def test_electrodes_of_different_references_stay_apart():
    assert parse_derivation("EEG Fp1") == Derivation("FP1", "")
    assert parse_derivation("EEG Fp1-REF") == Derivation("FP1", "REF")
    assert parse_derivation("F7-CS2") == Derivation("F7", "CS2")
    assert parse_derivation("C3-A2") == Derivation("C3", "A2")
    assert not Derivation("C3", "A2").is_referential
    assert Derivation("C3", "CS2").is_referential


@given(st.text(max_size=20))
def test_any_text_is_normalised_once_and_for_all(label: str):
    once = normalise_label(label)
    assert normalise_label(once) == once


@example([".", ".", "EEG", ".", ".", "T3"])
@given(
    st.lists(
        st.sampled_from(
            ["EEG ", "EEG", "fp1", "-", "T3", "01", "0", " ", ".", "_", "/", "REF", ":"]
        )
    )
)
def test_label_like_text_is_normalised_once_and_for_all(pieces: list[str]):
    once = normalise_label("".join(pieces))
    assert normalise_label(once) == once


@given(
    st.sampled_from(CHBMIT_23),
    st.sampled_from(["", "EEG ", "EEG  ", "POL ", "eeg ", "EEG.", "EEG_", "EEG", "POL_", "POL"]),
    st.sampled_from(["", "-0", "-1", "-12", "_1"]),
    st.booleans(),
)
def test_spelling_never_changes_the_derivation(label: str, prefix: str, suffix: str, lower: bool):
    spelled = prefix + (label.lower() if lower else label) + suffix
    assert normalise_label(spelled) == label


def test_montages_hold_together():
    assert len(CHBMIT_23) == 23
    assert len(set(CHBMIT_23)) == 22
    chain_pairs = {f"{a}-{b}" for chain in LONGITUDINAL_CHAINS for a, b in zip(chain, chain[1:])}  # noqa: B905, RUF007
    assert chain_pairs == set(DOUBLE_BANANA_18)
    assert {e for chain in LONGITUDINAL_CHAINS for e in chain} == set(ELECTRODES_10_20)
    assert all(is_scalp_electrode(e) for e in ELECTRODES_10_20)
    assert all(normalise_label(label) == label for label in CHBMIT_23 + ELECTRODES_10_20)
