"""What a folder of recordings and references holds, sorted by recording."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from seizure_core.errors import RecordingError, SeizureZooError
from seizure_core.events.event import Event
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.references.model import Reference
from seizure_core.references.names import is_listing_name, listed_as, pairing_key, reference_keys
from seizure_core.references.readers.chbmit import parse_summary
from seizure_core.references.reading import parse_listing, read_reference, role_of
from seizure_core.references.tables import decode, read_bytes, split_lines

_SEIZURES_SUFFIX = ".seizures"
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
    n_uncertain : int
        Stretches that may hold a seizure.
    """

    source: str
    events: tuple[Event, ...]
    duration_s: float | None = None
    n_uncertain: int = 0


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
        EDF, BDF and text files, packed or not.
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
    roles = {path: role_of(path) for path in files if not _is_list(path)}
    for path, role in roles.items():
        if role == "recording":
            content.recordings[content.key(path.parent, path.name)] = path
    listings = [path for path in files if is_listing_name(path.name)]
    for path in listings:
        _add_listing(content, path)
    for path in files:
        if _is_list(path):
            _add_list(content, path, with_seizures=path.name.casefold() == _WITH_SEIZURES)
        elif roles[path] == "reference" and path not in listings:
            _add_reference(content, path, _recording_of(content, path))
    return content


def _is_list(path: Path) -> bool:
    return path.name.casefold() in (_RECORDS, _WITH_SEIZURES)


def _add_listing(content: FolderContent, path: Path) -> None:
    try:
        text = decode(read_bytes(path, path.name), path.name)
        listing = parse_listing(text, path.name)
        if listing is None:
            listing = {}
            parse_summary(text, path.name)
    except SeizureZooError as error:
        content.problem(error, path.name)
        return
    content.summarised[path.parent] = path.name
    here = {
        key.name: recording.name
        for key, recording in content.recordings.items()
        if key.folder == path.parent
    }
    for listed, reference in listing.items():
        name = next(
            (name for name in here.values() if listed_as(name, tuple(listing)) == listed), listed
        )
        key = content.key(path.parent, name)
        # Clock times are whole seconds, and ends are noted before the file ends.
        content.state(
            key, Statement(path.name, reference.events, n_uncertain=len(reference.uncertain))
        )
        content.problems += [(path.name, said) for said in _said(reference, listed)]


def _said(reference: Reference, listed: str) -> list[str]:
    return [
        one.message if one.message.startswith(listed) else f"{listed}: {one.message}"
        for one in reference.findings
        if one.severity != "info" and "past the recording's end" not in one.message
    ]


def _recording_of(content: FolderContent, path: Path) -> str:
    """Return the name of the recording a reference belongs to, whether it is there or not."""
    if path.name.casefold().endswith(_SEIZURES_SUFFIX):
        return path.name[: -len(_SEIZURES_SUFFIX)]
    here = [recording for key, recording in content.recordings.items() if key.folder == path.parent]
    for wanted in reference_keys(path.name):
        found = [one.name for one in here if pairing_key(one.name) == wanted]
        if found:
            return found[0]
    return f"{path.name[: len(reference_keys(path.name)[-1])]}.edf"


def _add_reference(content: FolderContent, path: Path, recording_name: str) -> None:
    key = content.key(path.parent, recording_name)
    content.own_references.setdefault(key, []).append(path.name)
    try:
        reference = read_reference(
            path, recording_name=recording_name, recording=_opened(content.recordings.get(key))
        )
    except SeizureZooError as error:
        content.problem(error, path.name)
        return
    content.state(
        key,
        Statement(
            path.name, reference.events, reference.duration_s, n_uncertain=len(reference.uncertain)
        ),
    )
    content.problems += [
        (path.name, finding.message) for finding in reference.findings if finding.severity != "info"
    ]


def _opened(path: Path | None) -> Recording | None:
    """Open a recording; one that cannot be opened is named where recordings are measured."""
    try:
        return None if path is None else open_recording(path)
    except RecordingError:
        return None


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
