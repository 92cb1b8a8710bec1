from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.channels.montages import CHBMIT_23, DOUBLE_BANANA_18, ELECTRODES_10_20
from seizure_core.channels.planning import plan_channels, read_rows
from seizure_core.display.montages import (
    BUILT_IN,
    Montage,
    MontageError,
    MontageFit,
    MontageRow,
    fit_montage,
    montage_from_json,
    montage_to_json,
)
from seizure_core.display.rows import read_display_rows
from seizure_core.recording import Recording
from tests.memory_recording import memory_recording
from tests.properties import examples

BY_ID = {montage.montage_id: montage for montage in BUILT_IN}
REFERENTIAL = [f"EEG {name}-REF" for name in ELECTRODES_10_20]


def read(recording: Recording, fit: MontageFit) -> np.ndarray:
    return read_display_rows(recording, fit.rows, 0, fit.rows[0].n_samples)


def test_as_recorded_is_every_channel_in_the_files_order_dummies_marked() -> None:
    recording = memory_recording(["FP1-F7", "-", "ECG", "T8-P8", "T8-P8", "01", "."])
    fit = fit_montage(recording, BY_ID["recorded"])
    assert [row.label for row in fit.rows] == recording.labels
    assert [row.is_dummy for row in fit.rows] == [False, True, False, False, False, False, True]
    assert [row.side for row in fit.rows] == [
        "left",
        "other",
        "other",
        "right",
        "right",
        "left",
        "other",
    ]
    assert (read(recording, fit) == recording.read()).all()


def test_the_double_banana_comes_from_referential_and_bipolar_files_alike() -> None:
    electrodes = {
        name: np.random.default_rng(i).normal(size=512) for i, name in enumerate(ELECTRODES_10_20)
    }
    referential = memory_recording(REFERENTIAL, list(electrodes.values()))
    pairs = [d.split("-") for d in CHBMIT_23[:18]]
    bipolar = memory_recording(CHBMIT_23[:18], [electrodes[a] - electrodes[b] for a, b in pairs])
    montage = BY_ID["longitudinal"]
    one, other = fit_montage(referential, montage), fit_montage(bipolar, montage)
    assert [row.label for row in one.rows] == list(DOUBLE_BANANA_18)
    assert {row.how for row in one.rows} == {"subtracted"}
    assert {row.how for row in other.rows} == {"exact"}
    assert read(referential, one) == pytest.approx(read(bipolar, other), abs=1e-5)
    plan = plan_channels(referential, DOUBLE_BANANA_18)
    assert (read(referential, one) == read_rows(referential, plan, range(18), 0, 512)).all()
    assert [row.group for row in one.rows[:9:4]] == [
        "left_temporal",
        "left_parasagittal",
        "right_parasagittal",
    ]


def test_the_average_reference_sums_to_nothing_over_all_electrodes() -> None:
    recording = memory_recording(REFERENTIAL)
    fit = fit_montage(recording, BY_ID["average"])
    assert len(fit.rows) == 19
    assert not fit.missing
    assert read(recording, fit).sum(axis=0) == pytest.approx(0, abs=1e-3)
    stored = recording.read()
    by_label = {
        row.label: signal for row, signal in zip(fit.rows, read(recording, fit), strict=True)
    }
    expected = stored[0] - stored.mean(axis=0)
    assert by_label["FP1-AVG"] == pytest.approx(expected, abs=1e-3)


def test_the_average_of_a_bipolar_file_is_that_of_the_electrodes_it_links() -> None:
    electrodes = {
        name: np.random.default_rng(i).normal(size=512) for i, name in enumerate(ELECTRODES_10_20)
    }
    pairs = [d.split("-") for d in DOUBLE_BANANA_18]
    recording = memory_recording(
        DOUBLE_BANANA_18, [electrodes[a] - electrodes[b] for a, b in pairs]
    )
    fit = fit_montage(recording, BY_ID["average"])
    linked = ["FP1", "F7", "T7", "P7", "O1", "F3", "C3", "P3"]
    assert sorted(row.label for row in fit.rows) == sorted(f"{name}-AVG" for name in linked)
    assert "CZ-AVG" in fit.missing
    assert fit.rows[0].source == "minus the mean of 8 electrodes"
    mean = np.mean([electrodes[name] for name in linked], axis=0)
    row = next(i for i, row in enumerate(fit.rows) if row.label == "O1-AVG")
    assert read(recording, fit)[row] == pytest.approx(electrodes["O1"] - mean, abs=1e-5)


def test_the_cz_reference_says_what_a_bipolar_file_cannot_give() -> None:
    recording = memory_recording(CHBMIT_23)
    fit = fit_montage(recording, BY_ID["cz"])
    assert [row.label for row in fit.rows] == ["FZ-CZ", "PZ-CZ"]
    assert len(fit.missing) == 16
    full = fit_montage(memory_recording(REFERENTIAL), BY_ID["cz"])
    assert len(full.rows) == 18


def test_other_channels_stay_below_a_montage_and_dummies_do_not() -> None:
    recording = memory_recording([*CHBMIT_23, "ECG", "-"])
    fit = fit_montage(recording, BY_ID["transverse"])
    assert fit.rows[-1].label == "ECG"
    assert fit.rows[-1].group == "other"


def test_fitting_a_montage_reads_no_sample() -> None:
    recording = memory_recording([*CHBMIT_23, "ECG"])
    for montage in BUILT_IN:
        fit_montage(recording, montage)
    assert recording.reader.calls == []  # type: ignore[attr-defined]


def test_a_missing_sample_of_one_channel_is_missing_only_in_rows_made_of_it() -> None:
    signals = np.ones((3, 100), np.float32)
    signals[0, 10] = np.nan
    recording = memory_recording(["FP1", "F7", "T7"], list(signals))
    rows = (MontageRow(derivation="FP1-F7"), MontageRow(derivation="F7-T7"))
    fit = fit_montage(recording, Montage(montage_id="own:x", name="x", rows=rows))
    values = read(recording, fit)
    assert np.isnan(values[0, 10])
    assert not np.isnan(values[1]).any()


@given(
    name=st.text(min_size=1, max_size=60).filter(lambda t: 1 <= len(t.strip()) and t == t.strip()),
    rows=st.lists(
        st.tuples(
            st.sampled_from([*CHBMIT_23, "FP1-AVG", "ECG", "Fz"]),
            st.sampled_from(["", "left", "Mine"]),
        ),
        min_size=1,
        max_size=10,
    ),
)
@examples(0.5)
def test_a_saved_montage_is_read_as_it_was(name: str, rows: list[tuple[str, str]]) -> None:
    made = Montage(
        montage_id=f"own:{name}",
        name=name,
        rows=tuple(MontageRow(derivation=d, group=g or "left") for d, g in rows),
    )
    assert montage_from_json(montage_to_json(made)) == made


def test_a_montage_may_be_a_plain_list_of_derivations() -> None:
    montage = montage_from_json('{"name": "mine", "rows": ["FP1-F7", "Fz-Cz"]}')
    assert [(row.derivation, row.group) for row in montage.rows] == [
        ("FP1-F7", "left_temporal"),
        ("Fz-Cz", "midline"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nonsense", "JSON"),
        ("[" * 100_000, "JSON"),
        ("[]", "object"),
        ("{}", "name"),
        ('{"name": "x"}', "rows"),
        ('{"name": "x", "rows": []}', "rows"),
        ('{"name": "", "rows": ["A"]}', "name"),
        ('{"name": 5, "rows": ["A"]}', "name"),
        ('{"name": "x", "rows": [5]}', "Row 1"),
        ('{"name": "x", "rows": ["FP1-F7", {"derivation": "A", "x": 1}]}', "Row 2"),
        ('{"name": "x", "rows": [{"derivation": " "}]}', "row 1"),
        ('{"name": "x", "rows": ["A"], "path": "/"}', "path"),
        ('{"name": "x", "rows": ["A"], "schema_version": 9}', "schema_version"),
        (json.dumps({"name": "x", "rows": ["A"] * 257}), "256"),
        (json.dumps({"name": "x" * 61, "rows": ["A"]}), "60"),
    ],
)
def test_a_wrong_montage_is_refused_with_its_fault(text: str, reason: str) -> None:
    with pytest.raises(MontageError, match=reason):
        montage_from_json(text)
