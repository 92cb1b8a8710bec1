"""Step 1: from recordings and references to a dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from training.data.builder import create_dataset
from training.data.card import public_card
from training.data.settings import DatasetSettings
from training.data.store import list_datasets, open_dataset
from training.runs.control import delete_dataset
from ui.errors import for_browser, inform
from ui.i18n import run_text
from ui.i18n import train_text as words
from ui.i18n.translation import filled_table, tr
from ui.resources import Services
from ui.server.permissions import for_writers
from ui.server.queues import DATASET_QUEUE, PLACES
from ui.train.confirm import ConfirmParts, build_confirm, wire_confirm
from ui.train.data.dataset_views import dataset_choices, dataset_html, dataset_table
from ui.train.data.pairs import Material
from ui.train.data.preprocessing import (
    FILTER_FIELDS,
    PREPROCESSING_FIELDS,
    STEPS_FIELD,
    as_fields,
    as_steps,
)
from ui.train.data.references import MaterialParts, build_material, chosen_material
from ui.train.fields import DATASET_FIELDS, INPUT_FIELDS, WINDOW_FIELDS
from ui.train.forms import build_fields, read_fields, shown_all
from ui.widgets import markup
from ui.widgets.model_picker import model_choices
from zoo.store.registry import model_card


@dataclass(frozen=True, slots=True, kw_only=True)
class DataStep:
    """The components of the step.

    Attributes
    ----------
    form : list
        Components of `DATASET_FIELDS`.
    """

    material: MaterialParts
    form: list[gr.components.Component]
    like: gr.Dropdown
    create: gr.Button
    card: gr.HTML
    table: gr.Dataframe
    delete: ConfirmParts

    def listing(self, dataset: gr.Dropdown) -> list[Any]:
        """Return what `datasets_shown` gives values for."""
        return [dataset, self.card, self.table, self.delete.ask]


def build_data(services: Services, demo: gr.Blocks, dataset: gr.Dropdown) -> DataStep:
    """Build the step inside the current Blocks context.

    Parameters
    ----------
    services : Services
        Settings and files.
    demo : gr.Blocks
        The app, whose loading lists what is there.
    dataset : gr.Dropdown
        Which dataset the steps that follow use.
    """
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=320):
            material = build_material(services, demo, prefix="data")
        with gr.Column(scale=2, min_width=320):
            like, form = _build_form()
            create = gr.Button(words.CREATE, variant="primary", elem_id="create-dataset")
    card = gr.HTML(markup.empty(words.NO_DATASET_YET), elem_id="dataset-card")
    table = _build_table()
    ask = gr.Button(words.DELETE_DATASET, size="md", visible=False, elem_id="delete-dataset")
    step = DataStep(
        material=material,
        form=form,
        like=like,
        create=create,
        card=card,
        table=table,
        delete=build_confirm(ask, run_text.DELETE_SURE),
    )
    demo.load(
        for_browser(lambda: (*datasets_shown(None), _like_choices())),
        outputs=[*step.listing(dataset), like],
        api_visibility="private",
    )
    _wire_creation(services, step, dataset)
    _wire_deletion(services, step, dataset)
    _wire_choices(step, dataset)
    return step


def _build_form() -> tuple[gr.Dropdown, list[gr.components.Component]]:
    defaults = as_fields(DatasetSettings().model_dump(mode="json"))
    with gr.Accordion(words.SETTINGS, open=True), gr.Row():
        form = build_fields(WINDOW_FIELDS, defaults, prefix="dataset")
    with gr.Accordion(words.INPUT, open=True, elem_id="dataset-input"):
        like = gr.Dropdown(choices=[], label=words.LIKE_NET, elem_id="dataset-like")
        form += build_fields(INPUT_FIELDS, defaults, prefix="dataset")
    with gr.Accordion(words.PREPROCESSING, open=True, elem_id="dataset-preprocessing"):
        with gr.Row():
            form += build_fields(FILTER_FIELDS, defaults, prefix="dataset")
        with gr.Accordion(words.OTHER_STEPS, open=False, elem_id="dataset-steps"):
            form += build_fields([STEPS_FIELD], defaults, prefix="dataset")
    return like, form


def _build_table() -> gr.Dataframe:
    return gr.Dataframe(
        headers=list(words.DATASET_COLUMNS),
        interactive=False,
        visible=False,
        label=words.DATASETS,
        max_height=260,
        elem_id="datasets",
    )


def datasets_shown(chosen: str | None, *, said: str = "") -> tuple[Any, ...]:
    """Return the values of `DataStep.listing`: all datasets, and the card of one.

    Parameters
    ----------
    chosen : str or None
        Which one is shown; the newest if there is no such dataset any more.
    said : str
        HTML of our own to show instead of a card.
    """
    cards = list_datasets()
    ids = [card["dataset_id"] for card in cards]
    if chosen not in ids:
        chosen = ids[0] if ids else None
    return (
        gr.Dropdown(choices=dataset_choices(cards), value=chosen),
        said or _card_html(chosen),
        gr.Dataframe(
            value=filled_table(words.DATASET_COLUMNS, dataset_table(cards)), visible=bool(cards)
        ),
        gr.Button(visible=bool(cards)),
    )


def _card_html(dataset_id: str | None) -> str:
    if not dataset_id:
        return markup.empty(words.NO_DATASET_YET)
    return dataset_html(public_card(open_dataset(dataset_id).card))


def _like_choices() -> gr.Dropdown:
    return gr.Dropdown(choices=model_choices(), value=None)


def _wire_creation(services: Services, step: DataStep, dataset: gr.Dropdown) -> None:
    @for_browser
    def create(
        material: Material | None,
        *given: Any,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> tuple[Any, ...]:
        pairing = chosen_material(material).pairing
        settings = as_steps(read_fields(DATASET_FIELDS, given))
        progress(0, desc=tr(run_text.READING))
        card = create_dataset(
            pairing,
            settings=settings,
            progress=lambda done, what: progress(done, desc=what),
        )
        return datasets_shown(card["dataset_id"], said=dataset_html(card))

    step.create.click(
        for_browser(for_writers(services.settings, create)),
        inputs=[step.material.material, *step.form],
        outputs=step.listing(dataset),
        show_progress="full",
        show_progress_on=step.card,
        concurrency_id=DATASET_QUEUE,
        concurrency_limit=PLACES[DATASET_QUEUE],
        api_visibility="private",
    )


def _wire_deletion(services: Services, step: DataStep, dataset: gr.Dropdown) -> None:
    def question(dataset_id: str) -> str:
        names = {one: name for name, one in dataset_choices(list_datasets())}
        return tr(run_text.DELETE_DATASET_QUESTION, name=names.get(dataset_id, dataset_id))

    def delete(dataset_id: str | None) -> tuple[Any, ...]:
        if not dataset_id:
            raise ParameterError(words.CHOOSE_DATASET)
        delete_dataset(dataset_id)
        inform(tr(words.DATASET_DELETED, dataset_id=dataset_id))
        return datasets_shown(None)

    wire_confirm(
        step.delete,
        dataset,
        question,
        for_writers(services.settings, delete),
        step.listing(dataset),
        nothing=words.CHOOSE_DATASET,
    )


def _wire_choices(step: DataStep, dataset: gr.Dropdown) -> None:
    @for_browser
    def choose(dataset_id: str | None) -> str:
        return _card_html(dataset_id)

    @for_browser
    def same_input(model_id: str) -> tuple[Any, ...]:
        contract = as_fields(model_card(model_id).to_document()["input"])
        fields = (*INPUT_FIELDS, *PREPROCESSING_FIELDS)
        return contract["window_s"], *shown_all(fields, contract)

    def take_row(row: gr.SelectData) -> str:
        return str(row.row_value[0])

    dataset.input(choose, inputs=dataset, outputs=step.card, api_visibility="private")
    step.table.select(take_row, outputs=dataset, api_visibility="private").success(
        choose, inputs=dataset, outputs=step.card, api_visibility="private"
    )
    window = step.form[[field.name for field in DATASET_FIELDS].index("window_s")]
    step.like.input(
        same_input,
        inputs=step.like,
        outputs=[window, *step.form[len(WINDOW_FIELDS) :]],
        api_visibility="private",
    )
