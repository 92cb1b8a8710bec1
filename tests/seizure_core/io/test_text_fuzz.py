"""Whatever a text holds, only a recording or a plain reason comes out."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from seizure_core.errors import ParameterError, RecordingError
from seizure_core.io.opening import inspect_text, open_recording
from seizure_core.io.text.layout import TextColumn, TextLayout
from seizure_core.recording import Recording
from tests.seizure_core.text_files import noise, table, timed, write

ODD_LINES = [
    *(
        "1,2,3",
        "1;2;3",
        "1.5",
        "-7",
        "a,b,c",
        "time,Fp1",
        "# fs = 256",
        "%",
        "",
        " ",
        "nan,nan,nan",
    ),
    *('"1","2","3', ",,,", "1e999,2,3", "12:00:01,2,3", "99:99:99,1,2", "2020-13-41 00:00:00,1,2"),
    *(
        "1" * 400,
        "1," * 50,
        "\t\t",
        "0x10,1,2",
        "1_0,2,3",
        "\u0661,\u0662,\u0663",
        "1 2 3",
        "inf,1,2",
        "ö,ü,ß",
    ),
]


@given(
    lines=st.lists(st.sampled_from(ODD_LINES) | st.text(max_size=12), max_size=40),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    rate_hz=st.sampled_from([None, 100.0]),
)
def test_odd_lines_never_break_the_reader(
    tmp_path: Path, lines: list[str], end: str, rate_hz: float | None
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(end.join(lines).encode("utf-8", "surrogatepass"))
    survives(path, rate_hz)


@example(content=b'"', start=b"1,2\n3,4\n")
@given(
    content=st.binary(max_size=300),
    start=st.sampled_from(
        [b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"1,2\n3,4\n", b"\x1f\x8b"]
    ),
)
def test_any_bytes_never_break_the_reader(tmp_path: Path, content: bytes, start: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(start + content)
    survives(path, 100.0)


@given(data=st.data())
def test_a_layout_for_another_file_never_breaks_the_reader(
    tmp_path: Path, data: st.DataObject
) -> None:
    path = write(tmp_path / "a.csv", table(timed(noise(50, 3), 100)))
    columns = tuple(
        TextColumn(
            label="x", role=data.draw(st.sampled_from(["signal", "time", "index", "marker"]))
        )
        for _ in range(data.draw(st.integers(1, 6)))
    )
    with suppress(RecordingError, ParameterError):
        layout = TextLayout(
            columns=(*columns, TextColumn(label="Fp1")),
            delimiter=data.draw(st.sampled_from([",", ";", " ", "", "\t"])),
            orientation=data.draw(st.sampled_from(["columns", "rows"])),
            labels_first=data.draw(st.booleans()),
            n_lines_before=data.draw(st.sampled_from([0, 3, 49, 50, 99])),
            time_unit=data.draw(st.sampled_from(["s", "ms", "clock", "samples"])),
            sampling_rate_hz=data.draw(st.sampled_from([0.001, 100.0, 1e6])),
        )
        read_ends(open_recording(path, text_layout=layout))


def survives(path: Path, rate_hz: float | None) -> None:
    refusal = ""
    tracemalloc.start()
    try:
        layout = inspect_text(path)
        if rate_hz is not None:
            layout = replace(layout, sampling_rate_hz=rate_hz)
        read_ends(open_recording(path, text_layout=layout))
    except RecordingError as error:
        refusal = str(error)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 20_000_000
    assert str(path.parent) not in refusal


def read_ends(recording: Recording) -> None:
    for index, channel in enumerate(recording.channels):
        n_read = min(channel.n_samples, 500)
        assert recording.read_samples([index], 0, n_read).shape == (1, n_read)
        assert recording.read_samples([index], channel.n_samples - 1, channel.n_samples).size == 1
