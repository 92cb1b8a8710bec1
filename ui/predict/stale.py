"""A result that no longer is what the settings say is marked as out of date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from seizure_core.errors import ParameterError
from seizure_core.events.postprocessing import PostProcessing
from ui.arguments import optional_number
from ui.i18n import text
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.predict.operating_point import asked_point
from ui.viewer.handles import HandleStore, UnknownHandleError
from ui.widgets import markup
from ui.widgets.point_fields import written
from zoo.errors import UnknownModelError
from zoo.inference.detection import Detection
from zoo.store.registry import model_card

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
    now = tr(text.NOT_READABLE)
    if asked is not None:
        now = _words(asked.model_id, asked.settings.threshold, asked.stride_s)
    if now == then:
        now = f"{now} ({tr(text.OTHER_POINT)})"
    return markup.notice(tr(text.OUT_OF_DATE, then=then, now=now))


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
    return tr(text.EARLIER_SETTINGS, title=title) if is_stale else title


def _words(model_id: str, threshold: float, stride_s: float) -> str:
    return tr(text.SETTINGS_SAID, net=model_id, threshold=threshold, stride=stride_s)
