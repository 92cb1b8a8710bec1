"""Boxes for recordings and references, the pairing that can be corrected, and one's own marks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.io.opening import open_recording
from seizure_core.messages import some
from seizure_core.recording import Finding, Recording
from seizure_core.references.writing import write_szcore_tsv
from ui.errors import inform
from ui.events import Updates, listen
from ui.i18n.translation import filled_table, tr
from ui.opening.recordings import OpenRecording, recording_names
from ui.opening.sessions import looked_at
from ui.resources import Services
from ui.server.work_folders import WorkFolders
from ui.train.pairs import MarkedFile, Material, find_material
from ui.train.remembering import Kept
from ui.viewer.handles import HandleStore
from ui.widgets import markup

_NO_MATERIAL = (
    "Drop recordings and the experts' marks of their seizures. They are paired by their names, "
    "and you can correct that before anything is made."
)
_PAIR_COLUMNS = ("Recording", "Patient", "What happens", "Reference")
_UNCHANGED = "Unchanged"
_NO_REFERENCE = "None of the files"
_MARKED_ADDED = "{file} was added. Seizures marked in it: {n}."
_MARKED_FREE = "{file} was added. No seizure is marked in it: as you said, it has none."

_SHORTEST_S = 0.001


class MaterialPicker:
    """Recordings and references of a session, paired and corrected.

    Parameters
    ----------
    services : Services
        Where recordings may lie.
    demo : gr.Blocks
        The app, whose loading lists the server's folder.
    prefix : str
        Ids begin with it.

    Attributes
    ----------
    material : gr.State
        The session's `Material`, or None.
    notes : gr.HTML
        What is to be said about them.
    """

    def __init__(self, services: Services, demo: gr.Blocks, *, prefix: str) -> None:
        self._sources = services.recordings
        self.material = gr.State(None)
        self._build_boxes(services.settings.data_folder, prefix)
        self._build_pairing(prefix)
        root = services.settings.data_folder
        if root is not None:
            listen(
                demo.load,
                lambda: gr.Dropdown(choices=recording_names(root)),
                outputs=self._folder,
            )
        self._wire_files()
        self._wire_corrections()

    def _build_boxes(self, root: Path | None, prefix: str) -> None:
        # Narrower, and its label would lie over the picture of the box.
        looks: dict[str, Any] = {"file_count": "multiple", "height": 150, "min_width": 240}
        with gr.Row(equal_height=True):
            self._recordings = gr.File(
                label="Recordings: EDF, BDF, CSV, TXT", elem_id=f"{prefix}-recordings", **looks
            )
            self._references = gr.File(
                label="References: TSV, CSV, .seizures, summaries",
                elem_id=f"{prefix}-references",
                **looks,
            )
        self._folder = gr.Dropdown(
            choices=[],
            multiselect=True,
            visible=root is not None,
            label="Or recordings of the server's folder",
            info="References in the same folder are added, too.",
            elem_id=f"{prefix}-folder",
        )

    def _build_pairing(self, prefix: str) -> None:
        self.notes = gr.HTML(markup.empty(_NO_MATERIAL), elem_id=f"{prefix}-notes")
        self._table = gr.Dataframe(
            headers=list(_PAIR_COLUMNS),
            interactive=False,
            visible=False,
            label="Which reference belongs to which recording (choose a row to correct it)",
            max_height=320,
            elem_id=f"{prefix}-pairs",
        )
        self._free = gr.CheckboxGroup(
            choices=[],
            visible=False,
            label="These have no reference. Is there certainly no seizure in them?",
            info="Tick those that an expert found free of seizures; the others are left out.",
            elem_id=f"{prefix}-seizure-free",
        )
        with (
            gr.Accordion("Correct the pairing", open=False, visible=False) as self._correction,
            gr.Row(),
        ):
            self._names = gr.Dropdown(
                choices=[],
                multiselect=True,
                label="Recordings",
                elem_id=f"{prefix}-correct-names",
            )
            self._reference = gr.Dropdown(
                choices=[], label="Their reference", elem_id=f"{prefix}-correct-reference"
            )
            self._patient = gr.Textbox(
                label="Their patient (empty: unchanged)", elem_id=f"{prefix}-correct-patient"
            )
            self._apply = gr.Button("Apply", size="md", elem_id=f"{prefix}-correct")

    @property
    def boxes(self) -> list[gr.File]:
        """The boxes for recordings and references."""
        return [self._recordings, self._references]

    def recalled(self, kept: Kept) -> Updates:
        """Ask for the files again that were here before the page was loaded again."""
        names = [str(name) for box in self.boxes for name in kept.get(box.elem_id) or ()]
        if not names:
            return {}
        lost = Finding.info(
            "The page has lost its files with the reload. Drop them again: {names}.",
            names=some(names),
        )
        return {self.notes: markup.findings([lost])}

    @property
    def given(self) -> list[gr.components.Component]:
        """The inputs of `found`."""
        return [self.material, self._recordings, self._references, self._folder]

    @property
    def showing(self) -> list[Any]:
        """The outputs of `shown`."""
        pairing = [self.notes, self._table, self._free, self._correction]
        return [self.material, *pairing, self._names, self._reference]

    def found(
        self, given: dict[Any, Any], marked: Sequence[MarkedFile] | None = None
    ) -> Material | None:
        """Return the files in the boxes and the marked recordings; those of before if None."""
        return find_material(
            self._sources,
            recordings=given[self._recordings] or [],
            references=given[self._references] or [],
            folder=given[self._folder] or [],
            before=given[self.material],
            marked=marked,
        )

    def shown(self, material: Material | None) -> Updates:
        """Show how recordings and references are paired."""
        if material is None:
            return {
                self.material: None,
                self.notes: gr.HTML(value=markup.empty(_NO_MATERIAL), visible=True),
                self._table: gr.Dataframe(visible=False),
                self._free: gr.CheckboxGroup(choices=[], value=[], visible=False),
                self._correction: gr.Accordion(visible=False),
                self._names: gr.Dropdown(choices=[], value=[]),
                self._reference: gr.Dropdown(choices=[]),
            }
        questions, unused = material.questions, material.pairing.unused
        stray = Finding.warning(
            "Belongs to none of the recordings and is not used: {names}.", names=some(unused)
        )
        offered = [_UNCHANGED, _NO_REFERENCE, *(f.file_name for f in material.references)]
        names = [pair.recording.file_name for pair in material.pairing.pairs]
        return {
            self.material: material,
            self.notes: gr.HTML(
                value=markup.findings([stray] if unused else []), visible=bool(unused)
            ),
            self._table: gr.Dataframe(value=_table(material), visible=True),
            self._free: gr.CheckboxGroup(
                choices=questions, value=material.said_free, visible=bool(questions)
            ),
            self._correction: gr.Accordion(visible=True),
            self._names: gr.Dropdown(choices=names, value=[]),
            self._reference: gr.Dropdown(choices=offered, value=_UNCHANGED),
        }

    def _wire_files(self) -> None:
        boxes = [self._recordings, self._references, self._folder]
        seen = gr.State(None)  # what was in the boxes when they were looked at

        def pair(given: dict[Any, Any]) -> Updates:
            now = [given[box] for box in boxes]
            return {} if now == given[seen] else {seen: now, **self.shown(self.found(given))}

        looking: dict[str, Any] = {
            "inputs": {seen, *self.given},
            "outputs": [seen, *self.showing],
        }
        changes = [self._recordings.change, self._references.change, self._folder.input]
        # Two boxes may change at once. Once a change of the second was not heard while the first
        # was being paired: so afterwards the boxes are looked at again, for nothing if they are as
        # before.
        paired = listen(changes, pair, trigger_mode="always_last", **looking)
        listen(paired.success, pair, **looking)

    def _wire_corrections(self) -> None:
        def correct(
            material: Material | None, names: list[str], reference: str, patient: str
        ) -> Updates:
            if not names:
                raise ParameterError("Choose the recordings to correct.")
            chosen = {_UNCHANGED: None, _NO_REFERENCE: ""}.get(reference, reference)
            return self.shown(chosen_material(material).corrected(names, chosen, patient))

        def answer(material: Material | None, free: list[str]) -> Updates:
            answered = chosen_material(material).answered(free)
            return {self.material: answered, self._table: _table(answered)}

        def take_row(row: gr.SelectData) -> Updates:
            return {self._correction: gr.Accordion(open=True), self._names: [row.row_value[0]]}

        corrected = [self.material, self._names, self._reference, self._patient]
        listen(self._apply.click, correct, inputs=corrected, outputs=self.showing)
        listen(
            self._free.input,
            answer,
            inputs=[self.material, self._free],
            outputs=[self.material, self._table],
        )
        listen(self._table.select, take_row, outputs=[self._correction, self._names])


def chosen_material(material: Material | None) -> Material:
    """Return a session's material.

    Raises
    ------
    ParameterError
        There is none.
    """
    if material is None:
        raise ParameterError("Add recordings and their references first.")
    return material


def _table(material: Material) -> dict[str, object]:
    return filled_table(_PAIR_COLUMNS, material.table())


class OwnMarks:
    """The recording open in Analysis, with the seizures marked there, as material for a dataset.

    Parameters
    ----------
    services : Services
        Folders for what outlives the looking at a recording.
    store : HandleStore
        Where the marks are.
    current : gr.State
        The session's `OpenRecording`, or None.
    """

    def __init__(self, services: Services, store: HandleStore, current: gr.State) -> None:
        self._work, self._store, self._current = services.work, store, current
        with (
            gr.Accordion(
                "The recording open in Analysis, with your marks", open=True, elem_id="own-marks"
            ),
            gr.Row(),
        ):
            self._all_marked = gr.Checkbox(
                label="All seizures in it are marked",
                info="What is not marked counts as free of seizures. Mark in Analysis or Predict.",
                elem_id="all-marked",
                scale=3,
            )
            self._add = gr.Button(
                "Add it with its marks", elem_id="add-marked", size="md", min_width=180
            )
            self._take_out = gr.Button(
                "Take it out again",
                elem_id="take-out-marked",
                size="md",
                min_width=180,
                visible=False,
            )

    def wire(self, picker: MaterialPicker) -> None:
        """Let the open recording be added to the material, and be taken out again."""

        def add(given: dict[Any, Any]) -> Updates:
            looked = looked_at(given[self._current])
            file = looked.recording.file_name
            if not given[self._all_marked]:
                raise ParameterError(
                    "Say first that all seizures in {file} are marked: what is not marked would "
                    "be learnt as free of seizures.",
                    file=file,
                )
            marks = self._store.get(looked.handle).review.marks
            seizures = sorted(
                (mark.to_event() for mark in marks if mark.is_seizure), key=lambda e: e.onset_s
            )
            fresh = marked_files(self._work, looked, seizures)
            names = {file.recording.name for file in fresh}
            before: Material | None = given[picker.material]
            kept = [m for m in (before.marked if before else ()) if m.recording.name not in names]
            shown = picker.shown(picker.found(given, [*kept, *fresh]))
            said = _MARKED_ADDED if seizures else _MARKED_FREE
            inform(tr(said, file=file, n=len(seizures)))
            return {**shown, self._all_marked: False, self._take_out: gr.Button(visible=True)}

        def take_out(given: dict[Any, Any]) -> Updates:
            shown = picker.shown(picker.found(given, ()))
            return {**shown, self._all_marked: False, self._take_out: gr.Button(visible=False)}

        answer: dict[str, Any] = {
            "inputs": {self._current, self._all_marked, *picker.given},
            "outputs": [*picker.showing, self._all_marked, self._take_out],
        }
        listen(self._add.click, add, **answer)
        listen(self._take_out.click, take_out, **answer)


def marked_files(
    work: WorkFolders, opened: OpenRecording, seizures: Sequence[Event]
) -> list[MarkedFile]:
    """Give each file of a recording the seizures that lie in it.

    Files of a session are linked to a folder of their own: they outlive the session's looking
    at them.

    Raises
    ------
    RecordingError
        A file does not open without what a user said about it (a text without its rate).
    """
    whole = opened.recording
    starts_s = [part.start_s for part in whole.parts] or [0.0]
    # Files of a sequence are in order of time in `parts`, in any order in `files`.
    by_name = {path.name: path for path in opened.files}
    ordered = [by_name[part.file_name] for part in whole.parts] or list(opened.files)
    with work.filled() as folder:
        marked = []
        for path, start_s in zip(ordered, starts_s, strict=True):
            recording = open_recording(path)
            is_private = opened.folder is not None and path.is_relative_to(opened.folder)
            lasting = _linked(path, folder) if is_private else path
            reference = folder / f"{path.stem}_events.tsv"
            _write_part(reference, recording, start_s, seizures)
            marked.append(MarkedFile(recording=lasting, reference=reference))
        return marked


def _write_part(
    path: Path, recording: Recording, start_s: float, seizures: Sequence[Event]
) -> None:
    """Write the seizures that lie in one file, by its own time."""
    inside = []
    for seizure in seizures:
        onset_s = max(seizure.onset_s - start_s, 0.0)
        offset_s = min(seizure.offset_s - start_s, recording.duration_s)
        # A mark may be a moment without length; the file wants one that has some.
        duration_s = max(offset_s - onset_s, _SHORTEST_S)
        if offset_s >= onset_s and onset_s + duration_s <= recording.duration_s:
            inside.append(replace(seizure, onset_s=onset_s, duration_s=duration_s))
    write_szcore_tsv(path, inside, duration_s=recording.duration_s, start_time=recording.start_time)


def _linked(path: Path, folder: Path) -> Path:
    target = folder / path.name
    try:
        os.link(path, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(path, target)
    return target
