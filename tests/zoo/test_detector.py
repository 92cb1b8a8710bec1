from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seizure_core.errors import CoverageError, ParameterError, RecordingTooShortError
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing, events_from_trace
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.signals.blocks import WorkCancelledError
from tests.edf_files import build_edf
from tests.memory_recording import memory_recording
from tests.zoo.amplitude_model import amplitude_detector
from zoo.card.schema import card_from_document
from zoo.detector import Detector
from zoo.inference.results import detection_json, write_detection

RATE_HZ = 64.0
PAIRS = ["FP1-F7", "F7-T7", "T7-P7"]


@pytest.fixture
def detector(tmp_path: Path) -> Detector:
    return amplitude_detector(tmp_path / "amplitude", PAIRS, rate_hz=RATE_HZ)


def signal(duration_s: float, loud: tuple[float, float] | None = None) -> np.ndarray:
    """Alternate between +10 and -10 µV, ten times as much in the loud stretch."""
    n = round(duration_s * RATE_HZ)
    samples = np.where(np.arange(n) % 2, 10.0, -10.0)
    if loud:
        samples[round(loud[0] * RATE_HZ) : round(loud[1] * RATE_HZ)] *= 10
    return samples


def recording(duration_s: float = 60.0, loud: tuple[float, float] | None = (20, 35)) -> Recording:
    return memory_recording(
        PAIRS, [signal(duration_s, loud)] * 3, sampling_rates_hz=RATE_HZ, file_name="made.edf"
    )


def test_windows_are_the_full_ones_at_the_stride(detector: Detector) -> None:
    detection = detector.detect(recording(60.5))
    assert detection.window_s == 4.0
    np.testing.assert_array_equal(detection.starts_s, np.arange(57))
    np.testing.assert_array_equal(detection.times_s, np.arange(57) + 2.0)


def test_a_search_that_is_stopped_has_no_result(detector: Detector) -> None:
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 2

    long = recording(1000.0)
    with pytest.raises(WorkCancelledError, match="stopped as asked"):
        detector.detect(long, cancelled=cancelled)
    assert len(asked) == 3
    assert detector.detect(long, cancelled=lambda: False).events == detector.detect(long).events


def test_a_loud_stretch_becomes_one_event_where_half_its_windows_are_loud(
    detector: Detector,
) -> None:
    detection = detector.detect(recording())
    # The mean amplitude reaches 50 µV when 1.8 s of the 4 s are loud: windows with centres
    # from 20 to 35 s. Second i lies between the centres i and i + 1 and takes the earlier.
    assert [(e.onset_s, e.duration_s) for e in detection.events] == [(20.0, 16.0)]
    assert detection.events[0].confidence == pytest.approx(1.0)
    assert detection.seizure_s == 16.0


def test_a_quiet_recording_has_no_event(detector: Detector) -> None:
    detection = detector.detect(recording(loud=None))
    assert detection.events == ()
    assert not detection.is_seizure.any()


def test_the_trace_reaches_both_edges_of_the_recording(detector: Detector) -> None:
    detection = detector.detect(recording(30.5, loud=(0, 30.5)))
    assert [(e.onset_s, e.duration_s) for e in detection.events] == [(0.0, 30.5)]


def test_a_recording_gets_the_same_whatever_was_searched_before(detector: Detector) -> None:
    first = detector.detect(recording(650.0, loud=(400, 430)))
    detector.detect(recording(20.0, loud=(0, 20)))
    again = detector.detect(recording(650.0, loud=(400, 430)))
    assert again.probabilities.tobytes() == first.probabilities.tobytes()
    assert again.events == first.events
    assert [event.onset_s for event in again.events] == [400.0]


@pytest.mark.parametrize("duration_s", [4.0, 4.5])
def test_one_window_is_enough(detector: Detector, duration_s: float) -> None:
    assert len(detector.detect(recording(duration_s, loud=None)).probabilities) == 1


def test_a_recording_shorter_than_a_window_is_refused_with_both_lengths(
    detector: Detector,
) -> None:
    with pytest.raises(RecordingTooShortError, match=r"made\.edf.*3\.90625 s.*windows of 4 s"):
        detector.detect(recording(3.9, loud=None))


def test_a_rest_without_window_of_its_own_is_told(detector: Detector) -> None:
    findings = detector.detect(recording(6.5, loud=None), stride_s=2.0).findings
    assert any("0.5 s" in finding.message for finding in findings) is False
    findings = detector.detect(recording(7.5, loud=None), stride_s=2.0).findings
    assert any("last 1.5 s" in finding.message for finding in findings)


@pytest.mark.parametrize("threshold", [0.0, 1.0, -1.0, 2.0, float("nan")])
def test_a_threshold_outside_0_to_1_is_refused(detector: Detector, threshold: float) -> None:
    with pytest.raises(ParameterError, match="between 0 and 1"):
        detector.detect(recording(), threshold=threshold)


@pytest.mark.parametrize("stride_s", [0.0, -1.0, 4.1, 1e-9, float("nan")])
def test_a_stride_that_leaves_eeg_unseen_is_refused(detector: Detector, stride_s: float) -> None:
    with pytest.raises(ParameterError, match="stride"):
        detector.detect(recording(), stride_s=stride_s)


def test_a_lower_threshold_lowers_the_level_that_ends_an_event_too(detector: Detector) -> None:
    detection = detector.detect(recording(), threshold=0.1)
    assert (detection.threshold, detection.threshold_off) == (0.1, 0.1)


@pytest.fixture
def detector_with_points(detector: Detector) -> Detector:
    document = detector.card.to_document()
    shape = {"threshold_off": 0.2, "smoothing_s": 0.0, "min_duration_s": 0.0, "merge_gap_s": 9.0}
    points = {
        name: {**shape, "threshold": threshold}
        for name, threshold in (("sensitive", 0.3), ("balanced", 0.6), ("specific", 0.9))
    }
    document["output"]["operating_points"] = {**points, "chosen_on": "simulated EEG"}
    card = card_from_document(document)
    assert card.to_document() == document
    return replace(detector, card=card)


def test_an_operating_point_of_the_card_is_used_by_its_name(detector_with_points: Detector) -> None:
    detector = detector_with_points
    plain = detector.detect(recording())
    specific = detector.detect(recording(), operating_point="specific")
    assert (plain.threshold, plain.operating_point) == (0.5, "card")
    assert (specific.threshold, specific.operating_point) == (0.9, "specific")
    assert specific.post_processing.merge_gap_s == 9.0
    assert specific.events == events_from_trace(plain.trace, specific.post_processing)
    assert detection_json(plain.at(specific.post_processing, "specific")) == detection_json(
        specific
    ), "moved afterwards it is what a search would give"
    own = PostProcessing(threshold=0.8, min_duration_s=1000.0)
    mine = detector.detect(recording(), operating_point=own)
    assert (mine.events, mine.operating_point) == ((), "own")
    moved = detector.detect(recording(), operating_point="specific", threshold=0.7)
    assert (moved.threshold, moved.operating_point) == (0.7, "own")
    assert moved.post_processing.merge_gap_s == 9.0
    answer = detection_json(specific)
    assert (answer["operating_point"], answer["merge_gap_s"]) == ("specific", 9.0)


def test_an_operating_point_the_card_has_not_is_answered_with_those_it_has(
    detector: Detector, detector_with_points: Detector
) -> None:
    with pytest.raises(ParameterError, match="card, sensitive, balanced, specific"):
        detector_with_points.detect(recording(), operating_point="keen")
    with pytest.raises(ParameterError, match=r"It has: card\."):
        detector.detect(recording(), operating_point="sensitive")
    with pytest.raises(ParameterError, match="between 0 and 1"):
        detector.detect(recording(), operating_point=PostProcessing(threshold=1.0))


def test_progress_rises_to_1(detector: Detector) -> None:
    seen: list[float] = []
    detector.detect(recording(600.0), progress=seen.append)
    assert seen == sorted(seen)
    assert len(seen) > 1
    assert seen[-1] == 1.0


def test_too_few_channels_are_refused_by_name(detector: Detector) -> None:
    one = memory_recording(PAIRS[:1], duration_s=10.0, sampling_rates_hz=RATE_HZ)
    with pytest.raises(CoverageError, match="F7-T7, T7-P7"):
        detector.detect(one)


def test_missing_channels_are_zeros_and_counted(detector: Detector) -> None:
    two = memory_recording(PAIRS[:2], [signal(10)] * 2, sampling_rates_hz=RATE_HZ)
    detection = detector.detect(two)
    assert detection.coverage == pytest.approx(2 / 3)
    assert [source.how for source in detection.channels] == ["exact", "exact", "missing"]
    # 10 µV on two of three channels: the mean amplitude is 20/3.
    expected = 1 / (1 + np.exp(50 - 20 / 3))
    np.testing.assert_allclose(detection.probabilities, expected, rtol=1e-4)


def with_gap(start_s: float, stop_s: float) -> Recording:
    signals = [signal(60.0, loud=(20, 35)) for _ in PAIRS]
    for samples in signals:
        samples[round(start_s * RATE_HZ) : round(stop_s * RATE_HZ)] = np.nan
    return memory_recording(PAIRS, signals, sampling_rates_hz=RATE_HZ)


def test_windows_mostly_in_a_gap_have_no_probability_and_no_event(detector: Detector) -> None:
    detection = detector.detect(with_gap(25, 31))
    undefined = np.isnan(detection.probabilities)
    # Windows [start, start + 4) with more than 2 s inside the gap of 25 to 31 s.
    np.testing.assert_array_equal(detection.starts_s[undefined], np.arange(24, 29))
    assert not detection.is_seizure[undefined].any()
    assert any("gap" in finding.message for finding in detection.findings)
    assert all(e.offset_s <= 27 or e.onset_s >= 29 for e in detection.events)


def test_one_channel_without_values_does_not_silence_the_others(detector: Detector) -> None:
    signals = [signal(60.0, loud=(20, 35)) for _ in PAIRS]
    signals[1][:] = np.nan
    detection = detector.detect(memory_recording(PAIRS, signals, sampling_rates_hz=RATE_HZ))
    assert not np.isnan(detection.probabilities).any()
    assert len(detection.events) == 1


def test_flat_and_clipped_channels_are_told(detector: Detector) -> None:
    signals = [signal(60.0), np.zeros(60 * 64), np.clip(signal(60.0) * 1e3, -3276.8, 3276.7)]
    detection = detector.detect(memory_recording(PAIRS, signals, sampling_rates_hz=RATE_HZ))
    text = " ".join(finding.message for finding in detection.findings)
    assert "F7-T7" in text
    assert "flat" in text
    assert "T7-P7" in text


def test_what_makes_a_result_doubtful_comes_first(detector: Detector) -> None:
    loud = [signal(60.0) + 1e4 * np.sin(np.arange(60 * 64)) for _ in range(2)]
    detection = detector.detect(
        memory_recording(PAIRS, [*loud, np.zeros(60 * 64)], sampling_rates_hz=RATE_HZ)
    )
    first, second, _, size = (finding.message for finding in detection.caveats)
    assert first.startswith("100% of the recording comes out as seizure")
    assert second == "1 of 3 channels are missing and fed as zeros: T7-P7."
    assert "a thousand times too large for EEG" in size
    assert detection.findings == (*detection.caveats, *detection.other_findings)
    quiet = detector.detect(recording())
    assert quiet.caveats == ()
    (everything,) = quiet.at(replace(quiet.post_processing, threshold=0.0)).caveats
    assert "comes out as seizure" in everything.message


def test_values_of_a_wrong_size_are_told_before_the_result(detector: Detector) -> None:
    volts = [signal(60.0) * 1e-6] * 3
    detection = detector.detect(memory_recording(PAIRS, volts, sampling_rates_hz=RATE_HZ))
    (said,) = detection.caveats
    assert "a million times too small for EEG in uV" in said.message
    assert detection_json(detection)["findings"][0]["caveat"]


def test_models_with_one_output_a_step_give_one_row_a_step(tmp_path: Path) -> None:
    per_second = amplitude_detector(
        tmp_path / "steps", PAIRS, rate_hz=RATE_HZ, step_s=1.0, window_s=8.0, stride_s=4.0
    )
    detection = per_second.detect(recording())
    np.testing.assert_array_equal(detection.starts_s, np.arange(60))
    assert detection.window_s == 1.0
    assert [(e.onset_s, e.duration_s) for e in detection.events] == [(20.0, 15.0)]


def test_equal_files_in_any_channel_order_give_equal_bits(
    detector: Detector, tmp_path: Path
) -> None:
    rng = np.random.default_rng(4)
    digital = [rng.integers(-2000, 2000, 64 * 20, dtype=np.int16) for _ in PAIRS]
    order = [2, 0, 1]
    plain = build_edf(tmp_path / "plain.edf", digital, labels=PAIRS, sampling_rate_hz=64)
    mixed = build_edf(
        tmp_path / "mixed.edf",
        [digital[i] for i in order],
        labels=[f"EEG {PAIRS[i].lower()}" for i in order],
        sampling_rate_hz=64,
    )
    results = [detector.detect(open_recording(path)) for path in (plain, mixed)]
    assert np.array_equal(results[0].probabilities, results[1].probabilities)
    assert [s.how for s in results[1].channels] == ["renamed"] * 3


def test_json_keeps_the_promised_names_and_has_no_undefined_numbers(detector: Detector) -> None:
    data = detection_json(detector.detect(with_gap(25, 31)))
    assert data["windows"][25] == {
        "start_s": 25.0,
        "stop_s": 29.0,
        "probability": None,
        "seizure": False,
    }
    assert set(data) >= {
        "file_name", "model_id", "model_version", "weights_sha256", "app_version", "threshold",
        "stride_s", "duration_s", "windows", "events", "statistics", "channels", "coverage",
    }  # fmt: skip
    assert set(data["statistics"]) == {
        "n_windows", "n_seizure_windows", "seizure_fraction", "mean_probability",
        "max_probability", "n_events", "seizure_s",
    }  # fmt: skip
    assert data["statistics"]["n_windows"] == len(data["windows"]) == 57


def test_files_hold_what_the_json_holds(detector: Detector, tmp_path: Path) -> None:
    detection = detector.detect(recording())
    events, windows = write_detection(tmp_path, "made", detection)
    assert events.name == "made_events.tsv"
    assert windows.name == "made_windows.csv"
    lines = windows.read_text().splitlines()
    assert lines[0] == "start_s,stop_s,probability,seizure"
    assert len(lines) == 58
    start_s, stop_s, probability, seizure = lines[26].split(",")
    assert (start_s, stop_s, seizure) == ("25", "29", "1")
    assert np.float32(probability) == detection.probabilities[25]
    header, row = events.read_text().splitlines()
    assert header.split("\t")[:3] == ["onset", "duration", "eventType"]
    assert row.split("\t")[:3] == ["20.00", "16.00", "sz"]


def test_a_recording_without_event_is_written_as_background(
    detector: Detector, tmp_path: Path
) -> None:
    quiet = detector.detect(recording(loud=None))
    events, _ = write_detection(tmp_path, "quiet", quiet)
    assert events.read_text().splitlines()[1].split("\t")[2] == "bckg"


def test_events_do_not_depend_on_block_borders(
    detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = detector.detect(recording(600.0, loud=(250, 262)))
    monkeypatch.setattr("zoo.inference.window_rows.BLOCK_S", 7.3)
    cut = detector.detect(recording(600.0, loud=(250, 262)))
    np.testing.assert_allclose(cut.probabilities, whole.probabilities, atol=1e-6)
    assert cut.events == whole.events
    assert isinstance(whole.events[0], Event)
    assert replace(whole.events[0], confidence=None).onset_s == 250.0
