from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from seizure_core.channels.sources import How
from seizure_core.recording import Recording
from tests.ui.values import detection_of, recording_of
from ui.i18n.wording import NOTHING
from ui.widgets import markup, views


def facts_of(recording: Recording) -> dict[str, str]:
    return dict(views.recording_facts(recording))


def test_header_facts_are_in_words() -> None:
    assert facts_of(recording_of(200, ("Fp1", "Fp2"))) == {
        "File": "a.edf",
        "Format": "EDF",
        "Start": "2020-01-02 03:04:05",
        "Duration": "3 min 20 s",
        "Channels": "2",
        "Sampling rate": "256 Hz",
        "Unit": "µV",
        "Annotations": "1",
    }


def test_a_recording_without_signal_and_start_says_so() -> None:
    facts = facts_of(recording_of(labels=(), start_time=None))
    assert (facts["Start"], facts["Sampling rate"], facts["Unit"]) == ("not given", "none", "none")


def test_mixed_rates_are_all_named() -> None:
    recording = recording_of(labels=("a", "b"))
    slow = replace(recording.channels[1], sampling_rate_hz=1.0)
    facts = facts_of(replace(recording, channels=(recording.channels[0], slow)))
    assert facts["Sampling rate"] == "1 Hz, 256 Hz"


def test_findings_and_names_are_escaped() -> None:
    shown = views.recording_html(recording_of(file_name="<b>.edf"))
    assert "&lt;b&gt;.edf" in shown
    assert "1 &lt; 2 &amp; odd" in shown
    assert "<b>" not in shown


def test_repeated_labels_can_be_told_apart() -> None:
    choices = views.channel_choices(recording_of(labels=("T8-P8", "Fp1", "T8-P8", "")))
    assert choices == [("T8-P8", 0), ("Fp1", 1), ("T8-P8 (no. 2)", 2), ("channel 4", 3)]


def test_annotations_become_rows() -> None:
    assert views.annotation_rows(recording_of()) == [["0:00:01.5", 1.5, None, "eyes <closed>"]]


def test_every_window_is_a_row_and_undefined_ones_stay_empty() -> None:
    detection = detection_of()
    rows = views.window_rows(detection, views.listed_windows(detection, only_seizure=False))
    assert rows == [
        [0.0, 10.0, 0.1, "no"],
        [10.0, 20.0, 0.9, "yes"],
        [20.0, 30.0, None, "no"],
        [30.0, 40.0, 0.5, "yes"],
    ]
    seizure = views.listed_windows(detection, only_seizure=True)
    assert views.window_rows(detection, seizure) == [rows[1], rows[3]]


def test_where_channels_came_from_is_in_words() -> None:
    assert views.source_rows(detection_of()) == [
        ["F7-T7", "F7-T3", "same electrodes, other name"],
        ["CZ-PZ", chr(0x2013), "missing: zeros"],
    ]


def test_the_statistics_of_a_detection_are_in_words() -> None:
    line = dict(views.statistics_line(detection_of()))
    assert line["Events"] == "1"
    assert line["Time in events"] == "10 s of 40 s (25.0%)"
    assert (line["First event"], line["Longest event"]) == ("0:00:10", "10 s")
    assert line["Events per hour"] == "90"
    assert line["Model"] == "model 1.0.0"
    assert line["Channels found"] == "50%"


def test_without_any_defined_window_nothing_is_made_up() -> None:
    line = dict(views.statistics_line(detection_of((float("nan"),), events=())))
    assert line["Highest probability"] == NOTHING


@pytest.mark.parametrize("how", get_args(How))
def test_every_way_a_channel_is_had_has_words(how: str) -> None:
    assert views.HOW_WORDS[how]


def test_cells_of_tables_are_text() -> None:
    made = markup.table(["<i>"], [["<b>bold</b>.edf"]])
    assert "<td>&lt;b&gt;bold&lt;/b&gt;.edf</td>" in made
    assert "<i>" not in made
