"""At which operating point a model is used: one of its card's, or numbers of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events.postprocessing import PostProcessing
from ui.arguments import optional_number
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.viewer.handles import HandleStore, UnknownHandleError
from ui.widgets import markup
from ui.widgets.point_fields import build_point_fields, changed, written
from zoo.card.output import CARD_POINT, USER_POINT
from zoo.card.schema import ArchitectureCard
from zoo.errors import UnknownModelError
from zoo.inference.detection import Detection
from zoo.store.registry import model_card


class PointPicker:
    """The choice, and the fields it fills.

    Attributes
    ----------
    inputs : list
        What `asked_point` takes the values of, once the fields are built.
    """

    def __init__(self) -> None:
        self._name = gr.Radio(
            choices=[(words.POINT_WORDS[name], name) for name in (CARD_POINT, USER_POINT)],
            value=CARD_POINT,
            label="Operating point",
            elem_id="operating-point",
        )

    def build_fields(self) -> None:
        """Build the fields inside the current Blocks context; they open when a model fills them."""
        # What is typed before the first model is known would be lost when its numbers come.
        self.fields = build_point_fields("predict", interactive=False)
        self.inputs: list[gr.Radio | gr.Textbox] = [self._name, *self.fields]

    def wire(self, model: gr.Dropdown) -> None:
        """Let the choice follow the model, and the fields the choice; a typed number is own."""
        listen(model.change, self.follow, inputs=model, outputs=self.inputs, quiet=True)
        chosen = [model, self._name]
        listen(self._name.input, self.fill, inputs=chosen, outputs=self.inputs, quiet=True)
        typed = [one.input for one in self.fields]
        listen(typed, lambda: USER_POINT, outputs=self._name, quiet=True)

    def follow(self, model_id: str | None) -> Updates:
        """Offer a model's points, and take its own."""
        if not model_id:
            return {}
        output = model_card(model_id).output
        choices = [(tr(words.POINT_WORDS[name]), name) for name in (*output.points, USER_POINT)]
        point = output.at(CARD_POINT)
        radio = gr.Radio(choices=choices, value=CARD_POINT, info=_levels_words(point))
        return {**self._filled(point), self._name: radio}

    def fill(self, model_id: str | None, name: str) -> Updates:
        """Write the numbers of the chosen point."""
        if not model_id or name == USER_POINT:
            return {}
        return self._filled(model_card(model_id).output.at(name))

    def _filled(self, point: PostProcessing) -> Updates:
        numbers = zip(self.fields, written(point), strict=True)
        updates: Updates = {self._name: gr.Radio(info=_levels_words(point))}
        for field, number in numbers:
            updates[field] = gr.Textbox(value=number, interactive=True)
        return updates


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


def _levels_words(point: PostProcessing) -> str:
    return tr(
        "An event starts at {threshold:g} and ends below {off:g}.",
        threshold=point.threshold,
        off=point.lower_threshold,
    )


NOT_STALE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the fields of the tab ask for."""

    model_id: str
    weights_sha256: str
    settings: PostProcessing
    stride_s: float

    def fits(self, found: Detection) -> bool:
        """Return whether a result is the one that a search would give now."""
        return (
            self.model_id == found.model_id
            and self.weights_sha256 == found.weights_sha256
            and written(self.settings) == written(found.post_processing)
            and abs(self.stride_s - found.stride_s) < 1e-9
        )


def asked_of(model_id: str | None, stride_s: str, point: Sequence[str]) -> Asked | None:
    """Return what the fields ask for; None where that is nothing that can be searched with."""
    if not model_id:
        return None
    try:
        card = model_card(model_id)
        wanted = asked_point(card, point[0], point[1:])
        settings = wanted if isinstance(wanted, PostProcessing) else card.output.at(wanted)
        typed_s = optional_number("Stride", stride_s)
    except (ParameterError, UnknownModelError):
        return None
    return Asked(
        model_id=model_id,
        weights_sha256=card.weights.sha256,
        settings=settings,
        stride_s=card.input.stride_s if typed_s is None else typed_s,
    )


def stale_html(found: Detection, asked: Asked | None) -> str:
    """Return what says that a result is out of date; empty where it is not."""
    if asked is not None and asked.fits(found):
        return NOT_STALE
    then = _words(found.model_id, found.threshold, found.stride_s)
    now = tr("something that cannot be used")
    if asked is not None:
        now = _words(asked.model_id, asked.settings.threshold, asked.stride_s)
    if now == then:
        now = f"{now} ({tr('with other operating-point numbers')})"
    return markup.notice(
        tr(
            "Out of date: this result is from {then}. The settings now say {now}. Press Find "
            "seizures to search again.",
            then=then,
            now=now,
        )
    )


def retitled(store: HandleStore, opened: OpenRecording, title: str) -> bool:
    """Give the result in the viewers another title; return whether that changed anything."""
    try:
        viewed = store.get(opened.handle)
    except UnknownHandleError:
        return False
    if viewed.overlays.trace is None or viewed.overlays.title == title:
        return False
    viewed.overlays = replace(viewed.overlays, title=title)
    return True


def title_of(found: Detection, *, is_stale: bool = False) -> str:
    """Return what the viewer calls a result."""
    title = f"{found.model_id} {found.model_version}"
    return tr("{title} (earlier settings)", title=title) if is_stale else title


def _words(model_id: str, threshold: float, stride_s: float) -> str:
    return tr(
        "{model}, threshold {threshold:g}, stride {stride:g} s",
        model=model_id,
        threshold=threshold,
        stride=stride_s,
    )
