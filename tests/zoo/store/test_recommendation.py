from __future__ import annotations

from collections.abc import Mapping

import pytest

from seizure_core.channels.montages import DOUBLE_BANANA_18
from seizure_core.recording import Recording
from tests.memory_recording import HEADSET, MemoryReader, memory_recording
from zoo.card.evidence import deciding_evidence, figures_words, rank_of
from zoo.card.schema import ArchitectureCard
from zoo.store.recommendation import default_model, reading_of, recommend
from zoo.store.registry import Registry

CHB_MIT = [*DOUBLE_BANANA_18, "P7-T7", "T7-FT9", "FT9-FT10", "FT10-T8", "T8-P8-1"]
REFERENTIAL = [
    *("Fp1-Ref", "Fp2-Ref", "F3-Ref", "F4-Ref", "C3-Ref", "C4-Ref", "P3-Ref", "P4-Ref", "O1-Ref"),
    *("O2-Ref", "F7-Ref", "F8-Ref", "T3-Ref", "T4-Ref", "T5-Ref", "T6-Ref", "Fz-Ref", "Cz-Ref"),
    "Pz-Ref",
]


@pytest.fixture(scope="module")
def cards() -> dict[str, ArchitectureCard]:
    return Registry.load().cards(sources=("shipped",))


def best_of_all(cards: Mapping[str, ArchitectureCard]) -> str:
    return max(cards, key=lambda one: rank_of(cards[one]))


@pytest.mark.parametrize(
    ("labels", "hz"), [(CHB_MIT, 256.0), (REFERENTIAL, 500.0)], ids=["23 pairs", "19 electrodes"]
)
def test_usual_recordings_get_the_model_with_the_best_figures(
    labels: list[str], hz: float, cards: dict[str, ArchitectureCard]
) -> None:
    found = recommend(memory_recording(labels, sampling_rates_hz=hz, duration_s=60), cards)
    assert found.model_id == best_of_all(cards) == default_model()
    assert f"reads all of its 18 channels here, at {hz:g} Hz" in found.reason
    assert figures_words(deciding_evidence(cards[found.model_id])[1]) in found.reason


def test_four_channels_get_the_model_for_any_montage(cards: dict[str, ArchitectureCard]) -> None:
    four = memory_recording(["F3-C3", "C3-P3", "F4-C4", "C4-P4"], duration_s=60)
    found = recommend(four, cards)
    assert found.model_id == "any-montage"
    assert found.reason.startswith("It takes any montage: reads 4 channels here, at 256 Hz;")


def test_without_eeg_no_model_is_recommended_and_the_reason_is_said(
    cards: dict[str, ArchitectureCard],
) -> None:
    found = recommend(memory_recording(["SpO2", "Pulse"], units="%", duration_s=60), cards)
    assert found.model_id is None
    assert found.reason.startswith("No model can read this recording: ")


def test_a_short_recording_gets_a_model_with_short_windows(
    cards: dict[str, ArchitectureCard],
) -> None:
    found = recommend(memory_recording(CHB_MIT, duration_s=9), cards)
    assert found.model_id is not None
    assert cards[found.model_id].input.window_s <= 9


def test_a_model_whose_channels_are_all_there_goes_before_one_fed_with_zeros(
    cards: dict[str, ArchitectureCard],
) -> None:
    half = memory_recording(DOUBLE_BANANA_18[:12], duration_s=60)
    assert reading_of(half, cards[best_of_all(cards)]).coverage == pytest.approx(12 / 18)
    assert recommend(half, cards).model_id == "any-montage"


def test_no_sample_is_read(cards: dict[str, ArchitectureCard]) -> None:
    recording: Recording = memory_recording(CHB_MIT, duration_s=60)
    recommend(recording, cards)
    assert isinstance(recording.reader, MemoryReader)
    assert recording.reader.calls == []


def test_a_consumer_headset_gets_the_model_for_any_montage(
    cards: dict[str, ArchitectureCard],
) -> None:
    headset = memory_recording(HEADSET, sampling_rates_hz=128.0, duration_s=60)
    assert recommend(headset, cards).model_id == "any-montage"
