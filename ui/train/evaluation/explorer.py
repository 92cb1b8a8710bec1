"""The threshold explorer: levels are moved, and events, scores and mistakes follow at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from training.evaluate.explorer import ExploredPoint
from training.evaluate.mistakes import Mistake, worst_mistakes
from ui.drawings.score_charts import operating_curve_html, probability_html
from ui.errors import for_browser
from ui.i18n import score_text as words
from ui.i18n.translation import filled_table, tr
from ui.i18n.wording import NOTHING, clock_words
from ui.train.evaluation.score_views import scores_html
from ui.train.evaluation.tested import Outcome, as_levels, levels_of, looked_at, post_processing
from ui.widgets import markup
from zoo.card.output import CARD_POINT

FOLLOWING = 7
"""How many values follow the levels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerParts:
    """The components; `tested` holds the session's `Outcome`, or None."""

    tested: gr.State
    section: gr.Column
    point: gr.Radio
    sliders: tuple[gr.Slider, ...]
    use: gr.Button
    curve: gr.HTML
    scores: gr.HTML
    recording: gr.Dropdown
    look: gr.Button
    trace: gr.HTML
    missed: gr.Dataframe
    no_missed: gr.HTML
    false_alarms: gr.Dataframe
    no_false_alarms: gr.HTML

    @property
    def beginning(self) -> list[Any]:
        """What `begun` gives values for."""
        return [self.tested, self.section, self.point, *self.sliders, self.recording]

    @property
    def asking(self) -> list[Any]:
        """What says what is to be shown."""
        return [self.tested, self.recording, *self.sliders]

    @property
    def following(self) -> list[Any]:
        """What follows the levels."""
        return [
            self.curve,
            self.scores,
            self.trace,
            self.missed,
            self.no_missed,
            self.false_alarms,
            self.no_false_alarms,
        ]


def build_explorer() -> ExplorerParts:
    """Build the explorer inside the current Blocks context; it is hidden before a test."""
    tested = gr.State(None)
    with gr.Column(visible=False, elem_id="explorer") as section:
        gr.Markdown(words.EXPLORE_HEADING)
        gr.Markdown(words.EXPLORE_INFO, elem_classes="remark left")
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=300):
                point = gr.Radio(
                    choices=[], visible=False, label=words.POINT, elem_id="explorer-point"
                )
                sliders = _build_sliders()
                use = gr.Button(words.USE_POINT, variant="primary", elem_id="use-point")
            with gr.Column(scale=3, min_width=320):
                curve = gr.HTML("", elem_id="operating-curve")
        scores = gr.HTML("", elem_id="test-scores")
        with gr.Row(equal_height=False):
            recording = gr.Dropdown(
                choices=[], label=words.TRACED_RECORDING, scale=3, elem_id="traced-recording"
            )
            look = gr.Button(words.LOOK, size="md", scale=1, min_width=160, elem_id="look-at-eeg")
        trace = gr.HTML("", elem_id="test-trace")
        with gr.Row(equal_height=False):
            missed, no_missed = _table(words.MISSED, words.NO_MISSED, "missed")
            false_alarms, no_alarms = _table(
                words.FALSE_ALARMS, words.NO_FALSE_ALARMS, "false-alarms"
            )
    return ExplorerParts(
        tested=tested,
        section=section,
        point=point,
        sliders=sliders,
        use=use,
        curve=curve,
        scores=scores,
        recording=recording,
        look=look,
        trace=trace,
        missed=missed,
        no_missed=no_missed,
        false_alarms=false_alarms,
        no_false_alarms=no_alarms,
    )


def _build_sliders() -> tuple[gr.Slider, ...]:
    return (
        gr.Slider(0.01, 0.99, step=0.01, label=words.THRESHOLD, elem_id="explore-threshold"),
        gr.Slider(0.1, 1.0, step=0.05, label=words.OFF_RATIO, elem_id="explore-off"),
        gr.Slider(0, 60, step=1, label=words.SMOOTHING, elem_id="explore-smoothing"),
        gr.Slider(0, 120, step=1, label=words.MIN_DURATION, elem_id="explore-min-duration"),
        gr.Slider(0, 300, step=1, label=words.MERGE_GAP, elem_id="explore-merge-gap"),
    )


def _table(label: str, nothing: str, elem_id: str) -> tuple[gr.Dataframe, gr.HTML]:
    """Build a table of mistakes and what stands in its place where there are none."""
    with gr.Column(min_width=320):
        table = gr.Dataframe(
            headers=list(words.MISTAKE_COLUMNS),
            interactive=False,
            label=label,
            elem_id=elem_id,
            max_height=300,
        )
        none = gr.HTML(markup.empty(nothing), visible=False, elem_id=f"no-{elem_id}")
    return table, none


def begun(tested: Outcome | None) -> tuple[Any, ...]:
    """Return the values of `ExplorerParts.beginning` after a test; None hides the explorer."""
    if tested is None or not tested.names:
        return (tested, gr.Column(visible=False), *(gr.skip() for _ in range(7)))
    points = tested.evaluation.detector.card.output.points
    choices = [(tr(words.POINT_CHOICES[name]), name) for name in points]
    return (
        tested,
        gr.Column(visible=True),
        gr.Radio(choices=choices, value=CARD_POINT, visible=len(choices) > 1),
        *levels_of(tested.evaluation.settings),
        gr.Dropdown(choices=tested.names, value=tested.names[0]),
    )


def followed(tested: Outcome | None, recording: str | None, *levels: float) -> tuple[Any, ...]:
    """Return the values of `ExplorerParts.following` at the sliders' levels."""
    now = looked_at(tested)
    settings = post_processing(as_levels(levels))
    moved = now.evaluation.at(settings)
    point = ExploredPoint(settings=settings, score=moved.pooled)
    missed, alarms = worst_mistakes(moved.traced, settings)
    return (
        operating_curve_html(now.curve(settings), point),
        scores_html(moved),
        "" if recording is None else probability_html(now.traced(recording), settings),
        *_rows(missed),
        *_rows(alarms),
    )


def wire_explorer(parts: ExplorerParts) -> None:
    """Let everything follow the levels and the choice of a recording."""
    follow: dict[str, Any] = {
        "fn": for_browser(followed),
        "inputs": parts.asking,
        "outputs": parts.following,
        "trigger_mode": "always_last",
        "show_progress": "hidden",
        "api_visibility": "private",
    }

    @for_browser
    def trace(tested: Outcome | None, recording: str | None, *levels: float) -> str:
        if recording is None:
            return ""
        return probability_html(
            looked_at(tested).traced(recording), post_processing(as_levels(levels))
        )

    @for_browser
    def take(tested: Outcome | None, name: str) -> tuple[float, ...]:
        output = looked_at(tested).evaluation.detector.card.output
        return levels_of(output.at(name))

    gr.on([slider.input for slider in parts.sliders], **follow)
    parts.recording.input(
        trace,
        inputs=parts.asking,
        outputs=parts.trace,
        show_progress="hidden",
        api_visibility="private",
    )
    parts.point.input(
        take,
        inputs=[parts.tested, parts.point],
        outputs=list(parts.sliders),
        show_progress="hidden",
        api_visibility="private",
    ).success(**{**follow, "trigger_mode": None})


def _rows(mistakes: list[Mistake]) -> tuple[gr.Dataframe, gr.HTML]:
    table = filled_table(
        words.MISTAKE_COLUMNS,
        [
            [
                one.file_name,
                clock_words(one.onset_s),
                round(one.onset_s, 2),
                round(one.duration_s, 2),
                NOTHING if one.probability is None else f"{one.probability:.3f}",
            ]
            for one in mistakes
        ],
    )
    return gr.Dataframe(value=table, visible=bool(mistakes)), gr.HTML(visible=not mistakes)
