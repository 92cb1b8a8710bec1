"""Results of a folder of recordings on the page: how far they are, opened, put into a review."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import numpy as np
import pytest

from seizure_core.batch.engines import in_process
from seizure_core.batch.planning import plan_batch, tasks_of
from seizure_core.batch.task import Batch
from seizure_core.errors import ParameterError
from tests.edf_files import build_edf
from tests.zoo.amplitude_model import amplitude_document, write_amplitude_model
from ui.opening.sessions import Sessions
from ui.predict.results_panel import ResultsPanel
from ui.resources import Services
from ui.server.settings import Settings
from ui.stopping import WorkStops
from ui.viewer.handles import HandleStore
from zoo.inference.batch import PredictJob
from zoo.loading import load_detector
from zoo.store.result_folders import note_results, noted_ledgers
from zoo.store.user_models import add_model

PAIRS = ["FP1-F7", "F7-T7"]
REQUEST: Any = SimpleNamespace(session_hash="s", username=None)


def panel_of(folder: Path, **settings: Any) -> ResultsPanel:
    services = Services.create(Settings(**settings), folder)
    sessions = Sessions(sources=services.recordings, store=HandleStore(), stops=WorkStops())
    with gr.Blocks():
        return ResultsPanel(services, sessions, gr.State(None))


@pytest.fixture
def panel(tmp_path: Path) -> ResultsPanel:
    return panel_of(tmp_path)


@pytest.fixture
def results_id(tmp_path: Path) -> str:
    """Results of a loud and a calm recording and one that is none; a fourth is still waiting."""
    document = amplitude_document(PAIRS, rate_hz=64.0)
    add_model(write_amplitude_model(tmp_path / "model", document))
    nights = tmp_path / "nights"
    for name in ("a/loud.edf", "b/calm.edf", "c/later.edf"):
        samples = np.where(np.arange(64 * 20) % 2, 10.0, -10.0)
        samples[8 * 64 : 14 * 64] *= 10 if "loud" in name else 1
        (nights / name).parent.mkdir(parents=True)
        build_edf(nights / name, [samples] * 2, labels=PAIRS, sampling_rate_hz=64)
    (nights / "broken.edf").write_bytes(b"0       " + b"x" * 600)
    job = PredictJob.of("amplitude", load_detector("amplitude"))
    batch = Batch(job=job, out=tmp_path / "out")
    tasks = plan_batch(batch, tasks_of([nights])).tasks
    list(in_process(batch, [task for task in tasks if "later" not in task.name]))
    note_results(batch.out)
    (found,) = noted_ledgers()
    return found


def rows(panel: ResultsPanel, updates: dict[Any, Any]) -> list[list[str]]:
    return updates[panel._table.table]["data"]  # type: ignore[no-any-return]


def test_all_recordings_stand_there_with_how_far_they_are(
    panel: ResultsPanel, results_id: str
) -> None:
    seen = panel.look(results_id, "")
    assert [row[:4] for row in rows(panel, seen)] == [
        ["a/loud.edf", "done", "1", "20 s"],
        ["b/calm.edf", "done", "0", "20 s"],
        ["broken.edf", "failed", "\u2013", "\u2013"],
        ["c/later.edf", "waiting", "\u2013", "\u2013"],
    ]
    assert rows(panel, seen)[2][4].startswith("broken.edf")
    assert '<progress value="3" max="4">' in seen[panel._progress]
    assert seen[panel._timer].active
    assert [row[0] for row in rows(panel, panel.look(results_id, "failed"))] == ["broken.edf"]
    assert panel.listing(results_id, "left").n_rows == 1
    assert not panel.look(None, "")[panel._timer].active


def test_a_recording_opens_with_what_was_found_in_it(panel: ResultsPanel, results_id: str) -> None:
    opened = panel.open(None, results_id, "a/loud.edf", REQUEST)
    viewed = panel._sessions.store.get(opened.handle)
    assert viewed.overlays.found is not None
    assert [event.onset_s for event in viewed.overlays.predictions] == [8.0]
    assert opened.recording.file_name == "loud.edf"
    with pytest.raises(ParameterError, match="not been searched yet"):
        panel.open(opened, results_id, "c/later.edf", REQUEST)
    opened.files[0].unlink()
    with pytest.raises(ParameterError, match="not where it was"):
        panel.open(opened, results_id, "a/loud.edf", REQUEST)
    assert panel._sessions.store.get(opened.handle) is viewed


def test_all_candidates_go_into_the_queue_of_a_review(
    panel: ResultsPanel, results_id: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[str] = []
    for name in ("inform", "warn"):
        monkeypatch.setattr(f"ui.predict.results_panel.{name}", told.append)
    listed = panel.add(results_id, "ward-3", lambda *_, **__: None)  # type: ignore[arg-type]
    state = panel._services.reviews.open("ward-3").state
    assert len(state.durations_s) == 2
    assert [item.event.onset_s for item in state.candidates()] == [8.0]
    assert told == ["The review ward-3 has 1 candidates now, of 2 recordings."]
    assert listed[panel._review].value == "ward-3"
    (tmp_path / "nights" / "b" / "calm.edf").unlink()
    panel.add(results_id, "ward-3", lambda *_, **__: None)  # type: ignore[arg-type]
    assert told[1].startswith("1 of 2 recordings could not be added. The first: b/calm.edf")
    with pytest.raises(ParameterError, match="Choose a review"):
        panel.add(results_id, None)


def test_results_are_listed_while_they_are_there_and_for_those_who_may_write(
    panel: ResultsPanel, results_id: str, tmp_path: Path
) -> None:
    assert panel.relist(None, None)[panel._results].choices == [("out", results_id)]
    assert panel_of(tmp_path, server_name="0.0.0.0").relist(None, None) == {}
    (tmp_path / "out").rename(tmp_path / "elsewhere")
    assert panel.relist(results_id, None)[panel._results].choices == []
    with pytest.raises(ParameterError, match="no longer where they were"):
        panel.look(results_id, "")
