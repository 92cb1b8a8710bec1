"""Statistics written down: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from seizure_core import __version__
from seizure_core.atomic import atomic_path
from seizure_core.stats.channel_statistics import ChannelStatistics, RecordingStatistics
from seizure_core.stats.facts import STATISTIC_FACTS

# What a spreadsheet would take for a formula when a label begins with it.
_FORMULA_SIGNS = ("=", "+", "@", "\t", "\r")


def statistics_json(statistics: RecordingStatistics) -> dict[str, Any]:
    """Return statistics as plain data: units, findings and a dict for each channel.

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
    """Write `statistics_json` to a file, whole or not at all."""
    text = json.dumps(statistics_json(statistics), indent=1, ensure_ascii=False, allow_nan=False)
    with atomic_path(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def write_statistics_csv(path: str | Path, statistics: RecordingStatistics) -> None:
    """Write one row a channel, whole or not at all.

    Undefined numbers are empty; several channel numbers in one cell are parted by spaces. Each
    number is in the row's unit, its square or its part by second, as `STATISTIC_FACTS` says.
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
