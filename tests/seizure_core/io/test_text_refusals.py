"""Texts that are damaged, no recordings, too large, or described wrongly."""

from __future__ import annotations

import gc
import gzip
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from seizure_core.errors import ParameterError, RecordingError
from seizure_core.io.opening import inspect_text, open_recording
from seizure_core.io.text import lines as text_lines
from seizure_core.io.text.layout import TextColumn, TextLayout
from tests.seizure_core.text_files import messages, noise, table, timed, write


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("0.5,1,abc,3", r"line 52 contains 'abc' in column 3 \(F4\)"),
        ("0.5,1,2", "line 52 has 3 values, the lines before it 4"),
        ("0.5,1,2,3,4", "line 52 has 5 values"),
        ("# 0.5,1,2,3", "line 52 contains '# 0.5'"),
        ("soon,1,2,3", "column 1"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    rows = timed(noise(100, 3), 100, 2)
    text = table([["time", "F3", "F4", "C3"], *rows]).splitlines()
    text[51] = line
    path = write(tmp_path / "a.csv", "\n".join(text))
    layout = inspect_text(write(tmp_path / "b.csv", "\n".join([*text[:51], *text[52:]])))
    with pytest.raises(RecordingError, match=told):
        open_recording(path, text_layout=layout)


def test_a_cut_off_last_line_is_left_out_and_told(tmp_path: Path) -> None:
    text = table([["time", "F3", "F4"], *timed(noise(100, 2), 100, 2)])
    recording = open_recording(write(tmp_path / "a.csv", text + "1.00,3"))
    assert recording.channels[0].n_samples == 100
    assert "ends inside line 102" in messages(recording)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("\n\n\n", "no line of it holds a value"),
        ("hello world\nthis is a letter\n", "no columns of numbers"),
        ("onset\tduration\teventType\n0.0\t5.0\tsz\n", "table of events"),
        ("1,2\n\x003,4\n", "zero bytes"),
    ],
)
def test_texts_that_are_no_recordings_are_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(RecordingError, match=told) as refused:
        open_recording(write(tmp_path / "a.csv", text))
    assert str(tmp_path) not in str(refused.value)


def test_a_text_above_the_bound_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_lines, "MAX_TEXT_BYTES", 1000)
    path = write(tmp_path / "a.csv", table(noise(100, 3)))
    with pytest.raises(RecordingError, match="Convert it to EDF"):
        open_recording(path)


@pytest.mark.parametrize(
    "change",
    [
        {"delimiter": "x"},
        {"encoding": "utf-7"},
        {"sampling_rate_hz": -1.0},
        {"sampling_rate_hz": float("nan")},
        {"scale_uv": 0.0},
        {"offset": float("inf")},
        {"columns": ()},
        {"columns": (TextColumn(label="a", role="time"),)},
        {"n_lines_before": -1},
        {"decimal": ","},
        {"sampling_rate_hz": "fast"},
    ],
)
def test_a_layout_out_of_its_bounds_is_refused(change: dict) -> None:
    with pytest.raises(ParameterError):
        TextLayout(**{"columns": (TextColumn(label="a"),), **change})


def test_memory_stays_bounded_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    text = table(timed(noise(500, 16), 256)) * 1
    body = "".join(text.splitlines(keepends=True))
    n_rows = 60_000
    lines = body.splitlines()
    rows = (f"{i / 256:.6f},{lines[i % 500].split(',', 1)[1]}\n" for i in range(n_rows))
    path = write(tmp_path / "a.csv", "".join(rows))
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes(), 1))
    for place in (path, packed):
        tracemalloc.start()
        recording = open_recording(place)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 25_000_000  # the file has 8 MB; chunks of one are parsed
        assert recording.read_samples([3], n_rows - 1, n_rows)[0, 0] == np.float32(
            lines[(n_rows - 1) % 500].split(",")[4]
        )
        del recording
        gc.collect()
        assert list(folder.iterdir()) == []
