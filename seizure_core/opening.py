"""One way into every recording format."""

from __future__ import annotations

from pathlib import Path

from seizure_core.formats.edf_recording import open_edf
from seizure_core.formats.stored_file import find_file
from seizure_core.recording import Recording


def open_recording(path: str | Path, *, file_name: str | None = None) -> Recording:
    """Open a recording lazily: its header and annotations are read, its samples are not.

    Parameters
    ----------
    path : str or Path
        An EDF, EDF+C, EDF+D, BDF or BDF+ file; its content decides, not its suffix.
    file_name : str, optional
        The name to show, where the file is stored under another one.

    Returns
    -------
    Recording
        With findings about everything that was unusual and could be read nevertheless.

    Raises
    ------
    RecordingError
        The file cannot be read; the message says why and what to do.
    """
    location = Path(path)
    return open_edf(find_file(location, file_name or location.name))
