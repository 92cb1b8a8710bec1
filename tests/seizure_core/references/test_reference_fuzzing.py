"""Whatever stands in a reference file, only `ReferenceFileError` comes out."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from seizure_core.errors import ReferenceFileError
from seizure_core.references import read_reference
from tests.properties import examples
from tests.seizure_core.reference_texts import BLOCK, PN01, SEIZEIT1
from tests.seizure_core.references.test_references import (
    ONE,
    SUMMARY,
    SZCORE_HEAD,
    TUSZ_COLUMNS,
    TUSZ_HEAD,
)

GOOD = [
    SUMMARY.encode(),
    ONE,
    (SZCORE_HEAD + "1.0\t2.0\tsz\t0.5\tF7-T7\t2076-11-06 13:43:04\t60.00\n").encode(),
    (TUSZ_HEAD + TUSZ_COLUMNS + "TERM,1.0,2.0,seiz,1.0\nF7,1.5,3.0,fnsz,1.0\n").encode(),
    b"onset,duration,label\n1,2,seizure\n3,4,other\n",
    BLOCK.format(name="a_01.edf", start="19.58.36", end="19.59.46").encode(),
    PN01.replace("PN01.edf", "a_01.edf").encode(),
    SEIZEIT1.encode(),
    b"# MNE-Annotations\n# orig_time : 2002-12-03 19:01:11\n"
    b"# onset, duration, description\n1,2,sz\n",
    b"onset,duration,description\n1970-01-01 00:00:01.5,2.0,seizure\n",
    b'Start (s);End (s);Type\n"1,5";2,5;crisi\n',
]
PIECES = st.sampled_from(
    [
        *(b"\0", b"\t", b",", b"\n", b"-", b"1e400", b"nan", b"\xff\xfe", b'"', b"sz", b"9" * 30),
        *(b"Channel 99999999999: x\n", b"Channel 1: a\n", b"File Name: \n", b"\x00\xec\xff\xff"),
        *(b"Seizure Start Time: 1e308 seconds\n", "²".encode(), b"File Start Time: ::\n", b"#"),
        *(b"Seizure end time: 25.61.00\n", b"Seizure n 1\n", b"None", b"# orig_time : 1\n"),
    ]
)


def read_anything(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with suppress(ReferenceFileError):
        reference = read_reference(path, recording_name="a_01.edf")
        assert all(event.is_seizure and event.duration_s > 0 for event in reference.events)
        assert all(abs(event.offset_s) < 1e10 for event in reference.events)


@given(st.binary(max_size=300), st.sampled_from(["a.tsv", "a.edf.seizures", "a.edf", "a.txt"]))
@examples(2)
def test_random_bytes_are_refused_or_read(tmp_path: Path, content: bytes, name: str):
    read_anything(tmp_path / name, content)


@given(st.sampled_from(GOOD), st.data())
@examples(2)
def test_damaged_files_are_refused_or_read(tmp_path: Path, good: bytes, data: st.DataObject):
    content = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        stop = data.draw(st.integers(start, min(start + 6, len(content))))
        content[start:stop] = data.draw(PIECES | st.binary(max_size=3))
    read_anything(tmp_path / "a.edf.seizures", bytes(content))
    read_anything(tmp_path / "a", bytes(content))


@given(st.sampled_from(GOOD), st.data())
@examples(2)
def test_files_cut_anywhere_are_refused_or_read(tmp_path: Path, good: bytes, data: st.DataObject):
    read_anything(tmp_path / "a", good[: data.draw(st.integers(0, len(good)))])
    read_anything(tmp_path / "a", good[data.draw(st.integers(0, len(good))) :])


@given(st.lists(st.sampled_from(SUMMARY.splitlines()), max_size=20))
@examples(2)
def test_summaries_of_lines_in_any_order_are_refused_or_read(tmp_path: Path, lines: list[str]):
    read_anything(tmp_path / "a", "\n".join(lines).encode())
