"""The threshold explorer: levels are moved, and events, scores and mistakes follow at once."""

from __future__ import annotations

from typing import Any

import gradio as gr

from seizure_core.events.postprocessing import PostProcessing
from training.evaluate.evaluation_report import Mistake, worst_mistakes
from training.evaluate.explorer import ExploredPoint
from ui.drawings.chart import operating_curve_html, probability_html
from ui.events import Updates, listen
from ui.i18n.translation import Rows, filled_table, tr
from ui.i18n.wording import NOTHING, clock_words
from ui.train.evaluation.scores import Outcome, levels_of, looked_at, post_processing, scores_html
from ui.widgets import markup
from zoo.card.output import CARD_POINT

_POINT_CHOICES = {
    "card": "the card",
    "sensitive": "the sensitive point",
    "balanced": "the balanced point",
    "specific": "the specific point",
}
_MISTAKE_COLUMNS = ("Recording", "Time", "Onset (s)", "Duration (s)", "Highest probability")


class MistakeTable:
    """Mistakes of one kind, and what stands in their place where there are none."""

    def __init__(self, label: str, nothing: str, elem_id: str) -> None:
        with gr.Column(min_width=320):
            self.table = gr.Dataframe(
                headers=list(_MISTAKE_COLUMNS),
                interactive=False,
                label=label,
                elem_id=elem_id,
                max_height=300,
            )
            self._none = gr.HTML(markup.empty(nothing), visible=False, elem_id=f"no-{elem_id}")
        self.outputs = [self.table, self._none]

    def shown(self, mistakes: list[Mistake]) -> Updates:
        """Show mistakes."""
        rows: Rows = [
            [
                mistake.file_name,
                clock_words(mistake.onset_s),
                round(mistake.onset_s, 2),
                round(mistake.duration_s, 2),
                NOTHING if mistake.probability is None else f"{mistake.probability:.3f}",
            ]
            for mistake in mistakes
        ]
        table = filled_table(_MISTAKE_COLUMNS, rows)
        return {
            self.table: gr.Dataframe(value=table, visible=bool(mistakes)),
            self._none: gr.HTML(visible=not mistakes),
        }


class Explorer:
    """The explorer, hidden before a test.

    Attributes
    ----------
    tested : gr.State
        The session's `Outcome`, or None.
    recording : gr.Dropdown
        The recording whose probability is drawn.
    missed, false_alarms : MistakeTable
        What the model has got wrong.
    use, look : gr.Button
        Takes the levels along; shows the EEG of the recording.
    levels : set of components
        What `settings` reads.
    beginning, following : list
        What `begun` and `followed` may change.
    """

    def __init__(self) -> None:
        self.tested = gr.State(None)
        with gr.Column(visible=False, elem_id="explorer") as self._section:
            gr.HTML(markup.heading("Operating point: move it and see what changes"), padding=False)
            gr.HTML(
                markup.paragraph(
                    "The model is not run again; events are computed again from its probabilities."
                ),
                elem_classes="remark left",
                padding=False,
            )
            with gr.Row(equal_height=False):
                with gr.Column(scale=2, min_width=300):
                    self._build_levels()
                with gr.Column(scale=3, min_width=320):
                    self._curve = gr.HTML("", elem_id="operating-curve")
            self._build_recordings()
        self.levels = {self.tested, *self._sliders}
        self.beginning = [
            *(self.tested, self._section, self._point),
            *(*self._sliders, self.recording),
        ]
        self.following = [
            *(self._curve, self._scores, self._trace),
            *(*self.missed.outputs, *self.false_alarms.outputs),
        ]
        self._wire()

    def _build_levels(self) -> None:
        self._point = gr.Radio(
            choices=[], visible=False, label="Begin with the numbers of", elem_id="explorer-point"
        )
        self._sliders = [
            gr.Slider(
                0.01,
                0.99,
                step=0.01,
                label="Threshold: an event starts at",
                elem_id="explore-threshold",
            ),
            gr.Slider(
                0.1,
                1.0,
                step=0.05,
                label="It ends below this part of the threshold",
                elem_id="explore-off",
            ),
            gr.Slider(0, 60, step=1, label="Smoothing (s)", elem_id="explore-smoothing"),
            gr.Slider(0, 120, step=1, label="Shortest event (s)", elem_id="explore-min-duration"),
            gr.Slider(
                0, 300, step=1, label="Events merged within (s)", elem_id="explore-merge-gap"
            ),
        ]
        self.use = gr.Button("Use as operating point", variant="primary", elem_id="use-point")

    def _build_recordings(self) -> None:
        self._scores = gr.HTML("", elem_id="test-scores")
        with gr.Row(equal_height=False):
            self.recording = gr.Dropdown(
                choices=[], label="Recording", scale=3, elem_id="traced-recording"
            )
            self.look = gr.Button(
                "Look at its EEG", size="md", scale=1, min_width=160, elem_id="look-at-eeg"
            )
        self._trace = gr.HTML("", elem_id="test-trace")
        with gr.Row(equal_height=False):
            self.missed = MistakeTable(
                "Missed seizures, lowest probability first (choose a row to see its EEG)",
                "No seizure was missed.",
                "missed",
            )
            self.false_alarms = MistakeTable(
                "False alarms, highest probability first (choose a row to see its EEG)",
                "There was no false alarm.",
                "false-alarms",
            )

    def on_moved(self, handler: Any, **options: Any) -> None:
        """Call a handler when a level changes, moved by the user or by the app."""
        moved = [slider.change for slider in self._sliders]
        listen(moved, handler, trigger_mode="always_last", quiet=True, **options)

    def settings(self, given: dict[Any, Any]) -> PostProcessing:
        """Return what the sliders say."""
        return post_processing(tuple(given[slider] for slider in self._sliders))

    def begun(self, tested: Outcome) -> Updates:
        """Take in a test; without a scored recording the explorer is hidden."""
        if not tested.names:
            return {self.tested: tested, self._section: gr.Column(visible=False)}
        points = tested.evaluation.detector.card.output.points
        choices = [(tr(_POINT_CHOICES[name]), name) for name in points]
        return {
            self.tested: tested,
            self._section: gr.Column(visible=True),
            self._point: gr.Radio(choices=choices, value=CARD_POINT, visible=len(choices) > 1),
            **self._moved_to(tested.evaluation.settings),
            self.recording: gr.Dropdown(choices=tested.names, value=tested.names[0]),
        }

    def _moved_to(self, settings: PostProcessing) -> Updates:
        return dict(zip(self._sliders, levels_of(settings), strict=True))

    def followed(self, given: dict[Any, Any]) -> Updates:
        """Show events, scores and mistakes at the sliders' levels."""
        now, settings = looked_at(given[self.tested]), self.settings(given)
        moved = now.evaluation.at(settings)
        point = ExploredPoint(settings=settings, score=moved.pooled)
        missed, alarms = worst_mistakes(moved.traced, settings)
        return {
            self._curve: operating_curve_html(now.curve(settings), point),
            self._scores: scores_html(moved),
            **self._traced(given),
            **self.missed.shown(missed),
            **self.false_alarms.shown(alarms),
        }

    def _traced(self, given: dict[Any, Any]) -> Updates:
        recording = given[self.recording]
        if recording is None:
            return {self._trace: ""}
        traced = looked_at(given[self.tested]).traced(recording)
        return {self._trace: probability_html(traced, self.settings(given))}

    def follow(self, trigger: Any, **options: Any) -> None:
        """Let an event show what a test has found, if anything was scored."""

        def follow(given: dict[Any, Any]) -> Updates:
            tested: Outcome | None = given[self.tested]
            return self.followed(given) if tested is not None and tested.names else {}

        asked = {self.recording, *self.levels}
        listen(trigger, follow, inputs=asked, outputs=self.following, quiet=True, **options)

    def _wire(self) -> None:
        def take(tested: Outcome | None, name: str) -> Updates:
            return self._moved_to(looked_at(tested).evaluation.detector.card.output.at(name))

        self.follow([slider.input for slider in self._sliders], trigger_mode="always_last")
        asked = {self.recording, *self.levels}
        listen(self.recording.input, self._traced, inputs=asked, outputs=self._trace, quiet=True)
        taken = listen(
            self._point.input,
            take,
            inputs=[self.tested, self._point],
            outputs=self._sliders,
            quiet=True,
        )
        self.follow(taken.success)
