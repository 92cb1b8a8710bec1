from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from ui.drawings.network import network_html, network_svg
from zoo.layers.network import MAX_LAYERS
from zoo.layers.vocabulary import LAYER_TYPES
from zoo.presets import PRESETS, Preset, preset
from zoo.store.registry import model_card

SVG = "{http://www.w3.org/2000/svg}"
SEED: list[dict[str, Any]] = [dict(one) for one in preset("n1spool-cnn").layers]


def drawn(layers: Any, n_channels: int = 23, n_samples: int = 7680, **how: Any) -> Any:
    """Draw a network and read the drawing as XML, which fails if anything is not escaped."""
    return ElementTree.fromstring(
        network_svg(layers, n_channels=n_channels, n_samples=n_samples, **how)
    )


def groups(tree: Any, state: str = "") -> list[Any]:
    return [
        one
        for one in tree.iter(f"{SVG}g")
        if "layer" in (classes := one.get("class", "").split()) and (not state or state in classes)
    ]


def words_of(element: Any) -> list[str]:
    return ["".join(one.itertext()) for one in element.iter(f"{SVG}text")]


def count(layers: Any) -> int:
    inside = [
        inner
        for layer in layers
        for name in ("layers", "shortcut", "branches")
        for inner in ([layer.get(name, ())] if name != "branches" else layer.get(name, ()))
    ]
    return len(layers) + sum(count(one) for one in inside)


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.name)
def test_every_layer_of_every_preset_is_drawn(one: Preset) -> None:
    tree = drawn(one.layers, one.n_channels or 19, one.n_samples, name="A <model>")
    assert len(groups(tree)) == count(one.layers)
    assert not groups(tree, "bad")
    assert not groups(tree, "idle")
    assert tree.get("role") == "img"
    assert tree.get("aria-label") == tree.findtext(f"{SVG}title") == "A <model>"


def test_a_layer_says_its_settings_shape_parameters_and_reach() -> None:
    tree = drawn(SEED, sampling_rate_hz=256.0)
    said = words_of(groups(tree)[0])
    assert said[0] == "1conv1d"
    assert said[1] == "10 \u00d7 1,538"
    assert "channels 10, kernel 10, stride 5, padding 9" in " ".join(said)
    assert said[-1] == "2,310 parameters, sees 39.1 ms"
    assert "23 channels \u00d7 7,680 samples (30 s at 256 Hz)" in " ".join(words_of(tree))
    summary = tree.findtext(f"{SVG}desc")
    assert summary.startswith("10 layers, 3,137 parameters, from 23 \u00d7 7,680.")
    assert "10 linear: features 2, 2, 32 parameters, sees 30 s." in summary


def test_without_a_rate_the_reach_is_said_in_samples() -> None:
    assert "sees 10 samples" in " ".join(words_of(groups(drawn(SEED))[0]))


def test_a_layer_that_does_not_fit_is_marked_with_the_reason_and_the_rest_is_not_reached() -> None:
    layers = [*SEED[:5], {"type": "max_pool1d", "kernel_size": 100}, *SEED[6:]]
    tree = drawn(layers)
    (bad,) = groups(tree, "bad")
    said = " ".join(words_of(bad))
    assert said.startswith("6max_pool1d Does not fit")
    assert "kernel 100 is longer than the 40 samples that reach it." in said
    assert len(groups(tree, "idle")) == 4
    assert words_of(groups(tree, "idle")[0])[1] == "not reached"
    assert words_of(tree)[-1] == "not reached"


def test_a_fault_inside_a_block_marks_the_block() -> None:
    block = {"type": "residual", "layers": [{"type": "conv1d", "out_channels": 3}]}
    tree = drawn([block, *SEED[-4:]])
    (bad,) = groups(tree, "bad")
    assert "kernel_size: this key is missing." in " ".join(words_of(bad))
    assert "conv1d" in " ".join(words_of(bad))


@pytest.mark.parametrize(
    "layers",
    [
        [{}],
        [{"type": None, "layers": 3}],
        [{"type": "<script>alert(1)</script>", "<b>": "&\x00\u202e" * 100}],
        [{"type": "residual", "layers": "x", "shortcut": [1, None]}],
        [{"type": "parallel", "branches": [[{"type": "relu"}], 7]}],
        [{"type": "conv1d", "out_channels": 10**400, "kernel_size": float("nan")}],
        [],
        [{"type": "relu"}] * (MAX_LAYERS + 1),
        "no list",
    ],
    ids=[
        "empty",
        "none",
        "markup",
        "no list inside",
        "no branch",
        "huge",
        "nothing",
        "long",
        "text",
    ],
)
def test_whatever_is_written_can_be_drawn(layers: Any) -> None:
    tree = drawn(layers)
    assert all(one.isprintable() for one in words_of(tree))
    assert float(tree.get("width")) < 2000


def test_a_model_of_the_zoo_is_drawn_from_its_card() -> None:
    card = model_card("n1spool-cnn")
    contract = card.input
    tree = drawn(card.network, contract.build_channels, contract.window_samples)
    assert [words_of(one)[0] for one in groups(tree)] == [
        f"{number}{layer.type}" for number, layer in enumerate(card.network, start=1)
    ]


def test_a_long_network_goes_on_in_further_columns() -> None:
    one = preset("tcn")
    narrow = drawn(one.layers, 18, one.n_samples)
    single = drawn(one.layers, 18, one.n_samples, column_height=100_000.0)
    assert float(narrow.get("height")) < 800 < float(single.get("height"))
    assert float(narrow.get("width")) > float(single.get("width"))


@pytest.mark.parametrize("layer_type", sorted(LAYER_TYPES))
def test_every_type_of_layer_can_be_drawn(layer_type: str) -> None:
    example = LAYER_TYPES[layer_type].example
    shape = example.input_shape
    before: list[dict[str, Any]] = [] if len(shape) == 2 else [{"type": "flatten"}]
    size = shape if len(shape) == 2 else (1, shape[0])
    tree = drawn([*before, {"type": layer_type, **example.settings}], *size)
    names = [words_of(one)[0] for one in groups(tree)]
    assert f"{len(before) + 1}{layer_type}" in names


def test_the_frame_has_a_name_and_can_be_scrolled_with_keys() -> None:
    framed = network_html(Markup("<svg/>"), 'A "model"')
    assert 'tabindex="0"' in framed
    assert 'aria-label="A &#34;model&#34;"' in framed
