"""Preprocessing steps of a card, applied block by block.

Every step works sample by sample with a state, so the result does not depend on the division into
blocks, not even in its last bit. Computed in float64.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import ParameterError, shown
from seizure_core.intervals import true_runs
from seizure_core.messages import Message, sentences
from seizure_core.signals.steps import STEPS, PreprocessingStep, Rows, Samples, Scale, StepRun

__all__ = [
    "STEPS",
    "PreprocessingStep",
    "Preprocessor",
    "is_whole",
    "leading_factor",
    "parse_step",
    "parse_steps",
]


def parse_step(entry: Mapping[str, Any]) -> PreprocessingStep:
    """Parse an entry of a card's preprocessing list.

    Parameters
    ----------
    entry : mapping
        `{"step": NAME, ...}` with exactly the parameters of that step.

    Raises
    ------
    ParameterError
        Unknown step or key, or a number that is missing or out of bounds.
    """
    if not isinstance(entry, Mapping):
        raise ParameterError(
            "A preprocessing step must be an object with a key 'step': {entry}.", entry=shown(entry)
        )
    name = entry.get("step")
    step = STEPS.get(name) if isinstance(name, str) else None
    if step is None:
        raise ParameterError(
            "There is no preprocessing step {name!r}. Known: {steps}.",
            name=name,
            steps=", ".join(STEPS),
        )
    known = [field.name for field in fields(step)]
    given = [str(key) for key in entry if key != "step"]
    faults = [Message("it has no {key!r}", key=key) for key in given if key not in known]
    faults += [Message("{key!r} is missing", key=key) for key in known if key not in given]
    if faults:
        raise ParameterError(
            "Step {name}: {faults}. It takes: {known}.",
            name=name,
            faults=sentences(*faults, between="; "),
            known=", ".join(known),
        )
    return step(**{key: entry[key] for key in known})


def parse_steps(
    entries: Iterable[Mapping[str, Any]], sampling_rate_hz: float
) -> tuple[PreprocessingStep, ...]:
    """Parse a card's preprocessing list and check it for a sampling rate.

    Raises
    ------
    ParameterError
        See `parse_step`; also for frequencies at or above half the sampling rate.
    """
    steps = tuple(parse_step(entry) for entry in entries)
    for step in steps:
        step.check_rate(sampling_rate_hz)
    return steps


class StepFactory(Protocol):
    """A step of a card or the filters of a page, before processing."""

    has_memory: ClassVar[bool]

    def start(self, n_channels: int, sampling_rate_hz: float) -> StepRun:
        """Return it ready for processing."""
        ...


class Preprocessor:
    """Steps applied to consecutive blocks of one recording.

    Samples that are not finite are gaps: they become 0, are not filtered, and the channel's filters
    restart after them. A filter starts as if its first sample had always been there, so that an
    offset makes no transient.

    Parameters
    ----------
    steps : sequence of Startable
        In order.

    Raises
    ------
    ParameterError
        A step is impossible at this sampling rate.
    """

    def __init__(
        self, steps: Sequence[StepFactory], n_channels: int, sampling_rate_hz: float
    ) -> None:
        self._runs = [step.start(n_channels, sampling_rate_hz) for step in steps]
        # Filters accumulate rounding errors; without one, single precision is enough.
        filters = any(step.has_memory for step in steps)
        self._precision: type[np.floating[Any]] = np.float64 if filters else np.float32
        self._restart = np.ones(n_channels, dtype=np.bool_)

    def process(
        self,
        block: Samples,
        out: NDArray[np.float32] | None = None,
        *,
        whole: bool | None = None,
    ) -> NDArray[np.float32]:
        """Return the next block processed.

        Parameters
        ----------
        block : ndarray, shape (n_channels, n_samples)
            Samples that follow those of the last call; not finite in gaps.
        out : ndarray of float32, shape (n_channels, n_samples), optional
            Array for the result; by default the block itself is returned if nothing changes.
        whole : bool, optional
            Whether the block has no gap, if known from `is_whole`.

        Returns
        -------
        ndarray of float32, shape (n_channels, n_samples)
            Finite, 0 in gaps.
        """
        if is_whole(block) if whole is None else whole:
            processed = self._run(slice(None), block, out)
        else:
            processed = self._without_gaps(block)
        if out is None:
            return processed.astype(np.float32, copy=False)
        if processed is not out:
            out[...] = processed
        return out

    def _without_gaps(self, block: Samples) -> Samples:
        missing = ~np.isfinite(block)
        if not self._runs:
            return np.where(missing, 0.0, block)
        processed = np.zeros(block.shape, dtype=np.float32)
        for rows, start, stop in _pieces(missing):
            if start:
                self._restart[rows] = True
            processed[rows, start:stop] = self._run(rows, block[rows, start:stop])
        self._restart |= missing[:, -1]
        return processed

    def _run(
        self,
        rows: Rows,
        piece: Samples,
        out: NDArray[np.float32] | None = None,
    ) -> Samples:
        if not self._runs or not piece.shape[1]:
            return piece
        signals: Samples = piece.astype(self._precision, copy=False)
        restart = self._restart[rows]
        for run in self._runs[:-1]:
            signals = run(rows, signals, restart, None)
        signals = self._runs[-1](rows, signals, restart, out)
        self._restart[rows] = False
        return signals


def leading_factor(
    steps: Sequence[PreprocessingStep],
) -> tuple[float, Sequence[PreprocessingStep]]:
    """Return the factor of leading scale steps, and the remaining steps.

    Filters need the file's own values in float64, so factors can be merged only without a filter.
    """
    factor = 1.0
    if any(step.has_memory for step in steps):
        return factor, steps
    for number, step in enumerate(steps):
        if not isinstance(step, Scale):
            return factor, steps[number:]
        factor *= step.factor
    return factor, ()


def is_whole(signals: Samples) -> bool:
    """Return whether all samples are finite."""
    # A sum is finite only if all terms are: a quick check if there is no gap. On overflow, every
    # value is checked.
    return bool(np.isfinite(signals.sum()) or np.isfinite(signals).all())


def _pieces(missing: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.intp], int, int]]:
    """Yield rows and bounds of the parts without gaps, with rows of equal gaps together."""
    patterns: dict[bytes, list[int]] = {}
    for row, mask in enumerate(np.packbits(missing, axis=1)):
        patterns.setdefault(mask.tobytes(), []).append(row)
    for members in patterns.values():
        rows = np.array(members, dtype=np.intp)
        for start, stop in true_runs(~missing[members[0]]):
            yield rows, start, stop
