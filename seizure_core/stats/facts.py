"""Titles and explanations of the statistics, and their export.

Texts are keyed by field name, for translation. CSV is for spreadsheets, JSON for programs.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from seizure_core import __version__
from seizure_core.atomic import atomic_path
from seizure_core.json_document import write_json
from seizure_core.stats.channel_statistics import ChannelStatistics, RecordingStatistics
from seizure_core.stats.spectra import BANDS

# Characters that make a spreadsheet read a label as a formula.
_FORMULA_SIGNS = ("=", "+", "@", "\t", "\r")

_BAND_WORDS = {
    "delta": "slow waves, normal in sleep",
    "theta": "drowsiness; many seizures on the temporal lobe",
    "alpha": "the relaxed rhythm at the back of the head with eyes closed",
    "beta": "alertness, some medicines, and part of what muscle makes",
    "gamma": "fast activity, on the scalp mostly muscle",
}


@dataclass(frozen=True, slots=True)
class StatisticFact:
    """Title and explanation of a statistic.

    Attributes
    ----------
    field : str
        Field of `ChannelStatistics`.
    explanation : str
        One or two sentences.
    unit : str
        "{unit}" is the channel's unit; "" is a pure number.
    """

    field: str
    title: str
    explanation: str
    unit: str = ""

    def unit_for(self, channel_unit: str) -> str:
        """Return a unit as text to show: "uV" becomes µV."""
        written = "\u00b5V" if channel_unit == "uV" else channel_unit
        if "{unit}" in self.unit and not written:
            return ""
        return self.unit.replace("{unit}", written)


def _band_facts() -> Iterator[StatisticFact]:
    for band in BANDS:
        yield StatisticFact(
            f"{band.name}_power",
            f"{band.name.capitalize()} power",
            f"Power from {band.low_hz:g} to {band.high_hz:g} Hz: {_BAND_WORDS[band.name]}. The "
            "square of how strong that part of the signal is.",
            "{unit}\u00b2",
        )
    for band in BANDS:
        yield StatisticFact(
            f"{band.name}_relative",
            f"{band.name.capitalize()} part",
            f"Part of the power of all bands together ({BANDS[0].low_hz:g} to "
            f"{BANDS[-1].high_hz:g} Hz) that lies from {band.low_hz:g} to "
            f"{band.high_hz:g} Hz.",
        )


def _facts() -> list[StatisticFact]:
    return [
        StatisticFact("label", "Channel", "The channel's name as written in the file."),
        StatisticFact("unit", "Unit", "The unit of the channel's values."),
        StatisticFact("number", "Number", "The channel's place in the file, counted from 1."),
        StatisticFact("n_samples", "Samples", "Values from start to end, missing ones included."),
        StatisticFact(
            "n_missing",
            "Missing",
            "Missing values: gaps and empty cells. They are not in the statistics.",
        ),
        StatisticFact("mean", "Mean", "The average. Far from zero means an offset.", "{unit}"),
        StatisticFact(
            "std", "SD", "Standard deviation: how far values spread around the mean.", "{unit}"
        ),
        StatisticFact("min", "Min", "The smallest value.", "{unit}"),
        StatisticFact("max", "Max", "The largest value.", "{unit}"),
        StatisticFact("median", "Median", "Half of the values are below, half above.", "{unit}"),
        StatisticFact(
            "rms", "RMS", "Root mean square: the strength, an offset included.", "{unit}"
        ),
        StatisticFact("percentile_5", "5 %", "One value in twenty is below.", "{unit}"),
        StatisticFact("percentile_95", "95 %", "One value in twenty is above.", "{unit}"),
        StatisticFact(
            "skewness",
            "Skewness",
            "0 where ups and downs are alike; above 0 where the largest values point up, below 0 "
            "where they point down.",
        ),
        StatisticFact(
            "kurtosis",
            "Kurtosis",
            "0 for a bell curve; high where rare values stand far out, as with artefacts or "
            "spikes (excess kurtosis).",
        ),
        StatisticFact(
            "flat_fraction",
            "Flat",
            "Part of the values in stretches of 1 s or more without change.",
        ),
        StatisticFact(
            "clipped_fraction",
            "Clipped",
            "Part of the values, two or more in a row, at an end of the recorder's range.",
        ),
        StatisticFact(
            "line_length",
            "Line length",
            "Sum of the steps from each value to the next: grows with height and speed of waves, "
            "and with the length of the recording.",
            "{unit}",
        ),
        StatisticFact(
            "line_length_per_s",
            "Line length per second",
            "The same for one second of signal; rises in many seizures.",
            "{unit}/s",
        ),
        StatisticFact(
            "hjorth_activity",
            "Hjorth activity",
            "The variance: the square of the standard deviation.",
            "{unit}\u00b2",
        ),
        StatisticFact(
            "hjorth_mobility_per_s",
            "Hjorth mobility",
            "How fast the signal moves, as spread of its slope over its spread. For a pure wave "
            "it is 6.28 times the frequency.",
            "1/s",
        ),
        StatisticFact(
            "hjorth_complexity",
            "Hjorth complexity",
            "1 for a pure wave, higher the more the signal is a mixture.",
        ),
        StatisticFact("zero_crossings", "Zero crossings", "How often the signal changes its sign."),
        StatisticFact(
            "zero_crossings_per_s",
            "Zero crossings per second",
            "Changes of sign in one second: twice the frequency of a pure wave; 0 with a large "
            "offset.",
            "1/s",
        ),
        *_band_facts(),
        *(
            StatisticFact(
                f"mains_{hz}hz_ratio",
                f"Mains {hz} Hz",
                f"Power within 1 Hz of {hz} Hz, compared with that of the EEG (0.5 to 45 Hz). "
                "High where the mains disturbs.",
            )
            for hz in (50, 60)
        ),
        StatisticFact(
            "equal_to", "Equal to", "Numbers of other channels that hold the very same values."
        ),
        StatisticFact(
            "opposite_of",
            "Opposite of",
            "Numbers of other channels that hold the same signal with its sign turned.",
        ),
    ]


STATISTIC_FACTS: Mapping[str, StatisticFact] = MappingProxyType(
    {fact.field: fact for fact in _facts()}
)
"""Title and explanation of each field of `ChannelStatistics`, in the same order."""


def statistics_json(statistics: RecordingStatistics) -> dict[str, Any]:
    """Return statistics as plain data: units, findings and a dict per channel.

    Undefined numbers are None.
    """
    return {
        "file_name": statistics.file_name,
        "app_version": __version__,
        "duration_s": statistics.duration_s,
        "units": {name: fact.unit for name, fact in STATISTIC_FACTS.items() if fact.unit},
        "channels": [_row(channel) for channel in statistics.channels],
        "findings": [
            {"severity": finding.severity, "message": finding.message}
            for finding in statistics.findings
        ],
    }


def _row(channel: ChannelStatistics) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, value in asdict(channel).items():
        if isinstance(value, tuple):
            plain[name] = list(value)
        elif isinstance(value, float) and not math.isfinite(value):
            plain[name] = None
        else:
            plain[name] = value
    return plain


def write_statistics_json(path: str | Path, statistics: RecordingStatistics) -> None:
    """Write `statistics_json` to a file, atomically."""
    write_json(Path(path), statistics_json(statistics))


def write_statistics_csv(path: str | Path, statistics: RecordingStatistics) -> None:
    """Write a row per channel, atomically.

    Undefined numbers are empty; several channel numbers in a cell are separated by spaces. Units
    are those of the row's channel, squared or per second as in `STATISTIC_FACTS`.
    """
    with atomic_path(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(STATISTIC_FACTS)
        for channel in statistics.channels:
            row = _row(channel)
            writer.writerow([_cell(row[name]) for name in STATISTIC_FACTS])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(str(number) for number in value)
    if isinstance(value, float):
        return f"{value:.9g}"
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
