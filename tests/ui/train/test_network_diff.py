from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seizure_core.errors import ParameterError
from ui.train.network.comparison import compared, difference_html, differences
from ui.train.network.editor import network_of_file
from ui.train.network.layers import layers_of, network_text, read_network
from zoo.presets import PRESETS, preset
from zoo.store.registry import model_card

SEED: list[dict[str, Any]] = [dict(one) for one in preset("n1spool-cnn").layers]


def said(before: Any, after: Any) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.before, one.after, one.words) for one in differences(before, after)]


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.name)
def test_a_network_does_not_differ_from_itself(one: Any) -> None:
    layers = [dict(layer) for layer in one.layers]
    assert differences(layers, read_network(network_text(layers))) == []
    assert "the same" in difference_html(layers, layers)


def test_a_changed_setting_is_told_with_both_values() -> None:
    after = [dict(one) for one in SEED]
    after[3] = {"type": "conv1d", "out_channels": 8, "kernel_size": 5, "stride": 4, "bias": False}
    assert said(SEED, after) == [
        ("changed", "4", "4", "out_channels 5 \u2192 8, padding 4 removed, bias false added")
    ]


def test_layers_put_in_and_taken_out_do_not_make_those_behind_them_differ() -> None:
    norm = {"type": "batch_norm1d"}
    assert said(SEED, [SEED[0], norm, *SEED[1:]]) == [("added", "", "2", "")]
    without = [*SEED[:7], *SEED[8:]]
    assert said(SEED, without) == [("removed", "8", "", '"p": 0.5')]
    assert said([], SEED[:1])[0][:3] == ("added", "", "1")


def test_another_type_in_its_place_is_one_less_and_one_more() -> None:
    after = [SEED[0], {"type": "elu"}, *SEED[2:]]
    assert [one[:3] for one in said(SEED, after)] == [("removed", "2", ""), ("added", "", "2")]


def test_what_differs_inside_a_block_is_found_there() -> None:
    inner = {"type": "conv1d", "out_channels": 4, "kernel_size": 3}
    before = [{"type": "residual", "layers": [inner, {"type": "relu"}]}]
    after = [{"type": "residual", "layers": [{**inner, "kernel_size": 5}, {"type": "relu"}]}]
    assert said(before, after) == [
        ("changed", "1, layers 1", "1, layers 1", "kernel_size 3 \u2192 5")
    ]
    wide = [{"type": "parallel", "branches": [[inner], []]}]
    wider = [{"type": "parallel", "branches": [[inner], [{"type": "elu"}]]}]
    assert said(wide, wider) == [("added", "", "1, branch 2, 1", "")]


def test_whatever_was_typed_in_can_be_compared() -> None:
    odd = [{}, {"type": 3}, {"type": "residual", "layers": "x"}, {"type": "parallel"}]
    assert differences(odd, odd) == []
    assert differences(odd, SEED)
    assert "<b>" not in difference_html(odd, [{"type": "<b>", "<i>": "</td>"}])


def test_the_editor_is_compared_with_where_it_began_or_with_what_is_pasted() -> None:
    text = network_text(SEED)
    assert "the same" in compared(text, "preset:n1spool-cnn", "")
    assert "kernel_size 8 \u2192 10" in compared(text, "preset:aligned-cnn", "")
    assert "the same" in compared(text, "pasted", text)
    assert "cannot be read" in compared(text, "pasted", "")
    assert "cannot be read" in compared("[", "preset:n1spool-cnn", "")
    assert "gone" in compared(text, "model:gone", "")


def test_a_network_comes_back_from_its_file_and_from_the_card_of_a_model(tmp_path: Path) -> None:
    own = tmp_path / "network.json"
    own.write_text(network_text(SEED))
    assert network_of_file(own) == SEED
    card = tmp_path / "card.json"
    card.write_text(json.dumps(model_card("n1spool-cnn").to_document()))
    assert network_of_file(card) == layers_of("model:n1spool-cnn")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[", "network.json: "),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"layers": []}', "A network is a list of layers"),
        (b"[1]", "A network is a list of layers"),
        (b" " * 30_000_000, "too big"),
    ],
    ids=["torn", "binary", "no network", "no layers", "big"],
)
def test_a_file_that_is_no_network_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "network.json"
    path.write_bytes(content)
    with pytest.raises(ParameterError, match=words):
        network_of_file(path)


@pytest.mark.parametrize("text", ["[" * 100_000, f"[{'9' * 5000}]"], ids=["deep", "long"])
def test_text_that_python_cannot_read_is_refused_in_plain_words(text: str) -> None:
    with pytest.raises(ParameterError, match="cannot be read"):
        read_network(text)
