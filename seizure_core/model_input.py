"""The one place where a recording becomes the input of a net, in training and in prediction.

The order is: derive each row by the channel plan, resample it over the whole signal to the
net's rate, carry out the card's preprocessing. Every stage gives the same samples, bit for
bit, however the recording is cut into blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.block_memory import BlockMemory
from seizure_core.channels.planning import ChannelPlan, plan_any_channels, plan_channels, read_rows
from seizure_core.errors import ParameterError, RecordingError
from seizure_core.preprocessing import PreprocessingStep, Preprocessor, is_whole, parse_steps
from seizure_core.recording import Finding, Recording, Segment
from seizure_core.resampling import Resampler, blocks_of, resampling_ratio

DEFAULT_BLOCK_SAMPLES = 1 << 16
_PIECE_VALUES = 1 << 21  # of all channels together: 8 MiB
_ROUNDING = 1e-9  # as in the channel plan: 20/23 satisfies a card that says 0.869565217


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InputBlock:
    """A stretch of a net's input.

    Attributes
    ----------
    start : int
        Its first sample, at the net's rate.
    signals : ndarray of float32, shape (n_channels, n_lead + n_samples)
        Finite; 0 in gaps and in missing rows. The first `n_lead` were the last of the blocks
        before.
    gap : ndarray of bool, shape (n_samples,)
        Where the recording says too little, see `ModelInput.gap_mask`.
    """

    start: int
    signals: NDArray[np.float32]
    gap: NDArray[np.bool_]

    @property
    def stop(self) -> int:
        """The sample after its last."""
        return self.start + len(self.gap)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _RateGroup:
    """Rows that are stored at one sampling rate."""

    rows: list[int]
    resampler: Resampler


class ModelInput:
    """A recording as a net sees it; made by `prepare_input`.

    Attributes
    ----------
    recording : Recording
        Where the samples come from.
    plan : ChannelPlan
        Where each row comes from.
    sampling_rate_hz : float
        The net's.
    n_channels, n_samples : int
        Shape of the whole input. `n_samples` counts those whose time has wholly passed,
        `n * up // down` of the shortest row.
    findings : tuple of Finding
        What the user should know about channels and sampling rates.
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
        self._steps = tuple(steps)
        self._min_present = min_present
        self._groups = _rate_groups(recording, plan, sampling_rate_hz)
        self.n_samples = min(group.resampler.n_output for group in self._groups)
        self.findings = (*plan.findings, *_rate_findings(plan, sampling_rate_hz))

    @property
    def duration_s(self) -> float:
        """Length of the input in seconds."""
        return self.n_samples / self.sampling_rate_hz

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Uninterrupted stretches, as the file declares them."""
        return self.recording.segments

    @property
    def channel_indices(self) -> tuple[int, ...]:
        """Positions in the recording's channels that the input is made of, ascending."""
        return tuple(sorted({index for s in self.plan.sources for index, _ in s.terms}))

    def blocks(self, block_samples: int = DEFAULT_BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Yield the whole input in consecutive blocks from the start.

        Parameters
        ----------
        block_samples : int
            Samples of each block but the last; it changes memory, never values.

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
        memory: BlockMemory | None = None,
    ) -> Iterator[InputBlock]:
        """Yield what `blocks` does, each block with its start and its gaps.

        Parameters
        ----------
        block_samples : int
            As in `blocks`.
        lead_samples : int
            Samples of the blocks before to begin with again, for what looks at windows; fewer
            where the recording starts.
        memory : BlockMemory, optional
            Where blocks are held; without it each has fresh memory.
        """
        preprocessor = Preprocessor(self._steps, self.n_channels, self.sampling_rate_hz)
        before = np.empty((self.n_channels, 0), dtype=np.float32)
        for start, stop in blocks_of(self.n_samples, block_samples):
            n_lead = min(lead_samples, start)
            shape = self.n_channels, n_lead + stop - start
            signals = np.empty(shape, np.float32) if memory is None else memory.array(shape)
            signals[:, :n_lead] = before[:, before.shape[1] - n_lead :]
            gap = self._fill(signals[:, n_lead:], start, preprocessor)
            yield InputBlock(start=start, signals=signals, gap=gap)
            before = signals

    def _fill(
        self, signals: NDArray[np.float32], start: int, preprocessor: Preprocessor
    ) -> NDArray[np.bool_]:
        """Write the samples from `start` on, and return where they lie in gaps."""
        gaps = []
        # Piece by piece: what was read is still in the processor's cache when it is prepared.
        for first, last in blocks_of(signals.shape[1], max(_PIECE_VALUES // self.n_channels, 1)):
            rows = self._rows(start + first, start + last)
            whole = is_whole(rows)
            gaps.append(self._gap(rows, whole))
            preprocessor.process(rows, signals[:, first:last], whole=whole)
        return np.concatenate(gaps)

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `[start, stop)`, the same as in `blocks`.

        Direct where no step has memory; else everything before has to be worked through.

        Raises
        ------
        ParameterError
            The samples lie outside the input.
        """
        self._check_bounds(start, stop)
        first = 0 if any(step.has_memory for step in self._steps) else start
        preprocessor = Preprocessor(self._steps, self.n_channels, self.sampling_rate_hz)
        wanted = np.empty((self.n_channels, stop - start), dtype=np.float32)
        for offset, end in blocks_of(stop - first, DEFAULT_BLOCK_SAMPLES):
            processed = preprocessor.process(self._rows(first + offset, first + end))
            begin = max(first + offset, start)
            wanted[:, begin - start : first + end - start] = processed[:, begin - first - offset :]
        return wanted

    def gap_mask(self, start: int, stop: int) -> NDArray[np.bool_]:
        """Tell where the recording says too little for the net.

        A sample is in a gap where fewer rows have a value than the net accepts for a whole
        recording (at least one). The samples are read for it: who works through the blocks
        takes `blocks_with_gaps` instead.

        Parameters
        ----------
        start, stop : int
            Samples at the net's rate.

        Returns
        -------
        ndarray of bool, shape (stop - start,)
            True inside gaps.

        Raises
        ------
        ParameterError
            The samples lie outside the input.
        """
        self._check_bounds(start, stop)
        pieces = [
            self._gap(rows, is_whole(rows))
            for first, last in blocks_of(stop - start, DEFAULT_BLOCK_SAMPLES)
            for rows in [self._rows(start + first, start + last)]
        ]
        return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.bool_)

    def _check_bounds(self, start: int, stop: int) -> None:
        if not 0 <= start <= stop <= self.n_samples:
            raise ParameterError(
                f"{self.recording.file_name}: samples {start} to {stop} of the net's input were "
                f"asked for, it has {self.n_samples}."
            )

    def _rows(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return derived rows at the net's rate, NaN in gaps, zeros in missing rows."""
        parts = []
        for group in self._groups:
            first, last = group.resampler.input_bounds(start, stop)
            stored = read_rows(self.recording, self.plan, group.rows, first, last)
            if not group.resampler.ratio.is_identity:
                stored = group.resampler.resample(stored, start, stop)
            if len(group.rows) == self.n_channels:
                return stored
            parts.append(stored)
        signals = np.zeros((self.n_channels, stop - start), dtype=np.float32)
        for group, stored in zip(self._groups, parts, strict=True):
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
) -> ModelInput:
    """Make a recording the input of a net, by the numbers of its card.

    Parameters
    ----------
    recording : Recording
        The file; nothing of its length is read here.
    channels : sequence of str or None
        Ordered derivations; None for a net that takes any montage.
    sampling_rate_hz : float
        The net's.
    preprocessing : sequence of mapping
        The card's list of steps.
    min_coverage : float
        Lowest acceptable fraction of `channels`, 0 to 1.
    min_channels : int
        Fewest channels where `channels` is None.

    Returns
    -------
    ModelInput
        Lazy, ready to be read.

    Raises
    ------
    CoverageError
        Too few of the channels can be had.
    RecordingError
        There is no EEG in it, or its sampling rate cannot be brought to the net's.
    ParameterError
        A step or a number is out of its bounds.
    """
    steps = parse_steps(preprocessing, sampling_rate_hz)
    if channels is None:
        plan = plan_any_channels(recording, min_channels=min_channels)
        min_present = max(min_channels, 1)
    else:
        plan = plan_channels(recording, channels, min_coverage=min_coverage)
        min_present = max(math.ceil(min_coverage * len(channels) - _ROUNDING), 1)
    return ModelInput(
        recording, plan, sampling_rate_hz=sampling_rate_hz, steps=steps, min_present=min_present
    )


def _rate_groups(
    recording: Recording, plan: ChannelPlan, sampling_rate_hz: float
) -> list[_RateGroup]:
    groups = []
    for source_hz in _stored_rates(plan):
        rows = [row for row, hz in enumerate(plan.sampling_rates_hz) if hz == source_hz]
        used = {index for row in rows for index, _ in plan.sources[row].terms}
        try:
            ratio = resampling_ratio(source_hz, sampling_rate_hz)
        except ParameterError as error:
            raise RecordingError(recording.file_name, str(error)) from error
        n_input = min(recording.channels[index].n_samples for index in used)
        groups.append(_RateGroup(rows=rows, resampler=Resampler(ratio, n_input)))
    return groups


def _stored_rates(plan: ChannelPlan) -> list[float]:
    return sorted({hz for hz in plan.sampling_rates_hz if hz is not None})


def _rate_findings(plan: ChannelPlan, sampling_rate_hz: float) -> Iterator[Finding]:
    for source_hz in _stored_rates(plan):
        if resampling_ratio(source_hz, sampling_rate_hz).is_identity:
            continue
        if source_hz > sampling_rate_hz:
            message = (
                f"Sampled at {source_hz:g} Hz, resampled to the net's {sampling_rate_hz:g} Hz."
            )
            yield Finding(severity="info", message=message)
            continue
        message = (
            f"Sampled at {source_hz:g} Hz, less than the net's {sampling_rate_hz:g} Hz: resampled, "
            f"but nothing above {source_hz / 2:g} Hz is in it."
        )
        yield Finding(severity="warning", message=message)
