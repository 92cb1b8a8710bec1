"""Fits a recording's channels to the rows a net wants, and reads those rows.

The choice never depends on the order of the channels in the file nor on how their labels
are spelled, so that shuffled or renamed copies of a file give the same samples, bit for bit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.any_montage import plan_any_channels
from seizure_core.channels.labels import Derivation, parse_derivation
from seizure_core.channels.plan import (
    ChannelPlan,
    NoEegChannelError,
    dead_channels,
    no_voltages,
    plan_of_sources,
    usable_channels,
)
from seizure_core.channels.sources import ChannelSource, plan_labels
from seizure_core.errors import CoverageError, ParameterError
from seizure_core.recording import Recording

__all__ = [
    "ChannelPlan",
    "ChannelSource",
    "Derivation",
    "NoEegChannelError",
    "dead_channels",
    "plan_any_channels",
    "plan_channels",
    "plan_labels",
    "read_rows",
]

_ROUNDING = 1e-9  # 20/23 must satisfy a card that says 0.869565217


def plan_channels(
    recording: Recording,
    targets: Sequence[str],
    *,
    min_coverage: float = 0.0,
    dead: Collection[int] = (),
) -> ChannelPlan:
    """Find where each row a net wants comes from.

    Parameters
    ----------
    recording : Recording
        The file. Its samples are read only where two channels bear one label.
    targets : sequence of str
        Ordered derivations ("FP1-F7") or electrodes ("FP1"), in any spelling.
    min_coverage : float
        Lowest acceptable fraction of rows, 0 to 1.
    dead : collection of int
        Channels to leave out as if they were not there, from `dead_channels`.

    Returns
    -------
    ChannelPlan
        With one source a row.

    Raises
    ------
    NoEegChannelError
        The file has no scalp EEG at all.
    CoverageError
        Fewer rows can be had than `min_coverage` asks for, or none.
    ParameterError
        No targets, or `min_coverage` outside 0 to 1.
    """
    if not targets or not 0.0 <= min_coverage <= 1.0:
        raise ParameterError(
            "A plan needs at least one channel and a lowest coverage from 0 to 1; it was given "
            "{n_targets} and {min_coverage:g}.",
            n_targets=len(targets),
            min_coverage=min_coverage,
        )
    usable = usable_channels(recording, dead)
    if not usable.finder.derivations and all(parse_derivation(target) for target in targets):
        raise NoEegChannelError(recording, usable.without_value)
    plan = plan_of_sources(recording, usable, usable.finder.sources(targets))
    if not any(source.terms for source in plan.sources) or plan.coverage < min_coverage - _ROUNDING:
        raise CoverageError(
            recording.file_name,
            missing=plan.missing,
            n_wanted=len(targets),
            min_coverage=min_coverage,
            no_voltages=no_voltages(recording),
            without_value=plan.without_value,
        )
    return plan


def read_rows(
    recording: Recording, plan: ChannelPlan, rows: Sequence[int], start: int, stop: int
) -> NDArray[np.float32]:
    """Read planned rows that share one sampling rate.

    Parameters
    ----------
    recording : Recording
        The file the plan was made for.
    plan : ChannelPlan
        From `plan_channels`.
    rows : sequence of int
        Positions in the plan; all of one sampling rate, or missing.
    start, stop : int
        Samples at that rate, `0 <= start <= stop <= n_samples`.

    Returns
    -------
    ndarray of float32, shape (n_rows, stop - start)
        Microvolts; NaN inside the recording's gaps; zeros in missing rows.

    Raises
    ------
    ParameterError
        The rows have different sampling rates, or the samples lie outside the recording.
    """
    rates = {plan.sampling_rates_hz[row] for row in rows} - {None}
    if len(rates) > 1:
        listed = ", ".join(f"{rate:g}" for rate in sorted(r for r in rates if r is not None))
        raise ParameterError(
            "Rows of one sampling rate can be read at a time, not of {listed} Hz.", listed=listed
        )
    terms = [plan.sources[row].terms for row in rows]
    indices = sorted({index for row_terms in terms for index, _ in row_terms})
    if not indices:
        return np.zeros((len(rows), stop - start), dtype=np.float32)
    as_recorded = all(len(row_terms) == 1 and row_terms[0][1] > 0 for row_terms in terms)
    if as_recorded and len(indices) == len(terms):
        return recording.read_samples([row_terms[0][0] for row_terms in terms], start, stop)
    stored = recording.read_samples(indices, start, stop)
    position = {index: i for i, index in enumerate(indices)}
    if as_recorded:
        return stored[[position[row_terms[0][0]] for row_terms in terms]]
    signals = np.zeros((len(rows), stop - start), dtype=np.float32)
    for row, row_terms in zip(signals, terms, strict=True):
        _add_up(row, [(stored[position[index]], weight) for index, weight in row_terms])
    return signals


def single_channels(plan: ChannelPlan) -> list[tuple[int, int]] | None:
    """Return each row's channel and its sign where every row is one channel, else None."""
    terms = [source.terms for source in plan.sources]
    if any(len(row_terms) != 1 for row_terms in terms):
        return None
    return [(index, 1 if weight > 0 else -1) for ((index, weight),) in terms]


def _add_up(row: NDArray[np.float32], terms: Sequence[tuple[NDArray[np.float32], int]]) -> None:
    """Add signed channels into a row of zeros, in the plan's order: float sums depend on it."""
    for position, (samples, weight) in enumerate(terms):
        if position == 0:
            row[:] = samples
            if weight < 0:
                np.negative(row, out=row)
        elif weight > 0:
            row += samples
        else:
            row -= samples
