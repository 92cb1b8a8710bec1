from __future__ import annotations

from seizure_core.events.event import Event
from seizure_core.events.scoring import score_recording
from seizure_core.recording import Finding
from ui.widgets.score_views import COLUMNS, score_html

SEIZURE = Event(onset_s=100, duration_s=40)
FALSE = Event(onset_s=2000, duration_s=20)


def test_a_score_stands_beside_its_baselines() -> None:
    found = (Event(onset_s=105, duration_s=30), FALSE)
    shown = score_html(score_recording((SEIZURE,), found, duration_s=3600), "<a>.tsv")
    assert "1 seizure by &lt;a&gt;.tsv" in shown
    assert (
        "<td>The model</td><td>1 of 1</td><td>1</td><td>24</td><td>1.00</td><td>0.50</td>" in shown
    )
    assert "<td>Never alarm</td><td>0 of 1</td><td>0</td>" in shown
    assert "+5.0 s" in shown
    assert shown.count("<th") == len(COLUMNS) + 1  # with the head itself


def test_a_recording_without_seizures_leaves_numbers_open() -> None:
    finding = Finding(severity="warning", message="1 < 2")
    score = score_recording((), (FALSE,), duration_s=3600)
    shown = score_html(score, "a.tsv", [finding])
    assert "0 seizures" in shown
    assert "<td>0 of 0</td>" in shown
    assert "Found after" not in shown
    assert "1 &lt; 2" in shown
