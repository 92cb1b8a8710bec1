"""The calculator: shapes, sizes, reach, and faults explained by layer."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from zoo.errors import NetworkError
from zoo.layers.network import MAX_LAYERS, NetworkReport, check_network, parse_layers
from zoo.presets import preset

Layers = list[dict[str, Any]]

FLATTEN = {"type": "flatten"}
TWO = {"type": "linear", "out_features": 2}


def conv(**settings: Any) -> dict[str, Any]:
    return {"type": "conv1d", "out_channels": 4, "kernel_size": 3, **settings}


def only_error(layers: Any, n_channels: Any = 4, n_samples: Any = 20) -> NetworkError:
    report = check_network(layers, n_channels, n_samples)
    assert not report.valid
    (error,) = report.errors
    return error


def test_the_seeds_model_has_the_lengths_and_parameters_of_the_design() -> None:
    report = check_network(preset("n1spool-cnn").layers, 23, 7680)
    shapes = [row.output_shape for row in report.layers]
    assert report.valid
    assert [shapes[i] for i in (0, 2, 3, 5)] == [(10, 1538), (10, 153), (5, 40), (5, 7)]
    assert shapes[6] == (35,)
    assert report.n_parameters == 3137
    assert [row.n_parameters for row in report.layers if row.n_parameters] == [2310, 255, 540, 32]
    assert report.multiply_adds == 10 * 23 * 10 * 1538 + 5 * 10 * 5 * 40 + 35 * 15 + 15 * 2
    # The first pooling leaves the last samples of the window out.
    assert report.receptive_field_samples == 7671
    assert report.output_shape == (2,)


def test_a_report_is_plain_json_with_the_contracts_keys() -> None:
    document = json.loads(json.dumps(check_network([conv(), FLATTEN, TWO], 4, 20).to_dict()))
    assert {"valid", "layers", "n_parameters", "receptive_field_samples", "errors"} <= set(document)
    assert {"index", "type", "output_shape", "n_parameters"} <= set(document["layers"][0])
    assert document["layers"][0]["output_shape"] == [4, 18]
    assert document["errors"] == []


def test_errors_in_a_report_have_index_and_message() -> None:
    document = check_network([conv(), {"type": "relu"}, conv(kernel_size=30)], 4, 20).to_dict()
    (error,) = document["errors"]
    assert error["index"] == 2
    assert error["message"].startswith("layer 3 (conv1d): kernel 30 is longer than the 18 samples")
    assert len(document["layers"]) == 2


def test_a_model_may_give_one_output_for_every_step() -> None:
    layers = [conv(stride=2), {"type": "conv1d", "out_channels": 2, "kernel_size": 1}]
    report = check_network(layers, 4, 21)
    assert report.valid
    assert report.output_shape == (2, 10)


def test_the_receptive_field_of_stacked_strides_is_exact() -> None:
    layers = [conv(kernel_size=4, stride=2), {"type": "max_pool1d", "kernel_size": 3}, conv()]
    report = check_network(
        [*layers, {"type": "conv1d", "out_channels": 2, "kernel_size": 1}], 4, 90
    )
    assert report.receptive_field_samples == 4 + 2 * 2 + 2 * 6
    assert [row.receptive_field_samples for row in report.layers] == [4, 8, 20, 20]


@pytest.mark.parametrize(
    ("layer", "reason", "fix"),
    [
        (
            conv(kernel_size=30),
            "longer than the 20 samples",
            "at most 20, or a padding of at least 5",
        ),
        (conv(kernel_size=11, dilation=3), "spans 31 samples at dilation 3", "at most 7"),
        (conv(groups=3), "4 channels that reach it cannot be cut into 3", "Use 2 groups"),
        (conv(out_channels=6, groups=4), "6 out_channels cannot be cut into 4", "Use 3 groups"),
        (conv(padding="same", stride=2), "goes with stride 1 only", "Use padding 1"),
        (conv(padding="same", kernel_size=4), "a middle sample", "kernel_size 5 or 3"),
        ({"type": "max_pool1d", "kernel_size": 30}, "longer than the 20 samples", "at most 20"),
        (
            {"type": "avg_pool1d", "kernel_size": 4, "padding": 3},
            "padding 3 is more than half of kernel 4",
            "at most 2",
        ),
        ({"type": "group_norm", "num_groups": 3}, "4 channels cannot be cut into 3", "divides"),
        ({"type": "self_attention", "num_heads": 3}, "among 3 heads", "divides"),
        ({"type": "lstm", "hidden_size": 2, "dropout": 0.5}, "num_layers is 1", "2 or more"),
        (
            {"type": "conv_transpose1d", "out_channels": 2, "kernel_size": 1, "padding": 10},
            "removes all 20 samples",
            "at most 9",
        ),
        (
            {"type": "conv_transpose1d", "out_channels": 2, "kernel_size": 3, "output_padding": 1},
            "output_padding 1 must be less",
            "at most 0",
        ),
        (
            {"type": "residual", "layers": [conv(out_channels=6, padding=1)]},
            "its layers give 6 x 20 and its shortcut 4 x 20",
            "kernel_size 1 and out_channels 6",
        ),
        (
            {"type": "parallel", "branches": [[conv()], []]},
            "branch 1 gives 4 x 18 and branch 2 4 x 20",
            "same strides",
        ),
    ],
)
def test_a_layer_that_does_not_fit_is_explained_with_the_smallest_fix(
    layer: dict[str, Any], reason: str, fix: str
) -> None:
    error = only_error([{"type": "relu"}, layer, FLATTEN, TWO])
    assert error.index == 1
    assert error.layer_type == layer["type"]
    assert reason in error.reason
    assert fix in error.fix
    assert error.reason in str(error)
    assert error.fix in str(error)


def test_following_the_advice_about_a_long_kernel_helps_exactly() -> None:
    assert check_network([conv(kernel_size=20), FLATTEN, TWO], 4, 20).valid
    assert check_network([conv(kernel_size=30, padding=5), FLATTEN, TWO], 4, 20).valid
    assert not check_network([conv(kernel_size=30, padding=4), FLATTEN, TWO], 4, 20).valid


def test_a_fault_inside_a_composite_layer_names_the_way_to_it() -> None:
    inner = {"type": "residual", "layers": [{"type": "relu"}, conv(kernel_size=40)]}
    error = only_error([{"type": "parallel", "branches": [[], [inner]]}, FLATTEN, TWO])
    assert error.index == 0
    assert error.where == (
        "layer 1 (parallel), branch 2, layer 1 (residual), layers, layer 2 (conv1d)"
    )


def test_softmax_is_refused_with_the_reason() -> None:
    error = only_error([FLATTEN, TWO, {"type": "softmax"}])
    assert error.index == 2
    assert "softmax is not a layer" in error.reason
    assert "two logits" in error.reason


def test_an_unknown_type_names_near_ones() -> None:
    assert "Did you mean conv1d" in only_error([{"type": "conv1", "kernel_size": 3}]).reason


def test_an_unknown_setting_names_the_known_ones() -> None:
    error = only_error([conv(pading=3), FLATTEN, TWO])
    assert "'pading'" in error.reason
    assert "Did you mean 'padding'?" in error.reason


@pytest.mark.parametrize("value", [0, -1, 1.5, "3", True, None, 10**9, [3]])
def test_a_size_that_is_no_sensible_whole_number_is_refused(value: Any) -> None:
    error = only_error([conv(kernel_size=value), FLATTEN, TWO])
    assert error.index == 0
    assert "kernel_size" in error.reason


def test_an_integer_of_thousands_of_digits_is_refused_shortly() -> None:
    assert len(str(only_error([conv(kernel_size=10**5000), FLATTEN, TWO]))) < 300
    assert len(str(only_error([FLATTEN, TWO], n_samples=10**5000))) < 300


@pytest.mark.parametrize("layer", [3, "relu", None, [], {}, {"type": 7}, {"type": ["relu"]}])
def test_what_is_no_layer_is_refused(layer: Any) -> None:
    error = only_error([{"type": "relu"}, layer, FLATTEN, TWO])
    assert error.index == 1


@pytest.mark.parametrize("layers", ["relu", None, 7, {"type": "relu"}, []])
def test_what_is_no_list_of_layers_is_refused(layers: Any) -> None:
    assert only_error(layers).index is None


@pytest.mark.parametrize("n", [0, -3, 2.0, True, None, 10**9])
def test_a_senseless_input_size_is_refused(n: Any) -> None:
    assert "n_channels" in str(only_error([FLATTEN, TWO], n_channels=n))
    assert "n_samples" in str(only_error([FLATTEN, TWO], n_samples=n))


def test_all_layers_that_cannot_be_read_are_named_at_once() -> None:
    layers = [conv(), conv(kernel_size=0), {"type": "relu"}, {"type": "nothing"}]
    report = check_network(layers, 4, 20)
    assert [error.index for error in report.errors] == [1, 3]
    assert [row.type for row in report.layers] == ["conv1d"]


def test_a_model_must_end_in_two_logits() -> None:
    error = only_error([conv(), {"type": "relu"}])
    assert error.index == 1
    assert "ends in 4 x 18" in error.reason
    assert "out_features 2" in error.fix


@pytest.mark.parametrize(
    ("layers", "what"),
    [
        ([FLATTEN, {"type": "linear", "out_features": 900_000}, TWO], "parameters"),
        ([{"type": "upsample", "scale_factor": 1_000_000}, FLATTEN, TWO], "values in memory"),
        ([conv(out_channels=10_000, kernel_size=200, padding=100)] * 2, "parameters"),
        ([{"type": "upsample", "scale_factor": 6000}, conv(kernel_size=90_000)], "multiplications"),
    ],
)
def test_a_model_too_big_to_build_is_refused_before_it_is_built(layers: Layers, what: str) -> None:
    report = check_network(layers, 23, 100)
    assert what in str(report.errors[0])


def test_many_layers_each_just_within_bounds_are_too_big_together() -> None:
    wide = {"type": "conv1d", "out_channels": 1500, "kernel_size": 3, "padding": 1}
    report = check_network([wide] * 6 + [{"type": "flatten"}, TWO], 1500 // 2, 4)
    assert "parameters" in str(report.errors[0])
    assert report.errors[0].index is None


def nested(depth: int) -> dict[str, Any]:
    layer: dict[str, Any] = {"type": "relu"}
    for _ in range(depth):
        layer = {"type": "residual", "layers": [layer]}
    return layer


def test_layers_in_layers_are_bounded() -> None:
    assert check_network([nested(5), FLATTEN, TWO], 4, 20).valid
    assert "deep" in str(only_error([nested(6), FLATTEN, TWO]))
    assert "deep" in str(only_error([nested(300), FLATTEN, TWO]))


def test_the_number_of_layers_is_bounded_inside_composites_too() -> None:
    many = [{"type": "relu"}] * MAX_LAYERS
    assert "more than" in str(only_error([*many, FLATTEN, TWO]))
    assert "more than" in str(only_error([{"type": "parallel", "branches": [many, []]}, TWO]))


def test_parsing_raises_the_first_error() -> None:
    with pytest.raises(NetworkError, match=r"layer 2 \(conv1d\)"):
        parse_layers([{"type": "relu"}, conv(stride=0)])


def test_the_rows_of_composite_layers_hold_their_parts() -> None:
    report: NetworkReport = check_network(
        [{"type": "residual", "layers": [conv(padding=1)]}, FLATTEN, TWO], 4, 20
    )
    (layers, shortcut) = report.layers[0].parts
    assert (layers.name, shortcut.name) == ("layers", "shortcut")
    assert layers.layers[0].n_parameters == report.layers[0].n_parameters == 52
    assert shortcut.layers == ()


def test_neither_the_package_nor_the_calculator_imports_torch() -> None:
    program = (
        "import sys, zoo, zoo.presets, zoo.card.schema, zoo.store.registry, zoo.__main__\n"
        "import zoo.layers.network, zoo.store.model_folder, zoo.store.user_models\n"
        "from zoo.layers.network import check_network\n"
        "assert check_network(zoo.presets.preset('unet').layers, 18, 15360).valid\n"
        "zoo.list_models()\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('torch', 'gradio')])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.stdout.strip() == "[]", run.stdout + run.stderr
