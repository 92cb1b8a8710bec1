"""Words what statistics show of channels: copies, opposites, mains."""

from __future__ import annotations

import math
from collections.abc import Sequence

from seizure_core.recording import Channel, Finding
from seizure_core.stats.spectra import MAINS_HZ, PowerSpectrum

# Mains is strong where its line holds this part of the EEG's power and stands out of what lies
# beside it: muscle alone is as dense on both sides.
STRONG_MAINS_RATIO = 0.1
STRONG_MAINS_PROMINENCE = 5.0
# A line below this part of all the power is rounding, not mains.
_LEAST_PART = 1e-6
_MOST_RATIO = 100.0
_NAMED = 8


def likeness_findings(
    channels: Sequence[Channel],
    equal_classes: Sequence[Sequence[int]],
    opposite_pairs: Sequence[tuple[int, int]],
) -> list[Finding]:
    """Say which channels are copies or opposites of others.

    Parameters
    ----------
    channels : sequence of Channel
        All channels of the file.
    equal_classes : sequence of sequence of int
        Positions of channels that are equal, from 0.
    opposite_pairs : sequence of (int, int)
        Positions of opposites, the earlier first.
    """
    messages = [_equal_words(channels, members) for members in equal_classes]
    copies = {index for members in equal_classes for index in members[1:]}
    messages += [
        f"{_name(channels, other)} (channel {other + 1}) is the opposite of "
        f"{_name(channels, one)} (channel {one + 1})."
        for one, other in opposite_pairs
        if one not in copies and other not in copies
    ]
    return [Finding(severity="info", message=message) for message in messages]


def _equal_words(channels: Sequence[Channel], members: Sequence[int]) -> str:
    numbers = [str(index + 1) for index in members]
    listed = f"channels {', '.join(numbers[:-1])} and {numbers[-1]}"
    if len({channels[index].label for index in members}) == 1:
        times = "twice" if len(members) == 2 else f"{len(members)} times"
        return f"{_name(channels, members[0])} appears {times}: {listed} are equal."
    names = [_name(channels, index) for index in members]
    return f"{', '.join(names[:-1])} and {names[-1]} hold the same signal: {listed} are equal."


def _name(channels: Sequence[Channel], index: int) -> str:
    return channels[index].label or "(no label)"


def mains_findings(spectra: Sequence[PowerSpectrum]) -> list[Finding]:
    """Say on which channels the mains is strong, those of voltages only."""
    findings = []
    asked = [spectrum for spectrum in spectra if spectrum.unit == "uV" or not spectrum.unit]
    for mains_hz in MAINS_HZ:
        ratios = {
            spectrum: spectrum.mains_ratio(mains_hz)
            for spectrum in asked
            if spectrum.mains_prominence(mains_hz) >= STRONG_MAINS_PROMINENCE
        }
        strong = [
            spectrum
            for spectrum, ratio in ratios.items()
            if ratio >= STRONG_MAINS_RATIO
            and spectrum.power(mains_hz - 1, mains_hz + 1) > _LEAST_PART * spectrum.total_power
        ]
        strong.sort(key=lambda spectrum: -ratios[spectrum])
        if not strong:
            continue
        named = [
            f"{s.label or '(no label)'} ({_amount(s, mains_hz, ratios[s])})"
            for s in strong[:_NAMED]
        ]
        rest = f" and {len(strong) - _NAMED} more" if len(strong) > _NAMED else ""
        everywhere = len(strong) == len(asked) and len(asked) > 1
        where = f"all {len(strong)} channels, most on " if everywhere else ""
        message = f"{mains_hz:g} Hz mains strong on {where}{', '.join(named)}{rest}."
        findings.append(Finding(severity="info", message=message))
    return findings


def _amount(spectrum: PowerSpectrum, mains_hz: float, ratio: float) -> str:
    rms = math.sqrt(spectrum.power(mains_hz - 1, mains_hz + 1))
    unit = f" {spectrum.unit}" if spectrum.unit else ""
    times = f"{ratio:.2g}" if ratio <= _MOST_RATIO else f"more than {_MOST_RATIO:g}"
    return f"{rms:.2g}{unit} RMS, {times} times the EEG's power"
