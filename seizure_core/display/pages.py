"""Pages of EEG for a screen: at most as many values as pixels, in 16 bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from seizure_core.bounds import check_channels
from seizure_core.display.envelope import Columns, Envelope, column_edges, extremes
from seizure_core.display.filtered_rows import BLOCK_SAMPLES, FilteredRows
from seizure_core.display.filters import DisplayFilters
from seizure_core.display.rows import DisplayRow, rows_by_rate
from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from seizure_core.signals.blocks import Cancelled

NO_SIGNAL = -32768
"""16-bit value for NaN."""

MAX_COLUMNS = 8192
_LARGEST = 32767


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PageRow:
    """One trace of a page.

    Attributes
    ----------
    row : int
        Position among the requested rows.
    kind : str
        "samples" for every sample, "extremes" for minimum and maximum of each column.
    values : ndarray of int16
        Shape (n_samples,), or (2, n_columns) with the minima first. In the row's unit: values times
        `scale` plus `offset`; `NO_SIGNAL` for none.
    first_s, step_s : float
        Time of the first sample or left edge of the first column, and of one step.
    offset, scale : float
        In the row's unit.
    centre : float
        Median of the page in the row's unit, 0 without signal.
    """

    row: int
    kind: Literal["samples", "extremes"]
    values: NDArray[np.int16]
    first_s: float
    step_s: float
    offset: float
    scale: float
    centre: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PageData:
    """Data to draw an interval of a recording.

    Attributes
    ----------
    rows : tuple of PageRow
        In the requested order.
    fraction : float
        Below 1 while the envelope of the page is being built.
    """

    start_s: float
    length_s: float
    rows: tuple[PageRow, ...]
    fraction: float = 1.0


def page(
    recording: Recording,
    rows: Sequence[DisplayRow],
    *,
    start_s: float,
    length_s: float,
    n_columns: int,
    filters: DisplayFilters | None = None,
    envelope: Envelope | None = None,
    cancelled: Cancelled | None = None,
) -> PageData:
    """Return a page of EEG, as samples if there are few, else as extremes per column.

    Parameters
    ----------
    start_s, length_s : float
        The interval may exceed the recording.
    n_columns : int
        Width in pixels.
    filters : DisplayFilters, optional
        Applied from a lead-in before the page.
    envelope : Envelope, optional
        Envelope of these rows with these filters. Used if its bins are fine enough; otherwise the
        page is read from the file, exactly.
    cancelled : callable, optional
        Called for every block that is read; the work stops when it returns True.

    Returns
    -------
    PageData
        One row for each requested one.

    Raises
    ------
    ParameterError
        The length is not positive, or the number of rows or columns is out of bounds.
    WorkCancelledError
        `cancelled` returned True.
    """
    check_channels(len(rows))
    if not length_s > 0 or not 1 <= n_columns <= MAX_COLUMNS:
        raise ParameterError(
            "A page needs a length above 0 s and 1 to {max_columns} columns; "
            "{length_s:g} s and {n_columns} were asked for.",
            max_columns=MAX_COLUMNS,
            length_s=length_s,
            n_columns=n_columns,
        )
    view = _View(recording, filters or DisplayFilters(), start_s, length_s, n_columns, cancelled)
    if envelope is not None and length_s / n_columns >= envelope.finest_column_s:
        fraction = envelope.fraction_built  # first: the columns may lack later bins
        columns = envelope.columns(
            [envelope.rows.index(row) for row in rows],
            start_s=start_s,
            length_s=length_s,
            n_columns=n_columns,
        )
        made = [
            view.extremes_row(i, low, high)
            for i, (low, high) in enumerate(zip(*columns, strict=True))
        ]
        return PageData(start_s=start_s, length_s=length_s, rows=tuple(made), fraction=fraction)
    made = []
    for rate_hz, positions in rows_by_rate(rows):
        chosen = [rows[i] for i in positions]
        made += view.read(chosen, positions, rate_hz)
    made.sort(key=lambda row: row.row)
    return PageData(start_s=start_s, length_s=length_s, rows=tuple(made))


def quantise(values: NDArray[np.float32]) -> tuple[NDArray[np.int16], float, float]:
    """Return values as 16-bit integers with offset and scale.

    Parameters
    ----------
    values : ndarray of float32
        NaN becomes `NO_SIGNAL`.

    Returns
    -------
    tuple
        Integers, offset and scale: value = offset + scale * integer, accurate to half a scale.
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        return np.full(values.shape, NO_SIGNAL, np.int16), 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    offset, scale = (low + high) / 2, (high - low) / (2 * _LARGEST) or 1.0
    steps = (values.astype(np.float64) - offset) / scale
    whole = np.where(np.isfinite(steps), np.rint(np.clip(steps, -_LARGEST, _LARGEST)), NO_SIGNAL)
    return whole.astype(np.int16), offset, scale


@dataclass(frozen=True, slots=True)
class _View:
    """The requested interval and its columns."""

    recording: Recording
    filters: DisplayFilters
    start_s: float
    length_s: float
    n_columns: int
    cancelled: Cancelled | None

    def read(
        self, rows: Sequence[DisplayRow], positions: Sequence[int], rate_hz: float
    ) -> list[PageRow]:
        """Read rows of one sampling rate from the file."""
        n_samples = min(row.n_samples for row in rows)
        if self.length_s * rate_hz <= 2 * self.n_columns:
            return self._samples(rows, positions, rate_hz, n_samples)
        smallest, largest = self._extremes(rows, rate_hz, n_samples)
        return [
            self.extremes_row(position, low, high)
            for position, low, high in zip(positions, smallest, largest, strict=True)
        ]

    def extremes_row(
        self, position: int, low: NDArray[np.float32], high: NDArray[np.float32]
    ) -> PageRow:
        """Return a page's row of extremes."""
        values, step_s = np.stack((low, high)), self.length_s / self.n_columns
        return _page_row(
            position, "extremes", values, (low + high) * np.float32(0.5), self.start_s, step_s
        )

    def _samples(
        self, rows: Sequence[DisplayRow], positions: Sequence[int], rate_hz: float, n_samples: int
    ) -> list[PageRow]:
        """Return every sample, with one more on each side so that lines reach the edges."""
        first = int(np.clip(np.floor(self.start_s * rate_hz), 0, n_samples))
        last = int(np.clip(np.ceil((self.start_s + self.length_s) * rate_hz) + 1, 0, n_samples))
        samples = self._from(rows, first).read(last)
        return [
            _page_row(position, "samples", row, row, first / rate_hz, 1 / rate_hz)
            for position, row in zip(positions, samples, strict=True)
        ]

    def _extremes(self, rows: Sequence[DisplayRow], rate_hz: float, n_samples: int) -> Columns:
        edges = column_edges(self.start_s, self.length_s, self.n_columns, rate_hz)
        edges = np.clip(edges, 0, n_samples)
        shape = (len(rows), self.n_columns)
        smallest, largest = np.empty(shape, np.float32), np.empty(shape, np.float32)
        wanted = BLOCK_SAMPLES // len(rows) * self.n_columns
        per_block = max(1, int(wanted / (self.length_s * rate_hz)))
        signals = self._from(rows, int(edges[0]))
        for begin in range(0, self.n_columns, per_block):  # whole columns at a time
            cut = edges[begin : begin + per_block + 1]
            stop = begin + len(cut) - 1
            block = signals.read(int(cut[-1]))
            smallest[:, begin:stop], largest[:, begin:stop] = extremes(block, cut - cut[0])
        return smallest, largest

    def _from(self, rows: Sequence[DisplayRow], first: int) -> FilteredRows:
        return FilteredRows(
            self.recording, rows, first=first, filters=self.filters, cancelled=self.cancelled
        )


def _page_row(
    position: int,
    kind: Literal["samples", "extremes"],
    values: NDArray[np.float32],
    middles: NDArray[np.float32],
    first_s: float,
    step_s: float,
) -> PageRow:
    stored, offset, scale = quantise(values)
    finite = middles[np.isfinite(middles)]
    return PageRow(
        row=position,
        kind=kind,
        values=stored,
        first_s=first_s,
        step_s=step_s,
        offset=offset,
        scale=scale,
        centre=float(np.median(finite)) if finite.size else 0.0,
    )
