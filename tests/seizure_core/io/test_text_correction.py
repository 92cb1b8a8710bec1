from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core.errors import ParameterError, RecordingError
from seizure_core.io.opening import inspect_text, open_recording, read_otherwise
from seizure_core.io.text.layout import NO_TIMES, TextCorrection, TextLayout

LINES = "C3;C4\n" + "".join(f"{i % 7}.5;{i % 5 - 2}.25\n" for i in range(400))


def wrongly_read(path: Path) -> TextLayout:
    """Return a layout as if the semicolons had not been seen."""
    found = inspect_text(path)
    return replace(found, delimiter="|", columns=found.columns[:1], findings=())


@pytest.mark.parametrize("packed", [False, True])
def test_another_delimiter_makes_other_columns_and_keeps_the_rest(
    tmp_path: Path, packed: bool
) -> None:
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(LINES.encode()) if packed else LINES.encode())
    corrected = read_otherwise(
        path, replace(wrongly_read(path), sampling_rate_hz=100), TextCorrection(delimiter=";")
    )
    assert [column.label for column in corrected.columns] == ["C3", "C4"]
    assert corrected.preview[0] == ("0.5", "-2.25")
    assert corrected.sampling_rate_hz == 100
    recording = open_recording(path, text_layout=corrected)
    assert recording.labels == ["C3", "C4"]
    assert recording.duration_s == 4.0


def test_a_delimiter_that_leaves_no_number_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(LINES)
    layout = inspect_text(path)
    with pytest.raises(RecordingError, match="Choose another delimiter"):
        read_otherwise(path, layout, TextCorrection(delimiter="|"))
    with pytest.raises(ParameterError, match="delimiter"):
        read_otherwise(path, layout, TextCorrection(delimiter="%"))


def test_another_decimal_sign_makes_other_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("C3;C4\n" + "".join(f"{i % 7},5;{i % 5 - 2},25\n" for i in range(400)))
    layout = replace(replace(inspect_text(path), sampling_rate_hz=100), decimal=".")
    corrected = read_otherwise(path, layout, TextCorrection(decimal=","))
    assert open_recording(path, text_layout=corrected).read()[:, 0].tolist() == [0.5, -2.25]
    with pytest.raises(RecordingError, match="no column of numbers"):
        read_otherwise(path, corrected, TextCorrection(decimal="."))
    with pytest.raises(ParameterError, match="cannot be the same"):
        read_otherwise(path, replace(layout, delimiter=","), TextCorrection(decimal=","))


def read_as(path: Path, **correction: Any) -> TextLayout:
    return read_otherwise(path, inspect_text(path), TextCorrection(**correction))


def test_names_taken_for_a_header_are_left_out_and_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(LINES)
    without = read_as(path, has_header=False)
    assert [column.label for column in without.columns] == ["Channel 1", "Channel 2"]
    assert without.preview[0] == ("0.5", "-2.25")
    again = read_otherwise(path, without, TextCorrection(has_header=True))
    assert [column.label for column in again.columns] == ["C3", "C4"]
    assert again.preview == without.preview


def test_a_numbered_header_can_be_values_and_a_row_of_values_a_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("0,1,2,3\n" + "".join(f"{i % 7}.5,2.5,{i}.1,-3\n" for i in range(300)))
    found = inspect_text(path)
    assert found.has_header
    values = read_otherwise(path, found, TextCorrection(has_header=False))
    assert not values.has_header
    assert values.preview[0] == ("0", "1", "2", "3")
    assert (
        open_recording(path, text_layout=replace(values, sampling_rate_hz=100)).duration_s == 3.01
    )
    header = read_otherwise(path, values, TextCorrection(has_header=True))
    assert [column.label for column in header.columns] == ["0", "1", "2", "3"]
    assert open_recording(path, text_layout=replace(header, sampling_rate_hz=100)).duration_s == 3.0


def test_a_line_is_a_channel_where_the_user_says_so(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    samples = np.arange(40) % 7 - 3.25
    path.write_text(
        "".join(
            f"{label}," + ",".join(f"{scale * value:g}" for value in samples) + "\n"
            for scale, label in enumerate((f"E{i}" for i in range(1, 13)), start=1)
        )
    )
    assert inspect_text(path).orientation == "columns"
    rows = read_as(path, orientation="rows")
    recording = open_recording(path, text_layout=replace(rows, sampling_rate_hz=10))
    assert recording.labels == [f"E{i}" for i in range(1, 13)]
    assert recording.duration_s == 4.0
    np.testing.assert_allclose(recording.read()[1], 2 * samples, rtol=1e-6)
    columns = read_otherwise(path, rows, TextCorrection(orientation="columns"))
    assert len(columns.columns) == 41


def test_any_column_can_give_the_times_or_none(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = (f"{i % 7}.5,{1000 + 4 * i},{i % 5}.25\n" for i in range(500))
    path.write_text("C3,C4,Pz\n" + "".join(rows))
    timed = read_as(path, time_column=1)
    assert timed.time_index == 1
    assert timed.sampling_rate_hz == pytest.approx(250)
    recording = open_recording(path, text_layout=timed)
    assert recording.labels == ["C3", "Pz"]
    assert recording.duration_s == pytest.approx(2.0)
    free = read_otherwise(path, timed, TextCorrection(time_column=NO_TIMES))
    assert free.time_index is None
    assert open_recording(path, text_layout=free).labels == ["C3", "C4", "Pz"]
