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
from ui.i18n.translation import filled_table, tr, tr_message
from ui.i18n.wording import NOTHING, count_words, duration_words
from ui.resources import Services
from ui.server.queues import DATASET_QUEUE
from ui.train.fields import DATASET_GROUPS, DATASET_MAIN, as_fields, as_steps
from ui.train.forms import Form
from ui.train.material import MaterialPicker, OwnMarks, chosen_material
from ui.train.presets import dataset_preset, dataset_presets
from ui.train.progress import DATA, NETWORK, StepButtons
from ui.viewer.handles import HandleStore
from ui.widgets import markup
from ui.widgets.confirmation import Confirmation

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
    "No.",
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
        The app, whose loading lists the server's folder.
    dataset : gr.Dropdown
        Which dataset the steps that follow use.

    Attributes
    ----------
    picker : MaterialPicker
        Recordings and references.
    preset : gr.Dropdown
        What the form was filled in with.
    form : Form
        Settings of the next dataset.
    buttons : StepButtons
        What makes the dataset, and leads on.
    listing : list
        What `listed` may change.
    """

    def __init__(
        self,
        services: Services,
        store: HandleStore,
        current: gr.State,
        demo: gr.Blocks,
        dataset: gr.Dropdown,
    ) -> None:
        self._dataset = dataset
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=320):
                self.picker = MaterialPicker(services, demo, prefix="data")
                own = OwnMarks(services, store, current)
            with gr.Column(scale=2, min_width=320):
                self._build_form()
        self.buttons = StepButtons(DATA, {"create-dataset": "Create the dataset"}, leads_to=NETWORK)
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
        self.listing = [dataset, self._card, self._table, self._delete.ask, self.preset]
        own.wire(self.picker)
        self._wire_creation()
        self._wire_deletion()
        self._wire_choices()

    def _build_form(self) -> None:
        self.preset = gr.Dropdown(
            choices=dataset_presets(),
            value=None,
            label="Preset (fills in the fields)",
            elem_id="dataset-preset",
        )
        defaults = as_fields(DatasetSettings().model_dump(mode="json"))
        self.form = Form(defaults, prefix="dataset")
        with gr.Row():
            self.form.build(DATASET_MAIN)
        self.form.build_more(DATASET_GROUPS)

    def listed(self, chosen: str | None, *, said: str = "") -> Updates:
        """Show all datasets, and the card of one.

        Parameters
        ----------
        chosen : str or None
            Which one is shown; the newest if there is no such dataset any more.
        said : str
            HTML of our own to show instead of a card.
        """
        cards, chosen = list_datasets(), dataset_there(chosen)
        table = filled_table(_DATASET_COLUMNS, dataset_table(cards))
        return {
            self._dataset: gr.Dropdown(choices=dataset_choices(cards), value=chosen),
            self._card: said or _card_html(chosen),
            self._table: gr.Dataframe(value=table, visible=bool(cards)),
            self._delete.ask: gr.Button(visible=bool(cards)),
            self.preset: gr.Dropdown(choices=dataset_presets()),
        }

    def _wire_creation(self) -> None:
        def create(
            given: dict[Any, Any],
            progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
        ) -> Updates:
            pairing = chosen_material(given[self.picker.material]).pairing
            settings = as_steps(self.form.read(given))
            progress(0, desc=tr("Reading the recordings"))
            card = create_dataset(
                pairing,
                settings=settings,
                progress=lambda done, what: progress(done, desc=what),
            )
            return self.listed(card["dataset_id"], said=dataset_html(card))

        listen(
            self.buttons.work[0].click,
            create,
            inputs={self.picker.material, *self.form.components},
            outputs=self.listing,
            queue=DATASET_QUEUE,
            show_progress_on=self._card,
        )

    def _wire_deletion(self) -> None:
        def question(dataset_id: str) -> str:
            names = {dataset_id: name for name, dataset_id in dataset_choices(list_datasets())}
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
            self.listing,
            nothing=_CHOOSE_DATASET,
        )

    def _wire_choices(self) -> None:
        def take_row(row: gr.SelectData) -> str:
            return str(row.row_value[0])

        dataset, card = self._dataset, self._card
        listen(dataset.input, _card_html, inputs=dataset, outputs=card)
        taken = listen(self._table.select, take_row, outputs=dataset)
        listen(taken.success, _card_html, inputs=dataset, outputs=card)
        listen(
            self.preset.input,
            lambda preset: self.form.filled(*dataset_preset(preset)),
            inputs=self.preset,
            outputs=self.form.components,
        )


def _card_html(dataset_id: str | None) -> str:
    if not dataset_id:
        return markup.empty(_NO_DATASET_YET)
    return dataset_html(public_card(open_dataset(dataset_id).card))


def dataset_there(chosen: str | None) -> str | None:
    """Return the dataset that is chosen, or the newest if it is there no more; None if none is."""
    ids = [card["dataset_id"] for card in list_datasets()]
    return chosen if chosen in ids else next(iter(ids), None)


def dataset_choices(cards: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return (name shown, id) of every dataset."""
    return [(_name(card), card["dataset_id"]) for card in cards]


def dataset_table(cards: Sequence[dict[str, Any]]) -> list[list[str | int | float]]:
    """Return a row for each dataset, as `_DATASET_COLUMNS` names them."""
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
        + markup.findings(Finding.warning(warning) for warning in card["warnings"])
        + _ledger_html(card.get("ledger"))
        + markup.folded("Recordings", _recordings_table(card["recordings"]))
        + (markup.folded("Recordings left out", _refused_table(refused)) if refused else "")
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
            (tr(name), duration_words(total[key]), tr("{share:.1%}", share=total[key] / whole))
            for key, name in _LEDGER_PARTS.items()
        ],
    )


def _recordings_table(rows: Sequence[dict[str, Any]]) -> str:
    return markup.table(
        _DATASET_RECORDING_COLUMNS,
        [
            (
                str(number),
                row["file_name"],
                row["patient"],
                duration_words(row["duration_s"]),
                count_words(row["n_seizures"], "seizure"),
                str(row["n_seizure_windows"]),
                str(row["n_background_windows"]),
                row["reference"] or NOTHING,
            )
            for number, row in enumerate(rows, start=1)
        ],
    )


def _refused_table(rows: Sequence[dict[str, Any]]) -> str:
    return markup.table(
        ("Recording", "Why it is left out"),
        [(row["file_name"], tr_message(row["reason"])) for row in rows],
    )
