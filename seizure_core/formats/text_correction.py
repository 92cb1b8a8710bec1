"""A text read by another delimiter than the one that was detected."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

from seizure_core.errors import RecordingError
from seizure_core.formats.stored_file import StoredFile, find_file
from seizure_core.formats.text_cells import split_cells
from seizure_core.formats.text_columns import describe_columns
from seizure_core.formats.text_inspection import data_lines
from seizure_core.formats.text_layout import TextLayout
from seizure_core.formats.unpacking import UnpackedFile, is_packed

_FIRST_LINES = 200
_SHOWN = (8, 64)


def with_delimiter(
    path: str | Path, layout: TextLayout, delimiter: str, *, file_name: str | None = None
) -> TextLayout:
    """Return the layout of a text with the columns another delimiter makes.

    Parameters
    ----------
    path : str or Path
        The text, packed with gzip or not.
    layout : TextLayout
        As it was detected; everything but delimiter, columns and preview is kept.
    delimiter : str
        One of `text_layout.DELIMITERS`.
    file_name : str, optional
        The name to show, where the file is stored under another one.

    Raises
    ------
    RecordingError
        The file cannot be read, or its lines have no numbers between these delimiters.
    ParameterError
        The delimiter is none, or it is the decimal comma too.
    """
    changed = replace(layout, delimiter=delimiter)
    location = Path(path)
    file = find_file(location, file_name or location.name)
    if not is_packed(file):
        return _read_again(file, changed)
    unpacked = UnpackedFile(file)
    return _read_again(unpacked.file, changed)


def _read_again(file: StoredFile, layout: TextLayout) -> TextLayout:
    lines = data_lines(file, layout.encoding, layout.comment, layout.n_lines_before)
    rows = [split_cells(line, layout.delimiter) for _, line in islice(lines, _FIRST_LINES)]
    n_columns = min((len(row) for row in rows), default=0)
    if not n_columns:
        raise RecordingError(file.file_name, "it has no line of values. Look at the layout.")
    cells = [[row[i] for row in rows] for i in range(n_columns)]
    columns, _ = describe_columns(_header(file, layout, n_columns), cells, layout.decimal)
    if not any(column.role == "signal" for column in columns):
        raise RecordingError(
            file.file_name,
            "with this delimiter it has no column of numbers. Choose another delimiter.",
        )
    n_rows, n_cells = _SHOWN
    preview = tuple(tuple(row[:n_cells]) for row in rows[:n_rows])
    return replace(layout, columns=columns, preview=preview)


def _header(file: StoredFile, layout: TextLayout, n_columns: int) -> list[str]:
    if not layout.has_header:
        return []
    before = data_lines(file, layout.encoding, layout.comment, 0)
    lines = [
        line
        for number, line in islice(before, layout.n_lines_before)
        if number <= layout.n_lines_before
    ]
    names = split_cells(lines[-1], layout.delimiter) if lines else []
    return names if len(names) == n_columns else []
