"""Differences of two networks: the one in the editor, and its start or any other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.recording import Finding
from ui.drawings.network_nodes import ways_of
from ui.events import Updates, listen
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING
from ui.train.network.layers import (
    FIRST_START,
    LayerData,
    layers_of,
    read_network,
    settings_text,
    start_choices,
)
from ui.widgets import markup
from zoo.errors import UnknownModelError

_NO_DIFFERENCE = "Both networks are the same, layer by layer."
_DIFFERENCE_COLUMNS = ("Difference", "No. there", "No. here", "Layer", "Settings")
_DIFFERENCE_WORDS = {"changed": "changed", "added": "added", "removed": "removed"}

Kind = Literal["changed", "added", "removed"]
_LISTS = ("layers", "shortcut", "branches")
_PASTED = "pasted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One layer that is not the same in both.

    Attributes
    ----------
    kind : str
        "changed", "added" or "removed".
    before, after : str
        The way to it, counted from 1, such as "3" or "3, layers 1"; empty where it is not.
    type : str
        Of the layer.
    words : str
        Which settings differ, or all settings of a layer that is there only once.
    """

    kind: Kind
    before: str
    after: str
    type: str
    words: str


def differences(
    before: Sequence[LayerData], after: Sequence[LayerData], *, inside: str = ""
) -> list[Difference]:
    """Compare two networks.

    Parameters
    ----------
    before, after : sequence of dict
        Layers.
    inside : str
        The way to the list, for lists inside a layer.

    Returns
    -------
    list of Difference
        In order; empty when both are the same.
    """
    matcher = SequenceMatcher(a=_keys(before), b=_keys(after), autojunk=False)
    found: list[Difference] = []
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag != "equal":
            found += _replaced(before, after, (i, i_end), (j, j_end), inside)
    return found


def difference_html(before: Sequence[LayerData], after: Sequence[LayerData]) -> str:
    """Return the differences as a table, or say that there are none."""
    found = differences(before, after)
    if not found:
        return markup.empty(_NO_DIFFERENCE)
    return markup.table(
        _DIFFERENCE_COLUMNS,
        [
            (
                _DIFFERENCE_WORDS[difference.kind],
                difference.before or NOTHING,
                difference.after or NOTHING,
                difference.type,
                difference.words or NOTHING,
            )
            for difference in found
        ],
    )


def _keys(layers: Sequence[LayerData]) -> list[str]:
    return [json.dumps(layer, sort_keys=True) for layer in layers]


def _replaced(
    before: Sequence[LayerData],
    after: Sequence[LayerData],
    old: tuple[int, int],
    new: tuple[int, int],
    inside: str,
) -> Iterator[Difference]:
    """Yield what became of a stretch: layers of one type in turn are the same layer, changed."""
    types_before = [str(layer.get("type")) for layer in before[slice(*old)]]
    types_after = [str(layer.get("type")) for layer in after[slice(*new)]]
    matcher = SequenceMatcher(a=types_before, b=types_after, autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            for shift in range(i_end - i):
                at, to = old[0] + i + shift, new[0] + j + shift
                yield from _changed(before[at], after[to], f"{inside}{at + 1}", f"{inside}{to + 1}")
            continue
        for at in range(old[0] + i, old[0] + i_end):
            yield _only("removed", before[at], before=f"{inside}{at + 1}")
        for to in range(new[0] + j, new[0] + j_end):
            yield _only("added", after[to], after=f"{inside}{to + 1}")


def _only(kind: Kind, layer: LayerData, *, before: str = "", after: str = "") -> Difference:
    return Difference(
        kind=kind,
        before=before,
        after=after,
        type=str(layer.get("type", NOTHING)),
        words=settings_text(layer)[1:-1],
    )


def _changed(old: LayerData, new: LayerData, before: str, after: str) -> Iterator[Difference]:
    said = _settings_words(old, new)
    if said:
        yield Difference(
            kind="changed", before=before, after=after, type=str(new.get("type")), words=said
        )
    for (name, mine), (_, theirs) in _lists_of(old, new):
        yield from differences(mine, theirs, inside=f"{after}, {name} ")


def _settings_words(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    names = [name for name in {**old, **new} if name not in _LISTS]
    said = []
    for name in names:
        if name in old and name in new and old[name] != new[name]:
            said.append(f"{name} {json.dumps(old[name])} \u2192 {json.dumps(new[name])}")
        elif name not in old:
            said.append(tr("{name} {value} added", name=name, value=json.dumps(new[name])))
        elif name not in new:
            said.append(tr("{name} {value} removed", name=name, value=json.dumps(old[name])))
    return ", ".join(said)


_Named = tuple[str, list[LayerData]]


def _lists_of(old: LayerData, new: LayerData) -> list[tuple[_Named, _Named]]:
    """Return the lists of layers inside two layers of one type, side by side."""
    mine, theirs = dict(_inner(old)), dict(_inner(new))
    return [
        ((name, mine.get(name, [])), (name, theirs.get(name, []))) for name in {**mine, **theirs}
    ]


def _inner(layer: LayerData) -> Iterator[_Named]:
    for name, way in ways_of(layer):
        _, is_branch, index = name.partition("/")
        shown = tr("branch {number},", number=int(index) + 1) if is_branch else tr(name)
        # What was typed in may be no layer at all.
        yield shown, [layer for layer in way if isinstance(layer, dict)]


def compared(text: str, other: str | None, pasted: str) -> str:
    """Return in what a network differs from another, or why that cannot be said."""
    try:
        before = read_network(pasted) if other == _PASTED else layers_of(other or FIRST_START)
        return difference_html(before, read_network(text))
    except (ParameterError, UnknownModelError) as error:
        return markup.findings([Finding.info(error.message)])


def compared_choices() -> list[tuple[str, str]]:
    """Return (name shown, start) of everything a network can be compared with at the moment."""
    return [*start_choices(), (tr("A network pasted below"), _PASTED)]


class NetworkComparison:
    """The display of the differences.

    Attributes
    ----------
    other : gr.Dropdown
        What the network is compared with: a start, or one that is pasted.
    """

    def __init__(self) -> None:
        with gr.Accordion(
            "What differs from where it began, or from another network",
            open=False,
            elem_id="network-differences",
        ):
            with gr.Row(equal_height=False):
                with gr.Column(scale=2, min_width=300):
                    self.other = gr.Dropdown(
                        choices=compared_choices(),
                        value=FIRST_START,
                        label="Compared with",
                        elem_id="compare-network-with",
                    )
                    self._text = gr.Textbox(
                        label="The other network (JSON)",
                        lines=4,
                        max_lines=12,
                        visible=False,
                        elem_id="pasted-network",
                    )
                with gr.Column(scale=3, min_width=300):
                    self._shown = gr.HTML(
                        markup.empty(_NO_DIFFERENCE), elem_id="network-difference"
                    )

    def wire(self, code: gr.Code) -> None:
        """Let the comparison follow the network and the choice of the other one."""

        def compare(text: str, other: str | None, pasted: str) -> Updates:
            return {
                self._text: gr.Textbox(visible=other == _PASTED),
                self._shown: compared(text, other, pasted),
            }

        listen(
            [code.change, self.other.change, self._text.change],
            compare,
            inputs=[code, self.other, self._text],
            outputs=[self._text, self._shown],
            trigger_mode="always_last",
            quiet=True,
        )
