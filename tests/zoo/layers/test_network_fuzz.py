"""Whatever a list of layers holds, it is checked, or refused with a reason."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.odd_values import ODD
from tests.properties import examples
from zoo.layers.network import check_network
from zoo.layers.vocabulary import LAYER_TYPES

NAMES = sorted({name for kind in LAYER_TYPES.values() for name in kind.model_fields} - {"type"})
SIZES = st.sampled_from([0, 1, 2, 3, 9, 64, 1024, 1_000_000])


def layers_of(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Return lists of layers, whose settings may hold lists of layers."""
    settings = st.dictionaries(
        st.sampled_from(NAMES), SIZES | st.booleans() | inner | ODD, max_size=4
    )
    layer = st.builds(
        lambda kind, given: {"type": kind, **given},
        st.sampled_from(sorted(LAYER_TYPES)) | ODD,
        settings,
    )
    whole = st.builds(
        lambda kind: {"type": kind, **LAYER_TYPES[kind].example.settings},
        st.sampled_from(sorted(LAYER_TYPES)),
    )
    return st.lists(whole | whole | layer, max_size=8)


@given(
    layers=layers_of(layers_of(st.nothing())) | ODD,
    n_channels=SIZES | ODD,
    n_samples=SIZES | st.sampled_from([7680, 4_000_000]) | ODD,
)
@examples(2)
def test_any_network_is_checked_or_refused(layers: Any, n_channels: Any, n_samples: Any) -> None:
    report = check_network(layers, n_channels, n_samples).to_dict()
    assert report["valid"] != bool(report["errors"])
    assert len(json.dumps(report, allow_nan=False)) < 3_000_000
