"""The ledger of a batch: a small file for every recording, written when its results are there.

Below the folder of the results lies `.seizure-zoo/KIND`:

    entries/HASH.jsonl    how a recording ended: a line of facts, and a line with its result
    entries/HASH.started  a process works on it, or ended while it did
    work/                 results that are being made
    jobs/SHA256.json      what a job depended on, to say what changed
    plan.json             the recordings of the batch

Every file has one writer at a time and is put in place by renaming, so that neither a lock nor a
server is needed, on network disks either.
"""

from __future__ import annotations

import gc
import json
import os
import re
import secrets
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from seizure_core.json_document import JsonError, canonical_json, read_json, sha256_of, write_json

LEDGER_FOLDER = ".seizure-zoo"

_HEAD_BYTES = 1 << 16
_CHUNK_BYTES = 1 << 20
_WORK_NAME = re.compile("[0-9a-f]{16}")


class Content(NamedTuple):
    """A file as a result depends on it; its time only tells whether to look at its bytes."""

    size: int
    mtime_ns: int
    crc32: int

    @property
    def identity(self) -> tuple[int, int]:
        """Size and checksum, which stay the same in a copy."""
        return self.size, self.crc32


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """State of one recording and facts about its result.

    Attributes
    ----------
    job : str
        Hash of what the job depends on.
    content : tuple of Content
        The files it was made from.
    files : tuple of (str, int)
        Result files, relative to the folder of the results, with their sizes.
    reason : str
        Why it was done again; empty for the first time.
    bytes : int
        Size of the recording.
    duration_s : float
        Length of the recording.
    work_s : float
        Time it took.
    ended : float
        When, in seconds since 1970.
    run_id : str
        Of the run that did it.
    place : str
        Absolute path of the recording, where it lay then.
    """

    name: str
    job: str
    run_id: str = ""
    state: Literal["done", "failed"] = "failed"
    message: str = ""
    content: tuple[Content, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[tuple[str, int], ...] = ()
    reason: str = ""
    bytes: int = 0
    duration_s: float = 0.0
    work_s: float = 0.0
    ended: float = 0.0
    place: str = ""

    @property
    def key(self) -> str:
        """Hash of content, details and job: equal keys mean equal results."""
        parts = [[content.identity for content in self.content], dict(self.details), self.job]
        return sha256_of(canonical_json(parts))

    @classmethod
    def of_json(cls, document: Mapping[str, Any]) -> Entry:
        """Return the entry of a line; raises TypeError, KeyError or ValueError if it is none."""
        facts = dict(document)
        facts.pop("key", None)
        facts["content"] = tuple([Content(*file) for file in facts["content"]])
        facts["files"] = tuple([(str(name), int(size)) for name, size in facts["files"]])
        return cls(**facts)


class Ended(NamedTuple):
    """Facts that are asked of all entries at a time, quicker to make than an `Entry`."""

    name: str
    job: str
    state: Literal["done", "failed"]
    message: str
    bytes: int
    duration_s: float
    work_s: float
    ended: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A recording that a process works on.

    Attributes
    ----------
    work : Path
        Empty folder for its results, on the same disk as where they will lie.
    in_run, in_all : int
        How often it was begun since it last ended, in this run and in all, this time included.
    """

    name: str
    work: Path
    in_run: int
    in_all: int


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the search for circular garbage, which 100,000 new objects set off again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The ledger of one kind of job in a folder of results."""

    folder: Path

    @classmethod
    def of(cls, out: Path, kind: str) -> Ledger:
        """Return the ledger of a job in a folder of results."""
        return cls(folder=out / LEDGER_FOLDER / kind)

    @property
    def kind(self) -> str:
        """Name of the job."""
        return self.folder.name

    @property
    def out(self) -> Path:
        """The folder of the results."""
        return self.folder.parents[1]

    def create(self) -> None:
        """Create its folders."""
        for name in ("entries", "jobs", "work"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def begin(self, name: str, run_id: str) -> Begun:
        """Note that a process begins with a recording; clear what an ended one left of it."""
        marker = self._place(name, "started")
        before: dict[str, Any] = {}
        with suppress(OSError, JsonError):
            before = read_json(marker)
        if _WORK_NAME.fullmatch(str(before.get("work"))):
            shutil.rmtree(self.folder / "work" / before["work"], ignore_errors=True)
        in_run = before["in_run"] + 1 if before.get("run_id") == run_id else 1
        begun = Begun(
            name=name,
            work=self.folder / "work" / secrets.token_hex(8),
            in_run=in_run,
            in_all=before.get("in_all", 0) + 1,
        )
        facts = {"name": name, "work": begun.work.name, "run_id": run_id}
        counts = {"in_run": begun.in_run, "in_all": begun.in_all}
        marker.write_bytes(canonical_json(facts | counts))
        begun.work.mkdir()
        return begun

    def end(self, begun: Begun, entry: Entry | None, result: Mapping[str, Any]) -> None:
        """Write the entry of a recording, with its result in brief; none after an interrupt."""
        if entry is not None:
            lines = [asdict(entry) | {"key": entry.key}, result]
            text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
            fresh = begun.work / "entry.jsonl"
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(self._place(begun.name, "jsonl"))
        self._place(begun.name, "started").unlink(missing_ok=True)
        shutil.rmtree(begun.work, ignore_errors=True)

    def result(self, name: str) -> tuple[Entry | None, dict[str, Any]]:
        """Return the entry of a recording and its result in brief, if there is one."""
        try:
            return _entry_and_result(self._place(name, "jsonl").read_bytes())
        except FileNotFoundError:
            return None, {}

    @collector_paused()
    def entries(self) -> dict[str, Entry]:
        """Return all entries by name; what cannot be read counts as not there."""
        # As few system calls a file as possible: there may be 100,000.
        found: dict[str, Entry] = {}
        for content in self._contents(_HEAD_BYTES):
            entry = _entry(content)
            if entry is not None:
                found[entry.name] = entry
        return found

    @collector_paused()
    def ended(self) -> dict[str, Ended]:
        """Return how recordings ended by name; what cannot be read counts as not there."""
        found: dict[str, Ended] = {}
        for content in self._contents(_HEAD_BYTES):
            with suppress(ValueError, TypeError, KeyError):
                facts = _facts(content)
                found[facts["name"]] = Ended(*[facts[name] for name in Ended._fields])
        return found

    def results(self) -> Iterator[tuple[Entry, dict[str, Any]]]:
        """Yield all entries with the results in brief."""
        for content in self._contents(None):
            entry, result = _entry_and_result(content)
            if entry is not None:
                yield entry, result

    def n_started(self) -> int:
        """Return how many recordings a process works on, or ended with."""
        with suppress(FileNotFoundError), os.scandir(self.folder / "entries") as files:
            return sum(file.name.endswith(".started") for file in files)
        return 0

    def keep_job(self, identity: Mapping[str, Any]) -> str:
        """Keep what a job depends on and return its hash."""
        sha256 = sha256_of_job(identity)
        path = self.folder / "jobs" / f"{sha256}.json"
        if not path.exists():
            write_json(path, identity)
        return sha256

    def job(self, sha256: str) -> dict[str, Any]:
        """Return what a job depended on; nothing if it is not known any more."""
        try:
            document = read_json(self.folder / "jobs" / f"{sha256}.json")
        except (OSError, JsonError):
            return {}
        return document if isinstance(document, dict) else {}

    def _place(self, name: str, suffix: str) -> Path:
        return self.folder / "entries" / f"{sha256_of(name.encode())[:32]}.{suffix}"

    def _contents(self, n_bytes: int | None) -> Iterator[bytes]:
        try:
            folder = os.open(self.folder / "entries", os.O_RDONLY)
        except FileNotFoundError:
            return
        try:
            for name in os.listdir(folder):  # noqa: PTH208 - by its descriptor
                if not name.endswith(".jsonl") or name.startswith("."):
                    continue
                with suppress(FileNotFoundError):
                    file = os.open(name, os.O_RDONLY, dir_fd=folder)
                    try:
                        yield os.read(file, n_bytes or os.fstat(file).st_size)
                    finally:
                        os.close(file)
        finally:
            os.close(folder)


def sha256_of_job(identity: Mapping[str, Any]) -> str:
    """Return the hash of what a job depends on."""
    return sha256_of(canonical_json(dict(identity)))


def content_of(path: Path) -> Content:
    """Return size, time and checksum of a file; the checksum detects changes, not forgery.

    Raises
    ------
    OSError
        It cannot be read.
    """
    crc32, chunk = 0, bytearray(_CHUNK_BYTES)
    with path.open("rb", buffering=0) as file:
        state = os.fstat(file.fileno())
        while n_bytes := file.readinto(chunk):
            crc32 = zlib.crc32(memoryview(chunk)[:n_bytes], crc32)
    return Content(state.st_size, state.st_mtime_ns, crc32)


def is_same(path: Path, known: Content) -> bool:
    """Return whether a file is as it was; its bytes are read only if its time differs."""
    try:
        state = path.stat()
        if state.st_size != known.size:
            return False
        return state.st_mtime_ns == known.mtime_ns or content_of(path).crc32 == known.crc32
    except OSError:
        return False


def missing_file(out: Path, entry: Entry) -> str:
    """Return the first result file of an entry that is gone or has another length, else ""."""
    return next((name for name, size in entry.files if file_size(out / name) != size), "")


def file_size(path: Path) -> int:
    """Return the size of a file, -1 if there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _facts(content: bytes) -> Any:
    return json.loads(content.partition(b"\n")[0].decode("utf-8"))


def _entry(content: bytes) -> Entry | None:
    try:
        return Entry.of_json(_facts(content))
    except (ValueError, TypeError, KeyError):
        return None


def _entry_and_result(content: bytes) -> tuple[Entry | None, dict[str, Any]]:
    entry = _entry(content)
    return entry, json.loads(content.partition(b"\n")[2]) if entry else {}
