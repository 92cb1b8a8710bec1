"""Looks for references that contradict each other, the recordings or the lists of a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from seizure_core.errors import RecordingError, ReferenceFileError
from seizure_core.events.event import Event
from seizure_core.io.opening import open_recording
from seizure_core.recording import Finding, Recording
from seizure_core.references.folder import (
    FolderContent,
    RecordKey,
    RecordList,
    Statement,
    scan_folder,
)
from seizure_core.references.model import describe_span, time_findings
from seizure_core.references.readers.edf_remarks import reference_inside

_TOLERANCE_S = 1.0  # summaries are in whole seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One contradiction.

    Attributes
    ----------
    file_names : tuple of str
        Recordings or files concerned.
    message : str
        What is wrong, in plain words.
    """

    file_names: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What the check of a folder found.

    Attributes
    ----------
    n_recordings : int
        EDF and BDF files.
    n_described : int
        Recordings some reference speaks of.
    n_seizures : int
        Seizures by the first reference of each recording.
    issues : tuple of Issue
        Contradictions, none in a sound dataset.
    """

    n_recordings: int
    n_described: int
    n_seizures: int
    issues: tuple[Issue, ...]


def check_folder(folder: str | Path) -> CheckReport:
    """Check the references under a folder against each other and against the recordings.

    Summaries, `.seizures`, tables beside recordings, `RECORDS` and `RECORDS-WITH-SEIZURES`
    are compared where they are there. References without recordings are no contradiction in
    a folder that holds no recording at all.

    Parameters
    ----------
    folder : str or Path
        With its subfolders.

    Returns
    -------
    CheckReport
        Counts and contradictions.
    """
    content = scan_folder(Path(folder))
    issues = [
        Issue(file_names=(name,), message=f"{name}: {message}")
        for name, message in content.problems
    ]
    durations_s = _measure(content, issues)
    annotated = {
        key.folder
        for key, names in content.own_references.items()
        if any(name.casefold().endswith(".seizures") for name in names)
    }
    for key in sorted(content.statements):
        issues += _conflicts(content, key, has_files=key.folder in annotated)
    for key, duration_s in durations_s.items():
        issues += _against_recording(content, key, duration_s)
    for record_list in content.lists:
        issues += _with_seizures(content, record_list) if record_list.with_seizures else []
        issues += [] if record_list.with_seizures else _unsummarised(content, record_list)
    issues += _alone(content)
    return CheckReport(
        n_recordings=len(content.recordings),
        n_described=len(content.statements),
        n_seizures=sum(len(stated[0].events) for stated in content.statements.values()),
        issues=tuple(dict.fromkeys(issues)),
    )


def _measure(content: FolderContent, issues: list[Issue]) -> dict[RecordKey, float]:
    """Return the recordings' lengths; seizures marked inside a file count as its statement."""
    durations_s = {}
    for key, path in sorted(content.recordings.items()):
        try:
            recording = open_recording(path)
        except RecordingError as error:
            issues.append(_issue(path.name, error.reason))
            continue
        durations_s[key] = recording.duration_s
        issues += [_issue(path.name, one.message) for one in _contradictions(recording)]
        try:
            inside = reference_inside(recording)
        except ReferenceFileError:
            continue  # the finding is among the issues
        said = [f for f in inside.findings if f not in recording.findings and _is_odd(f)]
        issues += [_issue(path.name, finding.message) for finding in said]
        if inside.events or inside.uncertain:
            source = f"the annotations inside {path.name}"
            n_uncertain = len(inside.uncertain)
            content.state(key, Statement(source, inside.events, n_uncertain=n_uncertain))
    return durations_s


def _contradictions(recording: Recording) -> list[Finding]:
    """Return findings by which a recording contradicts itself about its times."""
    is_said = recording.format.endswith("+C") and len(recording.segments) > 1
    return [
        one
        for one in recording.findings
        if one.severity == "error" or (is_said and "continuous" in one.message)
    ]


def _is_odd(finding: Finding) -> bool:
    return finding.severity != "info"


def _conflicts(content: FolderContent, key: RecordKey, *, has_files: bool) -> list[Issue]:
    """Compare what files say of one recording, each with the first."""
    first, *others = content.statements[key]
    name = content.names[key]
    issues = [
        _issue(name, f"{first.source} says {_spans(first)}, {other.source} says {_spans(other)}.")
        for other in others
        if not _agree(first.events, other.events)
    ]
    if first.events and has_files and key not in content.own_references:
        message = f"{first.source} says {_spans(first)}, but there is no {name}.seizures."
        issues.append(_issue(name, message))
    return issues


def _against_recording(content: FolderContent, key: RecordKey, duration_s: float) -> list[Issue]:
    """Compare what files say of one recording with its real length."""
    name = content.names[key]
    issues = []
    for stated in content.statements.get(key, []):
        issues += [
            _issue(name, f"by {stated.source}: {finding.message}")
            for finding in time_findings(stated.events, duration_s)
        ]
        if stated.duration_s is not None and abs(stated.duration_s - duration_s) > _TOLERANCE_S:
            message = f"it lasts {duration_s:g} s, {stated.source} says {stated.duration_s:g} s."
            issues.append(_issue(name, message))
    return issues


def _with_seizures(content: FolderContent, record_list: RecordList) -> list[Issue]:
    """Compare the list of recordings with seizures with what the references say."""
    issues = []
    for key in sorted(record_list.keys):
        stated = content.statements.get(key, [])
        if not any(statement.events for statement in stated):
            sources = ", ".join(s.source for s in stated)
            said = f"no seizure is marked in {sources}" if stated else "no reference speaks of it"
            message = f"{record_list.file.name} lists it, but {said}."
            issues.append(_issue(content.names[key], message))
    for key in sorted(content.statements):
        first = content.statements[key][0]
        below = key.folder.is_relative_to(record_list.file.parent)
        if first.events and below and key not in record_list.keys:
            message = f"{first.source} says {_spans(first)}, but "
            message += f"{record_list.file.name} does not list it."
            issues.append(_issue(content.names[key], message))
    return issues


def _unsummarised(content: FolderContent, record_list: RecordList) -> list[Issue]:
    """Compare the list of all recordings with the summaries."""
    issues = []
    for folder, summary in sorted(content.summarised.items()):
        listed = {key for key in record_list.keys if key.folder == folder}
        described = {
            key
            for key, stated in content.statements.items()
            if key.folder == folder and any(s.source == summary for s in stated)
        }
        if not listed:
            continue
        for keys, what in (
            (
                listed - described,
                f"listed in {record_list.file.name} but not described in {summary}",
            ),
            (
                described - listed,
                f"described in {summary} but not listed in {record_list.file.name}",
            ),
        ):
            if keys:
                issues.append(_group(content, keys, what))
    return issues


def _alone(content: FolderContent) -> list[Issue]:
    """Find recordings without reference, and references whose recording is not beside them."""
    issues = []
    for folder in sorted({key.folder for key in content.recordings}):
        here = {key for key in content.recordings if key.folder == folder}
        bare = here - content.statements.keys() - content.own_references.keys()
        if bare:
            issues.append(_group(content, bare, "without a reference"))
        orphans = {key for key in content.own_references if key.folder == folder} - here
        if orphans:
            files = sorted(name for key in orphans for name in content.own_references[key])
            message = f"The recording is missing of {len(files)} reference(s): {', '.join(files)}."
            issues.append(Issue(file_names=tuple(files), message=message))
    return issues


def _agree(first: Sequence[Event], second: Sequence[Event]) -> bool:
    return len(first) == len(second) and all(
        abs(a.onset_s - b.onset_s) <= _TOLERANCE_S and abs(a.offset_s - b.offset_s) <= _TOLERANCE_S
        for a, b in zip(first, second, strict=True)
    )


def _spans(statement: Statement) -> str:
    if not statement.events:
        return "nothing certain" if statement.n_uncertain else "no seizure"
    return ", ".join(describe_span(event) for event in statement.events)


def _issue(name: str, message: str) -> Issue:
    return Issue(file_names=(name,), message=f"{name}: {message}")


def _group(content: FolderContent, keys: Iterable[RecordKey], what: str) -> Issue:
    names = tuple(sorted(content.names[key] for key in keys))
    noun = "recording is" if len(names) == 1 else "recordings are"
    return Issue(file_names=names, message=f"{len(names)} {noun} {what}: {', '.join(names)}.")
