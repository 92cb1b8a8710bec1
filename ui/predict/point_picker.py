"""At which operating point a model is used: one of its card's, or numbers of one's own."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from seizure_core.events.postprocessing import PostProcessing
from ui.events import Updates
from ui.i18n import words
from ui.i18n.translation import tr
from ui.widgets.point_fields import build_point_fields, changed, written
from zoo.card.output import CARD_POINT, USER_POINT
from zoo.card.schema import ArchitectureCard
from zoo.store.registry import model_card


class PointPicker:
    """The choice of a point, and the fields with its numbers.

    Attributes
    ----------
    name : gr.Dropdown
        Which point; "own" for other numbers.
    second_stage : gr.Checkbox
        Whether the model's second stage drops events; hidden for models without one.
    inputs : list
        What `asked_point` takes the values of, once the fields are built.
    outputs : list
        What `offered` gives values for.
    """

    def __init__(self) -> None:
        choices = [(words.POINT_WORDS[name], name) for name in (CARD_POINT, USER_POINT)]
        self.name = gr.Dropdown(
            choices, value=CARD_POINT, label="Operating point", elem_id="operating-point"
        )
        self.second_stage = gr.Checkbox(
            value=True, visible=False, label="Drop what is no seizure", elem_id="second-stage"
        )

    def build_fields(self) -> None:
        """Build the fields inside the current Blocks context; they open when a model fills them."""
        # What is typed before the first model is known would be lost when its numbers come.
        self.fields = build_point_fields("predict", interactive=False)
        self.inputs: list[gr.Dropdown | gr.Textbox] = [self.name, *self.fields]
        self.outputs = [*self.inputs, self.second_stage]

    def offered(self, model_id: str | None, name: str, point: PostProcessing | None) -> Updates:
        """Offer a model's points and show one of them; None for the numbers of its card."""
        if not model_id:
            return {}
        output = model_card(model_id).output
        choices = [(tr(words.POINT_WORDS[point]), point) for point in (*output.points, USER_POINT)]
        shown = point or output.at(name)
        return {
            self.name: gr.Dropdown(choices=choices, value=name),
            self.second_stage: gr.Checkbox(visible=output.second_stage is not None),
            **{
                field: gr.Textbox(value=number, interactive=True)
                for field, number in zip(self.fields, written(shown), strict=True)
            },
        }


def asked_point(
    card: ArchitectureCard, name: str | None, fields: Sequence[str]
) -> str | PostProcessing | None:
    """Return what `Detector.detect` takes as operating point; None for the card's own.

    Raises
    ------
    ParameterError
        A field holds no number, or one that is out of its bounds.
    """
    point = card.output.at(CARD_POINT if name == USER_POINT else name)
    typed = changed(point, fields)
    # A number that is typed counts at once, also when the button is pressed right after it.
    own = name == USER_POINT or written(typed) != written(point)
    return typed if own else name or None
