"""What a folder of recordings and references holds, sorted by recording."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from seizure_core.errors import SeizureZooError
from seizure_core.events import Event
from seizure_core.references.chbmit_summary import read_summary
from seizure_core.references.model import Reference
from seizure_core.references.reading import read_reference
from seizure_core.references.text_files import decode, read_bytes, split_lines

RECORDING_SUFFIXES = (".edf", ".bdf")
_SUMMARY_SUFFIX = "-summary.txt"
_SEIZURES_SUFFIX = ".seizures"
_TABLE_SUFFIXES = ("_events.tsv", "_events.csv", ".csv_bi")
_RECORDS, _WITH_SEIZURES = "records", "records-with-seizures"


@dataclass(frozen=True, slots=True, order=True)
class RecordKey:
    """One recording: its folder and its name in small letters."""

    folder: Path
    name: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What one file says about one recording's seizures.

    Attributes
    ----------
    source : str
        Name of the file.
    events : tuple of Event
        Seizures.
    duration_s : float or None
        Length of the recording, where the file gives it to better than a second.
    """

    source: str
    events: tuple[Event, ...]
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class RecordList:
    """A list of recordings: `RECORDS` or `RECORDS-WITH-SEIZURES`."""

    file: Path
    keys: frozenset[RecordKey]
    with_seizures: bool


@dataclass(slots=True)
class FolderContent:
    """All that was found under one folder.

    Attributes
    ----------
    recordings : dict of RecordKey to Path
        EDF and BDF files.
    statements : dict of RecordKey to list of Statement
        A summary's first, then files of one recording.
    own_references : dict of RecordKey to list of str
        Names of reference files of that one recording, readable or not.
    summarised : dict of Path to str
        Folders that have a summary, with its name.
    lists : list of RecordList
        Record lists.
    problems : list of (str, str)
        Name of a file and what is wrong with it.
    names : dict of RecordKey to str
        The recording's name as first written.
    """

    recordings: dict[RecordKey, Path] = field(default_factory=dict)
    statements: dict[RecordKey, list[Statement]] = field(default_factory=dict)
    own_references: dict[RecordKey, list[str]] = field(default_factory=dict)
    summarised: dict[Path, str] = field(default_factory=dict)
    lists: list[RecordList] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    names: dict[RecordKey, str] = field(default_factory=dict)

    def key(self, folder: Path, name: str) -> RecordKey:
        """Return the key of a recording and remember how its name is written."""
        key = RecordKey(folder, name.casefold())
        self.names.setdefault(key, name)
        return key

    def state(self, key: RecordKey, statement: Statement) -> None:
        """Add what a file says about a recording."""
        self.statements.setdefault(key, []).append(statement)

    def problem(self, error: SeizureZooError, file_name: str) -> None:
        """Add a file that could not be read; the error's message begins with its name."""
        self.problems.append((file_name, str(error).removeprefix(f"{file_name}: ")))


def scan_folder(folder: Path) -> FolderContent:
    """Read all references under a folder, and find the recordings.

    Parameters
    ----------
    folder : Path
        Searched with its subfolders.

    Returns
    -------
    FolderContent
        Files that cannot be read are among its problems.
    """
    content = FolderContent()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        if path.suffix.casefold() in RECORDING_SUFFIXES:
            content.recordings[content.key(path.parent, path.name)] = path
    for path in _named(files, _SUMMARY_SUFFIX):
        _add_summary(content, path)
    for path in files:
        _add_other(content, path)
    return content


def _named(files: Iterable[Path], suffix: str) -> list[Path]:
    return [path for path in files if path.name.casefold().endswith(suffix)]


def _add_summary(content: FolderContent, path: Path) -> None:
    try:
        summary = read_summary(path)
    except SeizureZooError as error:
        content.problem(error, path.name)
        return
    content.summarised[path.parent] = path.name
    content.problems += [(path.name, finding.message) for finding in summary.findings]
    for recording in summary.recordings:
        key = content.key(path.parent, recording.file_name)
        content.state(key, Statement(path.name, recording.events))


def _add_other(content: FolderContent, path: Path) -> None:
    name = path.name.casefold()
    if name in (_RECORDS, _WITH_SEIZURES):
        _add_list(content, path, with_seizures=name == _WITH_SEIZURES)
    elif name.endswith(_SEIZURES_SUFFIX):
        _add_reference(content, path, path.name[: -len(_SEIZURES_SUFFIX)])
    else:
        for suffix in _TABLE_SUFFIXES:
            if name.endswith(suffix):
                _add_reference(content, path, _recording_of(content, path, suffix))


def _recording_of(content: FolderContent, path: Path, suffix: str) -> str:
    """Return the recording a table belongs to: STEM.edf, or STEM_eeg.edf as BIDS has it."""
    stem = path.name[: -len(suffix)]
    for end in ("", "_eeg"):
        for kind in RECORDING_SUFFIXES:
            key = RecordKey(path.parent, f"{stem}{end}{kind}".casefold())
            if key in content.recordings:
                return content.recordings[key].name
    return f"{stem}.edf"


def _add_reference(content: FolderContent, path: Path, recording_name: str) -> None:
    key = content.key(path.parent, recording_name)
    content.own_references.setdefault(key, []).append(path.name)
    try:
        reference: Reference = read_reference(path, recording_name=recording_name)
    except SeizureZooError as error:
        content.problem(error, path.name)
        return
    content.state(key, Statement(path.name, reference.events, reference.duration_s))
    content.problems += [
        (path.name, finding.message) for finding in reference.findings if finding.severity != "info"
    ]


def _add_list(content: FolderContent, path: Path, *, with_seizures: bool) -> None:
    try:
        lines = split_lines(decode(read_bytes(path, path.name), path.name))
    except SeizureZooError as error:
        content.problem(error, path.name)
        return
    keys = []
    for line in lines:
        if line.strip():
            record = path.parent / line.strip()
            keys.append(content.key(record.parent, record.name))
    content.lists.append(RecordList(path, frozenset(keys), with_seizures))
