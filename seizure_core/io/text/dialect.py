"""Dialect of a text file: delimiter, decimal point, comments, titles, names, units.

Determined in this order: comment lines; delimiter, decimal point and number of columns from lines
well after the start; the first line of values; then, going up from there, the lines of units and
names. All other lines before the values are title lines, which may state rate, unit and names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from seizure_core.errors import RecordingError
from seizure_core.io.text.layout import (
    DELIMITERS,
    MAX_RATE_HZ,
    PLAUSIBLE_HZ,
    SECONDS_PER_UNIT,
    SPELLINGS,
    TextCorrection,
)
from seizure_core.io.text.lines import (
    clock_seconds,
    is_comment,
    is_missing,
    is_value,
    parse_number,
    split_cells,
)
from seizure_core.units import microvolts_per_unit

_COMMENTS = ("#", "%", "//")
_MAX_SAMPLED_LINES = 120
_MAX_SAMPLED_CELLS = 400
_MIN_NUMERIC = 0.3
_OTHER_UNITS = frozenset(
    "hz - -- n/a na none g % c °c degc deg count counts a.u. au ohm kohm bpm dps °/s deg/s rad/s"
    " m/s2 m/s^2 # 1 int float bool".split()
)

_NUMBER = r"(?P<number>[0-9]+(?:[.,][0-9]+)?(?:e[+-]?[0-9]{1,2})?)"
_STATED = (
    re.compile(
        r"(?:sampl\w*[ _-]*(?:rate|freq\w*)|sampling(?=['\"]?\s*[:=])|\bs_?rate|\bs_?freq|\bfs\b"
        r"|abtast\w*|frequenza di campionamento|d.[ée]chantillonnage|de muestreo"
        r"|(?:^|[,;{])\W*(?:freq(?:uency)?|rate)\b)"
        rf"[^0-9\n]{{0,20}}?{_NUMBER}\s*(?P<kilo>k?)",
        re.I,
    ),
    re.compile(rf"{_NUMBER}\s*(?P<kilo>k?)(?:samples?|sps)\s*(?:/|per)\s*s", re.I),
    re.compile(rf"(?:\bat|@)\s*{_NUMBER}\s*(?P<kilo>k?)(?:hz|sps)\b", re.I),
)
_INTERVAL = re.compile(
    r"(?:sampl\w*?[ _-]*|\b)(?:interval|period)\b\s*(?:[(\[](?P<before>\w+)[)\]])?\s*[:=,]\s*"
    rf"{_NUMBER}\s*(?P<after>[a-zµμ]*)",
    re.I,
)
_IN_A_NAME = re.compile(rf"(?<![-0-9.]){_NUMBER}\s*(?P<kilo>k?)hz\b", re.I)
_LISTED_NAMES = re.compile(
    r"\b(?:labels?|ch_names|(?:channel|column|electrode)s?(?: ?(?:names?|titles?|labels?))?)['\"]?"
    r"\s*[:=]\s*(?P<names>.+)",
    re.I,
)
_COLUMN_FACT = re.compile(r"\W*(first|last|other) columns?\s*=\s*(.+?)\s*", re.I)
_N_CHANNELS = re.compile(r"\bnumber of channels\s*[:=]\s*([0-9]{1,4})\b", re.I)
_UNIT_SAID = re.compile(r"(?:\bunits?\s*[:=]\s*['\"]?|\bin\s+|[(\[])([^\s,;'\")\]]{1,12})", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Dialect of a text file.

    Attributes
    ----------
    delimiter, decimal, comment : str
        See `TextLayout`.
    n_lines_before : int
        Lines before the first one with values.
    header : tuple of str
        Names of the columns; may be empty.
    units : tuple of str
        Units of the columns from a line of their own; may be empty.
    n_columns : int
        Cells of a line with values.
    rows : tuple of tuple of str
        Cells of the lines with values.
    remarks : tuple of str
        Comments and titles, without names and units.
    """

    delimiter: str
    decimal: str
    comment: str
    n_lines_before: int
    header: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    n_columns: int
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...] = ()


def find_dialect(lines: Sequence[str], file_name: str, given: TextCorrection) -> Dialect:
    """Detect the dialect of a text, except what the user has given.

    Raises
    ------
    RecordingError
        There is no line of numbers.
    """
    comment = next((c for c in _COMMENTS if any(is_comment(line, c) for line in lines)), "")
    kept = [
        (number, line)
        for number, line in enumerate(lines)
        if line.strip() and not is_comment(line, comment)
    ]
    if not kept:
        reason = "no line of it holds a value. Check that it is a text of numbers."
        raise RecordingError(file_name, reason)
    sampled = [line for _, line in kept[len(kept) // 2 :][:_MAX_SAMPLED_LINES]]
    delimiter, decimal, n_columns = _best_style(sampled, file_name, given)
    cells = [(number, split_cells(line, delimiter)) for number, line in kept]
    first = _first_data_line(cells, n_columns, decimal)
    if first is None:
        raise _no_numbers(file_name)
    dialect = Dialect(
        delimiter=delimiter,
        decimal=decimal,
        comment=comment,
        n_lines_before=cells[first][0],
        n_columns=n_columns,
        rows=tuple(tuple(row) for _, row in cells[first:] if len(row) == n_columns),
    )
    return _with_names(dialect, lines, cells, first, given.has_header)


def _best_style(
    lines: Sequence[str], file_name: str, given: TextCorrection
) -> tuple[str, str, int]:
    best: tuple[float, int] = (_MIN_NUMERIC, 0)
    style = None
    for delimiter in DELIMITERS if given.delimiter is None else (given.delimiter,):
        rows = [split_cells(line, delimiter) for line in lines]
        n_columns, n_same = Counter(len(row) for row in rows).most_common(1)[0]
        same = [row[:_MAX_SAMPLED_CELLS] for row in rows if len(row) == n_columns]
        for decimal in (".", ",") if given.decimal is None else (given.decimal,):
            if delimiter == decimal:
                continue
            score = (_numeric_share(same, decimal) * n_same / len(rows), n_columns)
            if score > best:
                best, style = score, (delimiter, decimal, n_columns)
    if style is None and given.delimiter is not None:
        raise RecordingError(
            file_name, "with this delimiter it has no column of numbers. Choose another delimiter."
        )
    if style is None:
        raise _no_numbers(file_name)
    if given.delimiter is None and style == (",", ".", 2) and _are_decimals(lines):
        return "", ",", 1
    # A single column has no delimiter.
    return ("", style[1], 1) if style[2] == 1 and given.delimiter is None else style


def _are_decimals(lines: Sequence[str]) -> bool:
    """Return whether "5,029" is one number: integers have no leading zeros."""
    pairs = [split_cells(line, ",") for line in lines]
    digits = [pair[1] for pair in pairs if len(pair) == 2 and pair[1].isdecimal()]
    return len(digits) == len(pairs) and any(d.startswith("0") and len(d) > 1 for d in digits)


def _numeric_share(rows: Sequence[Sequence[str]], decimal: str) -> float:
    filled = [cell for row in rows for cell in row if not is_missing(cell)]
    if not filled:
        return 0.0
    return sum(is_value(cell, decimal) for cell in filled) / len(filled)


def _first_data_line(
    cells: Sequence[tuple[int, list[str]]], n_columns: int, decimal: str
) -> int | None:
    """Return the index of the first line with values in the same cells as later lines."""
    same = [row for _, row in cells if len(row) == n_columns]
    body = same[len(same) // 2 :][:_MAX_SAMPLED_LINES]
    numeric = []
    for i in range(min(n_columns, _MAX_SAMPLED_CELLS)):
        filled = [row[i] for row in body if not is_missing(row[i])]
        if filled and sum(is_value(cell, decimal) for cell in filled) > 0.6 * len(filled):
            numeric.append(i)
    for position, (_, row) in enumerate(cells):
        is_data = len(row) == n_columns and all(is_value(row[i], decimal) for i in numeric)
        if is_data and numeric and any(not is_missing(row[i]) for i in numeric):
            return position
    return None


def _with_names(
    dialect: Dialect,
    lines: Sequence[str],
    cells: Sequence[tuple[int, list[str]]],
    first: int,
    has_header: bool | None,
) -> Dialect:
    """Add names, units and title lines, with or without a header as the user wants."""
    header, units = _titles([row for _, row in cells[max(first - 2, 0) : first]], dialect)
    if not header:
        commented, more_units = _titles(_commented_rows(lines, dialect), dialect)
        header, units = commented, units or more_units
    remarks = tuple(
        line
        for line in lines[: dialect.n_lines_before]
        if not {_fitted(_cells_of(line, dialect), dialect)} & ({header, units} - {()})
    )
    fitting = (_fitted(names, dialect) for names in _listed_names(remarks))
    header = header or next(filter(None, fitting), ()) or _names_by_place(remarks, dialect.rows[0])
    rows, n_before = dialect.rows, dialect.n_lines_before
    if has_header is False:
        header = ()
    elif not header and len(rows) > 1 and (has_header or (first == 0 and _are_numbered(rows))):
        header, rows, n_before = rows[0], rows[1:], cells[first][0] + 1
    return replace(
        dialect, header=header, units=units, remarks=remarks, rows=rows, n_lines_before=n_before
    )


def _titles(
    above: Sequence[Sequence[str]], dialect: Dialect
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return names and units in the two lines above the values, () if there are none."""
    # "Range=" and "10 mV" are not names.
    plain = ([] if "=" in "".join(row) else row for row in above)
    named = ([_LISTED_NAMES.sub(r"\g<names>", cell) for cell in row] for row in plain)
    before, last = ([(), (), *(_fitted(row, dialect) for row in named)])[-2:]
    if _are_units(last):
        return before, last
    return last, before if _are_units(before) else ()


def _fitted(cells: Sequence[str], dialect: Dialect) -> tuple[str, ...]:
    """Return one cell per column, () if their number differs or all are empty."""
    n_missing = dialect.n_columns - len(cells)
    if not any(cells):
        return ()
    if n_missing == -1 and not cells[-1]:
        return tuple(cells[:-1])
    if n_missing == 1 and not any(row[-1] for row in dialect.rows):
        return (*cells, "")  # A delimiter at the end of each line of values.
    if n_missing == 1 and len(cells) > 1 and _first_rises(dialect):
        return ("", *cells)  # No name above the row numbers, as written by R.
    return tuple(cells) if not n_missing else ()


def _first_rises(dialect: Dialect) -> bool:
    numbers = [parse_number(row[0], dialect.decimal) for row in dialect.rows[:_MAX_SAMPLED_LINES]]
    known = [number for number in numbers if number is not None]
    return len(known) < len(numbers) or all(b > a for a, b in pairwise(known))


def _commented_rows(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    """Return the cells of comments directly above the values that may name the columns."""
    rows: list[list[str]] = []
    if not dialect.comment or dialect.n_columns < 2:
        return rows
    for line in reversed(lines[max(dialect.n_lines_before - 2, 0) : dialect.n_lines_before]):
        cells = _cells_of(line, dialect)
        # "# Fs = 256 Hz" has as many words as some tables have columns.
        are_names = all(cell and parse_number(cell, ".") is None for cell in cells)
        if not is_comment(line, dialect.comment) or "=" in line or not are_names:
            break
        rows.insert(0, cells)
    return rows


def _cells_of(line: str, dialect: Dialect) -> list[str]:
    text = line.lstrip()
    if is_comment(line, dialect.comment):
        text = text.removeprefix(dialect.comment)
    return split_cells(text, dialect.delimiter)


def _are_units(row: Sequence[str]) -> bool:
    cells = [bare_unit(cell).casefold() for cell in row if cell]
    known = [microvolts_per_unit(cell) is not None or cell in SPELLINGS for cell in cells]
    return any(known) and all(
        is_known or cell in _OTHER_UNITS for is_known, cell in zip(known, cells, strict=True)
    )


def bare_unit(cell: str) -> str:
    """Return a unit without brackets."""
    return cell.strip(" ()[]{}")


def _are_numbered(rows: Sequence[tuple[str, ...]]) -> bool:
    """Return whether only the first line is 0, 1, 2, ... or 1, 2, 3, ...: names, not values."""
    numbers = [str(i) for i in range(len(rows[0]) + 1)]
    numberings = (numbers[:-1], numbers[1:])
    return len(rows[0]) > 3 and list(rows[0]) in numberings and list(rows[1]) not in numberings


def stated_rate(remarks: Sequence[str], names: Sequence[str]) -> float | None:
    """Return the sampling rate stated in titles, comments or channel names.

    Parameters
    ----------
    remarks : sequence of str
        Lines such as "%Sample Rate = 250.0 Hz", "sampling:128", "# fs=256", "interval: 4 ms".
    names : sequence of str
        Such as "Fp1 (256 Hz)".
    """
    for line in remarks:
        for pattern in _STATED:
            for found in pattern.finditer(line):
                rate_hz = _number(found["number"]) * (1000 if found["kilo"] else 1)
                if 1 <= rate_hz <= MAX_RATE_HZ:
                    return rate_hz
        by_interval_hz = _rate_of_interval(line)
        if by_interval_hz is not None:
            return by_interval_hz
    in_names = {
        _number(found["number"]) * (1000 if found["kilo"] else 1)
        for name in names
        for found in _IN_A_NAME.finditer(name)
    }
    return in_names.pop() if len(in_names) == 1 and min(in_names) >= PLAUSIBLE_HZ[0] else None


def _rate_of_interval(line: str) -> float | None:
    found = _INTERVAL.search(line.casefold())
    if found is None:
        return None
    unit = next(
        (SPELLINGS[word] for word in (found["before"], found["after"]) if word in SPELLINGS), ""
    )
    interval_s = _number(found["number"]) * SECONDS_PER_UNIT.get(unit, 0.0)
    is_rate = interval_s > 0 and PLAUSIBLE_HZ[0] <= 1 / interval_s <= PLAUSIBLE_HZ[1]
    return float(f"{1 / interval_s:.9g}") if is_rate else None


def _number(text: str) -> float:
    """Parse a number in a text: "1,000" are thousands if it is no plausible rate otherwise."""
    value = float(text.replace(",", "."))
    return value * 1000 if re.fullmatch("[0-9]{1,2},[0-9]{3}", text) and value < 10 else value


def stated_unit(remarks: Sequence[str]) -> str:
    """Return the voltage unit stated in titles or comments ("# unit: uV"), else ""."""
    words = (word for line in remarks for word in _UNIT_SAID.findall(line))
    return next((word for word in words if microvolts_per_unit(word) is not None), "")


def _listed_names(remarks: Sequence[str]) -> Iterator[list[str]]:
    """Yield names that a title may list ("labels: AF3 F7 F3")."""
    for line in remarks:
        # "Other Columns = EEG data in microvolts" describes columns but does not name any.
        found = None if _COLUMN_FACT.fullmatch(line) else _LISTED_NAMES.search(line)
        text = found["names"] if found else ""
        for words in (re.split("[,;]", text)[0].split(), re.split(r"[,;|\t]", text), text.split()):
            names = [word.strip(" []{}'\"") for word in words]
            if not all(is_value(name, ".") for name in names):
                yield names


def _names_by_place(remarks: Sequence[str], row: Sequence[str]) -> tuple[str, ...]:
    """Return names if comments state the first, last and middle columns (OpenBCI).

    Parameters
    ----------
    remarks : sequence of str
        Comments.
    row : sequence of str
        A line of values.
    """
    found = [_COLUMN_FACT.fullmatch(line) for line in remarks]
    facts = {fact[1].casefold(): fact[2] for fact in found if fact}
    if not {"first", "last", "other"} <= set(facts) or len(row) < 3:
        return ()
    n_last = 2 if clock_seconds(row[-2]) is not None else 1
    n_other = len(row) - 1 - n_last
    n_axes = 3 if "accel" in facts["other"].casefold() and n_other > 3 else 0
    n_channels = min(stated_channels(remarks) or n_other - n_axes, n_other)
    names = [f"EXG Channel {i}" for i in range(n_channels)]
    names += [f"Accel Channel {i}" for i in range(n_other - n_channels)]
    return (facts["first"], *names, *[facts["last"]] * n_last)


def stated_channels(remarks: Sequence[str]) -> int | None:
    """Return the number of channels stated in titles or comments."""
    found = (_N_CHANNELS.search(line) for line in remarks)
    return next((int(each[1]) for each in found if each), None)


def _no_numbers(file_name: str) -> RecordingError:
    return RecordingError(
        file_name,
        "no columns of numbers were found in this text. A recording has one column (or one "
        "line) of numbers for each channel.",
    )
