"""Lines of text files of any size and encoding, and parsing of cells, numbers and clocks."""

from __future__ import annotations

import codecs
import csv
import functools
import io
import math
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from seizure_core.errors import RecordingError
from seizure_core.io.edf.fields import MONTHS
from seizure_core.io.stored_file import StoredFile

MAX_TEXT_BYTES = 2 * 1024**3
MAX_LINE_CHARS = 64 * 1024**2
HEAD_BYTES = 256 * 1024
_CHUNK_BYTES = 1024**2

# Texts for missing values.
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-", "--", "inf", "-inf"})
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_CLOCK = re.compile(
    r"(?:(?P<date>[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}"
    r"|[0-9]{1,2}[-/. ][a-z]{3}[-/. ][0-9]{4})"  # MATLAB's.
    r"(?:T|,?\s+))?(?:(?P<days>[0-9]{1,3}) days?,? \+?)?"
    r"(?P<hour>[0-9]{1,3}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?:(?P<mark>[.,:])(?P<fraction>[0-9]{1,9}))?(?:\s*(?P<half>[ap])\.?m\.?)?"
    r"\s*(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2})?",
    re.I,
)


def check_size(file: StoredFile) -> None:
    """Refuse files that are too large or empty.

    Raises
    ------
    RecordingError
        The file is empty, or larger than `MAX_TEXT_BYTES`.
    """
    if not file.size:
        raise RecordingError(file.file_name, "the file is empty (0 bytes). Export it again.")
    if file.size > MAX_TEXT_BYTES:
        raise RecordingError(
            file.file_name,
            "this text has {size:.1f} GiB; up to {max_text_bytes} GiB "
            "are read. Convert it to EDF, which takes a fraction of that.",
            size=file.size / 1024**3,
            max_text_bytes=MAX_TEXT_BYTES // 1024**3,
        )


def text_head(file: StoredFile) -> tuple[str, list[str], int]:
    """Return encoding and first lines of a text, and the approximate number of lines.

    Raises
    ------
    RecordingError
        It contains binary data.
    """
    with file.opened() as stream:
        raw = stream.read(HEAD_BYTES)
    encoding = _encoding(raw)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(raw)
    _check_characters(text, file.file_name)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # The last line is empty after a line end, and incomplete at the end of the head.
    if not lines[-1] or (len(raw) < file.size and len(lines) > 1):
        lines.pop()
    return encoding, lines, round(len(lines) * file.size / len(raw))


def count_lines(file: StoredFile) -> int:
    """Return the number of lines of a file (approximate in multi-byte encodings)."""
    n_lines = 0
    last = b"\n"
    with file.opened() as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            n_lines += chunk.count(b"\n") or chunk.count(b"\r")
            last = chunk[-1:]
    return n_lines + (last not in (b"\n", b"\r", b"\x00"))


def line_chunks(file: StoredFile, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a text in chunks, each with the number of its first line, from 1.

    Raises
    ------
    RecordingError
        A line is longer than `MAX_LINE_CHARS`, or there is binary data.
    """
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding)(errors="replace"), translate=True
    )
    number = 1
    waiting: list[str] = []
    n_waiting = 0
    with file.opened() as stream:
        while raw := stream.read(_CHUNK_BYTES):
            text = decoder.decode(raw)
            _check_characters(text, file.file_name)
            cut = text.rfind("\n") + 1
            if cut:
                lines = "".join([*waiting, text[:cut]]).split("\n")[:-1]
                yield number, lines
                number += len(lines)
                waiting, n_waiting = [], 0
            waiting.append(text[cut:])
            n_waiting += len(waiting[-1])
            if n_waiting > MAX_LINE_CHARS:
                raise RecordingError(
                    file.file_name,
                    "line {number} has more than {max_line_chars} million characters, which no "
                    "recording has. Check that it is a text of numbers.",
                    number=number,
                    max_line_chars=MAX_LINE_CHARS // 1024**2,
                )
    rest = "".join(waiting) + decoder.decode(b"", final=True)
    if rest:
        yield number, rest.removesuffix("\n").split("\n")


def is_comment(line: str, comment: str) -> bool:
    """Return whether a line starts with the comment prefix ("" is none)."""
    return bool(comment) and line.lstrip().startswith(comment)


def value_lines(
    first: int, lines: Iterable[str], comment: str, n_lines_before: int
) -> Iterator[tuple[int, str]]:
    """Yield the lines with values and their numbers, without titles, blank lines and comments."""
    for number, line in enumerate(lines, start=first):
        if (
            number > n_lines_before
            and line
            and not line.isspace()
            and not is_comment(line, comment)
        ):
            yield number, line


def data_lines(
    file: StoredFile, encoding: str, comment: str, n_lines_before: int
) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with values, with their numbers."""
    for first, lines in line_chunks(file, encoding):
        yield from value_lines(first, lines, comment, n_lines_before)


def split_cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line, without quotes and surrounding spaces.

    Parameters
    ----------
    line : str
        Without its end.
    delimiter : str
        One of `text_layout.DELIMITERS`.
    """
    if delimiter == "":
        return [_bare(line)]
    if delimiter == " ":
        return [_bare(cell) for cell in line.split()]
    if '"' in line:
        try:
            cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
            return [cell.strip() for cell in cells]
        except csv.Error:
            pass  # An unterminated quote: keep the cells unchanged.
    return [_bare(cell) for cell in line.split(delimiter)]


def is_missing(cell: str) -> bool:
    """Return whether a cell stands for a missing value."""
    return cell.casefold() in _MISSING


def is_value(cell: str, decimal: str) -> bool:
    """Return whether a cell is a number, a clock time, or a missing value."""
    return parse_number(cell, decimal) is not None or clock_seconds(cell) is not None


def parse_number(cell: str, decimal: str) -> float | None:
    """Parse the number in a cell: NaN if missing, None if it is not a number."""
    if is_missing(cell):
        return math.nan
    text = cell.replace(",", ".") if decimal == "," else cell
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else math.nan


def clock_seconds(cell: str) -> float | None:
    """Parse a clock: seconds since midnight, or since 1970 with a date; None if invalid."""
    found = _CLOCK.fullmatch(cell.strip()) if ":" in cell else None
    if found is None:
        return None
    hour, minute, second = (int(found[part]) for part in ("hour", "minute", "second"))
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (found["half"].casefold() == "p")
    day_s = _day_seconds(found["date"] or "")
    if minute > 59 or second > 60 or day_s is None:
        return None
    digits = found["fraction"] or "0"
    if found["mark"] == ":":  # A count of milliseconds, not decimals.
        digits = digits.zfill(3)
    day_s += int(found["days"] or 0) * 86400.0
    return day_s + hour * 3600 + minute * 60 + second + float(f"0.{digits}")


@functools.lru_cache(maxsize=64)  # The same few days occur again and again.
def _day_seconds(date: str) -> float | None:
    """Return the seconds from 1970 to a day, 0 if day and month are ambiguous."""
    if not date:
        return 0.0
    words = re.split("[-/. ]", date)
    named = words[1].casefold()
    if named.isalpha():
        if named not in MONTHS:
            return None
        words = [words[2], str(MONTHS.index(named) + 1), words[0]]
    parts = [int(part) for part in words]
    if parts[0] < 1000:
        first, second, year = parts
        if "." not in date and first <= 12 and second <= 12 and first != second:
            return 0.0
        month_first = "." not in date and second > 12
        parts = [year, first, second] if month_first else [year, second, first]
    year, month, day = parts
    try:
        return (datetime(year, month, day) - datetime(1970, 1, 1)).total_seconds()
    except ValueError:
        return None


def _bare(cell: str) -> str:
    return cell.strip().strip('"').strip()


def _encoding(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(raw) >= 4 and not raw[1] and not raw[3] and raw[0] and raw[2]:
        return "utf-16-le"
    if len(raw) >= 4 and not raw[0] and not raw[2] and raw[1] and raw[3]:
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8-sig")().decode(raw)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8-sig"


def _check_characters(text: str, file_name: str) -> None:
    if "\x00" in text:
        raise RecordingError(
            file_name,
            "it contains zero bytes, so it is not text. If it is a recording in another format, "
            "convert it to EDF.",
        )
