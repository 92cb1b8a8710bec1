"""Recordings and references in a folder, checked against each other and record lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from seizure_core.errors import RecordingError, ReferenceFileError, SeizureZooError
from seizure_core.events.event import same_times
from seizure_core.io.opening import open_recording
from seizure_core.recording import Finding, Recording
from seizure_core.references.model import Reference, describe_span, time_findings
from seizure_core.references.names import ListedNames, is_listing_name, pairing_key, reference_keys
from seizure_core.references.readers.chbmit import parse_summary
from seizure_core.references.readers.edf_annotations import reference_inside
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
    names = ListedNames(listing)
    here: dict[str | None, str] = {}
    for name in _recordings_in(content, path.parent):
        here.setdefault(names.name_of(name), name)
    for listed, reference in listing.items():
        name = here.get(listed, listed)
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


_TOLERANCE_S = 1.0  # Summaries are in whole seconds.


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One contradiction.

    Attributes
    ----------
    file_names : tuple of str
        Recordings or files concerned.
    """

    file_names: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """Result of the check of a folder.

    Attributes
    ----------
    n_recordings : int
        Number of EDF and BDF files.
    n_described : int
        Number of recordings with a reference.
    n_seizures : int
        Seizures in the first reference of each recording.
    """

    n_recordings: int
    n_described: int
    n_seizures: int
    issues: tuple[Issue, ...]


def check_folder(folder: str | Path) -> CheckReport:
    """Check the references in a folder against each other and against the recordings.

    This includes summaries, `.seizures`, event tables next to recordings, `RECORDS` and
    `RECORDS-WITH-SEIZURES`. In a folder without any recordings, references without recording are
    accepted.

    Parameters
    ----------
    folder : str or Path
        Includes its subfolders.
    """
    content = scan_folder(Path(folder))
    records = content.records
    issues = [_issue(name, message) for name, message in content.problems]
    durations_s = {
        record: duration_s
        for record in records
        if (duration_s := _measured(record, issues)) is not None
    }
    annotated = {
        record.folder
        for record in records
        if any(name.casefold().endswith(SEIZURES_SUFFIX) for name in record.own_files)
    }
    for record in records:
        issues += _conflicts(record, has_files=record.folder in annotated)
    for record, duration_s in durations_s.items():
        issues += _against_recording(record, duration_s)
    for record_list in content.lists:
        compare = _with_seizures if record_list.with_seizures else _unsummarised
        issues += compare(content, record_list)
    issues += _alone(records)
    return CheckReport(
        n_recordings=sum(record.path is not None for record in records),
        n_described=sum(bool(record.statements) for record in records),
        n_seizures=sum(len(record.statements[0].events) for record in records if record.statements),
        issues=tuple(dict.fromkeys(issues)),
    )


def _measured(record: Record, issues: list[Issue]) -> float | None:
    """Return a recording's duration; seizures marked in the file count as a statement."""
    if record.path is None:
        return None
    name = record.path.name
    try:
        recording = open_recording(record.path)
    except RecordingError as error:
        issues.append(_issue(name, error.reason))
        return None
    issues += [_issue(name, contradiction.message) for contradiction in _contradictions(recording)]
    try:
        inside = reference_inside(recording)
    except ReferenceFileError:
        return recording.duration_s  # The finding is already an issue.
    known = recording.findings
    said = [
        finding
        for finding in inside.findings
        if finding not in known and finding.severity != "info"
    ]
    issues += [_issue(name, finding.message) for finding in said]
    if inside.events or inside.uncertain:
        source = f"the annotations inside {name}"
        record.statements.append(replace(inside, file_name=source, duration_s=None))
    return recording.duration_s


def _contradictions(recording: Recording) -> list[Finding]:
    """Return findings on contradictory times within a recording."""
    is_said = recording.format.endswith("+C") and len(recording.segments) > 1
    return [
        finding
        for finding in recording.findings
        if finding.severity == "error" or (is_said and "continuous" in finding.message)
    ]


def _conflicts(record: Record, *, has_files: bool) -> Iterator[Issue]:
    """Compare the statements on one recording with the first one."""
    for other in record.statements[1:]:
        if not same_times(record.statements[0].events, other.events, _TOLERANCE_S):
            yield _issue(record.name, f"{_says(record.statements[0])}, {_says(other)}.")
    if has_files and not record.own_files and record.statements and record.statements[0].events:
        message = f"{_says(record.statements[0])}, but there is no {record.name}.seizures."
        yield _issue(record.name, message)


def _against_recording(record: Record, duration_s: float) -> Iterator[Issue]:
    """Compare the statements on one recording with its real duration."""
    for stated in record.statements:
        for finding in time_findings(stated.events, duration_s):
            yield _issue(record.name, f"by {stated.file_name}: {finding.message}")
        if stated.duration_s is not None and abs(stated.duration_s - duration_s) > _TOLERANCE_S:
            said = f"{stated.file_name} says {stated.duration_s:g} s"
            yield _issue(record.name, f"it lasts {duration_s:g} s, {said}.")


def _with_seizures(content: FolderContent, record_list: RecordList) -> Iterator[Issue]:
    """Compare the list of recordings with seizures with the references."""
    list_name = record_list.file.name
    for record in content.records:
        is_listed = record in record_list.records
        if is_listed and not any(stated.events for stated in record.statements):
            sources = ", ".join(stated.file_name for stated in record.statements)
            said = f"no seizure is marked in {sources}" if sources else "no reference speaks of it"
            yield _issue(record.name, f"{list_name} lists it, but {said}.")
    for record in content.records:
        below = record.folder.is_relative_to(record_list.file.parent)
        has_seizures = record.statements and record.statements[0].events
        if has_seizures and below and record not in record_list.records:
            said = _says(record.statements[0])
            yield _issue(record.name, f"{said}, but {list_name} does not list it.")


def _unsummarised(content: FolderContent, record_list: RecordList) -> Iterator[Issue]:
    """Compare the list of all recordings with the summaries."""
    list_name = record_list.file.name
    for folder, summary in sorted(content.summarised.items()):
        here = [record for record in content.records if record.folder == folder]
        listed = [record for record in here if record in record_list.records]
        described = [
            record for record in here if any(s.file_name == summary for s in record.statements)
        ]
        for names, others, what in (
            (listed, described, f"listed in {list_name} but not described in {summary}"),
            (described, listed, f"described in {summary} but not listed in {list_name}"),
        ):
            lone = [record for record in names if record not in others]
            if listed and lone:
                yield _group(lone, what)


def _alone(records: Sequence[Record]) -> Iterator[Issue]:
    """Find recordings without reference, and references without recording."""
    for folder in sorted({record.folder for record in records if record.path is not None}):
        here = [record for record in records if record.folder == folder]
        bare = [r for r in here if r.path is not None and not (r.statements or r.own_files)]
        if bare:
            yield _group(bare, "without a reference")
        files = sorted(name for r in here if r.path is None for name in r.own_files)
        if files:
            message = f"The recording is missing of {len(files)} reference(s): {', '.join(files)}."
            yield Issue(file_names=tuple(files), message=message)


def _says(stated: Reference) -> str:
    spans = ", ".join(describe_span(event) for event in stated.events)
    return f"{stated.file_name} says " + (
        spans or ("nothing certain" if stated.uncertain else "no seizure")
    )


def _issue(name: str, message: str) -> Issue:
    return Issue(file_names=(name,), message=f"{name}: {message}")


def _group(records: Sequence[Record], what: str) -> Issue:
    names = tuple(sorted(record.name for record in records))
    noun = "recording is" if len(names) == 1 else "recordings are"
    return Issue(file_names=names, message=f"{len(names)} {noun} {what}: {', '.join(names)}.")
