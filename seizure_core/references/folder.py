"""Recordings and references in a folder, grouped by recording."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from seizure_core.errors import RecordingError, SeizureZooError
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.references.model import Reference
from seizure_core.references.names import is_listing_name, listed_as, pairing_key, reference_keys
from seizure_core.references.readers.chbmit import parse_summary
from seizure_core.references.reading import parse_listing, read_reference, role_of
from seizure_core.references.tables import decode, read_bytes, split_lines

SEIZURES_SUFFIX = ".seizures"
_RECORDS, _WITH_SEIZURES = "records", "records-with-seizures"


@dataclass(slots=True, eq=False)
class Record:
    """One recording of a folder, existing or only mentioned.

    Attributes
    ----------
    folder, name : Path, str
        Folder, and name as first mentioned.
    path : Path or None
        EDF, BDF or text file, packed or not; None if missing.
    own_files : list of str
        Reference files of only this recording, readable or not.
    statements : list of Reference
        References, a summary's first; `duration_s` only if better than a second.
    """

    folder: Path
    name: str
    path: Path | None = None
    own_files: list[str] = field(default_factory=list)
    statements: list[Reference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RecordList:
    """A list of recordings: `RECORDS` or `RECORDS-WITH-SEIZURES`."""

    file: Path
    records: frozenset[Record]
    with_seizures: bool


@dataclass(slots=True)
class FolderContent:
    """Contents of a folder.

    Attributes
    ----------
    by_name : dict of (Path, str) to Record
        By folder and recording name in lower case.
    summarised : dict of Path to str
        Folders with a summary, and its name.
    problems : list of (str, str)
        File names with errors.
    """

    by_name: dict[tuple[Path, str], Record] = field(default_factory=dict)
    summarised: dict[Path, str] = field(default_factory=dict)
    lists: list[RecordList] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def records(self) -> list[Record]:
        """All recordings, by folder and name."""
        return [self.by_name[key] for key in sorted(self.by_name)]

    def record(self, folder: Path, name: str) -> Record:
        """Return the recording of a name, ignoring case."""
        return self.by_name.setdefault((folder, name.casefold()), Record(folder, name))

    def problem(self, error: SeizureZooError, file_name: str) -> None:
        """Add a file that could not be read."""
        self.problems.append((file_name, str(error).removeprefix(f"{file_name}: ")))


def scan_folder(folder: Path) -> FolderContent:
    """Read all references in a folder and its subfolders, and find the recordings.

    Unreadable files are listed as problems.
    """
    content = FolderContent()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    roles = {path: role_of(path) for path in files if not _is_list(path)}
    for path, role in roles.items():
        if role == "recording":
            content.record(path.parent, path.name).path = path
    listings = [path for path in files if is_listing_name(path.name)]
    for path in listings:
        _add_listing(content, path)
    for path in files:
        if _is_list(path):
            _add_list(content, path)
        elif roles[path] == "reference" and path not in listings:
            _add_reference(content, path)
    return content


def _is_list(path: Path) -> bool:
    return path.name.casefold() in (_RECORDS, _WITH_SEIZURES)


def _recordings_in(content: FolderContent, folder: Path) -> list[str]:
    return [r.path.name for r in content.records if r.folder == folder and r.path is not None]


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
    here = _recordings_in(content, path.parent)
    for listed, reference in listing.items():
        name = next((name for name in here if listed_as(name, tuple(listing)) == listed), listed)
        # Clock times are whole seconds, and ends are noted before the file ends.
        content.record(path.parent, name).statements.append(replace(reference, duration_s=None))
        content.problems += [
            (
                path.name,
                finding.message
                if finding.message.startswith(listed)
                else f"{listed}: {finding.message}",
            )
            for finding in reference.findings
            if finding.severity != "info" and "past the recording's end" not in finding.message
        ]


def _recording_of(content: FolderContent, path: Path) -> str:
    """Return the name of the recording a reference belongs to, whether it exists or not."""
    if path.name.casefold().endswith(SEIZURES_SUFFIX):
        return path.name[: -len(SEIZURES_SUFFIX)]
    here = _recordings_in(content, path.parent)
    for wanted in reference_keys(path.name):
        found = [name for name in here if pairing_key(name) == wanted]
        if found:
            return found[0]
    return f"{path.name[: len(reference_keys(path.name)[-1])]}.edf"


def _add_reference(content: FolderContent, path: Path) -> None:
    name = _recording_of(content, path)
    record = content.record(path.parent, name)
    record.own_files.append(path.name)
    try:
        reference = read_reference(path, recording_name=name, recording=_opened(record.path))
    except SeizureZooError as error:
        content.problem(error, path.name)
        return
    record.statements.append(reference)
    content.problems += [
        (path.name, finding.message) for finding in reference.findings if finding.severity != "info"
    ]


def _opened(path: Path | None) -> Recording | None:
    """Open a recording; failures are reported when recordings are measured."""
    try:
        return None if path is None else open_recording(path)
    except RecordingError:
        return None


def _add_list(content: FolderContent, path: Path) -> None:
    try:
        lines = split_lines(decode(read_bytes(path, path.name), path.name))
    except SeizureZooError as error:
        content.problem(error, path.name)
        return
    places = [path.parent / line.strip() for line in lines if line.strip()]
    records = frozenset(content.record(place.parent, place.name) for place in places)
    content.lists.append(RecordList(path, records, path.name.casefold() == _WITH_SEIZURES))
