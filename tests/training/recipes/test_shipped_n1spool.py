from __future__ import annotations

from pathlib import Path

from zoo.loading import load_folder

FOLDER = Path(__file__).resolve().parents[3] / "zoo" / "models" / "n1spool-cnn"

# The network of the public contract, letter by letter.
CONTRACT_NETWORK = [
    {"type": "conv1d", "out_channels": 10, "kernel_size": 10, "stride": 5, "padding": 9},
    {"type": "relu"},
    {"type": "max_pool1d", "kernel_size": 15, "stride": 10},
    {"type": "conv1d", "out_channels": 5, "kernel_size": 5, "stride": 4, "padding": 4},
    {"type": "relu"},
    {"type": "max_pool1d", "kernel_size": 10, "stride": 5},
    {"type": "flatten"},
    {"type": "dropout", "p": 0.5},
    {"type": "linear", "out_features": 15},
    {"type": "linear", "out_features": 2},
]


def test_it_is_the_network_of_the_contract_without_filters() -> None:
    card = load_folder(FOLDER).card
    shipped = [layer.model_dump() for layer in card.network]
    for layer, wanted in zip(shipped, CONTRACT_NETWORK, strict=True):
        assert wanted.items() <= layer.items()
    assert card.weights.n_parameters == 3137
    assert [step["step"] for step in card.input.preprocessing] == ["scale"]
    assert len(card.input.channels or ()) == 23
    assert (card.input.sampling_rate_hz, card.input.window_s, card.input.stride_s) == (256, 30, 1)
