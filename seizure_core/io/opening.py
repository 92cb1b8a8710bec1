"""One way into every recording format; and why a file does not open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from seizure_core.errors import RecordingError
from seizure_core.io.edf.header_parsing import is_edf_start
from seizure_core.io.edf.reader import examine_edf
from seizure_core.io.refusal import RefusalReport, report_on
from seizure_core.io.repair import what_to_repair
from seizure_core.io.stored_file import StoredFile, find_file
from seizure_core.io.text.inspection import inspect_stored_text
from seizure_core.io.text.layout import TextCorrection, TextLayout
from seizure_core.io.text.reader import open_text
from seizure_core.io.unpacking import is_packed, unpacked
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
    return open_file(path, file_name=file_name, text_layout=text_layout).recording


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """A recording, and what a user may want to change about its file.

    Attributes
    ----------
    recording : Recording
        The file.
    layout : TextLayout or None
        How it was read, if it is a text.
    report : RefusalReport or None
        What is odd about its bytes, where a repaired copy can be made.
    """

    recording: Recording
    layout: TextLayout | None = None
    report: RefusalReport | None = None


def open_file(
    path: str | Path,
    *,
    file_name: str | None = None,
    text_layout: TextLayout | None = None,
    wholly: bool = False,
) -> OpenedFile:
    """Open a recording as `open_recording` does, and tell in the same look what can be changed.

    Parameters
    ----------
    path, file_name, text_layout
        As for `open_recording`.
    wholly : bool
        Whether to read the annotations too while the file is open, for a caller that shows them.

    Raises
    ------
    RecordingError
        As for `open_recording`.
    """
    location = Path(path)
    file = find_file(location, file_name or location.name)
    with file.kept_open():
        if not is_packed(file):
            return _open_stored(file, location, text_layout, wholly=wholly)
        copy = unpacked(file)
    with copy.kept_open():
        opened = _open_stored(copy, location, text_layout, wholly=wholly)
        note = Finding.info(
            "Unpacked from {size} to {size_2} bytes in a temporary folder.",
            size=file.size,
            size_2=copy.size,
        )
        findings = (*opened.recording.findings, note)
    recording = replace(opened.recording, findings=findings)
    return OpenedFile(recording=recording, layout=opened.layout)


def why_not(path: str | Path, *, file_name: str | None = None) -> RefusalReport:
    """Tell why a file does not open; of a packed one by what is inside, where it is whole.

    Parameters
    ----------
    path : str or Path
        Any file.
    file_name : str, optional
        The name to show, where the file is stored under another one.

    Returns
    -------
    RefusalReport
        Also for files that open.

    Raises
    ------
    RecordingError
        There is no such file, or it cannot be read at all.
    """
    location = Path(path)
    file = find_file(location, file_name or location.name)
    with file.kept_open():
        try:
            copy = unpacked(file) if is_packed(file) else None
        except RecordingError as error:
            return report_on(file, reason=error.reason)
        if copy is None:
            return _why_not(file, location)
    with copy.kept_open():
        return replace(_why_not(copy, location), repair="")


def _why_not(file: StoredFile, location: Path) -> RefusalReport:
    try:
        recording = _open_stored(file, location, None, wholly=True).recording
    except RecordingError as error:
        return report_on(file, reason=error.reason)
    return report_on(file, findings=recording.findings)


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
    with file.kept_open():
        if not is_packed(file):
            return inspect_stored_text(file, given)
        copy = unpacked(file)
    with copy.kept_open():
        return inspect_stored_text(copy, given)


def _open_stored(
    file: StoredFile, location: Path, text_layout: TextLayout | None, *, wholly: bool
) -> OpenedFile:
    if text_layout is not None:
        return OpenedFile(recording=open_text(file, text_layout), layout=text_layout)
    with file.opened() as stream:
        start = stream.read(_FIRST_BYTES)
    if not is_edf_start(start) and any(map(is_text_name, (file.file_name, location.name))):
        layout = inspect_stored_text(file)
        return OpenedFile(recording=open_text(file, layout, is_guess=True), layout=layout)
    found = examine_edf(file)
    recording = found.recording()
    can_be_repaired = bool(what_to_repair(found.header))
    if not (wholly or can_be_repaired):
        return OpenedFile(recording=recording)
    findings = tuple(recording.findings)  # made when they are looked at first
    return OpenedFile(
        recording=recording,
        report=report_on(file, findings=findings) if can_be_repaired else None,
    )


def is_text_name(name: str) -> bool:
    """Return whether a file of this name is read as a text of numbers, packed or not."""
    return name.casefold().removesuffix(PACKED_SUFFIX).endswith(TEXT_SUFFIXES)
