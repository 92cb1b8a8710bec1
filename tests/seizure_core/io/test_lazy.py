from __future__ import annotations

import copy
from collections.abc import Sequence
from io import FileIO
from pathlib import Path

import pytest

from seizure_core import open_recording
from seizure_core.errors import RecordingError
from seizure_core.io.stored_file import read_at
from seizure_core.lazy import LazyTuple
from tests.edf_files import build_edf


def test_it_is_worked_out_once_when_somebody_looks_and_behaves_like_the_tuple() -> None:
    asked = []

    def make() -> list[int]:
        asked.append(1)
        return [3, 1, 2]

    numbers = LazyTuple(make)
    assert not asked
    assert (len(numbers), numbers[0], numbers[1:], list(numbers)) == (3, 3, (1, 2), [3, 1, 2])
    assert numbers == (3, 1, 2) == numbers
    assert numbers == LazyTuple(lambda: (3, 1, 2))
    assert numbers != (3, 1)
    assert (repr(numbers), hash(numbers)) == ("(3, 1, 2)", hash((3, 1, 2)))
    assert (2 in numbers, sorted(numbers), (*numbers, 4)) == (True, [1, 2, 3], (3, 1, 2, 4))
    assert asked == [1]


def test_what_goes_wrong_is_raised_at_every_look_until_it_works() -> None:
    results: list[list[int] | Exception] = [ValueError("not yet"), [1]]

    def make() -> list[int]:
        result = results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    numbers = LazyTuple(make)
    with pytest.raises(ValueError, match="not yet"):
        len(numbers)
    assert list(numbers) == [1]


def test_a_copy_is_a_plain_tuple() -> None:
    numbers = LazyTuple(lambda: (1, 2))
    assert type(copy.deepcopy(numbers)) is tuple


def test_annotations_of_a_file_that_is_gone_say_so_when_they_are_looked_at(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "night.edf", [[0.0] * 256 * 4], annotations=[(1.0, None, "eyes open")]
    )
    recording, kept = open_recording(path), open_recording(path)
    assert [one.text for one in kept.annotations] == ["eyes open"]
    path.unlink()
    assert [one.text for one in kept.annotations] == ["eyes open"]
    for look in (lambda: len(recording.annotations), lambda: len(recording.findings)):
        with pytest.raises(RecordingError, match="there is no such file"):
            look()


def test_a_file_is_opened_without_a_look_at_the_remarks_all_over_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []

    def counted(stream: FileIO, offsets: Sequence[int], size: int) -> list[bytes]:
        looked_at.extend(offsets)
        return read_at(stream, offsets, size)

    monkeypatch.setattr("seizure_core.io.edf.annotations.read_at", counted)
    path = build_edf(
        tmp_path / "night.edf", [[0.0] * 256 * 40], annotations=[(30.5, None, "asleep")]
    )
    recording = open_recording(path)
    assert recording.start_time is not None
    # The stamps of the first and the last record tell whether times jump in between.
    assert len(looked_at) == 2
    assert [one.onset_s for one in recording.annotations] == [30.5]
    assert len(recording.findings) == len(recording.findings)
    assert len(looked_at) == 2 + 40
