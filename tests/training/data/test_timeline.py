from __future__ import annotations

from datetime import datetime, timedelta

from seizure_core.events.event import Event
from training.data.timeline import FileSpan, doubtful_starts, neighbours_seizures

NOON = datetime(2076, 11, 6, 12, 0, 0)


def recording(
    start_s: float | None, *seizures: tuple[float, float], patient: str = "a", length_s: float = 60
) -> FileSpan:
    return FileSpan(
        patient=patient,
        start_time=None if start_s is None else NOON + timedelta(seconds=start_s),
        duration_s=length_s,
        events=tuple(Event(onset_s=onset, duration_s=length) for onset, length in seizures),
    )


def onsets(*recordings: FileSpan, within_s: float = 30) -> list[list[float]]:
    found = neighbours_seizures(recordings, within_s=within_s)
    return [[event.onset_s for event in events] for events in found]


def test_a_seizure_at_the_end_of_one_file_is_seen_from_the_next() -> None:
    assert onsets(recording(0, (50, 10)), recording(61)) == [[], [-11.0]]


def test_a_seizure_at_the_start_of_the_next_file_is_seen_from_the_one_before() -> None:
    assert onsets(recording(0), recording(65, (5, 10))) == [[70.0], []]


def test_seizures_far_away_do_not_count() -> None:
    assert onsets(recording(0, (5, 10)), recording(60)) == [[], []]
    assert onsets(recording(0, (50, 10)), recording(3600)) == [[], []]


def test_other_patients_and_unknown_starts_have_nothing_to_do_with_each_other() -> None:
    assert onsets(recording(0, (50, 10)), recording(61, patient="b")) == [[], []]
    assert onsets(recording(0, (50, 10)), recording(None)) == [[], []]


def test_starts_that_overlap_are_doubtful_and_not_used() -> None:
    same = [recording(0, (50, 10)), recording(0), recording(61)]
    assert doubtful_starts(same) == {0, 1}
    assert onsets(*same) == [[], [], []]
    assert doubtful_starts([recording(0), recording(59)]) == frozenset()
