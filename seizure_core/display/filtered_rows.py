"""Rows of a viewer read in consecutive blocks, the display filters settled before the first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seizure_core.display.filters import DisplayFilters, FilterRun
from seizure_core.display.rows import DisplayRow, read_display_rows
from seizure_core.recording import Recording
from seizure_core.signals.blocks import Cancelled, WorkCancelledError

BLOCK_SAMPLES = 1 << 21
"""Samples of all rows together that are read at a time: 8 MiB."""


class FilteredRows:
    """Rows of one sampling rate from a sample on.

    Parameters
    ----------
    rows : sequence of DisplayRow
        Of one sampling rate.
    first : int
        The first sample; the filters have processed the lead-in before it.
    cancelled : callable, optional
        Called for every block that is read; the work stops when it returns True.

    Raises
    ------
    WorkCancelledError
        Here and from `read`: `cancelled` returned True.
    """

    def __init__(
        self,
        recording: Recording,
        rows: Sequence[DisplayRow],
        *,
        first: int,
        filters: DisplayFilters,
        cancelled: Cancelled | None = None,
    ) -> None:
        rate_hz = rows[0].sampling_rate_hz
        self._recording, self._rows, self._cancelled = recording, rows, cancelled
        self._run = FilterRun(filters, n_rows=len(rows), sampling_rate_hz=rate_hz)
        self._position = first
        if filters.is_active:
            self._position = max(0, first - int(np.ceil(filters.lead_in_s * rate_hz)))
            size = max(1, BLOCK_SAMPLES // len(rows))
            while self._position < first:
                self.read(min(self._position + size, first))

    def read(self, stop: int) -> NDArray[np.float32]:
        """Return the samples from where the last call ended up to `stop`."""
        if self._cancelled is not None and self._cancelled():
            raise WorkCancelledError(self._recording.file_name)
        block = read_display_rows(self._recording, self._rows, self._position, stop)
        self._position = stop
        return self._run.process(block)
