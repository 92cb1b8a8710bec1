"""Progress in the five steps: ticks, what can be pressed, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.events import Updates, listen
from ui.i18n.translation import tr
from ui.widgets import markup

DATA, NETWORK, TRAIN, TEST, KEEP = "data", "network", "train", "test", "keep"
TITLES = {
    DATA: "1 Data",
    NETWORK: "2 Network",
    TRAIN: "3 Train",
    TEST: "4 Test",
    KEEP: "5 Keep",
}
_NEXT = {
    NETWORK: "Next: build a network",
    TRAIN: "Next: train it",
    TEST: "Next: test the model",
    KEEP: "Next: keep the model",
}
TICK = " \N{CHECK MARK}"

_ADD_DATA = "To create a dataset, add recordings with their references."
_NO_DATASET = "Create a dataset, or choose one above."
_CHOOSE_DATASET = "Choose a dataset above, or make one in step 1."
_DOES_NOT_FIT = "The network does not fit yet: what to change stands in red at its layer (step 2)."
_NO_MODEL = "No run has a model yet. It has one as soon as its first epoch is complete (step 3)."
_ADD_TEST_DATA = "Add recordings with references that the model has not seen."


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The results that exist already.

    Attributes
    ----------
    has_material, has_test_material : bool
        Whether there are recordings for a dataset, and for a test.
    has_dataset : bool
        Whether one is chosen.
    fits : bool
        Whether the network fits its windows.
    has_model : bool
        Whether any run has a model.
    tested, kept : bool
        Whether a model was tested, and kept, in this session.
    """

    has_material: bool
    has_test_material: bool
    has_dataset: bool
    fits: bool
    has_model: bool
    tested: bool
    kept: bool

    @property
    def done(self) -> Mapping[str, bool]:
        """The steps that are done."""
        return {
            DATA: self.has_dataset,
            NETWORK: self.has_dataset and self.fits,
            TRAIN: self.has_model,
            TEST: self.tested,
            KEEP: self.kept,
        }

    def lack_of_work(self, step: str) -> str:
        """Return why the work of a step cannot be done yet; empty if it can."""
        return {
            DATA: "" if self.has_material else _ADD_DATA,
            TRAIN: self._lack_of_training(),
            TEST: "" if self.has_test_material else _ADD_TEST_DATA,
            KEEP: "" if self.has_model else _NO_MODEL,
        }.get(step, "")

    def lack_of_next(self, step: str) -> str:
        """Return why the step after one cannot be made yet; empty if it can."""
        return {
            DATA: "" if self.has_dataset else _NO_DATASET,
            NETWORK: self._lack_of_training(),
            TRAIN: "" if self.has_model else _NO_MODEL,
            TEST: "" if self.has_model else _NO_MODEL,
        }.get(step, "")

    def _lack_of_training(self) -> str:
        if not self.has_dataset:
            return _CHOOSE_DATASET
        return "" if self.fits else _DOES_NOT_FIT


class StepButtons:
    """The buttons of a step: for its work, and to the next step.

    Parameters
    ----------
    step : str
        Which.
    work : mapping of str to str
        Ids and labels of the buttons that do the work; the first is the usual one.
    leads_to : str
        The step that follows; empty where another row leads there.
    """

    def __init__(self, step: str, work: Mapping[str, str], *, leads_to: str = "") -> None:
        self._step = step
        with gr.Row(elem_classes="step-buttons"):
            self.work = [
                gr.Button(label, interactive=False, size="md", min_width=160, elem_id=elem_id)
                for elem_id, label in work.items()
            ]
            self.next = None
            if leads_to:
                self.next = gr.Button(
                    _NEXT[leads_to],
                    interactive=False,
                    size="md",
                    min_width=160,
                    elem_id=f"next-{leads_to}",
                )
                press = f"() => document.getElementById('step-{leads_to}-button').click()"
                listen(self.next.click, None, js=press)
        self._why = gr.HTML(
            "", elem_classes="remark left", elem_id=f"why-{step}{leads_to and '-'}{leads_to}"
        )
        self.outputs: list[Any] = [*self.work, self._why]
        if self.next is not None:
            self.outputs.append(self.next)

    def shown(self, standing: Standing) -> Updates:
        """Let be pressed what can be pressed, and say why the rest cannot."""
        done, lack = standing.done[self._step], standing.lack_of_work(self._step)
        shown: Updates = {
            button: gr.Button(
                interactive=not lack,
                variant="secondary" if number or done else "primary",
            )
            for number, button in enumerate(self.work)
        }
        whys = [lack] if self.work else []
        if self.next is not None:
            stops = standing.lack_of_next(self._step)
            shown[self.next] = gr.Button(
                interactive=not stops, variant="primary" if done else "secondary"
            )
            whys.append(stops)
        why = next((reason for reason in whys if reason), "")
        return {**shown, self._why: markup.paragraph(tr(why)) if why else ""}


def ticked(step: str, standing: Standing) -> gr.Tab:
    """Return the tab of a step with a tick once the step is done."""
    return gr.Tab(label=tr(TITLES[step]) + (TICK if standing.done[step] else ""))
