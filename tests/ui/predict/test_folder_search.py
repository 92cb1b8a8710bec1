"""A folder of the server is searched from the page, stopped, resumed, and nothing outside it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest

from seizure_core.batch.ledger import Ledger
from seizure_core.batch.process_folder import ProcessFolder
from seizure_core.batch.status import status_of
from seizure_core.errors import ParameterError
from seizure_zoo.cli import main
from tests.edf_files import build_edf
from tests.ui.predict.test_results_panel import PAIRS, panel_of, rows
from tests.zoo.amplitude_model import amplitude_document, write_amplitude_model
from ui.predict.folder_search import FolderSearchForm, search_of, state_words
from ui.server.settings import Settings
from zoo.store.result_folders import FolderSearch, noted_ledgers
from zoo.store.user_models import add_model

# The request to stop is looked for three times a second; one of these takes a hundredth.
N_NIGHTS = 200


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A server's folder: a ward with recordings, an empty one, and a link to what lies outside."""
    document = amplitude_document(PAIRS, rate_hz=64.0)
    add_model(write_amplitude_model(tmp_path / "model", document))
    data, outside = tmp_path / "data", tmp_path / "outside"
    for folder in (data / "ward" / "p1", data / "empty", outside):
        folder.mkdir(parents=True)
    samples = np.where(np.arange(64 * 20) % 2, 10.0, -10.0)
    build_edf(data / "ward" / "p1" / "0.edf", [samples] * 2, labels=PAIRS, sampling_rate_hz=64)
    build_edf(outside / "private.edf", [samples] * 2, labels=PAIRS, sampling_rate_hz=64)
    (data / "link").symlink_to(outside)
    return data


def form_of(data: Path | None) -> FolderSearchForm:
    with gr.Blocks():
        form = FolderSearchForm(Settings(data_folder=data))
        form.build_buttons()
        return form


def seen(form: FolderSearchForm, ledger: Ledger) -> tuple[str, bool, bool]:
    """Return state, and whether stop and resume can be pressed."""
    status = status_of(ledger)
    shown = form.shown(ledger, status)
    return state_words(ledger, status), shown[form.stop].visible, shown[form.resume].visible


def test_folders_with_recordings_are_offered_and_only_they_are_searched(
    data: Path, tmp_path: Path
) -> None:
    form = form_of(data)
    assert list(form.folders()) == ["data", "data/ward", "data/ward/p1"]
    assert form_of(None).folders() == {}
    for wrong in ("data/empty", "data/link", str(tmp_path / "outside"), "data/../outside", None):
        with pytest.raises(ParameterError, match="Choose a folder"):
            form.begin(wrong, "amplitude", "1")
    with pytest.raises(ParameterError, match="Recordings at a time"):
        form.begin("data", "amplitude", "0")
    assert noted_ledgers() == {}


def test_what_was_found_stands_in_the_panel(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def launch(self: ProcessFolder, words: list[str], *, environment: Any) -> None:
        assert main(words[2:]) == 0

    monkeypatch.setattr(ProcessFolder, "launch", launch)
    panel = panel_of(tmp_path, data_folder=data)
    ledger = panel._search.begin("data/ward", "amplitude", "1")
    (results_id,) = noted_ledgers()
    assert panel.relist(None, None)[panel._results].choices[0][0].startswith("ward (search-")
    shown = panel.look(results_id, "")
    assert [row[:2] for row in rows(panel, shown)] == [["p1/0.edf", "done"]]
    assert seen(panel._search, ledger) == ("done", False, False)
    assert panel_of(tmp_path, server_name="0.0.0.0").list_folders(None, None) == {}


def test_a_search_is_a_process_that_is_stopped_and_goes_on(data: Path) -> None:
    folder = data / "ward" / "p1"
    for number in range(1, N_NIGHTS):
        (folder / f"{number}.edf").hardlink_to(folder / "0.edf")
    form = form_of(data)
    ledger = form.begin("data/ward", "amplitude", "1")
    search = search_of(ledger)
    assert seen(form, ledger) == ("under way", True, False)
    while status_of(ledger).n_done < 1:
        assert search.is_at_work, search.last_words()
    search.ask_to_stop()
    until_it_ends(search)
    assert 0 < status_of(ledger).n_left < N_NIGHTS
    assert seen(form, ledger) == ("stopped", False, True)
    search.resume()
    assert seen(form, ledger)[0] in ("under way", "done")
    until_it_ends(search)
    assert (status_of(ledger).n_done, status_of(ledger).n_left) == (N_NIGHTS, 0)
    assert ledger.n_started() == 0


def until_it_ends(search: FolderSearch) -> None:
    while search.is_at_work:
        time.sleep(0.1)
