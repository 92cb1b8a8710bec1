from __future__ import annotations

from pathlib import Path

import pytest

from seizure_core.errors import ParameterError
from tests.memory_recording import memory_recording
from ui.analysis.channel_charts import CHARTS, measured_chart
from ui.widgets.pictures import save_all_formats

STARTS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.mark.parametrize("kind", CHARTS)
def test_every_chart_is_drawn_in_every_format(kind: str, tmp_path: Path) -> None:
    make = measured_chart(memory_recording(["FP1-F7"], duration_s=60.0), kind, 0)
    paths = save_all_formats(make, tmp_path, "chart")
    for name, start in STARTS.items():
        assert paths[name].read_bytes().startswith(start)


def test_an_unknown_chart_is_explained() -> None:
    with pytest.raises(ParameterError, match="there are values, "):
        measured_chart(memory_recording(["FP1-F7"]), "pie", 0)
