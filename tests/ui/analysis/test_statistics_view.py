"""The table of statistics: a heading for each, explained, with its unit."""

from __future__ import annotations

import re
from dataclasses import replace

from seizure_core.stats.channel_statistics import recording_statistics
from seizure_core.stats.facts import STATISTIC_FACTS
from tests.memory_recording import memory_recording
from ui.analysis.statistics_view import statistics_findings_html, statistics_table_html


def headings(table: str) -> list[str]:
    return re.findall(r'<button type="button"[^>]*>(.*?)</button>', table)


def test_units_stand_in_the_headings() -> None:
    statistics = recording_statistics(memory_recording(["Fp1", "Fp2"]))
    table = statistics_table_html(statistics.channels)
    titles = headings(table)
    assert titles[:2] == ["Channel", "Unit"]
    for title in ("Samples", "Mean (µV)", "Line length per second (µV/s)", "Kurtosis"):
        assert title in titles
    assert re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', table) == [
        ("Fp1", "µV"),
        ("Fp2", "µV"),
    ]
    n_columns = len(STATISTIC_FACTS) - 1
    assert len(titles) == n_columns
    assert table.count("<td>") == 2 * (n_columns - 1)


def test_channels_of_several_units_share_no_unit() -> None:
    first, second = recording_statistics(memory_recording(["Fp1", "SpO2"])).channels
    table = statistics_table_html([first, replace(second, unit="%")])
    assert "Mean" in headings(table)
    assert "<td>%</td>" in table


def test_each_heading_is_described_by_what_its_column_means() -> None:
    table = statistics_table_html(recording_statistics(memory_recording(["Fp1"])).channels)
    for name, fact in STATISTIC_FACTS.items():
        if name == "number":
            continue
        assert f'aria-describedby="statistic-{name}"' in table
        tip = re.search(rf'role="tooltip" id="statistic-{name}">(.*?)</span>', table)
        assert tip is not None
        assert fact.explanation.split("'")[0] in tip[1]


def test_labels_from_a_file_are_escaped() -> None:
    statistics = recording_statistics(memory_recording(["<img src=x>"]))
    assert "<img" not in statistics_table_html(statistics.channels)
    assert statistics_findings_html(statistics)
