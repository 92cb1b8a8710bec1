"""Conversion of a recording to the input of a model, for training and prediction.

In this order: derive channels by the plan, resample to the model's rate, apply the card's
preprocessing. Every stage gives bit-identical samples, however the recording is divided into
blocks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels import planning
from seizure_core.channels.plan import ChannelPlan, dead_channels
from seizure_core.errors import ParameterError, RecordingError
from seizure_core.recording import Finding, Recording, Segment
from seizure_core.signals.preprocessing import (
    PreprocessingStep,
    Preprocessor,
    is_whole,
    leading_factor,
    parse_steps,
)
from seizure_core.signals.resampling import Resampler, blocks_of, resampling_ratio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResampledGroup:
    """Input channels with the same stored sampling rate.

    Attributes
    ----------
    rows : list of int
        Positions in the channel plan.
    sampling_rate_hz : float
        As stored.
    resampler : Resampler
        To the model's rate.
    """

    rows: list[int]
    sampling_rate_hz: float
    resampler: Resampler


def rate_groups(
    recording: Recording, plan: ChannelPlan, sampling_rate_hz: float
) -> list[ResampledGroup]:
    """Return the plan's rows by stored sampling rate, lowest first.

    Raises
    ------
    RecordingError
        A rate cannot be converted to the model's.
    """
    groups = []
    for source_hz in _stored_rates(plan):
        rows = [row for row, hz in enumerate(plan.sampling_rates_hz) if hz == source_hz]
        try:
            ratio = resampling_ratio(source_hz, sampling_rate_hz)
        except ParameterError as error:
            raise RecordingError(recording.file_name, error.message) from error
        n_input = min(recording.channels[index].n_samples for index in plan.channel_indices(rows))
        groups.append(
            ResampledGroup(
                rows=rows, sampling_rate_hz=source_hz, resampler=Resampler(ratio, n_input)
            )
        )
    return groups


def _stored_rates(plan: ChannelPlan) -> list[float]:
    return sorted({hz for hz in plan.sampling_rates_hz if hz is not None})


def rate_findings(plan: ChannelPlan, sampling_rate_hz: float) -> Iterator[Finding]:
    """Yield findings on rates that differ from the model's."""
    for source_hz in _stored_rates(plan):
        if resampling_ratio(source_hz, sampling_rate_hz).is_identity:
            continue
        if source_hz > sampling_rate_hz:
            yield Finding.info(
                "Sampled at {source_hz:g} Hz, resampled to the model's {sampling_rate_hz:g} Hz.",
                source_hz=source_hz,
                sampling_rate_hz=sampling_rate_hz,
            )
            continue
        yield Finding.warning(
            "Sampled at {source_hz:g} Hz, less than the model's {sampling_rate_hz:g} Hz: "
            "resampled, but nothing above {source_hz_2:g} Hz is in it.",
            source_hz=source_hz,
            sampling_rate_hz=sampling_rate_hz,
            source_hz_2=source_hz / 2,
        )


Watch = Callable[[int, int, NDArray[np.float32], NDArray[np.float32]], None]
"""Callback for samples as read: rate group, first sample at its rate, samples of its

channels in file order (or of `direct` rows), and its rows before resampling.

Samples that a resampling filter needs again are repeated.
"""

DEFAULT_BLOCK_SAMPLES = 1 << 16
_PIECE_VALUES = 1 << 21  # Of all channels together: 8 MiB.
_ROUNDING = 1e-9  # As in the channel plan: 20/23 satisfies a card with 0.869565217.


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InputBlock:
    """A part of a model's input.

    Attributes
    ----------
    start : int
        First sample, at the model's rate.
    signals : ndarray of float32, shape (n_channels, n_lead + n_samples)
        Finite; 0 in gaps and in missing rows. The first `n_lead` samples repeat the end of the
        previous blocks.
    gap : ndarray of bool, shape (n_samples,)
        Where fewer rows have a value than the model accepts (at least one).
    """

    start: int
    signals: NDArray[np.float32]
    gap: NDArray[np.bool_]

    @property
    def stop(self) -> int:
        """End of the samples."""
        return self.start + len(self.gap)


class ModelInput:
    """A recording as input of a model; created by `prepare_input`.

    Attributes
    ----------
    plan : ChannelPlan
        Source of each row.
    sampling_rate_hz : float
        The model's.
    n_channels, n_samples : int
        Shape of the whole input; `n_samples` is `n * up // down` for the shortest row.
    groups : list of ResampledGroup
        Rows by stored sampling rate.
    direct : list of (int, float) or None
        Channel and factor of each row, if reading alone gives the rows.
    findings : tuple of Finding
        On channels and sampling rates.
    """

    def __init__(
        self,
        recording: Recording,
        plan: ChannelPlan,
        *,
        sampling_rate_hz: float,
        steps: Sequence[PreprocessingStep],
        min_present: int,
    ) -> None:
        self.recording = recording
        self.plan = plan
        self.sampling_rate_hz = sampling_rate_hz
        self.n_channels = len(plan.sources)
        self._has_memory = any(step.has_memory for step in steps)
        self._min_present = min_present
        self.groups = rate_groups(recording, plan, sampling_rate_hz)
        self.n_samples = min(group.resampler.n_output for group in self.groups)
        factor, remaining = leading_factor(steps)
        self.direct = self._direct_rows(factor)
        self._steps = tuple(steps if self.direct is None else remaining)
        self.findings = (*plan.findings, *rate_findings(plan, sampling_rate_hz))

    @property
    def duration_s(self) -> float:
        """Length of the input in seconds."""
        return self.n_samples / self.sampling_rate_hz

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Uninterrupted parts, as the file declares them."""
        return self.recording.segments

    @property
    def channel_indices(self) -> tuple[int, ...]:
        """Positions of the channels that the input is computed from, ascending."""
        return tuple(self.plan.channel_indices(range(self.n_channels)))

    def blocks(self, block_samples: int = DEFAULT_BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Yield the whole input in consecutive blocks.

        Parameters
        ----------
        block_samples : int
            Samples of each block but the last; does not affect the values.

        Yields
        ------
        ndarray of float32, shape (n_channels, n)
            Finite; 0 in gaps and in missing rows.
        """
        for block in self.blocks_with_gaps(block_samples):
            yield block.signals

    def blocks_with_gaps(
        self,
        block_samples: int = DEFAULT_BLOCK_SAMPLES,
        lead_samples: int = 0,
        *,
        watch: Watch | None = None,
        spare: list[NDArray[np.float32]] | None = None,
    ) -> Iterator[InputBlock]:
        """Yield the blocks of `blocks` with start and gaps.

        Parameters
        ----------
        block_samples : int
            As in `blocks`.
        lead_samples : int
            Samples of the previous blocks to repeat at the start; fewer at the start of the
            recording.
        watch : callable, optional
            Called with the stored samples as they are read, see `Watch`.
        spare : list of ndarray, optional
            Signals of blocks that are no longer needed, to be overwritten: fresh memory costs a
            quarter of the time that a recording takes.
        """
        preprocessor = Preprocessor(self._steps, self.n_channels, self.sampling_rate_hz)
        before = np.empty((self.n_channels, 0), dtype=np.float32)
        for start, stop in blocks_of(self.n_samples, block_samples):
            n_lead = min(lead_samples, start)
            shape = self.n_channels, n_lead + stop - start
            used = spare.pop() if spare else None
            signals = (
                used
                if used is not None and used.shape == shape
                else np.empty(shape, dtype=np.float32)
            )
            signals[:, :n_lead] = before[:, before.shape[1] - n_lead :]
            gap = self._fill(signals[:, n_lead:], start, preprocessor, watch)
            before = signals[:, max(signals.shape[1] - lead_samples, 0) :].copy()
            yield InputBlock(start=start, signals=signals, gap=gap)

    def _fill(
        self,
        signals: NDArray[np.float32],
        start: int,
        preprocessor: Preprocessor,
        watch: Watch | None = None,
    ) -> NDArray[np.bool_]:
        """Write the samples from `start` on; return their gaps."""
        gaps = []
        # Piece by piece, so that samples are still in the CPU cache when they are processed.
        second = max(round(self.sampling_rate_hz), 1)
        piece = max(_PIECE_VALUES // (self.n_channels * second), 1) * second
        for first, last in blocks_of(signals.shape[1], piece):
            wanted = signals[:, first:last]
            rows, whole = self._rows_for(wanted, start + first, start + last, watch)
            gaps.append(self._gap(rows, whole))
            preprocessor.process(rows, wanted, whole=whole)
        return np.concatenate(gaps)

    def _rows_for(
        self, wanted: NDArray[np.float32], start: int, stop: int, watch: Watch | None
    ) -> tuple[NDArray[np.float32], bool]:
        """Return rows, decoded into `wanted` if possible, and whether they have no gap."""
        if self.direct is None:
            rows = self._rows(start, stop, watch)
            return rows, is_whole(rows)
        indices, factors = zip(*self.direct, strict=True)
        finite = self.recording.read_scaled(indices, factors, start, stop, wanted)
        if watch is not None:
            watch(0, start, wanted, wanted)
        return wanted, finite or is_whole(wanted)

    def _direct_rows(self, factor: float) -> list[tuple[int, float]] | None:
        channels = planning.single_channels(self.plan)
        same_rate = len(self.groups) == 1 and self.groups[0].resampler.ratio.is_identity
        if channels is None or not same_rate:
            return None
        return [(index, sign * factor) for index, sign in channels]

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `[start, stop)`, as in `blocks`.

        Filters with memory require reading everything before.

        Raises
        ------
        ParameterError
            The samples are outside the input.
        """
        if not 0 <= start <= stop <= self.n_samples:
            raise ParameterError(
                "{file_name}: samples {start} to {stop} of the model's input were "
                "asked for, it has {n_samples}.",
                file_name=self.recording.file_name,
                start=start,
                stop=stop,
                n_samples=self.n_samples,
            )
        wanted = np.empty((self.n_channels, stop - start), dtype=np.float32)
        preprocessor = Preprocessor(self._steps, self.n_channels, self.sampling_rate_hz)
        for first, last in blocks_of(start if self._has_memory else 0, DEFAULT_BLOCK_SAMPLES):
            preprocessor.process(self._rows(first, last))
        for first, last in blocks_of(stop - start, DEFAULT_BLOCK_SAMPLES):
            self._fill(wanted[:, first:last], start + first, preprocessor)
        return wanted

    def _rows(self, start: int, stop: int, watch: Watch | None = None) -> NDArray[np.float32]:
        """Return derived rows at the model's rate, NaN in gaps, zeros in missing rows."""
        parts = []
        for number, group in enumerate(self.groups):
            first, last = group.resampler.input_bounds(start, stop)
            shown = None if watch is None else partial(watch, number, first)
            stored = planning.read_rows(self.recording, self.plan, group.rows, first, last, shown)
            if not group.resampler.ratio.is_identity:
                stored = group.resampler.resample(stored, start, stop)
            if len(group.rows) == self.n_channels:
                return stored
            parts.append(stored)
        signals = np.zeros((self.n_channels, stop - start), dtype=np.float32)
        for group, stored in zip(self.groups, parts, strict=True):
            signals[group.rows] = stored
        return signals

    def _gap(self, rows: NDArray[np.float32], whole: bool) -> NDArray[np.bool_]:
        if whole:
            return np.zeros(rows.shape[1], dtype=np.bool_)
        missing = ~np.isfinite(rows)
        available = self.n_channels - len(self.plan.missing)
        n_present = available - np.count_nonzero(missing, axis=0)
        return np.asarray(n_present < self._min_present, dtype=np.bool_)


def prepare_input(
    recording: Recording,
    *,
    channels: Sequence[str] | None,
    sampling_rate_hz: float,
    preprocessing: Sequence[Mapping[str, Any]] = (),
    min_coverage: float = 0.0,
    min_channels: int = 1,
    dead: Collection[int] | None = None,
) -> ModelInput:
    """Convert a recording to the input of a model.

    Parameters
    ----------
    recording : Recording
        Each channel is read until it is known to vary.
    channels : sequence of str or None
        Ordered derivations; None for an any-montage model.
    sampling_rate_hz : float
        The model's.
    preprocessing : sequence of mapping
        Steps of the card.
    min_coverage : float
        Minimum fraction of `channels`, 0 to 1.
    min_channels : int
        Minimum number of channels if `channels` is None.
    dead : collection of int, optional
        Channels without signal, from `dead_channels`, if known.

    Returns
    -------
    ModelInput
        Lazy.

    Raises
    ------
    CoverageError
        Too few of the channels are available.
    RecordingError
        There is no EEG, or its sampling rate cannot be converted.
    ParameterError
        A step or a number is out of bounds.
    """
    steps = parse_steps(preprocessing, sampling_rate_hz)
    if dead is None:
        dead = dead_channels(recording)
    if channels is None:
        plan = planning.plan_any_channels(recording, min_channels=min_channels, dead=dead)
        min_present = max(min_channels, 1)
    else:
        plan = planning.plan_channels(recording, channels, min_coverage=min_coverage, dead=dead)
        min_present = max(math.ceil(min_coverage * len(channels) - _ROUNDING), 1)
    return ModelInput(
        recording, plan, sampling_rate_hz=sampling_rate_hz, steps=steps, min_present=min_present
    )
