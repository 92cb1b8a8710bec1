"""Files are opened once and read once, and one that shrinks meanwhile ends no process."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.io.opening import OpenedFile, RefusedFileError, open_file, open_recording
from seizure_core.io.sequence import open_files
from seizure_core.io.stored_file import StoredFile
from seizure_core.io.text.lines import HEAD_BYTES
from tests.edf_files import build_edf, random_signals
from zoo.loading import load_detector

RATE = 256
SECONDS = 700
LABELS = [*CHBMIT_23[:-1], "ECG"]  # no label twice: that both hold the same is looked at first

_opened: list[str] | None = None


def _watch(event: str, args: tuple[object, ...]) -> None:
    if _opened is not None and event == "open":
        _opened.append(str(args[0]))


sys.addaudithook(_watch)


@contextmanager
def opens_of(*paths: Path) -> Iterator[list[str]]:
    """Collect the names under which some files are opened."""
    global _opened
    seen: list[str] = []
    _opened = []
    try:
        yield seen
    finally:
        seen += [name for name in _opened if name in map(str, paths)]
        _opened = None


def edf(path: Path, *, seconds: int = 8, seed: int = 0, **more: object) -> Path:
    signals = random_signals(3, seconds * RATE, seed=seed)
    return build_edf(path, signals, annotations=[(1.5, None, "eyes open")], **more)  # type: ignore[arg-type]


def text(path: Path) -> Path:
    rows = np.random.default_rng(0).normal(size=(800, 2)).round(2)
    lines = [f"{i / 100:.2f},{a},{b}" for i, (a, b) in enumerate(rows)]
    path.write_text("\n".join(["time,C3,C4", *lines]) + "\n")
    return path


def packed(path: Path) -> Path:
    target = path.with_name(f"{path.name}.gz")
    target.write_bytes(gzip.compress(path.read_bytes()))
    return target


def cut_off(path: Path) -> Path:
    edf(path).write_bytes(edf(path).read_bytes()[:-100])
    return path


MADE: dict[str, Callable[[Path], Path]] = {
    "EDF+C": lambda folder: edf(folder / "a.edf"),
    "EDF+D": lambda folder: edf(
        folder / "a.edf", reserved="EDF+D", record_onsets=[*range(4), *range(10, 14)]
    ),
    "BDF": lambda folder: edf(folder / "a.bdf", bdf=True),
    "cut off": lambda folder: cut_off(folder / "a.edf"),
    "text": lambda folder: text(folder / "a.csv"),
    "packed": lambda folder: packed(edf(folder / "a.edf")),
    "packed text": lambda folder: packed(text(folder / "a.csv")),
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_one_look_tells_all_about_a_file(make: Callable[[Path], Path], tmp_path: Path) -> None:
    path = make(tmp_path)
    with opens_of(path) as seen:
        opened = open_file(path, wholly=True)
        said = [*opened.recording.findings, *opened.recording.annotations]
        layout, report = opened.layout, opened.report
    assert len(seen) == 1
    assert (layout is not None) == (".csv" in path.name)
    assert (report is None) == (layout is not None)
    assert report is None or ("are ignored" in report.repair) == (make is MADE["cut off"])
    assert said or layout


def without_rate(path: Path) -> Path:
    path.write_text("C3,C4\n" + "1.5,2.5\n-1.5,0.5\n" * 100)
    return path


def garbled(path: Path) -> Path:
    content = edf(path).read_bytes()
    path.write_bytes(content[:252] + b"many" + content[256:])
    return path


def cut_packed(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-9])
    return path


REFUSED: dict[str, Callable[[Path], Path]] = {
    "EDF": lambda folder: garbled(folder / "a.edf"),
    "text": lambda folder: without_rate(folder / "a.csv"),
    "packed": lambda folder: packed(garbled(folder / "a.edf")),
    "packed text": lambda folder: packed(without_rate(folder / "a.csv")),
    "cut off": lambda folder: cut_packed(packed(edf(folder / "a.edf"))),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_the_look_that_refuses_a_file_explains_it(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = make(tmp_path)
    with opens_of(path) as seen, pytest.raises(RefusedFileError) as refused:
        open_file(path)
    assert len(seen) == 1
    assert refused.value.report.reason == refused.value.reason
    assert not all(fact.is_right for fact in refused.value.report.facts)
    assert (refused.value.layout is not None) == (".csv" in path.name)


def test_of_several_files_each_is_opened_once(tmp_path: Path) -> None:
    paths = [edf(tmp_path / "a.edf"), edf(tmp_path / "b.edf", start_time="04.05.30")]
    with opens_of(*paths) as seen:
        opened: OpenedFile = open_files(paths)
        assert len(opened.recording.annotations) == 2
    assert sorted(seen) == sorted(map(str, paths))


def test_annotations_are_a_second_look_only_where_nobody_wanted_them(tmp_path: Path) -> None:
    path = edf(tmp_path / "a.edf")
    with opens_of(path) as seen:
        recording = open_recording(path)
    assert len(seen) == 1
    with opens_of(path) as again:
        assert [one.text for one in recording.annotations] == ["eyes open"]
        assert not any(one.severity == "error" for one in recording.findings)
    assert len(again) == 1


class CountingStream:
    """A file opened for reading that counts the bytes read from it."""

    def __init__(self, stream: FileIO, sizes: list[int]) -> None:
        self._stream, self._sizes = stream, sizes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def read(self, size: int) -> bytes:
        content = self._stream.read(size)
        self._sizes.append(len(content))
        return content

    def readinto(self, room: memoryview) -> int:
        self._sizes.append(self._stream.readinto(room))
        return self._sizes[-1]


@pytest.fixture
def sizes_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes each call has read from recordings."""
    sizes: list[int] = []
    opened = StoredFile.opened

    @contextmanager
    def counted(self: StoredFile) -> Iterator[CountingStream]:
        with opened(self) as stream:
            is_counted = isinstance(stream, CountingStream)
            yield stream if is_counted else CountingStream(stream, sizes)

    monkeypatch.setattr(StoredFile, "opened", counted)
    return sizes


def long_recording(kind: str, folder: Path) -> Path:
    signals = random_signals(len(LABELS), (80 if kind == "text" else SECONDS) * RATE)
    more: dict[str, Any] = {"bdf": kind == "BDF"}
    if kind == "EDF+D":
        onsets = [i + 50 * (i > 300) for i in range(SECONDS)]
        more = {"reserved": "EDF+D", "record_onsets": onsets}
    if kind != "text":
        return build_edf(folder / "night.edf", signals, labels=LABELS, **more)
    path = folder / "night.csv"
    lines = [f"# Sampling rate: {RATE} Hz", ",".join(LABELS)]
    lines += [",".join(map(str, row)) for row in signals.round(1).T.tolist()]
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize("kind", ["EDF", "EDF+D", "BDF", "text"])
def test_to_open_and_to_detect_every_byte_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes_read: list[int], kind: str
) -> None:
    path = long_recording(kind, tmp_path)
    detector = load_detector("n1spool-cnn")
    model_input = detector.prepare(open_recording(path))  # looks whether each channel lives
    monkeypatch.setattr(type(detector), "prepare", lambda _self, _recording: model_input)
    sizes_read.clear()
    recording = open_recording(path)
    detection = detector.detect(recording, second_stage=False)  # which looks at its events again
    assert len(detection.probabilities) > 40
    size = path.stat().st_size
    header_bytes = 10_000 + HEAD_BYTES * (kind == "text")
    assert 0.9 * size < sum(sizes_read) <= size + header_bytes


@pytest.mark.parametrize("rounds", [1, pytest.param(9, marks=pytest.mark.slow)])
def test_a_file_that_shrinks_while_it_is_read_ends_no_process(tmp_path: Path, rounds: int) -> None:
    """Memory of a mapped file that is gone cannot be caught: the process just ends."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.shrinking_files", str(tmp_path), str(rounds)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-2000:]
    kinds = [line.split(":")[0] for line in told.stdout.splitlines()]
    assert kinds == ["EDF", "BDF", "packed", "text", "sequence"]
    assert "refused 0 times" not in told.stdout.splitlines()[0]
