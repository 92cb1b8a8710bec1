"""A folder of the server is searched by a process of its own, begun on the page."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

import gradio as gr

from seizure_core.batch.ledger import Ledger
from seizure_core.batch.planning import plan_batch, tasks_of
from seizure_core.batch.status import BatchStatus
from seizure_core.batch.task import Batch
from seizure_core.errors import ParameterError
from seizure_core.references.listing import is_bids
from ui.arguments import checked_number
from ui.events import Updates
from ui.i18n.translation import tr
from ui.opening.recordings import recording_names
from ui.server.settings import Settings
from ui.widgets.model_picker import offered_models
from zoo.inference.batch import PredictJob
from zoo.inference.bids import desc_label
from zoo.loading import load_detector
from zoo.store.home import home_folder
from zoo.store.result_folders import FolderSearch, note_results

_MAX_PROCESSES = 64


class FolderSearchForm:
    """The form, and the buttons of a search that it has begun.

    Attributes
    ----------
    start, stop, resume : gr.Button
        What begins a search, and what stops it and goes on with it.
    asked : list
        What `begin` takes.
    listing : list
        What `listed` gives values for.
    outputs : list
        What `shown` gives values for.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        with gr.Row(equal_height=False):
            self._folder = gr.Dropdown(
                choices=[], value=None, label="Folder to search", elem_id="search-folder"
            )
            self._model = gr.Dropdown(choices=[], value=None, label="Model", elem_id="search-model")
            self._jobs = gr.Textbox(
                "2", label="Recordings at a time", max_lines=1, elem_id="search-jobs"
            )
        self.start = gr.Button("Search the folder", size="md", elem_id="search-begin")
        self.asked = [self._folder, self._model, self._jobs]
        self.listing = [self._folder, self._model]

    def build_buttons(self) -> None:
        """Build what stops and resumes, where the progress is shown."""
        looks: dict[str, Any] = {"size": "md", "min_width": 140, "visible": False}
        with gr.Row():
            self.stop = gr.Button("Stop", elem_id="results-stop", **looks)
            self.resume = gr.Button("Resume", elem_id="results-resume", **looks)
        self.outputs = [self.stop, self.resume]

    def listed(self, folder: str | None, model_id: str | None) -> Updates:
        """List the folders that may be searched, and the models."""
        names = list(self.folders())
        offered = offered_models(None, model_id)
        return {
            self._folder: gr.Dropdown(
                choices=names, value=folder if folder in names else next(iter(names), None)
            ),
            self._model: gr.Dropdown(choices=offered.choices, value=offered.model_id),
        }

    def folders(self) -> dict[str, Path]:
        """Return the folders with recordings, of the server and downloaded ones, by names."""
        found: dict[str, Path] = {}
        for root in (self._settings.data_folder, home_folder() / "databases"):
            if root is None or not root.is_dir():
                continue
            below = {
                parent for name in recording_names(root) for parent in PurePosixPath(name).parents
            }
            found |= {
                f"{root.name}/{parent}" if parent.parts else root.name: root / parent
                for parent in sorted(below)
            }
        return found

    def begin(self, folder: str | None, model_id: str | None, jobs: str) -> Ledger:
        """Check and plan a search, start its process, and return where its results will be.

        Raises
        ------
        ParameterError
            There is no such folder, or no recording in it.
        SeizureZooError
            The model cannot be used.
        """
        tree = self.folders().get(folder or "")
        if tree is None or not model_id:
            raise ParameterError("Choose a folder to search, and a model.")
        n_processes = checked_number("Recordings at a time", jobs, lowest=1, highest=_MAX_PROCESSES)
        detector = load_detector(model_id)
        job = PredictJob.of(model_id, detector, is_bids=is_bids(tree))
        tasks = tasks_of([tree], mark=desc_label(job.model[0]) if job.is_bids else "")
        if not tasks:
            raise ParameterError("In {name} there are no recordings.", name=folder)
        search = FolderSearch.new(tree)
        batch = Batch(job=job, out=search.folder / tree.name)
        # As the command will plan it, so that the page shows it at once.
        plan_batch(batch, tasks, resume=True)
        note_results(batch.out)
        search.begin(tree, model_id, n_processes=int(n_processes))
        return batch.ledger

    def shown(self, ledger: Ledger | None, status: BatchStatus | None) -> Updates:
        """Let be pressed what can be pressed of the search that fills a folder of results."""
        search = None if ledger is None else FolderSearch.of(ledger)
        at_work = search is not None and search.is_at_work
        is_left = status is not None and status.n_left > 0
        return {
            self.stop: gr.Button(
                visible=at_work and is_left,
                interactive=search is not None and not search.stop_is_asked(),
            ),
            self.resume: gr.Button(visible=search is not None and not at_work and is_left),
        }


def state_words(ledger: Ledger, status: BatchStatus) -> str:
    """Return what becomes of the search that fills a folder of results; empty if not known."""
    search = FolderSearch.of(ledger)
    if search is None:
        return ""
    if not status.n_left:
        return tr("done")
    if search.is_at_work:
        return tr("ends after the recordings at hand" if search.stop_is_asked() else "under way")
    return tr("stopped" if search.stop_is_asked() else "interrupted")


def search_of(ledger: Ledger) -> FolderSearch:
    """Return the search that fills a folder of results.

    Raises
    ------
    ParameterError
        The command line has begun it.
    """
    search = FolderSearch.of(ledger)
    if search is None:
        raise ParameterError("This search was begun by the command line: resume it there.")
    return search
