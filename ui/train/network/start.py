"""Starting points of a network: presets, and models of the zoo with or without weights."""

from __future__ import annotations

from seizure_core.errors import ParameterError
from ui.i18n.translation import tr
from ui.train.network.layers import LayerData, read_network
from ui.widgets.model_picker import model_choices
from zoo.presets import PRESETS, preset
from zoo.store.registry import model_card

_PRESET, _MODEL = "preset:", "model:"
FIRST_START = f"{_PRESET}{PRESETS[0].name}"

Choices = list[tuple[str, str]]


def start_choices() -> Choices:
    """Return (name shown, start) of every starting point there is at the moment."""
    models = [
        (tr("Model of the zoo: {model}", model=shown), start_of(model_id))
        for shown, model_id in model_choices()
    ]
    return [(tr(preset.title), f"{_PRESET}{preset.name}") for preset in PRESETS] + models


def start_of(model_id: str) -> str:
    """Return the start that means a model of the zoo."""
    return f"{_MODEL}{model_id}"


def is_model(start: str | None) -> bool:
    """Whether a start is a model of the zoo, so that it has weights."""
    return bool(start) and str(start).startswith(_MODEL)


def layers_of(start: str) -> list[LayerData]:
    """Return the layers of a start.

    Raises
    ------
    UnknownModelError
        There is no such model or preset any more.
    """
    if start.startswith(_PRESET):
        return [dict(layer) for layer in preset(start.removeprefix(_PRESET)).layers]
    card = model_card(start.removeprefix(_MODEL))
    return [layer.model_dump(mode="json", exclude_unset=True) for layer in card.network]


def chosen_network(start: str | None, with_weights: bool, code: str) -> str | list[LayerData]:
    """Return what a training begins with: layers, or the id of a model with its weights.

    Raises
    ------
    ParameterError
        The text is no network, or the layers are no longer those of the model.
    """
    layers = read_network(code)
    if not (with_weights and start and is_model(start)):
        return layers
    model_id = start.removeprefix(_MODEL)
    if layers != layers_of(start):
        raise ParameterError(
            "The layers are no longer those of {model_id}, so its weights do not fit. Take "
            "the model again under 'Start from', or untick 'With its weights'.",
            model_id=model_id,
        )
    return model_id
