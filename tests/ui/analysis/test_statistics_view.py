"""The table of statistics: a heading for each, explained, with its unit."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from seizure_core.stats.channel_statistics import recording_statistics
from seizure_core.stats.facts import STATISTIC_FACTS
from tests.memory_recording import memory_recording
from ui.analysis.statistics_view import statistics_findings_html, statistics_table_html
from ui.i18n.translation import speaking
from ui.i18n.wording import NOTHING


def headings(table: str) -> list[str]:
    return re.findall(r'<button type="button"[^>]*>(.*?)</button>', table)


def test_units_stand_in_the_headings() -> None:
    statistics = recording_statistics(memory_recording(["Fp1", "Fp2"]))
    table = statistics_table_html(statistics)
    titles = headings(table)
    assert titles[:2] == ["Channel", "Unit"]
    for title in ("Samples", "Mean (µV)", "Line length per second (µV/s)", "Kurtosis"):
        assert title in titles
    assert re.findall(r'<th scope="row">(.*?)</th><td class="rest">(.*?)</td>', table) == [
        ("Fp1", "µV"),
        ("Fp2", "µV"),
    ]
    n_columns = len(STATISTIC_FACTS) - 1
    assert len(titles) == n_columns
    assert table.count("<td ") == 2 * (n_columns - 1)


@pytest.mark.parametrize("mains_hz", [50, 60])
def test_eight_columns_are_in_sight_and_the_rest_on_demand(mains_hz: int) -> None:
    times_s = np.arange(20 * 256) / 256
    noise = np.random.default_rng(0).normal(scale=50, size=times_s.shape)
    hum = 20 * np.sin(2 * np.pi * mains_hz * times_s)
    recording = memory_recording(["Fp1"], [noise + hum])
    heading = re.compile(r'<th scope="col" class="".*?<button[^>]*>(.*?)</button>')
    assert heading.findall(statistics_table_html(recording_statistics(recording))) == [
        *("Channel", "Missing (%)", "Mean (µV)", "SD (µV)", "Min (µV)", "Max (µV)", "Flat (%)"),
        *("Line length per second (µV/s)", f"Mains {mains_hz} Hz (%)"),
    ]


def test_cells_have_three_digits_as_the_language_writes_them_and_sort_by_all() -> None:
    statistics = recording_statistics(memory_recording(["Fp1"]))
    made = replace(
        statistics.channels[0],
        n_samples=512_000,
        n_missing=1,
        std=12.3456,
        flat_fraction=0.0456789,
        max=math.nan,
    )
    with speaking("it"):
        table = statistics_table_html(replace(statistics, channels=(made,)))
    for value, words in (
        ("512000.0", "512 k"),
        (str(100 / 512_000), "0,000195"),
        ("12.3456", "12,3"),
        ("4.56789", "4,57"),
        ("nan", NOTHING),
    ):
        assert f'data-value="{value}">{words}</td>' in table


def test_channels_of_several_units_share_no_unit() -> None:
    statistics = recording_statistics(memory_recording(["Fp1", "SpO2"]))
    first, second = statistics.channels
    table = statistics_table_html(replace(statistics, channels=(first, replace(second, unit="%"))))
    assert "Mean" in headings(table)
    assert '<td class="">%</td>' in table


def test_each_heading_is_described_by_what_its_column_means() -> None:
    table = statistics_table_html(recording_statistics(memory_recording(["Fp1"])))
    for name, fact in STATISTIC_FACTS.items():
        if name == "number":
            continue
        assert f'aria-describedby="statistic-{name}"' in table
        tip = re.search(rf'role="tooltip" id="statistic-{name}">(.*?)</span>', table)
        assert tip is not None
        assert fact.explanation.split("'")[0] in tip[1]


def test_labels_from_a_file_are_escaped() -> None:
    statistics = recording_statistics(memory_recording(["<img src=x>"]))
    assert "<img" not in statistics_table_html(statistics)
    assert statistics_findings_html(statistics)
