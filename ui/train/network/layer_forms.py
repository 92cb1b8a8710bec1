"""The layers of a network as a list in which each one unfolds into the form of its type.

The forms are made of the closed vocabulary's own specs: a new layer type needs nothing here. What
a person does to a layer comes back as the event `layer_act` (`layers.js`).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from ui.drawings.network_nodes import Node, ways_of
from ui.i18n.translation import tr
from ui.train.network.layers import LayerData
from ui.widgets import markup
from zoo.layers.vocabulary import LAYER_TYPES

# What torch's names mean, with their units; a name that is not here is shown unchanged.
_LABELS = {
    "out_channels": "Output channels",
    "kernel_size": "Kernel (samples)",
    "stride": "Stride (samples)",
    "padding": "Padding (samples)",
    "dilation": "Dilation (samples)",
    "groups": "Groups of channels",
    "bias": "Bias",
    "depth_multiplier": "Kernels per channel",
    "output_padding": "Output padding (samples)",
    "output_size": "Output length (samples)",
    "scale_factor": "Factor",
    "mode": "Interpolation",
    "out_features": "Output features",
    "p": "Dropped share (0 to 1)",
    "eps": "Epsilon",
    "momentum": "Momentum",
    "num_groups": "Groups of channels",
    "affine": "Learned scale and shift",
    "hidden_size": "Hidden units",
    "num_layers": "Stacked layers",
    "bidirectional": "Both directions",
    "dropout": "Dropout (0 to 1)",
    "output": "Output",
    "hidden_features": "Hidden features",
    "num_heads": "Heads",
    "pool": "Pooled over channels by",
    "negative_slope": "Negative slope",
    "alpha": "Alpha",
}
_WAYS = {"layers": "Layers inside", "shortcut": "Shortcut (empty: the input itself)"}
_ACTS = (("up", "Move up"), ("down", "Move down"), ("copy", "Duplicate"), ("remove", "Delete"))
_NO_LAYERS = "The layers appear when the JSON below is a network again."

_LIST = Markup('<ol class="layers-of" data-list="{place}">{rows}</ol>{add}')
_ROW = Markup(
    '<li><details class="layer-row{bad}" data-place="{place}"{open}><summary>'
    '<span class="number">{number}</span><span class="type">{type}</span>'
    '<span class="said">{said}</span><span class="shape">{shape}</span>{faults}</summary>'
    '<div class="layer-form">{fields}</div><p class="small">{facts}</p>{ways}'
    '<div class="layer-acts">{acts}{insert}</div></details></li>'
)
_FAULT = Markup('<span class="fault">{}</span>')
_TEXT = Markup(
    '<label>{label}<input name="{name}" value="{value}" placeholder="{default}" '
    'inputmode="decimal" autocomplete="off"></label>'
)
_FLAG = Markup('<label class="flag"><input type="checkbox" name="{name}"{checked}>{label}</label>')
_CHOICE = Markup('<label>{label}<select name="{name}">{options}</select></label>')
_OPTION = Markup('<option value="{value}"{selected}>{value}</option>')
_ACT = Markup('<button type="button" data-act="{act}" data-at="{place}">{label}</button>')
_ADD = Markup(
    '<select data-act="{act}" data-at="{place}" aria-label="{label}">'
    '<option value="">{label}</option></select>'
)
_TYPES = Markup("<template>{}</template>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a layer type; one that must be given has no default."""

    name: str
    is_flag: bool
    choices: tuple[str, ...]
    default: Any
    is_needed: bool


@functools.cache
def settings_of(layer_type: str) -> tuple[Setting, ...]:
    """Return the settings of a layer type, those that must be given first."""
    layer = LAYER_TYPES[layer_type]
    schema = layer.model_json_schema()
    known = schema.get("properties") or schema["$defs"][layer.__name__]["properties"]
    found = [
        Setting(
            name=name,
            is_flag=schema.get("type") == "boolean",
            choices=tuple(schema.get("enum", ())),
            default=schema.get("default"),
            is_needed="default" not in schema,
        )
        for name, schema in known.items()
        if name != "type" and schema.get("type") != "array"
    ]
    return tuple(sorted(found, key=lambda setting: not setting.is_needed))


def build_layer_list() -> gr.HTML:
    """Build the list of layers inside the current Blocks context."""
    here = Path(__file__).parent
    return gr.HTML(
        "",
        js_on_load=(here / "layers.js").read_text(encoding="utf-8"),
        css_template=(here / "layers.css").read_text(encoding="utf-8"),
        apply_default_css=False,
        label="Layers",
        elem_id="layers",
    )


def layers_html(
    layers: Sequence[LayerData] | None, nodes: Sequence[Node], *, opened: str = ""
) -> str:
    """Return the list.

    Parameters
    ----------
    layers : sequence of dict or None
        The network; None where its text is none.
    nodes : sequence of Node
        What is known of each layer.
    opened : str
        The way to the layer whose form is unfolded; empty leaves open what is open.
    """
    if layers is None:
        return markup.empty(_NO_LAYERS)
    types = markup.joined(_OPTION.format(value=name, selected="") for name in sorted(LAYER_TYPES))
    return _list(layers, nodes, "", opened) + _TYPES.format(types)


def _list(layers: Sequence[Any], nodes: Sequence[Node], place: str, opened: str) -> Markup:
    rows = markup.joined(_row(layers[node.number - 1], node, opened) for node in nodes)
    add = _ADD.format(act="append", place=place, label=tr("Add a layer at the end"))
    return _LIST.format(place=place, rows=rows, add=add)


def _row(layer: Any, node: Node, opened: str) -> Markup:
    data: Mapping[str, Any] = layer if isinstance(layer, dict) else {}
    known = settings_of(node.type) if node.type in LAYER_TYPES else ()
    return _ROW.format(
        bad=" bad" if node.faults else "",
        place=node.place,
        open=Markup(" open") if node.place == opened else "",
        number=node.number,
        type=node.type,
        said=node.settings,
        shape="" if node.faults else node.shape,
        faults=markup.joined(map(_FAULT.format, node.faults)),
        fields=markup.joined(_field(setting, data.get(setting.name)) for setting in known),
        facts=", ".join(fact for fact in (node.facts, node.work) if fact),
        ways=_ways(data, node, opened),
        acts=markup.joined(
            _ACT.format(act=act, place=node.place, label=tr(label)) for act, label in _ACTS
        ),
        insert=_ADD.format(act="insert", place=node.place, label=tr("Insert a layer after it")),
    )


def _ways(data: Mapping[str, Any], node: Node, opened: str) -> Markup:
    """Return the lists of layers inside a layer."""
    shown = Markup()
    for (name, inner), nodes in zip(ways_of(data), node.ways, strict=True):
        place, (_, is_branch, index) = f"{node.place}/{name}", name.partition("/")
        title = tr("Branch {number}", number=int(index) + 1) if is_branch else tr(_WAYS[name])
        shown += Markup("<p><strong>{}</strong></p>").format(title)
        shown += _list(inner, nodes, place, opened)
        if is_branch:
            shown += _ACT.format(act="remove", place=place, label=tr("Delete this branch"))
    if node.type == "parallel":
        place = f"{node.place}/branches"
        shown += _ACT.format(act="append", place=place, label=tr("Add a branch"))
    return shown


def _field(setting: Setting, value: Any) -> Markup:
    label = tr(_LABELS.get(setting.name, setting.name))
    if setting.is_flag:
        on = setting.default if value is None else value
        return _FLAG.format(
            name=setting.name, label=label, checked=Markup(" checked") if on else ""
        )
    if setting.choices:
        now = setting.default if value is None else value
        options = markup.joined(
            _OPTION.format(value=choice, selected=Markup(" selected") if choice == now else "")
            for choice in setting.choices
        )
        return _CHOICE.format(name=setting.name, label=label, options=options)
    return _TEXT.format(
        name=setting.name,
        label=label,
        value="" if value is None else value if isinstance(value, str) else json.dumps(value),
        default="" if setting.default is None else f"{setting.default}",
    )


def value_of_field(typed: str | bool) -> Any:
    """Return what was typed into a field as a card would hold it; nothing where it is empty."""
    if isinstance(typed, bool):
        return typed
    words = typed.strip()
    try:
        return json.loads(words) if words else None
    except ValueError:
        return words
