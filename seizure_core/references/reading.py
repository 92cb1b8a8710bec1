"""Opens a reference of any known format."""

from __future__ import annotations

import difflib
from pathlib import Path

from seizure_core.errors import ReferenceFileError
from seizure_core.references.chbmit_seizures import is_seizures_file, parse_seizures
from seizure_core.references.chbmit_summary import (
    ChbmitSummary,
    SummaryRecording,
    is_summary,
    parse_summary,
)
from seizure_core.references.edf_remarks import read_edf_annotations
from seizure_core.references.event_tables import parse_event_table
from seizure_core.references.model import Reference, make_reference
from seizure_core.references.text_files import decode, read_bytes
from seizure_core.references.tusz import is_tusz, parse_tusz

_EDF_HEADS = (b"0       ", b"\xffBIOSEMI")


def read_reference(
    path: str | Path, *, recording_name: str | None = None, file_name: str | None = None
) -> Reference:
    """Read the seizures a file marks in one recording.

    The format is told from the content: CHB-MIT summary or binary `.seizures`, SzCORE TSV,
    BIDS events, TUSZ csv, EDF+ annotations, or a CSV with start and duration or end.

    Parameters
    ----------
    path : str or Path
        The file.
    recording_name : str, optional
        Which recording is meant, in a file that describes several (a CHB-MIT summary).
        Without it a summary of several recordings is refused.
    file_name : str, optional
        The name to show, where the file is stored under another one.

    Returns
    -------
    Reference
        Its events are seizures only; none means that the recording has no seizure.

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
    if is_tusz(text):
        return parse_tusz(text, name)
    if is_summary(text):
        return summary_reference(parse_summary(text, name), recording_name)
    return parse_event_table(text, name)


def summary_reference(summary: ChbmitSummary, recording_name: str | None) -> Reference:
    """Return what a CHB-MIT summary says of one recording.

    Raises
    ------
    ReferenceFileError
        The recording is not in it, or none was named and there are several.
    """
    recording = _chosen(summary, recording_name)
    return make_reference(
        summary.file_name,
        "CHB-MIT summary",
        recording.events,
        duration_s=recording.duration_s,
        findings=[f for f in summary.findings if f.message.startswith(recording.file_name + " ")],
    )


def _chosen(summary: ChbmitSummary, name: str | None) -> SummaryRecording:
    names = [recording.file_name for recording in summary.recordings]
    if name is None:
        if len(names) == 1:
            return summary.recordings[0]
        raise ReferenceFileError(
            summary.file_name,
            f"it describes {len(names)} recordings, {names[0]} to {names[-1]}: say which is meant.",
        )
    wanted = _stem(name)
    for recording in summary.recordings:
        if _stem(recording.file_name) == wanted:
            return recording
    near = difflib.get_close_matches(name, names[:2000], n=3)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    raise ReferenceFileError(summary.file_name, f"it does not describe {name}.{hint}")


def _stem(name: str) -> str:
    return name.strip().casefold().removesuffix(".edf")
