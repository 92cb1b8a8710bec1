"""Results of `predict --out` over many recordings: how far they are, and each on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import gradio as gr
import numpy as np
from gradio.blocks import Block
from numpy.typing import NDArray

from seizure_core.batch.ledger import Entry, Ledger
from seizure_core.batch.status import planned, status_of
from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.io.opening import open_recording
from seizure_core.review.folder import ReviewFolder
from seizure_core.review.origins import add_results
from ui.errors import inform, message_for, warn
from ui.events import Trigger, Updates, listen
from ui.i18n.translation import tr, tr_message
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import Sessions
from ui.predict.folder_search import FolderSearchForm, search_of, state_words
from ui.predict.results_rows import COLUMNS, STATES, listing_of, progress_html
from ui.predict.review_panel import given_review
from ui.resources import Services
from ui.server.access import may_write
from ui.server.queues import DATASET_QUEUE, OPENING_QUEUE
from ui.top_bar import PREDICT
from ui.viewer.component import ViewerComponents
from ui.viewer.handles import NO_OVERLAYS
from ui.widgets import markup
from ui.widgets.paged_table import Listing, PagedTable
from zoo.card.output import CARD_POINT
from zoo.detector import kept_detection
from zoo.inference.results import read_windows_csv
from zoo.store.registry import model_card
from zoo.store.result_folders import FolderSearch, noted_ledgers

# How often a page asks how far a search is.
_TICK_S = 3.0

_HELP = (
    "A folder of this server is searched by processes of its own, which go on when you close this "
    "page. Its results are listed here while they work, and those of <code>seizure-zoo predict "
    "FOLDER --out RESULTS --jobs 4</code> too; choose a row to open the recording with what was "
    "found."
)
_NONE_CHOSEN = "Choose results to see how far they are."


class ResultsPanel:
    """The drawer where recordings are opened.

    Parameters
    ----------
    services : Services
        Where reviews are, and who may see the server's folders.
    sessions : Sessions
        Puts one recording in place of another.
    current : gr.State
        The session's `OpenRecording`, or None.
    """

    def __init__(self, services: Services, sessions: Sessions, current: gr.State) -> None:
        self._services, self._sessions, self._current = services, sessions, current
        with gr.Accordion("Results of many recordings", open=False, elem_id="results"):
            gr.HTML(_HELP)
            self._search = FolderSearchForm(services.settings)
            with gr.Row():
                self._results = gr.Dropdown(
                    choices=[], value=None, label="Results", elem_id="results-id", scale=2
                )
                self._state = gr.Dropdown(
                    choices=[("All", ""), *((label, state) for state, label in STATES.items())],
                    value="",
                    label="State",
                    elem_id="results-state",
                )
            self._progress = gr.HTML(markup.empty(_NONE_CHOSEN), elem_id="results-progress")
            self._search.build_buttons()
            with gr.Column(visible=False) as self._details:
                self._table = PagedTable(
                    "Recordings (choose a row to open it)", COLUMNS, "results-table", by_time=False
                )
                with gr.Row(equal_height=False):
                    self._review = gr.Dropdown(
                        choices=[],
                        value=None,
                        allow_custom_value=True,
                        label="Review (or the name of a new one)",
                        elem_id="results-review",
                    )
                    self._add = gr.Button("Add all results to the review", elem_id="results-add")
            self._timer = gr.Timer(_TICK_S, active=False)

    def wire(
        self,
        tabs: gr.Tabs,
        viewer: ViewerComponents,
        loaded: Sequence[Trigger],
        show: Callable[[OpenRecording], Updates],
        showing: Sequence[Block],
    ) -> None:
        """Bind the controls; `show` and `showing` are as `Opening` takes them."""
        lists, asked = [self._results, self._review], [self._results, self._state]
        settings = self._services.settings
        for trigger in loaded:
            listen(trigger, self.relist, inputs=lists, outputs=lists, quiet=True)
            folders = self._search.listing
            listen(trigger, self.list_folders, inputs=folders, outputs=folders, quiet=True)
        shown = [self._progress, self._details, self._timer, *self._table.outputs]
        shown += self._search.outputs
        self._wire_search(shown)
        listen(
            [self._results.input, self._state.input],
            self.look,
            inputs=asked,
            outputs=shown,
            writers=settings,
            quiet=True,
        )
        listen(
            self._timer.tick,
            self.look,
            inputs=[*asked, self._table.first],
            outputs=shown,
            writers=settings,
            trigger_mode="once",
            quiet=True,
        )
        self._table.wire(asked, self.listing, writers=settings)

        def open_row(
            before: OpenRecording | None,
            results_id: str | None,
            chosen: gr.SelectData,
            request: gr.Request,
        ) -> Updates:
            opened = self.open(before, results_id, str(chosen.row_value[0]), request)
            updates = {tabs: gr.Tabs(selected=PREDICT), self._current: opened, **show(opened)}
            found = viewer.found(opened.handle)
            if found is not None and found.events:
                updates[viewer.component] = viewer.show(opened.handle, event=found.events[0])
            return updates

        listen(
            self._table.table.select,
            open_row,
            inputs=[self._current, self._results],
            outputs=[tabs, self._current, *showing],
            writers=settings,
            queue=OPENING_QUEUE,
            trigger_mode="always_last",
        )
        listen(
            self._add.click,
            self.add,
            inputs=lists,
            outputs=lists,
            show_progress_on=self._progress,
            writers=settings,
            queue=DATASET_QUEUE,
        )

    def _wire_search(self, shown: Sequence[Block]) -> None:
        """Let a search begin, stop and go on."""
        form, settings = self._search, self._services.settings

        def begin(folder: str | None, model_id: str | None, jobs: str) -> Updates:
            ledger = form.begin(folder, model_id, jobs)
            found = noted_ledgers()
            results_id = next(one for one, known in found.items() if known.out == ledger.out)
            return {**self.relist(results_id, None), **self.look(results_id, "")}

        def doing(act: Callable[[FolderSearch], None]) -> Callable[[str | None, str], Updates]:
            def do(results_id: str | None, state: str) -> Updates:
                act(search_of(_ledger(results_id)))
                return self.look(results_id, state)

            return do

        listen(
            form.start.click,
            begin,
            inputs=form.asked,
            outputs=[self._results, self._review, *shown],
            show_progress_on=self._progress,
            writers=settings,
            queue=DATASET_QUEUE,
        )
        for button, act in (
            (form.stop, FolderSearch.ask_to_stop),
            (form.resume, FolderSearch.resume),
        ):
            listen(
                button.click,
                doing(act),
                inputs=[self._results, self._state],
                outputs=shown,
                writers=settings,
            )

    def list_folders(self, folder: str | None, model_id: str | None) -> Updates:
        """List what may be searched; strangers are told nothing."""
        if not may_write(self._services.settings):
            return {}
        return self._search.listed(folder, model_id)

    def relist(self, results_id: str | None, review_id: str | None) -> Updates:
        """List the results and the reviews; strangers are told none."""
        if not may_write(self._services.settings):
            return {}
        choices = [(_name(ledger), one) for one, ledger in noted_ledgers().items()]
        known = [one for _, one in choices]
        ids = self._services.reviews.ids()
        return {
            self._results: gr.Dropdown(
                choices=choices, value=results_id if results_id in known else None
            ),
            self._review: gr.Dropdown(choices=ids, value=review_id or next(iter(ids), None)),
        }

    def look(self, results_id: str | None, state: str, first: int = 0) -> Updates:
        """Show how far the chosen results are, and a page of their recordings."""
        if not results_id:
            return {
                self._progress: markup.empty(_NONE_CHOSEN),
                self._details: gr.Column(visible=False),
                self._timer: gr.Timer(active=False),
                **self._search.shown(None, None),
            }
        ledger = _ledger(results_id)
        recordings = planned(ledger)
        status = status_of(ledger, recordings)
        return {
            self._progress: progress_html(status, state_words(ledger, status)),
            self._details: gr.Column(visible=True),
            self._timer: gr.Timer(active=status.n_left > 0),
            **self._search.shown(ledger, status),
            **self._table.shown(listing_of(ledger, recordings, state), first),
        }

    def listing(self, results_id: str | None, state: str) -> Listing:
        """Return the recordings in pages, all or those of a state."""
        ledger = _ledger(results_id)
        return listing_of(ledger, planned(ledger), state)

    def open(
        self, before: OpenRecording | None, results_id: str | None, name: str, request: gr.Request
    ) -> OpenRecording:
        """Open a recording with what was found in it; one without a result alone.

        Raises
        ------
        ParameterError
            It was not begun yet, or is not where it was.
        """
        ledger = _ledger(results_id)
        entry, result = ledger.result(name)
        if entry is None or not entry.place:
            raise ParameterError("{name} has not been searched yet.", name=name)
        path = _where(entry)
        recording = open_recording(path)
        opened = OpenRecording(recording=recording, folder=None, files=(path,))
        overlays = NO_OVERLAYS
        if entry.state == "done":
            card = model_card(str(result["model_id"]))
            found = kept_detection(card, recording, result, _windows(ledger, entry))
            overlays = overlays.showing(found, card.output.at(CARD_POINT))
        else:
            warn(tr_message(entry.message))
        opened = self._sessions.exchange(before, opened, request)
        self._sessions.store.get(opened.handle).overlays = overlays
        return opened

    def add(
        self,
        results_id: str | None,
        review_id: str | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> Updates:
        """Put the candidates of all recordings that are done into the queue of a review."""
        ledger, name = _ledger(results_id), given_review(review_id)
        done = [
            one.name
            for one in planned(ledger)
            if one.ended is not None and one.ended.state == "done"
        ]
        review = self._services.reviews.create(name)
        lost: list[str] = []
        for number, recording in enumerate(done):
            progress((number, len(done)), desc=tr("Adding the results"))
            try:
                _add(review, ledger, recording)
            except SeizureZooError as error:
                lost.append(message_for(error))
        if lost:
            warn(
                tr(
                    "{n} of {all} recordings could not be added. The first: {reason}",
                    n=len(lost),
                    all=len(done),
                    reason=lost[0],
                )
            )
        inform(
            tr(
                "The review {name} has {n} candidates now, of {done} recordings.",
                name=name,
                n=len(review.state.candidates()),
                done=len(done) - len(lost),
            )
        )
        return self.relist(results_id, name)


def _name(ledger: Ledger) -> str:
    model, search = ledger.kind.removeprefix("predict").removeprefix("-"), FolderSearch.of(ledger)
    # Of several searches over one folder, the ids tell the times.
    told = [part for part in (model, search and search.folder.name) if part]
    return f"{ledger.out.name} ({', '.join(told)})" if told else ledger.out.name


def _ledger(results_id: str | None) -> Ledger:
    ledger = noted_ledgers().get(results_id or "")
    if ledger is None:
        raise ParameterError("These results are no longer where they were.")
    return ledger


def _where(entry: Entry) -> Path:
    path = Path(entry.place)
    if not path.is_file():
        raise ParameterError("{name} is not where it was when it was searched.", name=entry.name)
    return path


def _windows(ledger: Ledger, entry: Entry) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    names = [name for name, _ in entry.files if name.endswith("_windows.csv")]
    return read_windows_csv(ledger.out / names[0])


def _add(review: ReviewFolder, ledger: Ledger, name: str) -> None:
    entry, result = ledger.result(name)
    if entry is None:
        return
    path = _where(entry)
    recording = open_recording(path)
    recording_id = review.add_recording(path, recording)
    add_results(review, recording_id, recording, name, {name: [result]})
