"""Step 3: a training is set up and started, then watched beside all the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from training.fit.settings import TrainSettings
from training.runs.control import start_run
from ui.errors import for_browser
from ui.i18n import run_text as words
from ui.resources import Services
from ui.server.permissions import for_writers
from ui.train.fields import MAIN_FIELDS, TRAIN_FIELDS, TRAIN_GROUPS
from ui.train.forms import build_fields, build_group, read_fields
from ui.train.network.editor import NetworkStep
from ui.train.network.network_start import chosen_network
from ui.train.runs.run_comparison import build_run_comparison, wire_run_comparison
from ui.train.runs.run_list import RunParts, build_runs, listed, wire_runs

_EACH_PATIENT = {"split": "leave-one-patient-out"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingStep:
    """The components of the step; `form` are those of `TRAIN_FIELDS`."""

    form: list[gr.components.Component]
    start: gr.Button
    each_patient: gr.Button
    runs: RunParts


def build_training(
    services: Services, demo: gr.Blocks, dataset: gr.Dropdown, network: NetworkStep
) -> TrainingStep:
    """Build the step inside the current Blocks context.

    Parameters
    ----------
    services : Services
        Settings.
    demo : gr.Blocks
        The app, whose loading finds the runs again.
    dataset : gr.Dropdown
        What is trained on.
    network : NetworkStep
        What is trained.
    """
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=320):
            form = _build_form()
            with gr.Row():
                start = gr.Button(
                    words.START, variant="primary", min_width=180, elem_id="start-training"
                )
                each_patient = gr.Button(
                    words.LEAVE_OUT, min_width=180, elem_id="start-each-patient"
                )
            gr.Markdown(words.LEAVE_OUT_INFO, elem_classes="remark-left")
        with gr.Column(scale=3, min_width=320):
            runs = build_runs()
    runs.folds.render()  # type: ignore[no-untyped-call]
    runs.table.render()  # type: ignore[no-untyped-call]
    comparison = build_run_comparison()
    step = TrainingStep(form=form, start=start, each_patient=each_patient, runs=runs)
    _wire_start(services, step, dataset, network)
    wire_runs(services, demo, runs, [dataset, *network.beginning, *form])
    wire_run_comparison(comparison, runs.table, runs.timer)
    return step


def _build_form() -> list[gr.components.Component]:
    defaults = TrainSettings().model_dump(mode="json")
    with gr.Row():
        form = build_fields(MAIN_FIELDS, defaults, prefix="train")
    for group in TRAIN_GROUPS:
        form += build_group(group, defaults, prefix="train")
    return form


def _wire_start(
    services: Services, step: TrainingStep, dataset: gr.Dropdown, network: NetworkStep
) -> None:
    for button, instead in ((step.start, {}), (step.each_patient, _EACH_PATIENT)):
        button.click(
            for_browser(for_writers(services.settings, _starting(instead))),
            inputs=[dataset, network.start, network.with_weights, network.code, *step.form],
            outputs=step.runs.listing,
            api_visibility="private",
        )


def _starting(instead: dict[str, Any]) -> Callable[..., tuple[Any, ...]]:
    """Return what starts a training as the form says, some settings taken from elsewhere."""

    def start(
        dataset_id: str | None, start_from: str, with_weights: bool, code: str, *given: Any
    ) -> tuple[Any, ...]:
        if not dataset_id:
            raise ParameterError(words.CHOOSE_DATASET)
        chosen = chosen_network(start_from, with_weights, code)
        settings = {**read_fields(TRAIN_FIELDS, given), **instead}
        return listed(start_run(dataset_id, chosen, settings).run_id)

    return start
