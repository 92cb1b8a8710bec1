"""The recording open in Analysis, with the seizures marked there, as material for a dataset."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.references.writing import write_szcore_tsv
from ui.errors import for_browser, inform
from ui.i18n import train_text as words
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.resources import Services
from ui.server.work_folders import WorkFolders
from ui.train.data.pairs import MarkedFile, Material, find_material
from ui.train.data.references import MaterialParts, shown_material
from ui.viewer.handles import HandleStore

SHORTEST_S = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMarksParts:
    """The components."""

    all_marked: gr.Checkbox
    add: gr.Button
    take_out: gr.Button


def build_own_marks() -> OwnMarksParts:
    """Build the part inside the current Blocks context."""
    with gr.Accordion(words.OWN_MARKS, open=True, elem_id="own-marks"), gr.Row():
        all_marked = gr.Checkbox(
            label=words.ALL_MARKED, info=words.ALL_MARKED_INFO, elem_id="all-marked", scale=3
        )
        add = gr.Button(words.ADD_MARKED, elem_id="add-marked", size="md", min_width=180)
        take_out = gr.Button(
            words.TAKE_OUT_MARKED,
            elem_id="take-out-marked",
            size="md",
            min_width=180,
            visible=False,
        )
    return OwnMarksParts(all_marked=all_marked, add=add, take_out=take_out)


def wire_own_marks(
    services: Services,
    store: HandleStore,
    current: gr.State,
    own: OwnMarksParts,
    material: MaterialParts,
) -> None:
    """Let the open recording be added, and be taken out again.

    Parameters
    ----------
    services : Services
        Recordings and folders.
    store : HandleStore
        Where the marks are.
    current : gr.State
        The session's `OpenRecording`, or None.
    own : OwnMarksParts
        From `build_own_marks`.
    material : MaterialParts
        Where it is added to.
    """
    given = [material.material, material.recordings, material.references, material.folder]

    def found(marked: Sequence[MarkedFile], *given: Any) -> tuple[Any, ...]:
        before, recordings, references, folder = given
        return shown_material(
            find_material(
                services.recordings,
                recordings=recordings or [],
                references=references or [],
                folder=folder or [],
                before=before,
                marked=marked,
            )
        )

    @for_browser
    def add(opened: OpenRecording | None, all_marked: bool, *given: Any) -> tuple[Any, ...]:
        looked = looked_at(opened)
        if not all_marked:
            raise ParameterError(words.SAY_ALL_MARKED.format(file=looked.recording.file_name))
        seizures = seizures_of(store, looked)
        fresh = marked_files(services.work, looked, seizures)
        names = {one.recording.name for one in fresh}
        before: Material | None = given[0]
        kept = [m for m in (before.marked if before else ()) if m.recording.name not in names]
        answer = found([*kept, *fresh], *given)
        said = words.MARKED_ADDED if seizures else words.MARKED_FREE
        inform(tr(said, file=looked.recording.file_name, n=len(seizures)))
        return *answer, False, gr.Button(visible=True)

    @for_browser
    def take_out(*given: Any) -> tuple[Any, ...]:
        return *found((), *given), False, gr.Button(visible=False)

    outputs = [*material.showing, own.all_marked, own.take_out]
    own.add.click(
        add,
        inputs=[current, own.all_marked, *given],
        outputs=outputs,
        api_visibility="private",
    )
    own.take_out.click(take_out, inputs=given, outputs=outputs, api_visibility="private")


def seizures_of(store: HandleStore, opened: OpenRecording) -> tuple[Event, ...]:
    """Return the seizures marked in a recording, sorted."""
    marks = store.get(opened.handle).review.marks
    return tuple(
        sorted((mark.to_event() for mark in marks if mark.is_seizure), key=lambda e: e.onset_s)
    )


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
    folder = work.new()
    whole = opened.recording
    starts_s = [part.start_s for part in whole.parts] or [0.0]
    # Files of a sequence are in order of time in `parts`, in any order in `files`.
    by_name = {path.name: path for path in opened.files}
    ordered = [by_name[part.file_name] for part in whole.parts] or list(opened.files)
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
        duration_s = max(offset_s - onset_s, SHORTEST_S)
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
