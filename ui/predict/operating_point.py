"""At which operating point a net is used: one of its card's, or numbers of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.events.postprocessing import PostProcessing
from ui.errors import for_browser
from ui.i18n import score_text as words
from ui.i18n.translation import tr
from ui.widgets.point_fields import PointFields, build_point_fields, changed, filled, written
from zoo.card.output import CARD_POINT, USER_POINT
from zoo.card.schema import ArchitectureCard
from zoo.store.registry import model_card


@dataclass(frozen=True, slots=True, kw_only=True)
class PointPicker:
    """The components: the choice, and the fields it fills."""

    name: gr.Radio
    fields: PointFields

    @property
    def all(self) -> list[Any]:
        """What `asked_point` reads, and what `filled` gives values for."""
        return [self.name, *self.fields.all]


def build_point_choice() -> gr.Radio:
    """Build the choice inside the current Blocks context."""
    return gr.Radio(
        choices=[(words.POINT_WORDS[name], name) for name in (CARD_POINT, USER_POINT)],
        value=CARD_POINT,
        label=words.PREDICT_POINT,
        elem_id="operating-point",
    )


def build_point_numbers() -> PointFields:
    """Build the fields inside the current Blocks context; they open when a net fills them."""
    # What is typed before the first net is known would be lost when its numbers come.
    return build_point_fields("predict", interactive=False)


def wire_point(model: gr.Dropdown, picker: PointPicker) -> None:
    """Let the choice follow the net, and the fields the choice; a typed number is one's own."""

    @for_browser
    def follow(model_id: str | None) -> tuple[Any, ...]:
        if not model_id:
            return tuple(gr.skip() for _ in picker.all)
        card = model_card(model_id)
        choices = [
            (tr(words.POINT_WORDS[name]), name) for name in (*card.output.points, USER_POINT)
        ]
        point = card.output.at(CARD_POINT)
        radio = gr.Radio(choices=choices, value=CARD_POINT, info=_said(point))
        return (radio, *filled(point))

    @for_browser
    def fill(model_id: str | None, name: str) -> tuple[Any, ...]:
        if not model_id or name == USER_POINT:
            return tuple(gr.skip() for _ in picker.all)
        point = model_card(model_id).output.at(name)
        return (gr.Radio(info=_said(point)), *filled(point))

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    model.change(follow, inputs=model, outputs=picker.all, **quiet)
    picker.name.input(fill, inputs=[model, picker.name], outputs=picker.all, **quiet)

    def own() -> str:
        return USER_POINT

    gr.on([one.input for one in picker.fields.all], own, outputs=picker.name, **quiet)


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
    # Whoever types a number and presses the button at once means that number.
    own = name == USER_POINT or written(typed) != written(point)
    return typed if own else name or None


def _said(point: PostProcessing) -> str:
    return tr(words.POINT_SAID, threshold=point.threshold, off=point.lower_threshold)
