"""Layout of a text file, as detected and corrected by the user."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, get_args

from seizure_core.errors import ParameterError
from seizure_core.recording import Finding

Role = Literal["signal", "time", "index", "quality", "marker", "ignored"]
Orientation = Literal["columns", "rows"]
TimeUnit = Literal["min", "s", "ms", "us", "ns", "samples", "clock"]

DELIMITERS = (",", ";", "\t", "|", " ", "")
"""Delimiters; " " is any white space, "" means one value per line."""

ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1")
MAX_COLUMNS = 4096
MAX_RATE_HZ = 1_000_000.0
PLAUSIBLE_HZ = (10.0, 50_000.0)
"""Usual sampling rates of EEG."""
EPOCHS_S = (8e8, 4e9)
"""Usual dates of recordings in seconds since 1970: the years 1995 to 2096."""

SECONDS_PER_UNIT = {"min": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "clock": 1.0}
SPELLINGS: dict[str, TimeUnit] = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("us", "µs", "μs", "usec", "microsecond", "microseconds"), "us"),
    **dict.fromkeys(("ns", "nsec", "nanosecond", "nanoseconds"), "ns"),
    **dict.fromkeys(("samples", "sample", "index"), "samples"),
}
NO_TIMES = -1
"""Value of `time_column` for no times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextColumn:
    """One column of values (or one line, if channels are rows).

    Attributes
    ----------
    label : str
        From the header, or "Channel 1", "Channel 2" ...
    role : str
        "signal"; "time" or "index", of which the first such column gives the times; "quality",
        "marker" and "ignored" are not read.
    unit : str
        As in the file; "" if unknown.
    """

    label: str
    role: Role = "signal"
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLayout:
    r"""Layout of a text file.

    Attributes
    ----------
    encoding : str
        One of `ENCODINGS`.
    delimiter : str
        One of `DELIMITERS`.
    decimal : str
        "." or ",".
    comment : str
        Prefix of lines to skip; "" for none.
    n_lines_before : int
        Lines before the first one with values: titles, header, comments.
    has_header : bool
        Whether the last of these that is no comment names the columns.
    orientation : str
        "columns": a channel is a column; "rows": a channel is a line.
    labels_first : bool
        Whether each line starts with a channel label; only with "rows".
    columns : tuple of TextColumn
        In file order.
    time_unit : str
        Unit of the time column; "clock" is a time of day, with or without date.
    sampling_rate_hz : float or None
        None if neither stated nor given by the user.
    scale_uv : float or None
        Microvolts per stored unit, for all signals; None uses each column's unit.
    offset : float
        Subtracted from the stored values of all signals before scaling.
    n_lines : int
        Lines of the file; for display.
    findings : tuple of Finding
        Assumptions; for display.
    preview : tuple of tuple of str
        Cells of the first lines with values; for display.
    """

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    decimal: str = "."
    comment: str = ""
    n_lines_before: int = 0
    has_header: bool = False
    orientation: Orientation = "columns"
    labels_first: bool = False
    columns: tuple[TextColumn, ...]
    time_unit: TimeUnit = "s"
    sampling_rate_hz: float | None = None
    scale_uv: float | None = None
    offset: float = 0.0
    n_lines: int = 0
    findings: tuple[Finding, ...] = ()
    preview: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        """Check all values that a user may have corrected.

        Raises
        ------
        ParameterError
            A value is out of bounds.
        """
        _check_choices(self)
        _check_numbers(self)
        if not 1 <= len(self.columns) <= MAX_COLUMNS:
            raise ParameterError(
                "A text layout has 1 to {max_columns} columns; {n_columns} were given.",
                max_columns=MAX_COLUMNS,
                n_columns=len(self.columns),
            )
        if not self.signal_indices:
            raise ParameterError("A text layout needs at least one column of role 'signal'.")

    @property
    def signal_indices(self) -> tuple[int, ...]:
        """Positions of the signal columns."""
        return tuple(i for i, column in enumerate(self.columns) if column.role == "signal")

    @property
    def time_index(self) -> int | None:
        """Position of the column with the times, None without one."""
        for role in ("time", "index"):
            for index, column in enumerate(self.columns):
                if column.role == role:
                    return index
        return None

    @property
    def row_unit(self) -> TimeUnit:
        """Unit of the column with the times; an index counts samples."""
        index = self.time_index
        is_index = index is not None and self.columns[index].role == "index"
        return "samples" if is_index else self.time_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCorrection:
    """Corrections by the user; None means detect.

    Attributes
    ----------
    delimiter : str or None
        One of `DELIMITERS`.
    decimal : str or None
        "." or ",".
    has_header : bool or None
        Whether a line names the columns: the last one before the values, or else the first of them.
        If not, a line of numbers taken as names becomes values again.
    orientation : str or None
        "columns": a channel is a column; "rows": a channel is a line.
    time_column : int or None
        Position of the column with the times, `NO_TIMES` for none.
    """

    delimiter: str | None = None
    decimal: str | None = None
    has_header: bool | None = None
    orientation: Orientation | None = None
    time_column: int | None = None

    def __post_init__(self) -> None:
        """Check the delimiter.

        Raises
        ------
        ParameterError
            It is unknown, or is the decimal comma, too.
        """
        if self.delimiter not in (None, *DELIMITERS) or self.decimal not in (None, ".", ","):
            raise ParameterError(
                "{delimiter!r} cannot be the delimiter, or {decimal!r} the decimal "
                "point, of a text.",
                delimiter=self.delimiter,
                decimal=self.decimal,
            )
        if self.delimiter is not None and self.delimiter == self.decimal:
            raise ParameterError(
                "The decimal comma and the delimiter of a text cannot be the same."
            )

    def after(self, layout: TextLayout) -> TextCorrection:
        """Return this correction with the earlier decisions in `layout` that still hold."""
        moved = self.delimiter not in (None, layout.delimiter)
        delimiter = layout.delimiter if self.delimiter is None else self.delimiter
        decimal = layout.decimal if self.decimal is None and delimiter != layout.decimal else None
        has_header = None if moved else layout.has_header
        return replace(
            self,
            delimiter=delimiter,
            decimal=self.decimal or decimal,
            has_header=has_header if self.has_header is None else self.has_header,
            orientation=self.orientation or layout.orientation,
        )


def _check_choices(layout: TextLayout) -> None:
    choices = {
        "encoding": ENCODINGS,
        "delimiter": DELIMITERS,
        "decimal": (".", ","),
        "orientation": get_args(Orientation),
        "time_unit": get_args(TimeUnit),
    }
    for name, allowed in choices.items():
        if getattr(layout, name) not in allowed:
            listed = ", ".join(repr(each) for each in allowed)
            raise ParameterError(
                "{name} of a text layout is {getattr!r}; possible are {listed}.",
                name=name,
                getattr=getattr(layout, name),
                listed=listed,
            )
    roles = get_args(Role)
    for column in layout.columns:
        if column.role not in roles:
            raise ParameterError(
                "Column {label!r} has the role {role!r}; possible are {roles}.",
                label=column.label,
                role=column.role,
                roles=", ".join(roles),
            )
    if layout.delimiter == layout.decimal:
        raise ParameterError("The decimal comma and the delimiter of a text cannot be the same.")


def _check_numbers(layout: TextLayout) -> None:
    rate_hz = layout.sampling_rate_hz
    if rate_hz is not None and not _within(rate_hz, 1e-3, MAX_RATE_HZ):
        raise ParameterError(
            "A sampling rate must be from 0.001 to {max_rate_hz:g} Hz; {rate_hz} was given.",
            max_rate_hz=MAX_RATE_HZ,
            rate_hz=rate_hz,
        )
    scale = layout.scale_uv
    if scale is not None and not (_within(scale, -1e12, 1e12) and abs(scale) >= 1e-12):
        raise ParameterError(
            "scale_uv must be a finite number other than 0; {scale} was given.", scale=scale
        )
    if not _within(layout.offset, -1e12, 1e12):
        raise ParameterError(
            "offset must be a finite number; {offset} was given.", offset=layout.offset
        )
    if not (isinstance(layout.n_lines_before, int) and 0 <= layout.n_lines_before <= 100_000):
        raise ParameterError(
            "n_lines_before must be 0 to 100000; {n_lines_before} was given.",
            n_lines_before=layout.n_lines_before,
        )


def _within(value: object, low: float, high: float) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and low <= value <= high
    )
