"""What a file in a folder of EEG is: a recording or a reference, told from name and content."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from seizure_core.errors import RecordingError, ReferenceFileError
from seizure_core.io.opening import PACKED_SUFFIX, inspect_text, is_text_name
from seizure_core.references.readers.chbmit_summary import is_summary
from seizure_core.references.readers.event_tables import is_event_table
from seizure_core.references.readers.mne_text import is_mne_text
from seizure_core.references.readers.seizeit1 import is_seizeit1
from seizure_core.references.readers.siena import is_siena
from seizure_core.references.readers.tusz import is_tusz
from seizure_core.references.text_files import decode, read_bytes

FileRole = Literal["recording", "reference", "other"]

RECORDING_SUFFIXES = (".edf", ".bdf", ".rec")
_REFERENCE_SUFFIXES = (".seizures", ".csv_bi", "_events.tsv", "_events.csv")
_TABLE_SUFFIX = ".tsv"
_HEAD_BYTES = 65_536


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
    known = (is_tusz, is_mne_text, is_seizeit1, is_siena, is_summary, is_event_table)
    return any(is_known(head) for is_known in known)


def _holds_eeg(path: Path) -> bool:
    """Whether a text is a table of numbers with a sampling rate; other tables lie about too."""
    try:
        layout = inspect_text(path)
    except RecordingError:
        return False
    return layout.sampling_rate_hz is not None and bool(layout.signal_indices)
