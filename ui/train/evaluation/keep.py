"""Step 5: the model of a run is kept in the zoo, with its operating points and calibration."""

from __future__ import annotations

from typing import Any

import gradio as gr
from markupsafe import Markup

from seizure_core.errors import ParameterError
from training.evaluate.explorer import ExploredPoint
from training.evaluate.tested_result import DATASET
from training.saving import save_model
from training.trained_model import SaveOptions, TrainedModel, trained_model
from ui.drawings.chart import reliability_html
from ui.errors import inform
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr, tr_message
from ui.i18n.wording import figure_words
from ui.server.queues import INFERENCE_QUEUE
from ui.train.evaluation.explorer import Explorer
from ui.train.evaluation.scores import Outcome, looked_at
from ui.train.progress import KEEP, StepButtons
from ui.train.run_views import runs_with_model, with_newest
from ui.widgets import markup
from ui.widgets.point_fields import build_point_fields, read_fields, written
from zoo.card.history import Calibration
from zoo.card.output import POINT_NAMES, USER_POINT
from zoo.card.schema import ArchitectureCard

_NO_KEEP_RUNS = (
    "No run has a model yet. A run has one as soon as its first epoch is complete (step 3)."
)
_POINT_COLUMNS = (
    "Operating point",
    "Threshold",
    "Ends below",
    "Sensitivity",
    "Precision",
    "F1",
    "False alarms per 24 h",
)
_LICENSES = ("CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "MIT", "Apache-2.0", "unspecified")


class KeepStep:
    """The step.

    Parameters
    ----------
    explorer : Explorer
        Where the last test is, and levels that can be kept.

    Attributes
    ----------
    run : gr.Dropdown
        Whose model is kept.
    kept : gr.State
        How many models were kept in this session.
    buttons : StepButtons
        What keeps it.
    remembered : list
        What a person has filled in about the model.
    """

    def __init__(self, explorer: Explorer) -> None:
        gr.HTML(markup.heading("Keep the model of a run"), padding=False)
        with gr.Row(equal_height=False):
            # In the order of the work, so that on a phone what is worked out follows its button.
            with gr.Column(scale=3, min_width=320):
                self.run = gr.Dropdown(
                    choices=[],
                    label="Run whose best model is kept",
                    info=_NO_KEEP_RUNS,
                    elem_id="save-run",
                )
                self._calibrate = gr.Checkbox(
                    value=True,
                    label="Calibrate the probabilities on the validation windows",
                    elem_id="save-calibrate",
                )
                work_out = gr.Button(
                    "Work out operating points and calibration",
                    size="md",
                    elem_id="work-out-points",
                )
                worked_out = gr.HTML(
                    markup.empty(
                        "Operating points and calibration appear here: they are chosen on the "
                        "validation data of the run, and kept in the model's card."
                    ),
                    elem_id="worked-out",
                )
            with gr.Column(scale=2, min_width=320):
                self._build_point()
                self._build_about()
                self.buttons = StepButtons(KEEP, {"save-model": "Save to the zoo"})
                self._said = gr.HTML("", elem_id="saved")
        self._explorer = explorer
        self.kept = gr.State(0)
        self.remembered = [self._calibrate, self._point, *self._about.values(), *self._fields]
        listen(
            work_out.click,
            self._preview,
            inputs=[self.run, self._calibrate],
            outputs=worked_out,
            queue=INFERENCE_QUEUE,
        )
        listen(
            self._point.change,
            lambda name: gr.Column(visible=name == USER_POINT),
            inputs=self._point,
            outputs=self._own,
            quiet=True,
        )
        listen(
            explorer.use.click,
            self.own_point,
            inputs=explorer.levels,
            outputs=[self.run, self._point, self._own, *self._fields],
            quiet=True,
        )
        listen(
            self.buttons.work[0].click,
            self._keep,
            inputs={
                *(explorer.tested, self.kept, self.run, self._calibrate, self._point),
                *(*self._about.values(), *self._fields),
            },
            outputs=[self._said, self.kept],
            queue=INFERENCE_QUEUE,
        )

    def _build_point(self) -> None:
        choices = [(words.POINT_WORDS[name], name) for name in (*POINT_NAMES, USER_POINT)]
        self._point = gr.Radio(
            choices=choices,
            value="balanced",
            label="Operating point the model is used at",
            elem_id="save-point",
        )
        with gr.Column(visible=False, elem_id="save-own-point") as self._own:
            gr.HTML(
                markup.paragraph("An empty field keeps the number of the balanced point."),
                elem_classes="remark left",
                padding=False,
            )
            self._fields = build_point_fields("save")

    def _build_about(self) -> None:
        narrow: dict[str, Any] = {"max_lines": 1, "min_width": 150}
        about: dict[str, gr.components.Component] = {}
        with gr.Row():
            about["model_id"] = gr.Textbox(
                label="Id (small letters, digits, dashes)", elem_id="save-id", **narrow
            )
            about["title"] = gr.Textbox(label="Title", elem_id="save-title", **narrow)
        with gr.Row():
            about["authors"] = gr.Textbox(
                label="Authors (separated by commas)", elem_id="save-authors", **narrow
            )
            about["license"] = gr.Dropdown(
                choices=list(_LICENSES),
                value="unspecified",
                allow_custom_value=True,
                label="Licence",
                min_width=150,
                elem_id="save-license",
            )
        about["notes"] = gr.Textbox(label="Notes for the card", lines=2, elem_id="save-notes")
        about["replace"] = gr.Checkbox(
            label="Replace my model of this id, if there is one", elem_id="save-replace"
        )
        self._about = about

    def listed(self, chosen: str | None, newest: str) -> Updates:
        """List the runs that have a model as they are now; one newer than `newest` is chosen."""
        runs = runs_with_model()
        info = "" if runs else tr(_NO_KEEP_RUNS)
        return {self.run: with_newest(runs, runs, chosen, newest, info=info)}

    def own_point(self, given: dict[Any, Any]) -> Updates:
        """Take the numbers of the explorer as the operating point that is kept."""
        now, settings = looked_at(given[self._explorer.tested]), self._explorer.settings(given)
        model_id = now.evaluation.detector.card.model_id
        numbers = {"threshold": settings.threshold, "off": settings.lower_threshold}
        if not now.is_run:
            inform(
                tr(
                    "{model} is in the zoo, and its card is not changed. To use these numbers, "
                    "choose Custom in Predict: threshold {threshold:g}, ends below {off:g}.",
                    model=model_id,
                    **numbers,
                )
            )
            return {}
        inform(
            tr(
                "Filled in under 5 Keep as your own numbers: threshold {threshold:g}, ends below "
                "{off:g}. They were chosen on these recordings, so scores on them are no test any "
                "more.",
                **numbers,
            )
        )
        return {
            # With its choices: the run may be newer than those of the page.
            self.run: gr.Dropdown(choices=runs_with_model(), value=model_id, info=""),
            self._point: USER_POINT,
            self._own: gr.Column(visible=True),
            **dict(zip(self._fields, written(settings), strict=True)),
        }

    def _preview(self, run_id: str | None, calibrate: bool) -> str:
        return kept_html(trained_model(_chosen(run_id), with_calibration=calibrate))

    def _keep(self, given: dict[Any, Any]) -> Updates:
        about = {name: given[component] for name, component in self._about.items()}
        names = tuple(name.strip() for name in about["authors"].split(",") if name.strip())
        point, tested = given[self._point], given[self._explorer.tested]
        numbers: dict[str, Any] = {}
        if point == USER_POINT:
            numbers = read_fields([given[field] for field in self._fields])
        plain = SaveOptions()
        choices = SaveOptions(
            title=about["title"].strip(),
            authors=names or plain.authors,
            license=(about["license"] or "").strip() or plain.license,
            notes=about["notes"].strip(),
            calibrate=given[self._calibrate],
            operating_point=point if point in POINT_NAMES else plain.operating_point,
            replace=about["replace"],
            **numbers,
        )
        card = save_model(
            _chosen(given[self.run]),
            about["model_id"].strip(),
            choices,
            tested=None if tested is None else tested.evaluation,
        )
        return {self._said: _saved_html(card, tested), self.kept: given[self.kept] + 1}


def _chosen(run_id: str | None) -> str:
    if not run_id:
        raise ParameterError(_NO_KEEP_RUNS)
    return run_id


def _saved_html(card: ArchitectureCard, tested: Outcome | None) -> str:
    said = [
        tr(
            "{title} ({model_id}) is in the zoo now. It can be chosen in Predict.",
            title=card.title,
            model_id=card.model_id,
        ),
        tr(
            "It is used at: threshold {threshold:g}, events end below {off:g}.",
            threshold=card.output.threshold,
            off=card.output.threshold_off,
        ),
    ]
    if tested is not None and tested.names:
        said.append(tr(_test_words(card, tested), model_id=card.model_id))
    return markup.joined(markup.paragraph(sentence) for sentence in said)


def _test_words(card: ArchitectureCard, tested: Outcome) -> str:
    """Say what became of the last test: a person who made one expects it on the card."""
    if any(result.dataset == DATASET for result in card.results):
        return "The result of your test is on its card."
    if all(recording.in_training for recording in tested.evaluation.recordings):
        return "The result of your test is not on its card: its recordings were in the training."
    return (
        "The result of your test is not on its card: other weights were tested than those kept "
        "here, of another run, of an earlier state of this one, or with another calibration. "
        "Choose {model_id} in step 4, test it and put the result on its card."
    )


def kept_html(kept: TrainedModel) -> str:
    """Return the operating points and the calibration of a model that is to be kept."""
    inside = _points_html(kept) + _calibration_html(kept.calibration)
    return Markup('<div class="kept">{}</div>').format(inside)


def _points_html(kept: TrainedModel) -> Markup:
    heading = markup.heading("Operating points")
    points = kept.points
    if points is None:
        return heading + markup.paragraph(
            tr(
                "There is no whole validation recording with a seizure that was found, so no "
                "operating points can be chosen. The model is kept with the threshold "
                "{threshold:g}.",
                threshold=kept.start.threshold,
            )
        )
    return (
        heading
        + markup.table(_POINT_COLUMNS, [_row(name, points.point(name)) for name in POINT_NAMES])
        + markup.paragraph(
            tr(
                "Chosen on {chosen_on}, by what weighs most: a missed seizure (sensitive), both "
                "alike (balanced), a false alarm (specific). On other recordings all will do "
                "worse.",
                chosen_on=tr_message(points.chosen_on),
            )
        )
    )


def _row(name: str, point: ExploredPoint) -> list[str]:
    event, settings = point.score.event, point.settings
    return [
        tr(words.POINT_WORDS[name]),
        f"{settings.threshold:g}",
        f"{settings.lower_threshold:g}",
        *(figure_words(figure, ".2f") for figure in (event.sensitivity, event.precision, event.f1)),
        figure_words(event.false_alarms_per_24h),
    ]


def _calibration_html(calibrated: Calibration | None) -> Markup:
    heading = markup.heading("Calibration")
    if calibrated is None:
        return heading + markup.paragraph(
            "The logits are not rescaled: the validation windows do not determine a scale."
        )
    before = calibrated.before.expected_calibration_error
    after = calibrated.after.expected_calibration_error
    said = tr(
        "On {n_windows:,} validation windows: logits divided by {temperature:.3g}, {bias:+.3g} "
        "added to that of seizure. Expected calibration error {before:.3f} before, {after:.3f} "
        "after.",
        n_windows=calibrated.n_windows,
        temperature=calibrated.temperature,
        bias=calibrated.bias,
        before=before,
        after=after,
    )
    return (
        heading
        + markup.paragraph(said)
        + reliability_html(
            calibrated.before.bins,
            calibrated.after.bins,
            error_before=before,
            error_after=after,
        )
    )
