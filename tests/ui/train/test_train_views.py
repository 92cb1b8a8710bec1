from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from ui.resources import Services
from ui.server.settings import Settings
from ui.train.curves import curves_html
from ui.train.run_views import run_html, run_table
from ui.train.tab import TrainTab
from ui.viewer.handles import HandleStore

HISTORY: list[dict[str, Any]] = [
    {"epoch": 1, "train_loss": 0.7, "validation_loss": 0.8, "event_f1": None},
    {"epoch": 2, "train_loss": 0.6, "validation_loss": float("nan"), "event_f1": 0.5},
]
RUN: dict[str, Any] = {
    "run_id": "run-1",
    "warnings": [],
    "title": "<b>First</b>",
    "state": "running",
    "epoch": 2,
    "epochs": 10,
    "eta_s": 75.0,
    "best": HISTORY[1],
    "split": {"method": "random", "leaks": True, "leak_s": 120.0},
    "message": "",
    "created": "2026-01-02T03:04:05+00:00",
    "dataset_id": "dataset-1",
}


def test_before_the_first_epoch_there_is_no_chart_but_a_sentence() -> None:
    assert "after the first epoch" in curves_html([])


def test_a_chart_has_a_point_for_every_number_and_none_for_what_is_undefined() -> None:
    drawing = curves_html(HISTORY)
    assert drawing.count("<svg") == 2
    assert drawing.count('<circle class="first"') == 3
    assert drawing.count('<circle class="second"') == 1
    assert "nan" not in drawing
    assert all(0 <= float(y) <= 190 for y in re.findall(r'cy="([\d.-]+)"', drawing))


def test_a_single_epoch_can_be_drawn() -> None:
    assert "<circle" in curves_html(HISTORY[:1])


def test_a_run_says_where_it_stands_and_that_its_split_leaks() -> None:
    words = run_html(RUN)
    for part in ("training", "2 of 10", "75 s", "This split leaks: 2 min 00 s"):
        assert part in words
    assert "<b>First" not in words
    assert run_table([RUN])[0][2:5] == ["training", "2 of 10", "0.5"]


def test_a_run_of_a_damaged_folder_can_be_shown() -> None:
    damaged = {**RUN, "state": "failed", "epochs": None, "best": None, "split": None}
    words = run_html({**damaged, "eta_s": None, "message": "run.json cannot be read."})
    assert "run.json cannot be read." in words
    assert run_table([damaged])[0][4] == "\u2013"


def test_the_tab_has_no_public_endpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(tmp_path))
    services = Services.create(Settings(), tmp_path)
    with gr.Blocks(analytics_enabled=False) as demo:
        current, begin_from = gr.State(None), gr.State(None)
        with gr.Tabs(), gr.Tab("Train") as tab:
            TrainTab(services, HandleStore(), current, begin_from, demo, tab.select)
    assert all(one.api_visibility == "private" for one in demo.fns.values())
