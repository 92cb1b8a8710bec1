"""What leads from one tab to another: a model to where it is used, a stretch to its EEG."""

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
from ui.zoo.tab import ZooTab

# The tabs are long: what was switched to begins at its top.
_TO_THE_TOP = "() => setTimeout(() => window.scrollTo({ top: 0 }), 100)"

# Gradio's page hangs where a handler turns to a tab whose content is not there yet.
_TO_TRAIN = f"""() => {{
  document.getElementById("train-tab-button").click();
  ({_TO_THE_TOP})();
}}"""


def wire_model_use(
    tabs: gr.Tabs, begin_from: gr.State, current: gr.State, predict: PredictTab, zoo: ZooTab
) -> None:
    """Let the model whose card is open be used in Predict, and be trained further."""

    def use(model_id: str | None, opened: OpenRecording | None) -> Updates:
        return {tabs: gr.Tabs(selected=PREDICT), **predict.take(named(model_id), opened)}

    def train_from(model_id: str | None) -> Updates:
        return {begin_from: named(model_id)}

    actions, chosen = zoo.browse.actions, zoo.browse.chosen
    for button, handler, inputs, outputs, turn in (
        (actions.use, use, [chosen, current], [tabs, *predict.taking], _TO_THE_TOP),
        (actions.train, train_from, [chosen], [begin_from], _TO_TRAIN),
    ):
        turned = listen(button.click, handler, inputs=inputs, outputs=outputs, quiet=True)
        listen(turned.success, None, js=turn)


def wire_disagreements(
    tabs: gr.Tabs, zoo: ZooTab, current: gr.State, viewer: ViewerComponents
) -> None:
    """Let a stretch in which models disagree show its EEG in the Analysis tab."""

    def show(opened: OpenRecording | None, of_open: bool, row: gr.SelectData) -> Updates:
        if not of_open:
            raise ParameterError(
                "This comparison was not made on the recording that is open. Open it first, "
                "then compare again."
            )
        stretch = Event(onset_s=float(row.row_value[0]), duration_s=float(row.row_value[1]))
        return {
            tabs: gr.Tabs(selected=ANALYSIS),
            viewer.component: viewer.show(looked_at(opened).handle, event=stretch),
        }

    shown = listen(
        zoo.compare.disagreements.select,
        show,
        inputs=[current, zoo.compare.shown_open],
        outputs=[tabs, viewer.component],
        trigger_mode="always_last",
    )
    listen(shown.success, None, js=_TO_THE_TOP)
