"""Choice of a recording's channels for the input of a model.

The choice depends neither on the order of channels in the file nor on the spelling of labels:
shuffled or renamed copies of a file give bit-identical input.

An any-montage model applies the same weights to every row, so its rows must be scalp EEG, each
once, and derived in the same way in training and prediction:

1. Bipolar channels as recorded, each once: of P7-T7 and T7-P7 one is kept.
2. Electrodes against a common reference become longitudinal pairs: neighbours along the chains of
   the double banana, skipping absent electrodes. These do not depend on the reference.
   Of 1 and 2 the one with more rows is used, 1 if equal.
3. If both give too few rows: every electrode as recorded.
4. If no label is a known position: channels called EEG or numbered, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.labels import Derivation, parse_derivation
from seizure_core.channels.montages import DOUBLE_BANANA_18, ELECTRODES_10_20, LONGITUDINAL_CHAINS
from seizure_core.channels.plan import (
    ChannelPlan,
    NoEegChannelError,
    no_voltages,
    plan_of_sources,
    usable_channels,
)
from seizure_core.channels.sources import ChannelSource, SourceFinder, common_reference
from seizure_core.errors import CoverageError, ParameterError, RecordingError, unusable_channels
from seizure_core.messages import Message, sentences
from seizure_core.recording import Finding, Recording

_ROUNDING = 1e-9  # So that 20/23 satisfies a card with 0.869565217.
# EEG with a number or a side. Other names that start with EEG may be counters, quality, battery or
# markers.
_NUMBERED = re.compile(
    r"EEG|EEG[ ._-]*\(?(?:L|R|LEFT|RIGHT|SEC)\)?"
    r"|(?:(?:EEG|EXG)[ ._-]*)?(?:EEG|EXG|E|CH|CHAN|CHANNEL|COL|COLUMN|SIGNAL)?[ ._-]*[0-9]{1,3}"
    r"(?:[-/ ](?:REF|LE|AVG|AVE|GND|[0-9]))?",
    re.I,
)


def plan_channels(
    recording: Recording,
    targets: Sequence[str],
    *,
    min_coverage: float = 0.0,
    dead: Collection[int] = (),
    with_findings: bool = True,
) -> ChannelPlan:
    """Find the source of each input channel of a model.

    Parameters
    ----------
    recording : Recording
        Samples are read only if two channels have the same label.
    targets : sequence of str
        Ordered derivations ("FP1-F7") or electrodes ("FP1"), in any spelling.
    min_coverage : float
        Minimum fraction of available rows, 0 to 1.
    dead : collection of int
        Channels to ignore, from `dead_channels`.
    with_findings : bool
        Whether to add findings; without, no samples are read.

    Returns
    -------
    ChannelPlan
        With one source per target.

    Raises
    ------
    NoEegChannelError
        The file has no scalp EEG.
    CoverageError
        Fewer rows than `min_coverage` are available, or none.
    ParameterError
        No targets, or `min_coverage` is outside 0 to 1.
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
    plan = plan_of_sources(
        recording, usable, usable.finder.sources(targets), with_findings=with_findings
    )
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


def plan_any_channels(
    recording: Recording,
    *,
    min_channels: int,
    dead: Collection[int] = (),
    with_findings: bool = True,
) -> ChannelPlan:
    """Plan all scalp EEG of a recording, for an any-montage model.

    Parameters
    ----------
    min_channels : int
        Minimum number of rows, at least 1.
    dead : collection of int
        Channels to ignore, from `dead_channels`.
    with_findings : bool
        See `plan_channels`.

    Returns
    -------
    ChannelPlan
        Without missing rows, in an order independent of the file's.

    Raises
    ------
    NoEegChannelError
        The file has no scalp EEG.
    RecordingError
        It has fewer rows than `min_channels`.
    ParameterError
        `min_channels` is less than 1.
    """
    if min_channels < 1:
        raise ParameterError(
            "A model needs at least 1 channel; {min_channels} was asked for.",
            min_channels=min_channels,
        )
    usable = usable_channels(recording, dead)
    finder, findings = usable.finder, list[Finding]()
    if not finder.derivations:
        sources = _unplaced(finder)
        if sources:
            labels = ", ".join(source.source for source in sources)
            message = Message(
                "No channel is named by the 10-20 system: {labels} taken as EEG. "
                "Check that they are.",
                labels=labels,
            )
            findings.append(Finding.warning(message))
    else:
        sources = max(_pairs(finder), _longitudinal(finder), key=len)
        if len(sources) < min_channels:
            sources = finder.recorded()
    if not sources:
        raise NoEegChannelError(recording, usable.without_value)
    if len(sources) < min_channels:
        few = Message(
            "only {n} EEG channel(s) are available ({names}), the model needs at least "
            "{min_channels}.",
            n=len(sources),
            names=_targets(sources),
            min_channels=min_channels,
        )
        advice = Message("Choose a model for fewer channels, or check the names.")
        unusable = unusable_channels(no_voltages(recording), usable.without_value)
        raise RecordingError(recording.file_name, sentences(few, *unusable, advice))
    return plan_of_sources(recording, usable, sources, findings, with_findings=with_findings)


def longitudinal_pairs(electrodes: set[str]) -> tuple[Derivation, ...]:
    """Return neighbours along the chains of the double banana, skipping absent electrodes.

    Parameters
    ----------
    electrodes : set of str
        Normalised names of the available ones.

    Returns
    -------
    tuple of Derivation
        Front to back, each once.
    """
    pairs: dict[Derivation, None] = {}
    for chain in LONGITUDINAL_CHAINS:
        present = [electrode for electrode in chain if electrode in electrodes]
        pairs.update({Derivation(plus, minus): None for plus, minus in pairwise(present)})
    return tuple(pairs)


def _pairs(finder: SourceFinder) -> tuple[ChannelSource, ...]:
    """Return the bipolar channels, those of the double banana first and in its order."""
    recorded = {d for d in finder.derivations if d.is_scalp_pair}
    rank = {label: i for i, label in enumerate(DOUBLE_BANANA_18)}
    ordered = sorted(recorded, key=lambda d: (rank.get(d.label, len(rank)), d))
    kept: list[Derivation] = []
    for derivation in ordered:
        if Derivation(derivation.minus, derivation.plus) not in kept:
            kept.append(derivation)
    return finder.sources([derivation.label for derivation in kept])


def _longitudinal(finder: SourceFinder) -> tuple[ChannelSource, ...]:
    reference = common_reference(finder.derivations, ELECTRODES_10_20)
    electrodes = {d.plus for d in finder.derivations if d.minus == reference}
    sources = finder.sources([pair.label for pair in longitudinal_pairs(electrodes)])
    return tuple(source for source in sources if source.terms)  # Sampling rates may differ.


def _unplaced(finder: SourceFinder) -> tuple[ChannelSource, ...]:
    channels = [
        channel for channel in finder.other_channels if _NUMBERED.fullmatch(channel.label.strip())
    ]
    return finder.as_they_are(channels)


def _targets(sources: tuple[ChannelSource, ...]) -> str:
    return ", ".join(source.target for source in sources)


def read_rows(
    recording: Recording,
    plan: ChannelPlan,
    rows: Sequence[int],
    start: int,
    stop: int,
    watch: Callable[[NDArray[np.float32], NDArray[np.float32]], None] | None = None,
) -> NDArray[np.float32]:
    """Read planned rows of the same sampling rate.

    Parameters
    ----------
    rows : sequence of int
        Positions in the plan; all of one sampling rate, or missing.
    start, stop : int
        In samples, `0 <= start <= stop <= n_samples`.
    watch : callable, optional
        Called with the channels, one per row and in file order, and the rows.

    Returns
    -------
    ndarray of float32, shape (n_rows, stop - start)
        Microvolts; NaN in gaps, zeros in missing rows.

    Raises
    ------
    ParameterError
        The rows have different sampling rates, or the samples are outside the recording.
    """
    rates = {plan.sampling_rates_hz[row] for row in rows} - {None}
    if len(rates) > 1:
        listed = ", ".join(f"{rate:g}" for rate in sorted(r for r in rates if r is not None))
        raise ParameterError(
            "Rows of one sampling rate can be read at a time, not of {listed} Hz.", listed=listed
        )
    terms = [plan.sources[row].terms for row in rows]
    indices = plan.channel_indices(rows)
    if not indices:
        return np.zeros((len(rows), stop - start), dtype=np.float32)
    stored = recording.read_samples(indices, start, stop)
    position = {index: i for i, index in enumerate(indices)}
    if all(len(row_terms) == 1 and row_terms[0][1] > 0 for row_terms in terms):
        places = [position[row_terms[0][0]] for row_terms in terms]
        signals = stored if places == [*range(len(stored))] else stored[places]
    else:
        signals = np.zeros((len(rows), stop - start), dtype=np.float32)
        for row, row_terms in zip(signals, terms, strict=True):
            _add_up(row, [(stored[position[index]], weight) for index, weight in row_terms])
    if watch is not None:
        watch(stored, signals)
    return signals


def single_channels(plan: ChannelPlan) -> list[tuple[int, int]] | None:
    """Return channel and sign of each row if every row is a single channel, else None."""
    terms = [source.terms for source in plan.sources]
    if any(len(row_terms) != 1 for row_terms in terms):
        return None
    return [(index, 1 if weight > 0 else -1) for ((index, weight),) in terms]


def _add_up(row: NDArray[np.float32], terms: Sequence[tuple[NDArray[np.float32], int]]) -> None:
    """Sum signed channels into a row, in the plan's order, because float sums depend on it."""
    for position, (samples, weight) in enumerate(terms):
        if position == 0:
            row[:] = samples
            if weight < 0:
                np.negative(row, out=row)
        elif weight > 0:
            row += samples
        else:
            row -= samples
