"""Opens a reference of any known format."""

from __future__ import annotations

from pathlib import Path

from seizure_core.errors import ReferenceFileError
from seizure_core.recording import Recording
from seizure_core.references.listings import from_listing, parse_listing
from seizure_core.references.model import Reference
from seizure_core.references.readers.chbmit_seizures import is_seizures_file, parse_seizures
from seizure_core.references.readers.edf_remarks import read_edf_annotations
from seizure_core.references.readers.event_tables import parse_event_table
from seizure_core.references.readers.mne_text import is_mne_text, parse_mne_text
from seizure_core.references.readers.seizeit1 import is_seizeit1, parse_seizeit1
from seizure_core.references.readers.tusz import is_tusz, parse_tusz
from seizure_core.references.text_files import decode, read_bytes

_EDF_HEADS = (b"0       ", b"\xffBIOSEMI")


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
    if is_tusz(text):
        return parse_tusz(text, name)
    if is_mne_text(text):
        return parse_mne_text(text, name, start)
    if is_seizeit1(text):
        return parse_seizeit1(text, name)
    listing = parse_listing(text, name, recording)
    if listing is not None:
        if recording_name is None and recording is not None:
            recording_name = recording.file_name
        return from_listing(listing, recording_name, name)
    return parse_event_table(text, name, start)
