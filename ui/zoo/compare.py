"""Two or more models on the same recordings: what they say, and where they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.json_document import write_json
from ui.arguments import optional_number
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import filled_table, tr
from ui.loaded_models import load_model
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.plain_data import without_undefined
from ui.resources import Services
from ui.server.queues import INFERENCE_QUEUE
from ui.train.material import MaterialPicker, chosen_material
from ui.train.pairs import Material
from ui.viewer.handles import HandleStore
from ui.widgets import markup
from ui.widgets.downloads import offered
from ui.zoo.catalogue import read_catalogue
from ui.zoo.compared_recordings import ComparisonFile, of_files, open_with_reference, simulated
from ui.zoo.comparison_views import SCRIPT, comparison_html, vote_rows
from zoo.card.evidence import rank_of
from zoo.inference.compare import MAX_MODELS, ComparedModel, compare_models
from zoo.inference.compare_files import FailedFile, FileComparison, comparison_json

_NO_COMPARISON = (
    "No comparison yet. Choose models here, or tick them in the list, and press <em>Compare these "
    "models</em>."
)
_VOTE_COLUMNS = ("Onset (s)", "Duration (s)", "Agree", "Find a seizure", "Find none")

OPEN, DEMO, FILES = "open", "demo", "files"
# So many points of a trace are drawn; peaks are kept.
MAX_POINTS = 1200


class ModelComparison:
    """The choice of models and recordings, and what came of them.

    Attributes
    ----------
    models : gr.Dropdown
        The models to compare.
    result : gr.HTML
        What came of them; a click on its strips asks for the EEG.
    votes : gr.Dataframe
        Where at least one of them finds a seizure.
    turns : gr.State
        How often all models were compared: each change begins to.
    choosing : list
        What `compare_all` gives values for.
    shown_open : gr.State
        Whether the result is of the open recording.
    """

    def __init__(
        self, services: Services, store: HandleStore, current: gr.State, demo: gr.Blocks
    ) -> None:
        self._services, self._store = services, store
        gr.HTML(
            markup.paragraph(
                "Each model reads the recording with its own channels, sampling rate "
                "and window; the results are compared second by second."
            )
        )
        self.shown_open = gr.State(False)
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=320):
                self.models = gr.Dropdown(
                    choices=[],
                    multiselect=True,
                    max_choices=MAX_MODELS,
                    label="Models to compare",
                    info="2 to 12; a single model is compared with itself.",
                    elem_id="zoo-compared",
                )
                run = gr.Button(
                    "Compare these models", variant="primary", elem_id="zoo-run-comparison"
                )
                every = gr.Button("All models on the open recording", elem_id="zoo-all-models")
            with gr.Column(scale=3, min_width=320):
                on = gr.Radio(
                    choices=[
                        ("The open recording", OPEN),
                        ("The demo recording", DEMO),
                        ("Files", FILES),
                    ],
                    value=OPEN,
                    label="Recording",
                    elem_id="zoo-compare-on",
                )
                more = gr.Accordion(
                    "Expert annotations, thresholds", open=False, elem_id="zoo-compare-more"
                )
                with more:
                    self._expert = gr.File(
                        label="Expert annotations (optional): TSV, CSV, EDF+",
                        height=150,
                        elem_id="zoo-expert",
                    )
                    thresholds = gr.Textbox(
                        label="Thresholds in the models' order (empty: each model's default)",
                        placeholder="0.5, 0.85",
                        elem_id="zoo-thresholds",
                    )
        with gr.Column(visible=False) as self._files:
            material = MaterialPicker(services, demo, prefix="compare")
        self._build_result()
        listen(on.change, self.ask_for, inputs=on, outputs=[self._files, self._expert], quiet=True)
        showing = [self.result, self.votes, self._save, self.shown_open]
        # What an earlier run found must not stand next to the choices of this one.
        cleared = listen(
            run.click, lambda: self._without_result("Comparing the models."), outputs=showing
        )
        self._on, self._thresholds = on, thresholds
        self.turns = gr.State(0)
        self.choosing = [self.models, on, thresholds, self.turns, *showing]
        listen(every.click, self.compare_all, inputs=self.turns, outputs=self.choosing)
        for begun in (cleared.success, self.turns.change):
            done = listen(
                begun,
                self.compare,
                inputs=[current, self.models, on, self._expert, material.material, thresholds],
                outputs=showing,
                queue=INFERENCE_QUEUE,
                show_progress_on=self.result,
            )
            listen(done.failure, lambda: self._without_result(_NO_COMPARISON), outputs=showing)

    def compare_all(self, n_turns: int) -> Updates:
        """Begin to compare all models that are here, the best first, on the open recording."""
        here = [model for model in read_catalogue().models if model.is_here]
        best = sorted(here, key=lambda model: rank_of(model.card), reverse=True)
        return {
            self.models: [model.model_id for model in best[:MAX_MODELS]],
            self._on: OPEN,
            self._thresholds: "",
            self.turns: n_turns + 1,
            **self._without_result("Comparing the models."),
        }

    def _build_result(self) -> None:
        self.result = gr.HTML(
            markup.empty(_NO_COMPARISON), js_on_load=SCRIPT, elem_id="zoo-comparison"
        )
        self.votes = gr.Dataframe(
            headers=list(_VOTE_COLUMNS),
            interactive=False,
            visible=False,
            label="Where models find a seizure (choose a row to see its EEG)",
            max_height=300,
            elem_id="zoo-votes",
        )
        self._save = gr.DownloadButton(
            "Comparison (JSON)", visible=False, size="md", elem_id="zoo-save-comparison"
        )

    def ask_for(self, on: str) -> Updates:
        """Show the fields that the chosen recordings need."""
        return {
            self._files: gr.Column(visible=on == FILES),
            self._expert: gr.File(visible=on == OPEN),
        }

    def _without_result(self, sentence: str) -> Updates:
        return {
            self.result: markup.empty(sentence),
            self.votes: gr.Dataframe(visible=False),
            self._save: gr.DownloadButton(visible=False),
            self.shown_open: False,
        }

    def compare(
        self,
        opened: OpenRecording | None,
        model_ids: list[str] | None,
        on: str,
        expert: str | None,
        material: Material | None,
        thresholds: str,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> Updates:
        """Compare models on recordings, and show and save what they say."""
        known, failed = self._recordings(opened, on, expert, material)
        models = self._loaded(model_ids or [], thresholds, progress)
        done = []
        for number, file in enumerate(known):

            def report(
                fraction: float, before: int = number, name: str = file.recording.file_name
            ) -> None:
                progress((before + fraction) / len(known), desc=name)

            done.append(
                compare_models(
                    file.recording,
                    models,
                    reference=file.reference,
                    uncertain=file.uncertain,
                    findings=file.findings,
                    progress=report,
                )
            )
        comparison = FileComparison(models=models, recordings=tuple(done), failed=tuple(failed))
        drawn = comparison_json(comparison, max_points=MAX_POINTS)
        rows = vote_rows(drawn)
        table = filled_table(_VOTE_COLUMNS, rows)
        sources = {file.recording.file_name: file.source for file in known}
        return {
            self.result: comparison_html(drawn, sources),
            self.votes: gr.Dataframe(value=table, visible=bool(rows) and len(known) == 1),
            self._save: gr.DownloadButton(value=self._saved(comparison), visible=True),
            self.shown_open: on == OPEN,
        }

    def _recordings(
        self, opened: OpenRecording | None, on: str, expert: str | None, material: Material | None
    ) -> tuple[list[ComparisonFile], list[FailedFile]]:
        sources = self._services.recordings
        if on == DEMO:
            return [simulated(sources.demo().recording)], []
        if on == FILES:
            return of_files(chosen_material(material))
        given = sources.find_given({"path": expert}, what="file of events") if expert else None
        return [open_with_reference(self._store, looked_at(opened), given)], []

    def _loaded(
        self, model_ids: Sequence[str], thresholds: str, say: Callable[..., Any]
    ) -> tuple[ComparedModel, ...]:
        if not model_ids:
            raise ParameterError(
                "Choose the models to compare first: 2 to 12 of them, or one to compare with "
                "itself."
            )
        n_typed = len(thresholds.split(",")) if (thresholds or "").strip() else 1
        # One model alone is compared with itself, perhaps at several thresholds.
        ids = list(model_ids) * max(2, n_typed) if len(model_ids) == 1 else list(model_ids)
        levels = thresholds_of(thresholds, len(ids))
        detectors = {}
        for model_id in dict.fromkeys(ids):
            say(0, desc=tr("Loading {name}", name=model_id))
            detectors[model_id] = load_model(self._services.settings, model_id)
        return tuple(
            ComparedModel.of(detectors[model_id], level)
            for model_id, level in zip(ids, levels, strict=True)
        )

    def _saved(self, comparison: FileComparison) -> str:
        with self._services.work.filled() as folder:
            path = folder / "comparison.json"
            write_json(path, without_undefined(comparison_json(comparison)))
            return offered(path)


def thresholds_of(typed: str, n_models: int) -> list[float | None]:
    """Return the thresholds that were typed in, one for each model; None means the card's.

    Raises
    ------
    ParameterError
        They are no numbers, or not as many as models.
    """
    if not (typed or "").strip():
        return [None] * n_models
    levels = [optional_number(tr(words.THRESHOLD), level) for level in typed.split(",")]
    if len(levels) != n_models:
        raise ParameterError(
            "{n} thresholds were given for {models} models. Give one for each, or none.",
            n=len(levels),
            models=n_models,
        )
    return levels
