from __future__ import annotations

import random

import pytest

from seizure_core.channels.montages import CHBMIT_23, DOUBLE_BANANA_18, ELECTRODES_10_20
from seizure_core.channels.plan import NoEegChannelError
from seizure_core.channels.planning import plan_any_channels, read_rows
from seizure_core.errors import ParameterError, RecordingError
from tests.memory_recording import HEADSET, memory_recording


def targets(labels: list[str], min_channels: int = 1) -> tuple[str, ...]:
    plan = plan_any_channels(memory_recording(labels), min_channels=min_channels)
    assert plan.missing == ()
    return plan.targets


def test_bipolar_pairs_are_taken_as_they_are_each_once():
    rows = targets([*CHBMIT_23, "ECG", "-", "EEG A2-A1"])
    assert rows[:18] == DOUBLE_BANANA_18
    assert rows[18:] == ("FT10-T8", "FT9-FT10", "T7-FT9")  # P7-T7 is T7-P7 again


def test_electrodes_become_neighbours_along_the_chains():
    assert targets([f"EEG {e}-REF" for e in ELECTRODES_10_20]) == DOUBLE_BANANA_18
    assert targets(HEADSET) == (
        *("F7-T7", "T7-P7", "P7-O1", "F3-O1"),
        *("F4-O2", "F8-T8", "T8-P8", "P8-O2"),
    )


def test_electrodes_off_the_chains_are_taken_as_recorded():
    assert targets(["TP9", "AF7", "AF8", "TP10"], 4) == ("AF7", "AF8", "TP10", "TP9")
    assert targets(["C3-A2", "C4-A1"]) == ("C3-A2", "C4-A1")


def test_the_order_of_the_file_does_not_matter():
    labels = [*CHBMIT_23]
    original = memory_recording(labels)
    signals = original.reader.signals  # type: ignore[attr-defined]
    order = list(range(len(labels)))
    random.Random(3).shuffle(order)
    shuffled = memory_recording([labels[i] for i in order], [signals[i] for i in order])
    bits = []
    for recording in (original, shuffled):
        plan = plan_any_channels(recording, min_channels=1)
        rows = read_rows(recording, plan, range(len(plan.sources)), 0, 200)
        bits.append((plan.targets, rows.tobytes()))
    assert bits[0] == bits[1]


def test_numbered_channels_are_taken_with_a_warning():
    recording = memory_recording(["EEG 1", "EEG 2", "ECG", "EEG EKG1", "TEMP"])
    plan = plan_any_channels(recording, min_channels=1)
    assert plan.targets == ("EEG 1", "EEG 2")
    assert any("No channel is named by the 10-20 system" in f.message for f in plan.findings)


def test_too_few_channels_are_refused_with_both_numbers():
    with pytest.raises(RecordingError, match=r"only 2 EEG channel.*needs at least 4"):
        targets(["C3-P3", "C4-P4"], 4)


def test_a_recording_without_eeg_is_refused():
    with pytest.raises(NoEegChannelError, match="none of its 2 channels"):
        targets(["ECG", "TEMP"])


def test_at_least_one_channel_must_be_asked_for():
    with pytest.raises(ParameterError, match="at least 1"):
        targets(["C3"], 0)


@pytest.mark.parametrize(
    "label",
    [
        *("EEG.Counter", "EEG.Interpolated", "EEG.RawCq", "EEG.BatteryPercent", "EEG Battery"),
        *("EEG.MarkerHardware", "EEG Quality", "EEG Status", "EEG Accel X", "Accel Channel 0"),
        *("Analog Channel 1", "CQ.1", "CQ_AF3", "Other", "MARKER 1", "GYROX", "EEG EKG1"),
    ],
)
def test_what_is_no_electrode_never_reaches_a_model(label: str) -> None:
    assert targets(["EEG 1", "EXG Channel 0", label]) == ("EEG 1", "EXG Channel 0")
    assert targets(["F7", "T7", label]) == ("F7-T7",)
    with pytest.raises(NoEegChannelError):
        targets([label])
