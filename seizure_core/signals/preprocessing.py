"""Carries out the preprocessing a card names, block after block.

Every step works sample by sample with carried state, so that the result does not depend on
how a recording is cut into blocks, not even in its last bit. The arithmetic is float64.
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
    """Turn one entry of a card's preprocessing list into a step.

    Parameters
    ----------
    entry : mapping
        `{"step": NAME, ...}` with exactly the numbers that step has.

    Raises
    ------
    ParameterError
        Unknown step or key, a number that lacks or is out of its bounds.
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
    """Turn a card's preprocessing list into steps that are possible at a sampling rate.

    Raises
    ------
    ParameterError
        As `parse_step`, and for frequencies at or above half the sampling rate.
    """
    steps = tuple(parse_step(entry) for entry in entries)
    for step in steps:
        step.check_rate(sampling_rate_hz)
    return steps


class Startable(Protocol):
    """What can be started on a recording: a step of a card, or the filters of a page."""

    has_memory: ClassVar[bool]

    def start(self, n_channels: int, sampling_rate_hz: float) -> StepRun:
        """Return it ready to work."""
        ...


class Preprocessor:
    """Steps at work on one recording, block after block.

    A sample that is not finite is a gap: it becomes 0, reaches no filter, and the filters of
    that channel start anew behind it. A filter starts as if its first sample had always been
    there, so that a constant offset makes no transient.

    Parameters
    ----------
    steps : sequence of Startable
        In order.
    n_channels : int
        Rows of every block.
    sampling_rate_hz : float
        Of every block.

    Raises
    ------
    ParameterError
        A step is impossible at this sampling rate.
    """

    def __init__(
        self, steps: Sequence[Startable], n_channels: int, sampling_rate_hz: float
    ) -> None:
        self._runs = [step.start(n_channels, sampling_rate_hz) for step in steps]
        # Filters add up rounding over time; without one, the samples' own precision will do.
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
        """Return the next stretch of the recording, processed.

        Parameters
        ----------
        block : ndarray, shape (n_channels, n_samples)
            Samples that follow those of the last call; not finite where there is a gap.
        out : ndarray of float32, shape (n_channels, n_samples), optional
            Where to write the result; without it, the block itself is returned where nothing
            has to be done.
        whole : bool, optional
            Whether the block has no gap, as `is_whole` says; None looks.

        Returns
        -------
        ndarray of float32, shape (n_channels, n_samples)
            Finite throughout, 0 in gaps.
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
    """Return the factor that the first steps multiply by, and the steps that remain.

    Filters work in float64 on what the file says: before them, nothing is taken out.
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
    """Tell whether all samples are finite."""
    # A sum is finite only if everything in it is: one quick look where there is no gap. Only
    # where values overflow must every one be looked at.
    return bool(np.isfinite(signals.sum()) or np.isfinite(signals).all())


def _pieces(missing: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.intp], int, int]]:
    """Yield rows and bounds of the stretches without a gap, rows with equal gaps together."""
    patterns: dict[bytes, list[int]] = {}
    for row, mask in enumerate(np.packbits(missing, axis=1)):
        patterns.setdefault(mask.tobytes(), []).append(row)
    for members in patterns.values():
        rows = np.array(members, dtype=np.intp)
        for start, stop in true_runs(~missing[members[0]]):
            yield rows, start, stop
