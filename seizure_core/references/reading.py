"""Reading of references of any known format, and recognition of reference files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from seizure_core.errors import RecordingError, ReferenceFileError
from seizure_core.io.opening import PACKED_SUFFIX, inspect_text, is_text_name
from seizure_core.messages import Message, near_names
from seizure_core.recording import Recording
from seizure_core.references.model import Reference, make_reference
from seizure_core.references.names import ListedNames
from seizure_core.references.readers.chbmit import (
    is_seizures_file,
    is_summary,
    parse_seizures,
    parse_summary,
)
from seizure_core.references.readers.edf_annotations import read_edf_annotations
from seizure_core.references.readers.event_tables import is_event_table, parse_event_table
from seizure_core.references.readers.siena import is_siena, parse_siena
from seizure_core.references.readers.small_tables import (
    is_mne_text,
    is_seizeit1,
    is_tusz,
    parse_mne_text,
    parse_seizeit1,
    parse_tusz,
)
from seizure_core.references.tables import decode, read_bytes

FileRole = Literal["recording", "reference", "other"]

RECORDING_SUFFIXES = (".edf", ".bdf", ".rec")
_REFERENCE_SUFFIXES = (".seizures", ".csv_bi", "_events.tsv", "_events.csv")
_TABLE_SUFFIX = ".tsv"
_HEAD_BYTES = 65_536
_EDF_HEADS = (b"0       ", b"\xffBIOSEMI")
_TEXT_READERS = (
    (is_tusz, parse_tusz),
    (is_mne_text, parse_mne_text),
    (is_seizeit1, parse_seizeit1),
)


def read_reference(
    path: str | Path,
    *,
    recording_name: str | None = None,
    file_name: str | None = None,
    recording: Recording | None = None,
) -> Reference:
    """Read the seizures of one recording from a reference file.

    The format is detected from the contents: CHB-MIT summary or binary `.seizures`, SzCORE TSV,
    BIDS events, TUSZ csv, Siena seizure list, SeizeIT1 annotations, annotations saved by MNE (CSV
    or text), EDF+ annotations, or a CSV with start and duration or end.

    Parameters
    ----------
    recording_name : str, optional
        The wanted recording, if the file describes several (a CHB-MIT summary, a Siena list);
        otherwise such a file is refused.
    file_name : str, optional
        Name to show, if not that of the path.
    recording : Recording, optional
        The recording itself, whose start converts dates and times of day to seconds.

    Returns
    -------
    Reference
        Its events are seizures only; without any, the recording has no seizure, except for
        `uncertain` intervals.

    Raises
    ------
    ReferenceFileError
        The file cannot be read or understood; the message names line, row or column.
    """
    path = Path(path)
    name = file_name or path.name
    if read_bytes(path, name, first=8).startswith(_EDF_HEADS):
        return read_edf_annotations(path, name)
    content = read_bytes(path, name)
    if is_seizures_file(content, name):
        return parse_seizures(content, name)
    text = decode(content, name)
    if not text.strip():
        raise ReferenceFileError(name, "it is empty. Check that it was copied completely.")
    start = recording.start_time if recording is not None else None
    for is_format, parse in _TEXT_READERS:
        if is_format(text):
            return parse(text, name, start)
    listing = parse_listing(text, name, recording)
    if listing is not None:
        if recording_name is None and recording is not None:
            recording_name = recording.file_name
        return from_listing(listing, recording_name, name)
    return parse_event_table(text, name, start)


def parse_listing(
    text: str, file_name: str, recording: Recording | None = None
) -> dict[str, Reference] | None:
    """Return the reference of each recording in a list, by name; None if it is not a list.

    Raises
    ------
    ReferenceFileError
        It is a list, but not valid.
    """
    if is_siena(text):
        return parse_siena(text, file_name, recording)
    if not is_summary(text):
        return None
    summary = parse_summary(text, file_name)
    return {
        entry.file_name: make_reference(
            file_name,
            "CHB-MIT summary",
            entry.events,
            duration_s=entry.duration_s,
            findings=[f for f in summary.findings if f.message.startswith(entry.file_name + " ")],
        )
        for entry in summary.recordings
    }


def listed_names(path: Path, file_name: str) -> tuple[str, ...]:
    """Return the recordings in a list; empty if it is not a list or cannot be read."""
    try:
        listing = parse_listing(decode(read_bytes(path, file_name), file_name), file_name)
    except ReferenceFileError:
        return ()
    return tuple(listing or ())


def from_listing(
    listing: Mapping[str, Reference], recording_name: str | None, file_name: str
) -> Reference:
    """Return the reference of one recording from a list.

    Raises
    ------
    ReferenceFileError
        The recording is not in it, or none was named and there are several.
    """
    names = list(listing)
    if recording_name is None:
        if len(names) == 1:
            return listing[names[0]]
        raise ReferenceFileError(
            file_name,
            "it describes {n_names} recordings, {names} to {names_2}: say which is meant.",
            n_names=len(names),
            names=names[0],
            names_2=names[-1],
        )
    found = ListedNames(names).name_of(recording_name)
    if found is not None:
        return listing[found]
    near = near_names(recording_name, names[:2000])
    hint = Message(" Did you mean {near}?", near=near) if near else ""
    raise ReferenceFileError(
        file_name,
        "it does not describe {recording_name}.{hint}",
        recording_name=recording_name,
        hint=hint,
    )


def role_of(path: Path, *, is_named: bool = False) -> FileRole:
    """Return the role of a file.

    Parameters
    ----------
    is_named : bool
        Whether the user named this file: a text that is not a reference is then taken for a
        recording.
    """
    name = path.name.casefold()
    if name.removesuffix(PACKED_SUFFIX).endswith(RECORDING_SUFFIXES):
        return "recording"
    if name.endswith(_REFERENCE_SUFFIXES):
        return "reference"
    if not is_text_name(name):
        return "other"
    if not name.endswith(PACKED_SUFFIX) and _is_reference_text(path):
        return "reference"
    if is_named:
        return "recording"
    return "recording" if not name.endswith(_TABLE_SUFFIX) and _holds_eeg(path) else "other"


def _is_reference_text(path: Path) -> bool:
    try:
        head = decode(read_bytes(path, path.name, first=_HEAD_BYTES), path.name)
    except ReferenceFileError:
        return False
    known = (*(is_format for is_format, _ in _TEXT_READERS), is_siena, is_summary, is_event_table)
    return any(is_known(head) for is_known in known)


def _holds_eeg(path: Path) -> bool:
    """Return whether a text is a table of numbers with a sampling rate."""
    try:
        layout = inspect_text(path)
    except RecordingError:
        return False
    return layout.sampling_rate_hz is not None and bool(layout.signal_indices)
