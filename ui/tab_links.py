"""Links between tabs: from a model to where it is used, from a stretch to its EEG."""

from __future__ import annotations

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from ui.events import Updates, listen
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.predict.tab import PredictTab
from ui.top_bar import ANALYSIS, PREDICT
from ui.viewer.component import ViewerComponents
from ui.zoo.actions import named
from ui.zoo.tab import COMPARE, ZooTab

# Gradio's page hangs where a handler turns to a tab whose content is not there yet.
_TO_TRAIN = "() => document.getElementById('train-tab-button').click()"


def wire_model_use(
    tabs: gr.Tabs, begin_from: gr.State, current: gr.State, predict: PredictTab, zoo: ZooTab
) -> None:
    """Let the model whose card is open be used in Predict, and be trained further."""

    def use(model_id: str | None, opened: OpenRecording | None) -> Updates:
        return {tabs: gr.Tabs(selected=PREDICT), **predict.take(named(model_id), opened)}

    def train_from(model_id: str | None) -> Updates:
        return {begin_from: named(model_id)}

    actions, chosen = zoo.browse.actions, zoo.browse.chosen
    used = [tabs, *predict.taking]
    listen(actions.use.click, use, inputs=[chosen, current], outputs=used, quiet=True)
    begun = listen(actions.train.click, train_from, inputs=chosen, outputs=begin_from, quiet=True)
    listen(begun.success, None, js=_TO_TRAIN)


def wire_comparison(
    tabs: gr.Tabs,
    zoo: ZooTab,
    current: gr.State,
    viewer: ViewerComponents,
) -> None:
    """Let a place in a comparison of models show its EEG in the Analysis tab."""

    def show(
        opened: OpenRecording | None, of_open: bool, onset_s: float, length_s: float
    ) -> Updates:
        if not of_open:
            raise ParameterError(
                "This comparison was not made on the recording that is open. Open it first, "
                "then compare again."
            )
        stretch = Event(onset_s=onset_s, duration_s=length_s)
        return {
            tabs: gr.Tabs(selected=ANALYSIS),
            viewer.component: viewer.show(looked_at(opened).handle, event=stretch),
        }

    def show_row(opened: OpenRecording | None, of_open: bool, row: gr.SelectData) -> Updates:
        return show(opened, of_open, float(row.row_value[0]), float(row.row_value[1]))

    def show_place(opened: OpenRecording | None, of_open: bool, place: gr.EventData) -> Updates:
        return show(opened, of_open, max(float(place.time_s), 0.0), 0.0)

    compare = zoo.compare
    for trigger, handler in (
        (compare.votes.select, show_row),
        (compare.result.eeg_asked, show_place),
    ):
        listen(
            trigger,
            handler,
            inputs=[current, compare.shown_open],
            outputs=[tabs, viewer.component],
            trigger_mode="always_last",
        )


def wire_all_models(demo: gr.Blocks, predict: PredictTab, zoo: ZooTab) -> None:
    """Let Predict have all models compared, also where the Model Zoo was not opened before."""

    def begin(asked: bool, n_turns: int) -> Updates:
        if not asked:
            return {}
        return {
            predict.comparing: False,
            zoo.parts: gr.Tabs(selected=COMPARE),
            **zoo.compare.compare_all(n_turns),
        }

    listen(
        [demo.load, predict.comparing.change],
        begin,
        inputs=[predict.comparing, zoo.compare.turns],
        outputs=[predict.comparing, zoo.parts, *zoo.compare.choosing],
    )
