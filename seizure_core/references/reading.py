"""Opens a reference of any known format, and tells which files are references."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from seizure_core.errors import RecordingError, ReferenceFileError
from seizure_core.io.opening import PACKED_SUFFIX, inspect_text, is_text_name
from seizure_core.messages import Message
from seizure_core.recording import Recording
from seizure_core.references.model import Reference, make_reference
from seizure_core.references.names import listed_as
from seizure_core.references.readers.chbmit import (
    is_seizures_file,
    is_summary,
    parse_seizures,
    parse_summary,
)
from seizure_core.references.readers.edf_remarks import read_edf_annotations
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
    """Read the seizures a file marks in one recording.

    The format is told from the content: CHB-MIT summary or binary `.seizures`, SzCORE TSV,
    BIDS events, TUSZ csv, Siena seizure list, SeizeIT1 annotations, annotations saved by MNE
    (CSV or text), EDF+ annotations, or a CSV with start and duration or end.

    Parameters
    ----------
    path : str or Path
        The file.
    recording_name : str, optional
        Which recording is meant, in a file that describes several (a CHB-MIT summary, a Siena
        list). Without it a summary of several recordings is refused.
    file_name : str, optional
        The name to show, where the file is stored under another one.
    recording : Recording, optional
        The recording itself: some files give dates or times of day, which its start turns into
        seconds.

    Returns
    -------
    Reference
        Its events are seizures only; none means that the recording has no seizure, but where it
        has `uncertain` stretches.

    Raises
    ------
    ReferenceFileError
        The file cannot be read or understood; the line, row or column is named.
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
        raise ReferenceFileError(name, "it is empty. Check that it was copied whole.")
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
    """Return what a text says of each recording, by the name it gives it; None if it is no list.

    Raises
    ------
    ReferenceFileError
        It is one, and cannot be understood.
    """
    if is_siena(text):
        return parse_siena(text, file_name, recording)
    if not is_summary(text):
        return None
    summary = parse_summary(text, file_name)
    return {
        one.file_name: make_reference(
            file_name,
            "CHB-MIT summary",
            one.events,
            duration_s=one.duration_s,
            findings=[f for f in summary.findings if f.message.startswith(one.file_name + " ")],
        )
        for one in summary.recordings
    }


def listed_names(path: Path, file_name: str) -> tuple[str, ...]:
    """Return the recordings that a file lists; none if it is no list or cannot be read."""
    try:
        listing = parse_listing(decode(read_bytes(path, file_name), file_name), file_name)
    except ReferenceFileError:
        return ()
    return tuple(listing or ())


def from_listing(
    listing: Mapping[str, Reference], recording_name: str | None, file_name: str
) -> Reference:
    """Return what a list says of one recording.

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
    found = listed_as(recording_name, names)
    if found is not None:
        return listing[found]
    near = difflib.get_close_matches(recording_name, names[:2000], n=3)
    hint = Message(" Did you mean {near}?", near=near) if near else ""
    raise ReferenceFileError(
        file_name,
        "it does not describe {recording_name}.{hint}",
        recording_name=recording_name,
        hint=hint,
    )


def role_of(path: Path, *, is_named: bool = False) -> FileRole:
    """Return what a file is.

    Parameters
    ----------
    path : Path
        The file.
    is_named : bool
        Whether somebody named this very file: a text is then taken for a recording, if it is
        no reference, without further proof.
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
    """Whether a text is a table of numbers with a sampling rate; other tables lie about too."""
    try:
        layout = inspect_text(path)
    except RecordingError:
        return False
    return layout.sampling_rate_hz is not None and bool(layout.signal_indices)
