"""Two or more nets on the same recordings: what they say, and where they differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.atomic import atomic_path
from seizure_core.errors import ParameterError
from ui.arguments import optional_number
from ui.errors import for_browser
from ui.i18n import zoo_text as words
from ui.i18n.translation import filled_table, tr
from ui.loaded_models import load_net
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.plain_data import without_undefined
from ui.resources import Services
from ui.server.queues import INFERENCE_QUEUE, PLACES
from ui.server.work_folders import WorkFolders
from ui.train.data.pairs import Material
from ui.train.data.references import MaterialParts, build_material, chosen_material
from ui.viewer.handles import HandleStore
from ui.widgets import markup
from ui.widgets.downloads import offered
from ui.zoo.compare.material import ComparisonFile, of_files, open_with_reference, simulated
from ui.zoo.compare.views import comparison_html, disagreement_rows
from zoo.inference.compare import MAX_NETS, ComparedNet, compare_nets
from zoo.inference.compare_files import FailedFile, FileComparison, comparison_json

OPEN, DEMO, FILES = "open", "demo", "files"
# So many points of a trace are drawn; peaks are kept.
MOST_POINTS = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareParts:
    """The components; `shown_open` says whether the result is of the open recording."""

    nets: gr.Dropdown
    on: gr.Radio
    expert: gr.File
    files: gr.Column
    material: MaterialParts
    thresholds: gr.Textbox
    run: gr.Button
    result: gr.HTML
    disagreements: gr.Dataframe
    save: gr.DownloadButton
    shown_open: gr.State

    @property
    def showing(self) -> list[Any]:
        """What a run gives values for."""
        return [self.result, self.disagreements, self.save, self.shown_open]


def build_compare(services: Services, demo: gr.Blocks) -> CompareParts:
    """Build the tab inside the current Blocks context.

    Parameters
    ----------
    services : Services
        Settings and files.
    demo : gr.Blocks
        The app.
    """
    gr.HTML(markup.paragraph(words.COMPARE_ABOUT))
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=320):
            nets = gr.Dropdown(
                choices=[],
                multiselect=True,
                max_choices=MAX_NETS,
                label=words.COMPARED,
                info=words.COMPARED_INFO,
                elem_id="zoo-compared",
            )
            run = gr.Button(words.RUN_COMPARISON, variant="primary", elem_id="zoo-run-comparison")
        with gr.Column(scale=3, min_width=320):
            on = gr.Radio(
                choices=[(words.ON_OPEN, OPEN), (words.ON_DEMO, DEMO), (words.ON_FILES, FILES)],
                value=OPEN,
                label=words.COMPARE_ON,
                elem_id="zoo-compare-on",
            )
            with gr.Accordion(words.MORE_FOR_COMPARISON, open=False, elem_id="zoo-compare-more"):
                expert = gr.File(label=words.EXPERT, height=150, elem_id="zoo-expert")
                thresholds = gr.Textbox(
                    label=words.OTHER_THRESHOLDS,
                    placeholder=words.OTHER_THRESHOLDS_HINT,
                    elem_id="zoo-thresholds",
                )
    with gr.Column(visible=False) as files:
        material = build_material(services, demo, prefix="compare")
    result = gr.HTML(markup.empty(words.NO_COMPARISON), elem_id="zoo-comparison")
    disagreements = gr.Dataframe(
        headers=list(words.DISAGREEMENT_COLUMNS),
        interactive=False,
        visible=False,
        label=words.DISAGREEMENTS,
        max_height=300,
        elem_id="zoo-disagreements",
    )
    save = gr.DownloadButton(
        words.SAVE_COMPARISON, visible=False, size="md", elem_id="zoo-save-comparison"
    )
    return CompareParts(
        nets=nets,
        on=on,
        expert=expert,
        files=files,
        material=material,
        thresholds=thresholds,
        run=run,
        result=result,
        disagreements=disagreements,
        save=save,
        shown_open=gr.State(False),
    )


def wire_compare(
    services: Services, store: HandleStore, current: gr.State, parts: CompareParts
) -> None:
    """Let nets be compared.

    Parameters
    ----------
    services : Services
        Settings and files.
    store : HandleStore
        What is known of the open recordings.
    current : gr.State
        The session's `OpenRecording`, or None.
    parts : CompareParts
        From `build_compare`.
    """

    @for_browser
    def compare(
        opened: OpenRecording | None,
        model_ids: list[str] | None,
        on: str,
        expert: str | None,
        material: Material | None,
        thresholds: str,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> tuple[Any, ...]:
        known, failed = _material(services, store, opened, on, expert, material)
        nets = _loaded(services, model_ids or [], thresholds, progress)
        done = []
        for number, one in enumerate(known):

            def report(
                fraction: float, before: int = number, name: str = one.recording.file_name
            ) -> None:
                progress((before + fraction) / len(known), desc=name)

            done.append(
                compare_nets(
                    one.recording,
                    nets,
                    reference=one.reference,
                    uncertain=one.uncertain,
                    findings=one.findings,
                    progress=report,
                )
            )
        comparison = FileComparison(nets=nets, recordings=tuple(done), failed=tuple(failed))
        sources = {one.recording.file_name: one.source for one in known}
        return _shown(services.work, comparison, sources, is_open=on == OPEN)

    parts.on.change(
        lambda on: (gr.Column(visible=on == FILES), gr.File(visible=on == OPEN)),
        inputs=parts.on,
        outputs=[parts.files, parts.expert],
        show_progress="hidden",
        api_visibility="private",
    )
    # What an earlier run found must not stand beside the choices of this one.
    parts.run.click(
        for_browser(lambda: _cleared(words.COMPARING)),
        outputs=parts.showing,
        api_visibility="private",
    ).success(
        compare,
        inputs=[
            current,
            parts.nets,
            parts.on,
            parts.expert,
            parts.material.material,
            parts.thresholds,
        ],
        outputs=parts.showing,
        concurrency_id=INFERENCE_QUEUE,
        concurrency_limit=PLACES[INFERENCE_QUEUE],
        show_progress_on=parts.result,
        api_visibility="private",
    ).failure(
        for_browser(lambda: _cleared(words.NO_COMPARISON)),
        outputs=parts.showing,
        api_visibility="private",
    )


def thresholds_of(typed: str, n_nets: int) -> list[float | None]:
    """Return the thresholds somebody typed in, one for each net; None means the card's.

    Raises
    ------
    ParameterError
        They are no numbers, or not as many as nets.
    """
    if not (typed or "").strip():
        return [None] * n_nets
    levels = [optional_number(tr(words.THRESHOLD), one) for one in typed.split(",")]
    if len(levels) != n_nets:
        raise ParameterError(tr(words.ONE_THRESHOLD_EACH, n=len(levels), nets=n_nets))
    return levels


def _material(
    services: Services,
    store: HandleStore,
    opened: OpenRecording | None,
    on: str,
    expert: str | None,
    material: Material | None,
) -> tuple[list[ComparisonFile], list[FailedFile]]:
    if on == DEMO:
        return [simulated(services.recordings.demo().recording)], []
    if on == FILES:
        return of_files(chosen_material(material))
    given = None
    if expert:
        given = services.recordings.find_given({"path": expert}, what="file of events")
    return [open_with_reference(store, looked_at(opened), given)], []


def _loaded(
    services: Services, model_ids: Sequence[str], thresholds: str, say: Callable[..., Any]
) -> tuple[ComparedNet, ...]:
    if not model_ids:
        raise ParameterError(tr(words.CHOOSE_NETS))
    n_typed = len(thresholds.split(",")) if (thresholds or "").strip() else 1
    # One net alone is compared with itself, perhaps at several thresholds.
    ids = list(model_ids) * max(2, n_typed) if len(model_ids) == 1 else list(model_ids)
    levels = thresholds_of(thresholds, len(ids))
    detectors = {}
    for model_id in dict.fromkeys(ids):
        say(0, desc=tr(words.LOADING, name=model_id))
        detectors[model_id] = load_net(services.settings, model_id)
    return tuple(
        ComparedNet.of(detectors[model_id], level)
        for model_id, level in zip(ids, levels, strict=True)
    )


def _cleared(sentence: str) -> tuple[Any, ...]:
    """Return the values of `CompareParts.showing`: no result, and why there is none."""
    return (
        markup.empty(tr(sentence)),
        gr.Dataframe(visible=False),
        gr.DownloadButton(visible=False),
        False,
    )


def _shown(
    work: WorkFolders, comparison: FileComparison, sources: dict[str, str], *, is_open: bool
) -> tuple[Any, ...]:
    """Return the values of `CompareParts.showing` for a comparison."""
    drawn = comparison_json(comparison, max_points=MOST_POINTS)
    rows = disagreement_rows(drawn)
    table = filled_table(words.DISAGREEMENT_COLUMNS, rows)
    path = work.new() / "comparison.json"
    plain = without_undefined(comparison_json(comparison))
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(plain, indent=1, allow_nan=False), encoding="utf-8")
    return (
        comparison_html(drawn, sources),
        gr.Dataframe(value=table, visible=bool(rows) and len(drawn["recordings"]) == 1),
        gr.DownloadButton(value=offered(path), visible=True),
        is_open,
    )
