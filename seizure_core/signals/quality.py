"""Signal quality: missing, flat, clipped, quiet and loud samples.

Computed in one pass of bounded memory, per channel:

- *missing*: without a finite value (a gap, an empty cell);
- *flat*: in a constant run of at least 1 s;
- *clipped*: at an end of the recorder's range, at least two in a row (a single one may be the
  true maximum, from which some programs set the range);
- *quiet*: a second, not flat, with a range below 1 uV, which no scalp electrode has;
- *loud*: a second with a range above 5 mV, which no EEG has, but a loose electrode or a wrong unit.
  Quiet and loud apply to voltages only.

A model's input is assessed as the model receives it (`InputQuality`): values without a unit count
as microvolts, and derived channels are assessed after the subtraction.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from seizure_core.intervals import Stretches, constant_runs, true_runs
from seizure_core.recording import MICROVOLT, Channel, Finding
from seizure_core.signals.model_input import ModelInput, ResampledGroup
from seizure_core.signals.quality_report import ChannelQuality, quality_messages

FLAT_S = 1.0
QUIET_UV = 1.0
LOUD_UV = 5000.0
_CLIPPED_LEAST = 2
# Distance from the end of the range, as a fraction of it, within which samples are clipped.
_RANGE_ROUNDING = 1e-6
# A second contains at least this many samples at a spacing of 1/8 s.
_SCREEN_PARTS = 8


class QualityMonitor:
    """Collects quality measures of channels with the same sampling rate, block by block.

    Parameters
    ----------
    channels : sequence of Channel
        One per row of every block.
    factors : sequence of float, optional
        Factor by which each row was multiplied.
    """

    def __init__(
        self,
        channels: Sequence[Channel],
        sampling_rate_hz: float,
        factors: Sequence[float] | None = None,
    ) -> None:
        self._channels = tuple(channels)
        self._second = max(round(sampling_rate_hz), 1)
        self._flat_least = max(math.ceil(FLAT_S * sampling_rate_hz - 1e-9), 2)
        self._rows = [ChannelQuality.empty(channel) for channel in channels]
        by = np.ones(len(channels)) if factors is None else np.array(factors)
        limits = np.array([_limits(channel) for channel in channels]).reshape(-1, 2)
        self._limits = np.sort(limits * by[:, np.newaxis])
        self._unit = np.abs(by)[:, np.newaxis]
        self._voltages = np.array([channel.is_voltage for channel in channels], dtype=np.bool_)
        self._quiet = np.where(self._voltages, QUIET_UV, 0.0)[:, np.newaxis] * self._unit
        self._log_span = np.zeros(len(self._rows))
        self._n_spans = np.zeros(len(self._rows))
        self._before = np.empty((len(self._rows), 0), dtype=np.float32)
        self._waiting = np.empty((len(self._rows), 0), dtype=np.float32)
        self._n_seen = 0

    def add(self, block: NDArray[np.float32]) -> None:
        """Process the samples that follow those of the last call.

        Parameters
        ----------
        block : ndarray of float32, shape (n_channels, n_samples)
            In each channel's unit; NaN in gaps. Its length does not affect the result.
        """
        if self._waiting.shape[1]:
            block = np.concatenate((self._waiting, block), axis=1)
        whole = block.shape[1] // self._second * self._second
        self._waiting = block[:, whole:].copy()
        if whole:
            self._take(block[:, :whole], self._second)

    def results(self) -> list[ChannelQuality]:
        """Return the measures of each channel; the monitor cannot be used afterwards."""
        rest = self._waiting
        if rest.shape[1]:
            self._waiting = rest[:, :0]
            self._take(rest, rest.shape[1])
        for position, row in enumerate(self._rows):
            row.n_samples = self._n_seen
            if self._n_spans[position]:
                span = math.exp(self._log_span[position] / self._n_spans[position])
                row.typical_span = span / float(self._unit[position, 0])
        return self._rows

    def _take(self, block: NDArray[np.float32], piece: int) -> None:
        """Process whole seconds or, at the end, a part of one of `piece` samples."""
        low, high = (np.empty((len(block), 1), dtype=np.float32) for _ in range(2))
        # A flat run that started in the previous block can end in this block's first samples.
        border = np.concatenate((self._before, block[:, : self._flat_least]), axis=1)
        with np.errstate(invalid="ignore"):
            still = self._looks_still(border, self._quiet)
            # Row by row, so that samples stay in the CPU cache.
            for number, samples in enumerate(block):
                low[number], high[number] = samples.min(), samples.max()
                still[number] |= self._looks_still(samples, self._quiet[number])
            span = high - low
            # Ranges of seconds take longer to compute; most blocks show that all are ordinary.
            loud = ~(span <= LOUD_UV * self._unit)
        outside = (low <= self._limits[:, :1]) | (high >= self._limits[:, 1:])
        lost = ~np.isfinite(span)
        first = self._n_seen - self._before.shape[1]
        for row in np.flatnonzero(still):
            for start, stop in constant_runs(self._extended(row, block), self._flat_least):
                self._rows[row].flat.add(first + start, first + stop)
        for row in np.flatnonzero(outside | lost):
            self._clipped(row, self._extended(row, block), first)
        for row in np.flatnonzero(lost):
            for start, stop in true_runs(~np.isfinite(block[row])):
                self._rows[row].missing.add(self._n_seen + start, self._n_seen + stop)
        for row in np.flatnonzero(self._voltages & (still | loud[:, 0])):
            self._amplitudes(row, block[row].reshape(-1, piece))
        self._n_seen += block.shape[1]
        n = self._flat_least
        self._before = np.concatenate((self._before, block[:, -n:]), axis=1)[:, -n:]

    def _extended(self, row: np.intp, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a row with the samples before."""
        return np.concatenate((self._before[row], block[row]))

    def _looks_still(
        self, samples: NDArray[np.float32], most: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Return whether there may be a flat run or a quiet second, shape of all axes but the last.

        Those have eight samples, well apart, each within `most` of the next.
        """
        spacing = self._second // _SCREEN_PARTS
        if not spacing or samples.shape[-1] < self._second:
            return np.ones(samples.shape[:-1], dtype=np.bool_)
        coarse = samples[..., ::spacing]
        close = np.abs(coarse[..., 1:] - coarse[..., :-1]) <= most
        for n_more in (1, 2, 3):  # Differences in a row: 2, 4, then 7.
            close = close[..., n_more:] & close[..., :-n_more]
        return np.asarray(close.any(axis=-1), dtype=np.bool_)

    def _clipped(self, row: np.intp, samples: NDArray[np.float32], first: int) -> None:
        low, high = self._limits[row]
        with np.errstate(invalid="ignore"):
            at_end = (samples <= low) | (samples >= high)
        for start, stop in true_runs(at_end, _CLIPPED_LEAST):
            self._rows[row].clipped.add(first + start, first + stop)

    def _amplitudes(self, row: np.intp, seconds: NDArray[np.float32]) -> None:
        found, unit, piece = self._rows[row], self._unit[row], seconds.shape[1]
        with np.errstate(invalid="ignore"):
            span = seconds.max(axis=1) - seconds.min(axis=1)
            quiet = (span < QUIET_UV * unit) & (span > 0)
            loud = span > LOUD_UV * unit
        odd = span[(quiet | loud) & np.isfinite(span)]
        self._n_spans[row] += len(odd)
        self._log_span[row] += np.log(odd).sum()
        for kind, mask in ((found.quiet, quiet), (found.loud, loud)):
            for start, stop in true_runs(mask):
                kind.add(self._n_seen + start * piece, self._n_seen + stop * piece)


class InputQuality:
    """Assesses a model's input while it is read; its `add` is a `Watch`."""

    def __init__(self, model_input: ModelInput) -> None:
        self._recording = model_input.recording
        self._groups = [
            _InputMonitor(model_input, group, model_input.direct) for group in model_input.groups
        ]

    def add(
        self, group: int, start: int, stored: NDArray[np.float32], rows: NDArray[np.float32]
    ) -> None:
        """Process samples as read; see `seizure_core.signals.model_input.Watch`."""
        self._groups[group].add(start, stored, rows)

    def findings(self) -> tuple[Finding, ...]:
        """Return findings on the input, in microvolts; it cannot be used afterwards."""
        channels: dict[int, ChannelQuality] = {}
        rows: list[ChannelQuality] = []
        for group in self._groups:
            of_channels, of_rows = group.results()
            channels |= of_channels
            rows += of_rows
        in_order = [channels[index] for index in sorted(channels)]
        return (
            *quality_messages(self._recording, in_order),
            *quality_messages(self._recording, rows),
        )


class _InputMonitor:
    """Quality of channels with the same sampling rate, and of the rows derived from them.

    Amplitudes are judged on derived rows only, because interference common to all electrodes
    cancels in the difference.
    """

    def __init__(
        self,
        model_input: ModelInput,
        group: ResampledGroup,
        direct: Sequence[tuple[int, float]] | None,
    ) -> None:
        sources = [model_input.plan.sources[row] for row in group.rows]
        self._terms = [[index for index, _ in s.terms] for s in sources if len(s.terms) > 1]
        self._derived = [row for row, s in enumerate(sources) if len(s.terms) > 1]
        self._fed = {s.terms[0][0] for s in sources if len(s.terms) == 1}
        self._indices = model_input.plan.channel_indices(group.rows)
        factors = None
        if direct is not None:
            self._indices, factors = [index for index, _ in direct], [by for _, by in direct]
        of_file = model_input.recording.channels
        channels = [replace(of_file[index], unit=MICROVOLT) for index in self._indices]
        rows = [
            replace(
                of_file[sources[row].terms[0][0]],
                unit=MICROVOLT,
                label=sources[row].target,
                minimum=-math.inf,
                maximum=math.inf,
            )
            for row in self._derived
        ]
        self._channels = QualityMonitor(channels, group.sampling_rate_hz, factors)
        self._rows = QualityMonitor(rows, group.sampling_rate_hz)
        self._n_seen = 0

    def add(self, start: int, stored: NDArray[np.float32], rows: NDArray[np.float32]) -> None:
        """Process the samples not seen before."""
        skipped, self._n_seen = self._n_seen - start, start + stored.shape[1]
        self._channels.add(stored[:, skipped:])
        if self._derived:
            self._rows.add(rows[self._derived, skipped:])

    def results(self) -> tuple[dict[int, ChannelQuality], list[ChannelQuality]]:
        """Return the measures of channels, and those of rows that channels do not show."""
        channels = dict(zip(self._indices, self._channels.results(), strict=True))
        for index, channel in channels.items():
            if index not in self._fed:
                channel.ignore_amplitude()
        rows = self._rows.results() if self._derived else []
        for row, terms in zip(rows, self._terms, strict=True):
            row.missing = Stretches(1)
            if all(channels[index].flat.n_samples >= row.flat.n_samples for index in terms):
                row.flat = Stretches(0)
        return channels, rows


def _limits(channel: Channel) -> tuple[float, float]:
    """Return the values at or beyond which a sample is clipped."""
    width = channel.maximum - channel.minimum
    if not (math.isfinite(width) and width > 0):
        return -math.inf, math.inf
    slack = width * _RANGE_ROUNDING
    return channel.minimum + slack, channel.maximum - slack
