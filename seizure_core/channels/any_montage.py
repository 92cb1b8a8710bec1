"""The rows a recording offers to a net that takes any montage.

Such a net applies the same weights to every row, so what matters is that the rows are
scalp EEG, each once, and derived alike in training and prediction:

1. Scalp pairs as they were recorded, each once: of P7-T7 and T7-P7 one is kept.
2. Electrodes against a common reference become longitudinal pairs: neighbours along the
   chains of the double banana, an absent electrode skipped. A difference of neighbours
   does not depend on which reference the recorder used.
   Of 1 and 2 the one with more rows is taken, 1 where they tie.
3. Where both give too few rows: every electrode as it was recorded.
4. Where no label names a position: channels called EEG or merely numbered, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from seizure_core.channels.derivation_graph import common_reference
from seizure_core.channels.labels import Derivation
from seizure_core.channels.montages import DOUBLE_BANANA_18, ELECTRODES_10_20, LONGITUDINAL_CHAINS
from seizure_core.channels.plan import (
    ChannelPlan,
    NoEegChannelError,
    no_voltages,
    plan_of_sources,
    usable_channels,
)
from seizure_core.channels.sources import ChannelSource, SourceFinder
from seizure_core.errors import ParameterError, RecordingError, unusable_channels
from seizure_core.messages import Message, sentences
from seizure_core.recording import Finding, Recording

# A number, or a side, of the EEG. What merely starts with EEG may be a counter, a quality,
# a battery or a marker.
_NUMBERED = re.compile(
    r"EEG|EEG[ ._-]*\(?(?:L|R|LEFT|RIGHT|SEC)\)?"
    r"|(?:(?:EEG|EXG)[ ._-]*)?(?:EEG|EXG|E|CH|CHAN|CHANNEL|COL|COLUMN|SIGNAL)?[ ._-]*[0-9]{1,3}"
    r"(?:[-/ ](?:REF|LE|AVG|AVE|GND|[0-9]))?",
    re.I,
)


def plan_any_channels(
    recording: Recording, *, min_channels: int, dead: Collection[int] = ()
) -> ChannelPlan:
    """Plan all the scalp EEG of a recording, for a net that takes any montage.

    Parameters
    ----------
    recording : Recording
        The file.
    min_channels : int
        Fewest rows the net accepts, at least 1.
    dead : collection of int
        Channels to leave out as if they were not there, from `dead_channels`.

    Returns
    -------
    ChannelPlan
        Without missing rows, in an order that does not depend on the file's.

    Raises
    ------
    NoEegChannelError
        The file has no scalp EEG at all.
    RecordingError
        It has fewer rows than `min_channels`.
    ParameterError
        `min_channels` is less than 1.
    """
    if min_channels < 1:
        raise ParameterError(
            "A net needs at least 1 channel; {min_channels} was asked for.",
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
            "only {n} EEG channel(s) can be had ({names}), the net needs at least {min_channels}.",
            n=len(sources),
            names=_targets(sources),
            min_channels=min_channels,
        )
        advice = Message("Choose a net for fewer channels, or check the names.")
        unusable = unusable_channels(no_voltages(recording), usable.without_value)
        raise RecordingError(recording.file_name, sentences(few, *unusable, advice))
    return plan_of_sources(recording, usable, sources, findings)


def longitudinal_pairs(electrodes: set[str]) -> tuple[Derivation, ...]:
    """Return neighbours along the chains of the double banana, absent electrodes skipped.

    Parameters
    ----------
    electrodes : set of str
        Normalised names of those there are.

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
    """Return recorded scalp pairs, those of the double banana first and in its order."""
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
    return tuple(source for source in sources if source.terms)  # rates may differ


def _unplaced(finder: SourceFinder) -> tuple[ChannelSource, ...]:
    channels = [
        channel for channel in finder.other_channels if _NUMBERED.fullmatch(channel.label.strip())
    ]
    return finder.as_they_are(channels)


def _targets(sources: tuple[ChannelSource, ...]) -> str:
    return ", ".join(source.target for source in sources)
