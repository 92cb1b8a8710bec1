from __future__ import annotations

from pathlib import Path

import pytest

from seizure_core.errors import ParameterError
from seizure_core.figures.canvas import INK
from tests.memory_recording import memory_recording
from ui.analysis.channel_charts import CHARTS, chart_view, measured_chart
from ui.i18n.translation import speaking
from ui.widgets.pictures import save_all_formats

STARTS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.mark.parametrize("kind", CHARTS)
def test_every_chart_is_drawn_in_every_format(kind: str, tmp_path: Path) -> None:
    make = measured_chart(memory_recording(["FP1-F7"], duration_s=60.0), kind, 0)
    paths = save_all_formats(make, tmp_path, "chart")
    for name, start in STARTS.items():
        assert paths[name].read_bytes().startswith(start)


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_follows_the_page_and_tells_its_times(kind: str) -> None:
    make = measured_chart(memory_recording(["FP1-F7"], duration_s=60.0), kind, 0)
    with speaking("it"):
        shown = chart_view(kind, make, "a <chart>")
    assert 'aria-label="a &lt;chart&gt;"' in shown
    assert "var(--chart-ink)" in shown
    for paper in (INK, "#ffffff", "#000000"):
        assert paper not in shown
    is_over_time = kind in ("spectrogram", "bands", "amplitude")
    for words in (
        'class="time-axis" data-start="0.0" data-stop="60.0"',
        "Faccia clic sul grafico",
        "Tempo dall&#39;inizio (s)",
    ):
        assert shown.count(words) == is_over_time


def test_an_unknown_chart_is_explained() -> None:
    with pytest.raises(ParameterError, match="there are values, "):
        measured_chart(memory_recording(["FP1-F7"]), "pie", 0)
