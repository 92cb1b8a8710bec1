"""Opening of recordings in any format, and diagnosis of files that do not open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from seizure_core.errors import RecordingError
from seizure_core.io.edf.header_parsing import is_edf_start
from seizure_core.io.edf.reader import examine_edf
from seizure_core.io.refusal import RefusalReport, report_on
from seizure_core.io.stored_file import StoredFile, find_file, is_packed, unpacked
from seizure_core.io.text.layout import TextCorrection, TextLayout
from seizure_core.io.text.reader import counted, inspect_stored_text, open_text
from seizure_core.recording import Finding, Recording

TEXT_SUFFIXES = (".csv", ".txt", ".tsv", ".asc")
PACKED_SUFFIX = ".gz"
_FIRST_BYTES = 256


def open_recording(
    path: str | Path, *, file_name: str | None = None, text_layout: TextLayout | None = None
) -> Recording:
    """Open a recording lazily: header and annotations are read, samples are not.

    Text files are parsed once, into a temporary file that is deleted with the recording; packed
    files are unpacked in the same way.

    Parameters
    ----------
    path : str or Path
        An EDF, EDF+C, EDF+D, BDF or BDF+ file with any suffix; or a text of numbers with suffix
        .csv, .txt, .tsv or .asc; or either of them packed with gzip.
    file_name : str, optional
        Name to show, if not that of the path.
    text_layout : TextLayout, optional
        How to read a text, from `inspect_text`, possibly corrected; detected by default. With it,
        the file is read as text whatever its name.

    Returns
    -------
    Recording
        Its findings list everything unusual or assumed.

    Raises
    ------
    RefusedFileError
        The file cannot be read; the message says why and what to do.
    RecordingError
        There is no such file.
    """
    return open_file(path, file_name=file_name, text_layout=text_layout).recording


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """A recording, with what the user may change about its file.

    Attributes
    ----------
    layout : TextLayout or None
        How it was read, if it is a text.
    report : RefusalReport or None
        Diagnosis of its bytes, if it is not a text and `wholly` was set.
    """

    recording: Recording
    layout: TextLayout | None = None
    report: RefusalReport | None = None


class RefusedFileError(RecordingError):
    """A file does not open; includes its diagnosis.

    Attributes
    ----------
    layout : TextLayout or None
        How it was to be read, if it is a text: a user may correct that.
    number : int
        Which of several files it is, from 0.
    """

    number = 0

    def __init__(
        self, error: RecordingError, report: RefusalReport, layout: TextLayout | None = None
    ) -> None:
        super().__init__(error.file_name, error.reason)
        self.report, self.layout = report, layout


def open_file(
    path: str | Path,
    *,
    file_name: str | None = None,
    text_layout: TextLayout | None = None,
    wholly: bool = False,
) -> OpenedFile:
    """Open a recording like `open_recording`, with layout and repair report.

    Parameters
    ----------
    path, file_name, text_layout
        See `open_recording`.
    wholly : bool
        Whether to read annotations and diagnosis, too, for a caller that shows them.

    Raises
    ------
    RefusedFileError, RecordingError
        See `open_recording`.
    """
    location = Path(path)
    file = find_file(location, file_name or location.name)
    with file.kept_open():
        with _explaining(file):
            copy = unpacked(file) if is_packed(file) else None
        if copy is None:
            return _open_stored(file, location, text_layout, wholly=wholly)
    with copy.kept_open():
        opened = _open_stored(copy, location, text_layout, wholly=wholly)
        note = Finding.info(
            "Unpacked from {size} to {size_2} bytes in a temporary folder.",
            size=file.size,
            size_2=copy.size,
        )
        findings = (*opened.recording.findings, note)
    report = opened.report and replace(opened.report, repair="")
    return replace(opened, recording=replace(opened.recording, findings=findings), report=report)


@contextmanager
def _explaining(file: StoredFile, layout: TextLayout | None = None) -> Iterator[None]:
    """Add the diagnosis to errors while the file is open."""
    try:
        yield
    except RecordingError as error:
        report = report_on(file, reason=error.reason)
        raise RefusedFileError(error, report, layout and counted(file, layout)) from error


def inspect_text(path: str | Path, *, file_name: str | None = None) -> TextLayout:
    """Detect the layout of a text file, for the user to check and correct.

    Parameters
    ----------
    path : str or Path
        May be packed with gzip.
    file_name : str, optional
        Name to show, if not that of the path.

    Returns
    -------
    TextLayout
        With a preview of the first lines and findings on guesses; for `open_recording`. Its
        sampling rate is None if the file does not state it.

    Raises
    ------
    RecordingError
        It is not a text of numbers, or is too large.
    """
    return _inspected(path, file_name, None)


def read_otherwise(
    path: str | Path,
    layout: TextLayout,
    correction: TextCorrection,
    *,
    file_name: str | None = None,
) -> TextLayout:
    """Apply a user's corrections to a layout and re-infer everything that depends on them.

    Parameters
    ----------
    path : str or Path
        May be packed with gzip.
    layout : TextLayout
        Detected or corrected before. A sampling rate given by the user is kept unless the text
        states one.
    file_name : str, optional
        Name to show, if not that of the path.

    Raises
    ------
    RecordingError
        The file cannot be read, or has no channels with this layout.
    ParameterError
        The delimiter is the decimal comma, too.
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
            return counted(file, inspect_stored_text(file, given))
        copy = unpacked(file)
    with copy.kept_open():
        return counted(copy, inspect_stored_text(copy, given))


def _open_stored(
    file: StoredFile, location: Path, text_layout: TextLayout | None, *, wholly: bool
) -> OpenedFile:
    layout = text_layout
    with _explaining(file):
        with file.opened() as stream:
            is_edf = is_edf_start(stream.read(_FIRST_BYTES))
        if (
            layout is None
            and not is_edf
            and any(map(is_text_name, (file.file_name, location.name)))
        ):
            layout = inspect_stored_text(file)
        if layout is None:
            found = examine_edf(file)
            recording = found.recording()
            if not wholly:
                return OpenedFile(recording=recording)
            findings = tuple(recording.findings)  # Read on first use.
            report = report_on(file, header=found.header, findings=findings)
            return OpenedFile(recording=recording, report=report)
    with _explaining(file, layout):
        recording, n_lines = open_text(file, layout, is_guess=text_layout is None)
    return OpenedFile(recording=recording, layout=replace(layout, n_lines=n_lines))


def is_text_name(name: str) -> bool:
    """Return whether a file of this name is read as a text, packed or not."""
    return name.casefold().removesuffix(PACKED_SUFFIX).endswith(TEXT_SUFFIXES)
