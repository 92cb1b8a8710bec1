"""Channel planning on real recordings, through the file readers."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.channels.montages import CHBMIT_23, DOUBLE_BANANA_18
from seizure_core.channels.planning import plan_any_channels, plan_channels, read_rows
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from tests.edf_files import build_edf
from tests.eeg_files import REST, SEIZURE, eeg_file
from tests.properties import examples


def all_rows(recording: Recording, seconds: int = 4) -> tuple[np.ndarray, list[str]]:
    plan = plan_channels(recording, CHBMIT_23)
    rate_hz = next(rate for rate in plan.sampling_rates_hz if rate)
    signals = read_rows(recording, plan, range(23), 0, round(seconds * rate_hz))
    return signals, [source.how for source in plan.sources]


@pytest.fixture(scope="module")
def digital() -> tuple[np.ndarray, list[str], list[tuple[str, str]]]:
    """The stored integers of a file with its labels and physical limits."""
    content = eeg_file(SEIZURE).read_bytes()
    n = int(content[252:256])

    def column(start: int, width: int) -> list[str]:
        begin = 256 + n * start
        return [
            content[begin + i * width : begin + (i + 1) * width].decode().strip() for i in range(n)
        ]

    labels, low, high = column(0, 16), column(104, 8), column(112, 8)
    records = np.frombuffer(content[256 * (n + 1) :], "<i2").reshape(-1, n, 256)
    return records.transpose(1, 0, 2).reshape(n, -1), labels, list(zip(low, high, strict=True))


def test_a_file_s_rows_are_its_channels():
    recording = open_recording(eeg_file(SEIZURE))
    signals, how = all_rows(recording)
    assert how == ["exact"] * 23
    expected = recording.read(list(range(23)), length_s=4.0)
    np.testing.assert_array_equal(signals, expected)
    assert plan_channels(recording, CHBMIT_23).findings == ()  # both T8-P8 are the same signal


def test_electrodes_under_old_names_give_20_of_the_23_rows():
    recording = open_recording(eeg_file(REST))
    plan = plan_channels(recording, CHBMIT_23, min_coverage=20 / 23)
    assert Counter(s.how for s in plan.sources) == {"subtracted": 20, "missing": 3}
    assert plan_any_channels(recording, min_channels=18).targets == DOUBLE_BANANA_18


def test_a_derived_row_is_the_difference_of_its_electrodes():
    recording = open_recording(eeg_file(REST))
    signals, _ = all_rows(recording)
    fp1, f7 = recording.read(["EEG Fp1", "EEG F7"], length_s=4.0)
    np.testing.assert_array_equal(signals[0], fp1 - f7)


@given(
    rng=st.randoms(use_true_random=False),
    prefix=st.sampled_from(["", "EEG "]),
    suffix=st.sampled_from(["", "-0", "-1"]),
    lower=st.booleans(),
    old_names=st.booleans(),
)
@examples(0.2)
def test_shuffled_and_renamed_copies_give_the_same_bits(
    digital: tuple[np.ndarray, list[str], list[tuple[str, str]]],
    tmp_path: Path,
    rng: random.Random,
    prefix: str,
    suffix: str,
    lower: bool,
    old_names: bool,
):
    stored, labels, limits = digital
    order = list(range(len(labels)))
    rng.shuffle(order)

    def spelled(label: str) -> str:
        for new, old in (("T7", "T3"), ("T8", "T4"), ("P7", "T5"), ("P8", "T6")):
            label = label.replace(new, old) if old_names else label
        return prefix + (label.lower() if lower else label) + suffix

    copy = build_edf(
        tmp_path / "copy.edf",
        [stored[i] for i in order],
        labels=[spelled(labels[i]) for i in order],
        physical_limits=[limits[i] for i in order],
        digital_limits=(-8192, 8191),
        digital=True,
    )
    expected, _ = all_rows(open_recording(eeg_file(SEIZURE)))
    found, how = all_rows(open_recording(copy))
    assert found.tobytes() == expected.tobytes()
    assert set(how) <= {"exact", "renamed"}


@pytest.mark.parametrize(
    ("unit", "limits"),
    [("mV", ("-8.192", "8.192")), ("V", ("-.008192", ".008192")), ("nV", ("-8192000", "8192000"))],
)
def test_copies_in_other_voltage_units_give_the_same_bits(
    digital: tuple[np.ndarray, list[str], list[tuple[str, str]]],
    tmp_path: Path,
    unit: str,
    limits: tuple[str, str],
):
    stored, labels, _ = digital
    files = [
        build_edf(
            tmp_path / f"{name}.edf",
            list(stored),
            labels=labels,
            units=written,
            physical_limits=span,
            digital_limits=(-8192, 8192),
            digital=True,
        )
        for name, written, span in (("uv", "uV", ("-8192", "8192")), (unit, unit, limits))
    ]
    microvolts, other = (all_rows(open_recording(path))[0] for path in files)
    assert np.abs(microvolts).max() > 10
    assert other.tobytes() == microvolts.tobytes()
