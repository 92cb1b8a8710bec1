"""Boxes for recordings and references, and the pairing that can be corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.recording import Finding
from ui.errors import for_browser
from ui.i18n import train_text as words
from ui.i18n.translation import filled_table, tr
from ui.opening.server_folder import recording_names
from ui.resources import Services
from ui.train.data.pairs import Material, find_material
from ui.widgets import markup


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialParts:
    """The components; `material` holds the session's `Material`, or None."""

    material: gr.State
    recordings: gr.File
    references: gr.File
    folder: gr.Dropdown
    notes: gr.HTML
    table: gr.Dataframe
    free: gr.CheckboxGroup
    correction: gr.Accordion
    names: gr.Dropdown
    reference: gr.Dropdown
    patient: gr.Textbox
    apply: gr.Button

    @property
    def showing(self) -> list[Any]:
        """What `shown_material` gives values for."""
        return [
            self.material,
            self.notes,
            self.table,
            self.free,
            self.correction,
            self.names,
            self.reference,
        ]


def build_material(services: Services, demo: gr.Blocks, *, prefix: str) -> MaterialParts:
    """Build the boxes inside the current Blocks context; ids begin with `prefix`."""
    root = services.settings.data_folder
    with gr.Row(equal_height=True):
        recordings = _box(words.RECORDINGS, f"{prefix}-recordings")
        references = _box(words.REFERENCES, f"{prefix}-references")
    folder = gr.Dropdown(
        choices=[],
        multiselect=True,
        visible=root is not None,
        label=words.FOLDER,
        info=words.FOLDER_INFO,
        elem_id=f"{prefix}-folder",
    )
    parts = MaterialParts(
        material=gr.State(None),
        recordings=recordings,
        references=references,
        folder=folder,
        **_build_pairing(prefix),
        **_build_correction(prefix),
    )
    if root is not None:
        demo.load(
            lambda: gr.Dropdown(choices=recording_names(root)),
            outputs=folder,
            api_visibility="private",
        )
    _wire_files(services, parts)
    _wire_corrections(parts)
    return parts


def chosen_material(material: Material | None) -> Material:
    """Return a session's material.

    Raises
    ------
    ParameterError
        There is none.
    """
    if material is None:
        raise ParameterError(words.PAIR_FIRST)
    return material


def _build_pairing(prefix: str) -> dict[str, Any]:
    """Build what shows which reference belongs to which recording."""
    return {
        "notes": gr.HTML(markup.empty(words.NO_MATERIAL), elem_id=f"{prefix}-notes"),
        "table": gr.Dataframe(
            headers=list(words.PAIR_COLUMNS),
            interactive=False,
            visible=False,
            label=words.PAIRS,
            max_height=320,
            elem_id=f"{prefix}-pairs",
        ),
        "free": gr.CheckboxGroup(
            choices=[],
            visible=False,
            label=words.SEIZURE_FREE,
            info=words.SEIZURE_FREE_INFO,
            elem_id=f"{prefix}-seizure-free",
        ),
    }


def _build_correction(prefix: str) -> dict[str, Any]:
    """Build what corrects the pairing."""
    with gr.Accordion(words.CORRECT, open=False, visible=False) as correction, gr.Row():
        return {
            "correction": correction,
            "names": gr.Dropdown(
                choices=[],
                multiselect=True,
                label=words.CORRECT_RECORDINGS,
                elem_id=f"{prefix}-correct-names",
            ),
            "reference": gr.Dropdown(
                choices=[], label=words.CORRECT_REFERENCE, elem_id=f"{prefix}-correct-reference"
            ),
            "patient": gr.Textbox(label=words.CORRECT_PATIENT, elem_id=f"{prefix}-correct-patient"),
            "apply": gr.Button(words.CORRECT_BUTTON, size="md", elem_id=f"{prefix}-correct"),
        }


def _box(label: str, elem_id: str) -> gr.File:
    # Narrower, and its label would lie over the picture of the box.
    return gr.File(label=label, file_count="multiple", height=150, min_width=240, elem_id=elem_id)


def _wire_files(services: Services, parts: MaterialParts) -> None:
    paired = gr.State(None)  # what was in the boxes when they were looked at

    @for_browser
    def pair(before: Material | None, seen: Any, *boxes: list[str] | None) -> tuple[Any, ...]:
        if list(boxes) == seen:
            return (gr.skip(),) * (1 + len(parts.showing))
        recordings, references, folder = (box or [] for box in boxes)
        found = find_material(
            services.recordings,
            recordings=recordings,
            references=references,
            folder=folder,
            before=before,
        )
        return list(boxes), *shown_material(found)

    looking: dict[str, Any] = {
        "fn": pair,
        "inputs": [parts.material, paired, parts.recordings, parts.references, parts.folder],
        "outputs": [paired, *parts.showing],
        "api_visibility": "private",
    }
    changes = [parts.recordings.change, parts.references.change, parts.folder.input]
    # Two boxes may change at once. Once a change of the second was not heard while the first was
    # being paired: so afterwards the boxes are looked at again, for nothing if they are as before.
    gr.on(changes, trigger_mode="always_last", **looking).success(**looking)


def _wire_corrections(parts: MaterialParts) -> None:
    @for_browser
    def correct(
        material: Material | None, names: list[str], reference: str, patient: str
    ) -> tuple[Any, ...]:
        if not names:
            raise ParameterError(words.CHOOSE_TO_CORRECT)
        chosen = None if reference == words.AS_IT_IS else reference
        return shown_material(
            chosen_material(material).corrected(
                names, "" if chosen == words.NO_REFERENCE else chosen, patient
            )
        )

    @for_browser
    def answer(material: Material | None, free: list[str]) -> tuple[Any, ...]:
        answered = chosen_material(material).answered(free)
        return answered, filled_table(words.PAIR_COLUMNS, answered.table())

    def take_row(row: gr.SelectData) -> tuple[Any, ...]:
        return gr.Accordion(open=True), [row.row_value[0]]

    parts.apply.click(
        correct,
        inputs=[parts.material, parts.names, parts.reference, parts.patient],
        outputs=parts.showing,
        api_visibility="private",
    )
    parts.free.input(
        answer,
        inputs=[parts.material, parts.free],
        outputs=[parts.material, parts.table],
        api_visibility="private",
    )
    parts.table.select(take_row, outputs=[parts.correction, parts.names], api_visibility="private")


def shown_material(material: Material | None) -> tuple[Any, ...]:
    """Return the values of `MaterialParts.showing`."""
    if material is None:
        return (
            None,
            gr.HTML(value=markup.empty(words.NO_MATERIAL), visible=True),
            gr.Dataframe(visible=False),
            gr.CheckboxGroup(choices=[], value=[], visible=False),
            gr.Accordion(visible=False),
            gr.Dropdown(choices=[], value=[]),
            gr.Dropdown(choices=[]),
        )
    questions = material.questions
    offered = [words.AS_IT_IS, words.NO_REFERENCE, *(f.file_name for f in material.references)]
    names = [pair.recording.file_name for pair in material.pairing.pairs]
    return (
        material,
        _notes(material.pairing.unused),
        gr.Dataframe(value=filled_table(words.PAIR_COLUMNS, material.table()), visible=True),
        gr.CheckboxGroup(choices=questions, value=material.said_free, visible=bool(questions)),
        gr.Accordion(visible=True),
        gr.Dropdown(choices=names, value=[]),
        gr.Dropdown(choices=offered, value=words.AS_IT_IS),
    )


def _notes(unused: Sequence[str]) -> gr.HTML:
    message = tr(words.UNUSED, names=", ".join(unused))
    shown = markup.findings([Finding.warning(message)])
    return gr.HTML(value=shown, visible=bool(unused))
