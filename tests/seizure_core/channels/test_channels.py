from __future__ import annotations

import random
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.channels.montages import CHBMIT_23, DOUBLE_BANANA_18, ELECTRODES_10_20
from seizure_core.channels.plan import NoEegChannelError, dead_channels
from seizure_core.channels.planning import plan_any_channels, plan_channels, read_rows
from seizure_core.errors import CoverageError, ParameterError, RecordingError
from seizure_core.recording import UNCALIBRATED, Recording
from seizure_core.signals.model_input import prepare_input
from tests.memory_recording import MemoryReader, memory_recording
from tests.seizure_core.label_plans import plan_labels

OLD_NAMES = {"T7": "T3", "T8": "T4", "P7": "T5", "P8": "T6"}
EEGMAT = "Fp1 Fp2 F3 F4 F7 F8 T3 T4 C3 C4 T5 T6 P3 P4 O1 O2 Fz Cz Pz".split()
EEGMAT_LABELS = [*(f"EEG {e}" for e in EEGMAT), "EEG A2-A1", "ECG ECG"]


def rows_of(recording: Recording, targets: tuple[str, ...] = CHBMIT_23) -> np.ndarray:
    plan = plan_channels(recording, targets)
    return read_rows(recording, plan, range(len(targets)), 0, 300)


def how(labels: list[str], target: str) -> tuple[str, str]:
    (source,) = plan_labels(labels, [target])
    return source.how, source.source


def test_every_kind_of_provenance_is_told():
    assert how(["F7-T7", "FP1-F7"], "FP1-F7") == ("exact", "FP1-F7")
    assert how(["EEG Fp1-F7"], "FP1-F7") == ("renamed", "EEG Fp1-F7")
    assert how(["T3-T5"], "T7-P7") == ("renamed", "T3-T5")
    assert how(["P7-T7"], "T7-P7") == ("flipped", "-(P7-T7)")
    assert how(["FP1-REF", "F7-REF"], "FP1-F7") == ("subtracted", "(FP1-REF) - (F7-REF)")
    assert how(["EEG F7", "EEG Fp1"], "FP1-F7") == ("subtracted", "EEG Fp1 - EEG F7")
    assert how(["F7-T7", "FP1-F7"], "FP1-T7") == ("chained", "(FP1-F7) + (F7-T7)")
    assert how(["T7-F7", "FP1-F7"], "FP1-T7") == ("chained", "(FP1-F7) - (T7-F7)")
    assert how(["F7-FP1", "F7-T7"], "FP1-T7") == ("chained", "-(F7-FP1) + (F7-T7)")
    assert how(["F7-T7"], "FP1-F7") == ("missing", "")


def test_electrodes_of_two_references_are_not_subtracted():
    assert how(["FP1-REF", "F7-LE"], "FP1-F7") == ("missing", "")
    assert how(["FP1", "F7-REF"], "FP1-F7") == ("missing", "")


def test_the_shortest_way_wins_then_a_common_reference_then_the_alphabet():
    assert how(["FP1-F7", "F7-T7", "FP1-T7"], "FP1-T7") == ("exact", "FP1-T7")
    assert how(["FP1-F7", "F7-T7", "FP1", "T7"], "FP1-T7") == ("subtracted", "FP1 - T7")
    assert how(["FP1-F7", "F7-C3", "FP1-F3", "F3-C3"], "FP1-C3") == (
        "chained",
        "(FP1-F3) + (F3-C3)",
    )


def test_ecg_vns_eye_and_ear_channels_never_stand_in_for_scalp_eeg():
    labels = ["ECG", "VNS", "LOC-ROC", "EEG A2-A1", "EKG1-CHIN", "-", ".", "LUE-RAE"]
    assert all(source.how == "missing" for source in plan_labels(labels, CHBMIT_23))


def test_twenty_of_the_23_rows_follow_from_19_electrodes():
    sources = plan_labels(EEGMAT_LABELS, CHBMIT_23)
    assert Counter(source.how for source in sources) == {"subtracted": 20, "missing": 3}
    assert [s.target for s in sources if s.how == "missing"] == ["T7-FT9", "FT9-FT10", "FT10-T8"]


def test_derived_rows_are_the_sums_they_claim_to_be():
    recording = memory_recording(["F7-T7", "P7-T7", "FP1-F7", "C3", "P3"])
    f7_t7, p7_t7, fp1_f7, c3, p3 = recording.reader.signals  # type: ignore[attr-defined]
    signals = rows_of(recording, ("FP1-P7", "T7-P7", "C3-P3", "FZ-CZ", "F7-T7"))
    np.testing.assert_array_equal(signals[0], ((fp1_f7 + f7_t7) - p7_t7)[:300])
    np.testing.assert_array_equal(signals[1], -p7_t7[:300])
    np.testing.assert_array_equal(signals[2], (c3 - p3)[:300])
    assert not signals[3].any()
    np.testing.assert_array_equal(signals[4], f7_t7[:300])


@given(st.data())
def test_any_file_s_derivations_equal_differences_of_the_electrodes(data: st.DataObject):
    potentials = {
        e: np.rint(np.random.default_rng([i]).normal(size=300) * 100)
        for i, e in enumerate(ELECTRODES_10_20)
    }
    pairs = [(a, b) for a in ELECTRODES_10_20 for b in ELECTRODES_10_20 if a != b]
    chosen = data.draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=25, unique=True))
    recording = memory_recording(
        [f"{a}-{b}" for a, b in chosen], [potentials[a] - potentials[b] for a, b in chosen]
    )
    a, b = data.draw(st.sampled_from(pairs))
    try:
        plan = plan_channels(recording, [f"{a}-{b}"])
    except CoverageError:
        return
    signals = read_rows(recording, plan, [0], 0, 300)
    np.testing.assert_array_equal(signals[0], potentials[a] - potentials[b])  # integers: exact


@given(st.randoms(use_true_random=False), st.sampled_from(["chbmit", "eegmat", "referential"]))
def test_order_and_spelling_of_channels_do_not_touch_a_bit(rng: random.Random, layout: str):
    labels = {
        "chbmit": [*CHBMIT_23, "ECG", "-", "-"],
        "eegmat": EEGMAT_LABELS,
        "referential": [*(f"{e}-REF" for e in ELECTRODES_10_20), "FP1-F7", "F7-T7", "P7-T7"],
    }[layout]
    original = memory_recording(labels)
    expected = rows_of(original)
    order = list(range(len(labels)))
    rng.shuffle(order)
    spelled = [respelled(labels[i], rng) for i in order]
    signals = original.reader.signals  # type: ignore[attr-defined]
    copy = memory_recording(spelled, [signals[i] for i in order])
    assert rows_of(copy).tobytes() == expected.tobytes()


def respelled(label: str, rng: random.Random) -> str:
    if "A2-A1" in label or label in ("-", "ECG", "ECG ECG"):
        return label
    bare = label.upper().removeprefix("EEG ")
    if rng.random() < 0.5:
        bare = "-".join(OLD_NAMES.get(part, part) for part in bare.split("-"))
    bare = bare.lower() if rng.random() < 0.5 else bare
    return rng.choice(["", "EEG ", "eeg "]) + bare + rng.choice(["", "-0", "-1"])


def test_missing_rows_are_zero_and_counted():
    recording = memory_recording(EEGMAT_LABELS)
    plan = plan_channels(recording, CHBMIT_23, min_coverage=20 / 23)
    assert plan.coverage == pytest.approx(20 / 23)
    assert plan.missing == ("T7-FT9", "FT9-FT10", "FT10-T8")
    assert plan.targets == CHBMIT_23
    assert plan.sampling_rates_hz == (*(256.0,) * 19, None, None, None, 256.0)
    signals = read_rows(recording, plan, range(23), 0, 100)
    assert not signals[19:22].any()
    assert (np.abs(signals[:19]).max(axis=1) > 0).all()
    assert any("3 of 23 channels are missing" in f.message for f in plan.findings)
    assert not read_rows(recording, plan, [19, 20], 5, 9).any()


def test_a_coverage_below_the_card_s_is_refused_with_what_lacks():
    recording = memory_recording(EEGMAT_LABELS)
    with pytest.raises(CoverageError, match="T7-FT9, FT9-FT10, FT10-T8") as caught:
        plan_channels(recording, CHBMIT_23, min_coverage=21 / 23)
    assert caught.value.missing == ("T7-FT9", "FT9-FT10", "FT10-T8")


def test_a_recording_without_a_single_wanted_row_is_refused_whatever_the_card_accepts():
    with pytest.raises(CoverageError, match="only 0 of the 18"):
        plan_channels(memory_recording(["EEG FC1-FC3"]), DOUBLE_BANANA_18, min_coverage=0.0)


@pytest.mark.parametrize("labels", [["ECG", "Resp"], [], ["-", "."]])
def test_a_recording_without_eeg_is_refused_in_so_many_words(labels: list[str]):
    with pytest.raises(NoEegChannelError, match=r"made\.edf: (none of its|it has no signal)"):
        plan_channels(memory_recording(labels), CHBMIT_23)


def test_a_channel_that_is_no_voltage_is_no_source():
    recording = memory_recording(["FP1-F7", "F7-T7"], units=["mmHg", "uV"])
    plan = plan_channels(recording, ["FP1-F7", "F7-T7"])
    assert plan.missing == ("FP1-F7",)
    assert any("FP1-F7 is in mmHg" in f.message for f in plan.findings)


@pytest.mark.parametrize("unit", [".V", "?V", UNCALIBRATED])
def test_refusals_name_the_unit_that_is_no_voltage(unit: str):
    recording = memory_recording(["FP1-F7", "F7-T7", "ECG"], units=unit)
    said = re.escape(f"FP1-F7, F7-T7 ({unit})" if unit == UNCALIBRATED else f"in {unit!r}")
    for plan in (
        lambda: plan_channels(recording, ["FP1-F7", "F7-T7"]),
        lambda: plan_any_channels(recording, min_channels=1),
    ):
        with pytest.raises(NoEegChannelError, match=said):
            plan()
    some = memory_recording(["FP1-F7", "F7-T7", "T7-P7"], units=["uV", unit, unit])
    with pytest.raises(
        CoverageError, match=f"Missing: F7-T7, T7-P7. In the file.*{re.escape(unit)}"
    ):
        plan_channels(some, ["FP1-F7", "F7-T7", "T7-P7"], min_coverage=0.5)
    with pytest.raises(RecordingError, match=f"only 1 EEG .*not voltages.*{re.escape(unit)}"):
        plan_any_channels(some, min_channels=2)


def test_uncalibrated_channels_take_no_part_in_a_derivation():
    labels = ["FP1-F7", "FP1-REF", "F7-REF"]
    recording = memory_recording(labels, units=[UNCALIBRATED, "uV", "uV"])
    plan = plan_channels(recording, ["FP1-F7"])
    assert plan.sources[0].how == "subtracted"
    recording = memory_recording(labels, units=["uV", UNCALIBRATED, "uV"])
    assert plan_channels(recording, ["FP1-F7"]).sources[0].how == "exact"
    recording = memory_recording(labels[1:], units=["uV", UNCALIBRATED])
    with pytest.raises(CoverageError, match=r"Missing: FP1-F7\..*F7-REF \(uncalibrated\)"):
        plan_channels(recording, ["FP1-F7"])


def test_a_blank_unit_is_taken_as_microvolts_and_said():
    recording = memory_recording(["FP1-F7", "F7-T7"], units=["", "uV"])
    plan = plan_channels(recording, ["FP1-F7", "F7-T7"])
    assert plan.coverage == 1.0
    (finding,) = plan.findings
    assert finding.severity == "warning"
    assert finding.message == "No unit is given for FP1-F7: taken as microvolts."


def test_repeated_channels_that_are_equal_are_one_and_nothing_is_said():
    wave = np.arange(600_000)
    plan = plan_channels(memory_recording(["T8-P8", "T8-P8-1"], [wave, wave]), ["T8-P8"])
    assert plan.findings == ()


def test_repeated_channels_with_gaps_in_the_same_places_are_one():
    wave = np.arange(600.0)
    wave[20:40] = np.nan
    assert plan_channels(memory_recording(["C3", "EEG C3"], [wave, wave]), ["C3"]).findings == ()


def test_of_repeated_channels_that_differ_the_first_is_taken_and_said():
    wave = np.arange(600_000)
    other = wave.copy()
    other[-1] = 0  # beyond the first block that is compared
    recording = memory_recording(["T8-P8", "F7-T7", "T8-P8"], [wave, wave, other])
    plan = plan_channels(recording, ["F7-T7", "T8-P8"])
    np.testing.assert_array_equal(read_rows(recording, plan, [1], 599_990, 600_000)[0], wave[-10:])
    (finding,) = plan.findings
    assert "T8-P8 (no. 1) is used, T8-P8 (no. 3) is not" in finding.message


def test_repeated_channels_nobody_uses_are_not_compared():
    recording = memory_recording(["C3-P3", "T8-P8", "T8-P8"])
    plan_channels(recording, ["C3-P3"])
    assert isinstance(recording.reader, MemoryReader)
    assert recording.reader.calls == []


def test_channels_of_different_sampling_rates_are_not_combined():
    labels = ["FP1", "F7", "T7", "P7"]
    recording = memory_recording(labels, sampling_rates_hz=[256.0, 256.0, 128.0, 128.0])
    plan = plan_channels(recording, ["FP1-F7", "F7-T7", "T7-P7"])
    assert plan.sampling_rates_hz == (256.0, None, 128.0)
    with pytest.raises(ParameterError, match="128, 256 Hz"):
        read_rows(recording, plan, [0, 2], 0, 10)
    assert read_rows(recording, plan, [0, 1], 0, 10).shape == (2, 10)


def test_of_two_equally_short_ways_the_higher_sampling_rate_is_taken():
    for rates in ([128.0, 256.0], [256.0, 128.0]):
        plan = plan_channels(
            memory_recording(["C3-P3", "EEG C3-P3"], sampling_rates_hz=rates), ["P3-C3"]
        )
        assert plan.sampling_rates_hz == (256.0,)


def test_rows_as_recorded_are_read_once_and_not_copied():
    recording = memory_recording([*CHBMIT_23[:18]])
    plan = plan_channels(recording, DOUBLE_BANANA_18)
    handed_out: list[np.ndarray] = []
    inner = recording.reader.read_samples
    recording.reader.read_samples = (  # type: ignore[method-assign]
        lambda *a: handed_out.append(inner(*a)) or handed_out[-1]
    )
    signals = read_rows(recording, plan, range(18), 0, 100)
    assert len(handed_out) == 1
    assert signals is handed_out[0]


def test_a_channel_used_by_many_rows_is_read_once():
    recording = memory_recording(EEGMAT_LABELS)
    plan = plan_channels(recording, CHBMIT_23)
    read_rows(recording, plan, range(23), 0, 100)
    assert isinstance(recording.reader, MemoryReader)
    ((indices, _, _),) = recording.reader.calls
    assert len(indices) == len(set(indices)) == 19


def test_bare_electrodes_are_all_taken_against_one_reference():
    labels = [f"EEG {e}-LE" for e in ELECTRODES_10_20] + ["FP1-REF", "F7-REF", "FP1-F7"]
    sources = plan_labels(labels, ELECTRODES_10_20)
    assert all(s.how == "renamed" and s.source.endswith("-LE") for s in sources)
    assert how(["FP1", "F7"], "FP1") == ("exact", "FP1")
    assert how(["FP1-F7", "F7-T7"], "FP1") == ("missing", "")


def test_a_named_reference_is_that_reference():
    assert how(["FP1-REF", "FP1-AVG"], "FP1-AVG") == ("exact", "FP1-AVG")
    assert how(["FP1-REF", "FP1"], "FP1-AVG") == ("missing", "")


def test_a_row_that_is_no_eeg_is_matched_by_its_name():
    assert how(["FP1-F7", "ecg"], "ECG") == ("renamed", "ecg")
    assert how(["FP1-F7", "-"], "-") == ("missing", "")


@pytest.mark.parametrize(("targets", "min_coverage"), [([], 0.0), (["C3"], 1.5), (["C3"], -0.1)])
def test_senseless_wishes_are_refused(targets: list[str], min_coverage: float):
    with pytest.raises(ParameterError):
        plan_channels(memory_recording(["C3"]), targets, min_coverage=min_coverage)


def test_a_channel_that_is_flat_or_empty_counts_as_missing():
    signals = [np.random.default_rng(i).normal(0, 50, 4000) for i in range(4)]
    signals[1], signals[2] = np.full(4000, 7.5), np.full(4000, np.nan)
    labels = ["FP1-F7", "F7-T7", "T7-P7", "P7-O1"]
    recording = memory_recording(labels, signals)
    fed = prepare_input(recording, channels=labels, sampling_rate_hz=256)
    assert fed.plan.coverage == 0.5
    assert fed.plan.missing == ("F7-T7", "T7-P7")
    first, second = (finding.message for finding in fed.findings[:2])
    assert first == "2 of 4 channels are missing and fed as zeros: F7-T7, T7-P7."
    assert second.startswith("No value in F7-T7, T7-P7, flat or empty from start to end")
    with pytest.raises(CoverageError, match="No value from start to end in F7-T7, T7-P7"):
        prepare_input(recording, channels=labels, sampling_rate_hz=256, min_coverage=0.75)


def test_a_channel_that_lives_once_is_not_dead_and_a_living_namesake_is_taken():
    late = np.zeros(300_000)
    late[-1] = 1.0
    noise = np.random.default_rng(1).normal(0, 50, 300_000)
    recording = memory_recording(["C3-P3", "T8-P8", "T8-P8"], [late, np.zeros(300_000), noise])
    assert dead_channels(recording) == (1,)
    fed = prepare_input(recording, channels=["C3-P3", "T8-P8"], sampling_rate_hz=256)
    assert [source.terms for source in fed.plan.sources] == [((0, 1),), ((2, 1),)]


def test_eeg_without_any_value_is_refused_for_that():
    recording = memory_recording(["FP1-F7", "F7-T7"], [np.zeros(600), np.full(600, np.nan)])
    for channels in (["FP1-F7", "F7-T7"], None):
        with pytest.raises(RecordingError, match="flat or empty from start to end: FP1-F7, F7-T7"):
            prepare_input(recording, channels=channels, sampling_rate_hz=256)
