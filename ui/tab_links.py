"""What leads from one tab to another: a net to where it is used, a stretch to its EEG."""

from __future__ import annotations

from typing import Any, Final

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from ui.errors import for_browser
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.predict.tab import PredictTab, taken
from ui.train.tab import TrainTab
from ui.viewer.component import ViewerComponents
from ui.zoo.actions import named
from ui.zoo.tab import ZooTab

ANALYSIS: Final = "analysis"
PREDICT: Final = "predict"
TRAIN: Final = "train"
ZOO: Final = "zoo"

# The tabs are long: what was switched to begins at its top.
_TO_THE_TOP = """() => setTimeout(() =>
  document.querySelector("#tabs")?.scrollIntoView({ behavior: "smooth" }), 100)"""


def wire_net_use(tabs: gr.Tabs, predict: PredictTab, train: TrainTab, zoo: ZooTab) -> None:
    """Let the net whose card is open be used in Predict, and be trained further."""

    @for_browser
    def use(model_id: str | None) -> tuple[Any, ...]:
        return gr.Tabs(selected=PREDICT), *taken(named(model_id))

    @for_browser
    def train_from(model_id: str | None) -> tuple[Any, ...]:
        return gr.Tabs(selected=TRAIN), *train.begun_from(named(model_id))

    for button, handler, outputs in (
        (zoo.browse.actions.use, use, predict.taking),
        (zoo.browse.actions.train, train_from, train.beginning),
    ):
        button.click(
            handler,
            inputs=zoo.browse.chosen,
            outputs=[tabs, *outputs],
            show_progress="hidden",
            api_visibility="private",
        ).success(None, js=_TO_THE_TOP, api_visibility="private")


def wire_disagreements(
    tabs: gr.Tabs, zoo: ZooTab, current: gr.State, viewer: ViewerComponents
) -> None:
    """Let a stretch in which nets disagree show its EEG in the Analysis tab."""

    def show(
        opened: OpenRecording | None, of_open: bool, row: gr.SelectData
    ) -> tuple[gr.Tabs, Any]:
        def answer() -> tuple[gr.Tabs, Any]:
            if not of_open:
                raise ParameterError(tr(words.NOT_THE_OPEN_ONE))
            stretch = Event(onset_s=float(row.row_value[0]), duration_s=float(row.row_value[1]))
            return gr.Tabs(selected=ANALYSIS), viewer.show(looked_at(opened).handle, event=stretch)

        return for_browser(answer)()

    zoo.compare.disagreements.select(
        show,
        inputs=[current, zoo.compare.shown_open],
        outputs=[tabs, viewer.component],
        trigger_mode="always_last",
        api_visibility="private",
    ).success(None, js=_TO_THE_TOP, api_visibility="private")
