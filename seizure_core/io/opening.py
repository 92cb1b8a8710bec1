"""One way into every recording format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from seizure_core.errors import RecordingError
from seizure_core.io.edf.header_parsing import is_edf_start
from seizure_core.io.edf.reader import open_edf
from seizure_core.io.stored_file import StoredFile, find_file
from seizure_core.io.text.inspection import inspect_stored_text
from seizure_core.io.text.layout import TextCorrection, TextLayout
from seizure_core.io.text.reader import open_text
from seizure_core.io.unpacking import OwningReader, UnpackedFile, is_packed
from seizure_core.messages import Message
from seizure_core.recording import Finding, Recording

TEXT_SUFFIXES = (".csv", ".txt", ".tsv", ".asc")
PACKED_SUFFIX = ".gz"
_FIRST_BYTES = 256


def open_recording(
    path: str | Path, *, file_name: str | None = None, text_layout: TextLayout | None = None
) -> Recording:
    """Open a recording lazily: its header and annotations are read, its samples are not.

    A text is an exception: it is parsed once, into a private temporary file of samples that
    is deleted with the recording. So is a packed file, which is unpacked first.

    Parameters
    ----------
    path : str or Path
        An EDF, EDF+C, EDF+D, BDF or BDF+ file, whatever its suffix; or a text of numbers
        whose name ends in .csv, .txt, .tsv or .asc; or either of them packed with gzip.
    file_name : str, optional
        The name to show, where the file is stored under another one.
    text_layout : TextLayout, optional
        How to read a text, as `inspect_text` detected it and a user corrected it; detected
        where omitted. With it, the file is read as a text whatever its name.

    Returns
    -------
    Recording
        With findings about everything that was unusual and could be read nevertheless, and
        about what was assumed.

    Raises
    ------
    RecordingError
        The file cannot be read; the message says why and what to do.
    """
    location = Path(path)
    file = find_file(location, file_name or location.name)
    if not is_packed(file):
        return _open_stored(file, location, text_layout)
    unpacked = UnpackedFile(file)
    recording = _open_stored(unpacked.file, location, text_layout)
    note = Message(
        "Unpacked from {size} to {size_2} bytes in a temporary folder.",
        size=file.size,
        size_2=unpacked.file.size,
    )
    return replace(
        recording,
        findings=(*recording.findings, Finding.info(note)),
        reader=OwningReader(recording.reader, unpacked),
    )


def inspect_text(path: str | Path, *, file_name: str | None = None) -> TextLayout:
    """Find out how a text file holds a recording, for a user to look at and correct.

    Parameters
    ----------
    path : str or Path
        A text of numbers, packed with gzip or not.
    file_name : str, optional
        The name to show, where the file is stored under another one.

    Returns
    -------
    TextLayout
        With a preview of the first lines and findings about what is a guess; pass it to
        `open_recording`, as it is or corrected. Its sampling rate is None where the file
        does not say it.

    Raises
    ------
    RecordingError
        It is no text of numbers, or too large.
    """
    return _inspected(path, file_name, None)


def read_otherwise(
    path: str | Path,
    layout: TextLayout,
    correction: TextCorrection,
    *,
    file_name: str | None = None,
) -> TextLayout:
    """Apply a user's correction to a layout and detect again what depends on it.

    Parameters
    ----------
    path : str or Path
        The text, packed with gzip or not.
    layout : TextLayout
        As it was detected or corrected before. A sampling rate given by a user stays, if the
        text does not say one.
    correction : TextCorrection
        What is different.
    file_name : str, optional
        The name to show, where the file is stored under another one.

    Raises
    ------
    RecordingError
        The file cannot be read, or read so it has no channel.
    ParameterError
        The delimiter is the decimal comma too.
    """
    try:
        read = _inspected(path, file_name, correction.after(layout))
    except RecordingError as error:
        raise RecordingError(
            error.file_name,
            "read so, {reason} Choose another delimiter, header or orientation.",
            reason=error.reason,
        ) from error
    rate_hz = layout.sampling_rate_hz if read.sampling_rate_hz is None else read.sampling_rate_hz
    return replace(read, sampling_rate_hz=rate_hz)


def _inspected(path: str | Path, file_name: str | None, given: TextCorrection | None) -> TextLayout:
    location = Path(path)
    file = find_file(location, file_name or location.name)
    if not is_packed(file):
        return inspect_stored_text(file, given)
    unpacked = UnpackedFile(file)
    return inspect_stored_text(unpacked.file, given)


def _open_stored(file: StoredFile, location: Path, text_layout: TextLayout | None) -> Recording:
    if text_layout is not None:
        return open_text(file, text_layout)
    with file.opened() as stream:
        start = stream.read(_FIRST_BYTES)
    if not is_edf_start(start) and any(
        is_text_name(name) for name in (file.file_name, location.name)
    ):
        return open_text(file)
    return open_edf(file)


def is_text_name(name: str) -> bool:
    """Return whether a file of this name is read as a text of numbers, packed or not."""
    return name.casefold().removesuffix(PACKED_SUFFIX).endswith(TEXT_SUFFIXES)
