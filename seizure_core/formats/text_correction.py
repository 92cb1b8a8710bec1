"""A text read in another way than the one that was detected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from seizure_core.errors import ParameterError, RecordingError
from seizure_core.formats.stored_file import StoredFile, find_file
from seizure_core.formats.text_cells import split_cells
from seizure_core.formats.text_dialect import Dialect, commented_header, is_value
from seizure_core.formats.text_inspection import layout_of
from seizure_core.formats.text_layout import DELIMITERS, Orientation, TextLayout
from seizure_core.formats.text_lines import text_head
from seizure_core.formats.unpacking import UnpackedFile, is_packed


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCorrection:
    """What a user says about a text; None keeps what was detected.

    Attributes
    ----------
    delimiter : str or None
        One of `text_layout.DELIMITERS`.
    has_header : bool or None
        Whether a line names the columns: the last one before the values, or else the first
        of them. Where there is none, a line of numbers taken for names holds values again.
    orientation : str or None
        "columns": a channel is a column; "rows": a channel is a line.
    time_column : int or None
        Position of the column that gives the times, `text_inspection.NO_TIMES` for none.
    """

    delimiter: str | None = None
    has_header: bool | None = None
    orientation: Orientation | None = None
    time_column: int | None = None


def read_otherwise(
    path: str | Path,
    layout: TextLayout,
    correction: TextCorrection,
    *,
    file_name: str | None = None,
) -> TextLayout:
    """Return the layout of a text as a user corrected it; what follows is found out anew.

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
        The delimiter is none, or it is the decimal comma too.
    """
    location = Path(path)
    file = find_file(location, file_name or location.name)
    if not is_packed(file):
        return _read_again(file, layout, correction)
    unpacked = UnpackedFile(file)
    return _read_again(unpacked.file, layout, correction)


def _read_again(file: StoredFile, layout: TextLayout, correction: TextCorrection) -> TextLayout:
    has_header = layout.has_header
    if correction.has_header is not None:
        has_header = correction.has_header
    orientation = correction.orientation or layout.orientation
    dialect = _dialect(file, layout, correction, has_header=has_header)
    try:
        read = layout_of(
            file,
            layout.encoding,
            dialect,
            n_lines=layout.n_lines,
            orientation=orientation,
            time_column=correction.time_column,
        )
    except RecordingError as error:
        raise RecordingError(
            file.file_name,
            f"read so, {error.reason} Choose another delimiter, header or orientation.",
        ) from error
    rate_hz = layout.sampling_rate_hz if read.sampling_rate_hz is None else read.sampling_rate_hz
    return replace(read, has_header=has_header, sampling_rate_hz=rate_hz)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """First lines of a text with their numbers from 0, blanks and comments left out."""

    before: Sequence[tuple[int, str]]
    values: Sequence[tuple[int, str]]


def _dialect(
    file: StoredFile, layout: TextLayout, correction: TextCorrection, *, has_header: bool
) -> Dialect:
    delimiter = layout.delimiter if correction.delimiter is None else correction.delimiter
    if delimiter not in DELIMITERS or delimiter == layout.decimal:
        raise ParameterError(
            f"{delimiter!r} cannot be the delimiter of a text whose decimal point is "
            f"{layout.decimal!r}."
        )
    _, head, _ = text_head(file)
    lines = _lines(head, layout)
    n_columns = _usual_width([line for _, line in lines.values], delimiter, file.file_name)
    header, n_before = _header(head, lines, layout, delimiter, n_columns, has_header=has_header)
    rows = (
        tuple(split_cells(line, delimiter))
        for number, line in (*lines.before, *lines.values)
        if number >= n_before
    )
    whole_rows = tuple(row for row in rows if len(row) == n_columns)
    if not any(is_value(cell, layout.decimal) for row in whole_rows for cell in row[:64]):
        raise RecordingError(
            file.file_name,
            "with this delimiter it has no column of numbers. Choose another delimiter.",
        )
    return Dialect(
        delimiter=delimiter,
        decimal=layout.decimal,
        comment=layout.comment,
        n_lines_before=n_before,
        header=header,
        n_columns=n_columns,
        rows=whole_rows,
        remarks=tuple(head[:n_before]),
    )


def _lines(head: Sequence[str], layout: TextLayout) -> _Lines:
    kept = [
        (number, line)
        for number, line in enumerate(head)
        if line.strip() and not (layout.comment and line.lstrip().startswith(layout.comment))
    ]
    return _Lines(
        before=[one for one in kept if one[0] < layout.n_lines_before],
        values=[one for one in kept if one[0] >= layout.n_lines_before],
    )


def _usual_width(lines: Sequence[str], delimiter: str, file_name: str) -> int:
    widths = Counter(len(split_cells(line, delimiter)) for line in lines)
    if not widths:
        raise RecordingError(file_name, "it has no line of values. Look at the layout.")
    return widths.most_common(1)[0][0]


def _header(
    head: Sequence[str],
    lines: _Lines,
    layout: TextLayout,
    delimiter: str,
    n_columns: int,
    *,
    has_header: bool,
) -> tuple[tuple[str, ...], int]:
    """Return the names of the columns, and how many lines stand before the values."""
    n_before = layout.n_lines_before
    number, line = lines.before[-1] if lines.before else (-1, "")
    names = tuple(split_cells(line, delimiter)) if line else ()
    if len(names) == n_columns - 1 and has_header:
        names = ("", *names)  # no name above the numbers of the rows, as R writes it
    fits = len(names) == n_columns
    if not has_header:
        holds_values = fits and all(is_value(name, layout.decimal) for name in names)
        return (), number if layout.has_header and holds_values else n_before
    if fits:
        return names, n_before
    if layout.comment and n_before:
        commented = commented_header(head[n_before - 1], layout.comment, delimiter, n_columns)
        if commented:
            return commented, n_before
    if layout.has_header:  # the delimiter has changed: its names do not fit any more
        return (), n_before
    number, line = lines.values[0]
    return tuple(split_cells(line, delimiter)), number + 1
