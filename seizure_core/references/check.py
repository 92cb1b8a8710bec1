"""Check of a folder's references against each other, recordings and record lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from seizure_core.errors import RecordingError, ReferenceFileError
from seizure_core.events.event import same_times
from seizure_core.io.opening import open_recording
from seizure_core.recording import Finding, Recording
from seizure_core.references.folder import (
    SEIZURES_SUFFIX,
    FolderContent,
    Record,
    RecordList,
    scan_folder,
)
from seizure_core.references.model import Reference, describe_span, time_findings
from seizure_core.references.readers.edf_remarks import reference_inside

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
