"""Step 1: from recordings and references to a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.recording import Finding
from training.data.builder import create_dataset
from training.data.card import public_card
from training.data.settings import DatasetSettings
from training.data.store import list_datasets, open_dataset
from training.runs.control import delete_dataset
from ui.errors import inform
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import filled_table, tr
from ui.i18n.wording import NOTHING, count_words, duration_words
from ui.resources import Services
from ui.server.queues import DATASET_QUEUE
from ui.train.fields import (
    FILTER_FIELDS,
    INPUT_FIELDS,
    PREPROCESSING_FIELDS,
    STEPS_FIELD,
    WINDOW_FIELDS,
    as_fields,
    as_steps,
)
from ui.train.forms import Form
from ui.train.material import MaterialPicker, OwnMarks, chosen_material
from ui.viewer.handles import HandleStore
from ui.widgets import markup
from ui.widgets.confirmation import Confirmation
from ui.widgets.model_picker import model_choices
from zoo.store.registry import model_card

_NO_DATASET_YET = "The dataset appears here: how many windows, and what became of every second."
_DATASET_COLUMNS = (
    "Id",
    "Title",
    "Recordings",
    "Patients",
    "Hours",
    "Seizures",
    "Seizure windows",
    "Background windows",
)
_LEDGER_COLUMNS = ("Part", "Time", "Share")
_LEDGER_PARTS = {
    "seizure_s": "Used as seizure",
    "background_s": "Used as background",
    "guard_s": "In the guard around seizures",
    "not_drawn_s": "Background not drawn",
    "rejected_s": "Not usable",
    "duration_s": "All together",
}
_DATASET_RECORDING_COLUMNS = (
    "Recording",
    "Patient",
    "Length",
    "Seizures",
    "Seizure windows",
    "Background",
    "Marks",
)
_CHOOSE_DATASET = "Choose a dataset first, or make one in step 1."


class DataStep:
    """The step.

    Parameters
    ----------
    services : Services
        Settings and files.
    store : HandleStore
        Where marks are.
    current : gr.State
        The session's `OpenRecording`, or None.
    demo : gr.Blocks
        The app, whose loading lists what is there.
    dataset : gr.Dropdown
        Which dataset the steps that follow use.

    Attributes
    ----------
    form : Form
        Settings of the next dataset.
    """

    def __init__(
        self,
        services: Services,
        store: HandleStore,
        current: gr.State,
        demo: gr.Blocks,
        dataset: gr.Dropdown,
    ) -> None:
        self._dataset, self._writers = dataset, services.settings
        own = OwnMarks(services, store, current)
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=320):
                self._picker = MaterialPicker(services, demo, prefix="data")
            with gr.Column(scale=2, min_width=320):
                self._build_form()
                self._create = gr.Button(
                    "Create the dataset", variant="primary", elem_id="create-dataset"
                )
        self._card = gr.HTML(markup.empty(_NO_DATASET_YET), elem_id="dataset-card")
        self._table = gr.Dataframe(
            headers=list(_DATASET_COLUMNS),
            interactive=False,
            visible=False,
            label="Datasets (choose a row to see it)",
            max_height=260,
            elem_id="datasets",
        )
        self._delete = Confirmation(
            gr.Button("Delete this dataset", size="md", visible=False, elem_id="delete-dataset")
        )
        self._listing = [dataset, self._card, self._table, self._delete.ask]
        own.wire(self._picker)
        listen(demo.load, self._listed_first, outputs=[*self._listing, self._like])
        self._wire_creation()
        self._wire_deletion()
        self._wire_choices()

    def _build_form(self) -> None:
        defaults = as_fields(DatasetSettings().model_dump(mode="json"))
        self.form = form = Form(defaults, prefix="dataset")
        with gr.Accordion("Windows", open=True), gr.Row():
            form.build(WINDOW_FIELDS)
        with gr.Accordion("Channels and sampling rate", open=True, elem_id="dataset-input"):
            self._like = gr.Dropdown(
                choices=[], label="Same input as the model", elem_id="dataset-like"
            )
            form.build(INPUT_FIELDS)
        with gr.Accordion(
            "Preprocessing (filters, amplitude)", open=True, elem_id="dataset-preprocessing"
        ):
            with gr.Row():
                form.build(FILTER_FIELDS)
            with gr.Accordion("Other steps, or another order", open=False, elem_id="dataset-steps"):
                form.build([STEPS_FIELD])

    def listed(self, chosen: str | None, *, said: str = "") -> Updates:
        """Show all datasets, and the card of one.

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
        table = filled_table(_DATASET_COLUMNS, dataset_table(cards))
        return {
            self._dataset: gr.Dropdown(choices=dataset_choices(cards), value=chosen),
            self._card: said or _card_html(chosen),
            self._table: gr.Dataframe(value=table, visible=bool(cards)),
            self._delete.ask: gr.Button(visible=bool(cards)),
        }

    def _listed_first(self) -> Updates:
        like = gr.Dropdown(choices=model_choices(), value=None)
        return {**self.listed(None), self._like: like}

    def _wire_creation(self) -> None:
        def create(
            given: dict[Any, Any],
            progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
        ) -> Updates:
            pairing = chosen_material(given[self._picker.material]).pairing
            settings = as_steps(self.form.read(given))
            progress(0, desc=tr("Reading the recordings"))
            card = create_dataset(
                pairing,
                settings=settings,
                progress=lambda done, what: progress(done, desc=what),
            )
            return self.listed(card["dataset_id"], said=dataset_html(card))

        listen(
            self._create.click,
            create,
            inputs={self._picker.material, *self.form.components},
            outputs=self._listing,
            writers=self._writers,
            queue=DATASET_QUEUE,
            show_progress_on=self._card,
        )

    def _wire_deletion(self) -> None:
        def question(dataset_id: str) -> str:
            names = {one: name for name, one in dataset_choices(list_datasets())}
            return tr(
                "Delete {name}? Its stored signals and its ledger go for good. Your recordings, "
                "and models and runs made from it, stay; runs that are not finished can no longer "
                "be resumed.",
                name=names.get(dataset_id, dataset_id),
            )

        def delete(dataset_id: str | None) -> Updates:
            if not dataset_id:
                raise ParameterError(_CHOOSE_DATASET)
            delete_dataset(dataset_id)
            inform(
                tr(
                    "{dataset_id} was deleted. Models and runs made from it stay.",
                    dataset_id=dataset_id,
                )
            )
            return self.listed(None)

        self._delete.wire(
            self._dataset,
            question,
            delete,
            self._listing,
            nothing=_CHOOSE_DATASET,
            writers=self._writers,
        )

    def _wire_choices(self) -> None:
        def same_input(model_id: str) -> Updates:
            contract = as_fields(model_card(model_id).to_document()["input"])
            fields = {one.name for one in (*INPUT_FIELDS, *PREPROCESSING_FIELDS)}
            return self.form.filled(contract, {"window_s", *fields})

        def take_row(row: gr.SelectData) -> str:
            return str(row.row_value[0])

        dataset, card = self._dataset, self._card
        listen(dataset.input, _card_html, inputs=dataset, outputs=card)
        taken = listen(self._table.select, take_row, outputs=dataset)
        listen(taken.success, _card_html, inputs=dataset, outputs=card)
        listen(self._like.input, same_input, inputs=self._like, outputs=self.form.components)


def _card_html(dataset_id: str | None) -> str:
    if not dataset_id:
        return markup.empty(_NO_DATASET_YET)
    return dataset_html(public_card(open_dataset(dataset_id).card))


def dataset_choices(cards: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return (name shown, id) of every dataset."""
    return [(_name(card), card["dataset_id"]) for card in cards]


def dataset_table(cards: Sequence[dict[str, Any]]) -> list[list[str | int | float]]:
    """Return a row for each dataset, as `train_text.DATASET_COLUMNS` names them."""
    return [
        [
            card["dataset_id"],
            card.get("title") or "",
            len(card["recordings"]),
            len(card["patients"]),
            round(card["hours"], 2),
            card["n_seizures"],
            card["n_seizure_windows"],
            card["n_background_windows"],
        ]
        for card in cards
    ]


def dataset_html(card: dict[str, Any]) -> str:
    """Return a dataset's card: counts, warnings, what became of every second, recordings."""
    settings = card["settings"]
    refused = card["refused"]
    return (
        markup.facts(
            [
                (words.DATASET, _name(card)),
                ("Seizure windows", f"{card['n_seizure_windows']:,}"),
                ("Background windows", f"{card['n_background_windows']:,}"),
                (
                    "Recordings",
                    tr(
                        "{used} used, {refused} left out",
                        used=len(card["recordings"]),
                        refused=len(refused),
                    ),
                ),
                ("Patients", str(len(card["patients"]))),
                ("Seizures", str(card["n_seizures"])),
                ("Recorded", duration_words(card["hours"] * 3600)),
                (
                    "Window",
                    tr(
                        "{window_s:g} s at {rate_hz:g} Hz",
                        window_s=settings["window_s"],
                        rate_hz=settings["sampling_rate_hz"],
                    ),
                ),
            ],
            lead=True,
        )
        + markup.findings(Finding.warning(one) for one in card["warnings"])
        + _ledger_html(card.get("ledger"))
        + markup.folded("Recordings", _recordings_table(card["recordings"]))
    )


def _name(card: dict[str, Any]) -> str:
    title = card.get("title")
    return f"{title} ({card['dataset_id']})" if title else str(card["dataset_id"])


def _ledger_html(ledger: dict[str, Any] | None) -> str:
    if ledger is None:
        return ""
    total = ledger["total"]
    whole = total["duration_s"] or 1.0
    return markup.heading("What became of every second") + markup.table(
        _LEDGER_COLUMNS,
        [
            (tr(name), duration_words(total[key]), f"{total[key] / whole:.1%}")
            for key, name in _LEDGER_PARTS.items()
        ],
    )


def _recordings_table(rows: Sequence[dict[str, Any]]) -> str:
    return markup.table(
        _DATASET_RECORDING_COLUMNS,
        [
            (
                row["file_name"],
                row["patient"],
                duration_words(row["duration_s"]),
                count_words(row["n_seizures"], "seizure"),
                str(row["n_seizure_windows"]),
                str(row["n_background_windows"]),
                row["reference"] or NOTHING,
            )
            for row in rows
        ],
    )
