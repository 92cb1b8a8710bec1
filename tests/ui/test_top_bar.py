from __future__ import annotations

from typing import Any

import pytest

from seizure_core.recording import Finding
from tests.ui.values import recording_of
from ui.i18n.translation import speaking
from ui.opening.recordings import OpenRecording
from ui.top_bar import opening_html


def bar_of(**changes: Any) -> str:
    return opening_html(OpenRecording(recording=recording_of(**changes), folder=None, files=()))


def test_the_bar_tells_what_is_open_in_a_line_and_all_facts_and_findings_on_demand() -> None:
    line, about = bar_of(duration_s=125.0).split("<div popover")
    assert "<b>a.edf</b>" in line
    assert "EDF · 1 channel · 256 Hz · 2 min 05 s" in line
    assert "1 &lt; 2 &amp; odd" in about
    assert "2020-01-02 03:04:05" in about
    assert "Open…" in about
    with speaking("it"):
        assert "1 canale" in bar_of()


@pytest.mark.parametrize(("severity", "is_grave"), [("info", False), ("warning", True)])
def test_a_finding_to_heed_stands_out_from_a_note(severity: str, is_grave: bool) -> None:
    finding = Finding(severity=severity, message="odd")  # type: ignore[arg-type]
    assert ("notes grave" in bar_of(findings=(finding,))) is is_grave
    assert "notes" not in bar_of(findings=())


def test_where_nothing_is_open_only_a_way_to_open_is_offered() -> None:
    assert "recording-open" not in opening_html()
    assert "Open…" in opening_html()


def test_a_files_name_is_text() -> None:
    assert "<img" not in bar_of(file_name="<img src=x>.edf")
