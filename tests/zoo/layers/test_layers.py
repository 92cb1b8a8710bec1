"""What every layer type of the vocabulary must fulfil, whichever it is."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
import torch
from pydantic import ValidationError

import zoo.layers
from zoo.layers.base import Layer, LayerError, LayerReport, ReceptiveField
from zoo.layers.flow import build_layers
from zoo.layers.vocabulary import LAYER, LAYER_TYPES

EVERY_TYPE = sorted(LAYER_TYPES)


def example_of(name: str) -> tuple[Layer, tuple[int, ...]]:
    example = LAYER_TYPES[name].example
    return LAYER.validate_python({"type": name, **example.settings}), example.input_shape


def facts_of(name: str) -> LayerReport:
    layer, shape = example_of(name)
    return layer.facts(shape, fresh(shape))[0]


def fresh(shape: tuple[int, ...]) -> ReceptiveField:
    return ReceptiveField.of_window(shape[1] if len(shape) == 2 else 1)


def module_of(name: str) -> torch.nn.Module:
    layer, shape = example_of(name)
    torch.manual_seed(0)
    return layer.build(shape)


def batch_for(name: str, n_windows: int = 3) -> torch.Tensor:
    _, shape = example_of(name)
    return torch.randn(n_windows, *shape, generator=torch.Generator().manual_seed(1))


def test_every_layer_class_of_the_package_is_in_the_vocabulary() -> None:
    found: set[type] = set()
    for module_info in pkgutil.iter_modules(zoo.layers.__path__, "zoo.layers."):
        for value in vars(importlib.import_module(module_info.name)).values():
            if isinstance(value, type) and issubclass(value, Layer) and value is not Layer:
                found.add(value)
    public = {one for one in found if not one.__name__.startswith("_")}
    assert public == set(LAYER_TYPES.values())


@pytest.mark.parametrize("name", EVERY_TYPE)
def test_it_has_an_example_and_a_description(name: str) -> None:
    assert hasattr(LAYER_TYPES[name], "example"), f"give {name} an Example"
    assert LAYER_TYPES[name].__doc__


@pytest.mark.parametrize("name", EVERY_TYPE)
def test_the_calculated_shape_and_parameters_are_those_of_torch(name: str) -> None:
    module, facts = module_of(name), facts_of(name)
    assert tuple(module(batch_for(name)).shape[1:]) == facts.output_shape
    assert sum(one.numel() for one in module.parameters()) == facts.n_parameters


@pytest.mark.parametrize("name", EVERY_TYPE)
def test_in_use_a_window_does_not_depend_on_its_batch(name: str) -> None:
    module, batch = module_of(name).eval(), batch_for(name)
    with torch.no_grad():
        together = module(batch)
        alone = torch.cat([module(batch[i : i + 1]) for i in range(len(batch))])
        assert torch.equal(module(batch), together)
    torch.testing.assert_close(alone, together, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", EVERY_TYPE)
def test_gradients_reach_the_input_and_every_parameter(name: str) -> None:
    module, batch = module_of(name).train(), batch_for(name).requires_grad_()
    (module(batch) * torch.randn(1, *facts_of(name).output_shape)).sum().backward()
    assert batch.grad is not None
    assert all(one.grad is not None for one in module.parameters())


@pytest.mark.parametrize("name", EVERY_TYPE)
def test_its_weights_are_float32(name: str) -> None:
    kinds = {
        key: tensor.dtype
        for key, tensor in module_of(name).state_dict().items()
        if not key.endswith("num_batches_tracked")
    }
    assert set(kinds.values()) <= {torch.float32}


@pytest.mark.parametrize("name", EVERY_TYPE)
def test_it_comes_back_from_plain_data_unchanged(name: str) -> None:
    layer, _ = example_of(name)
    data = layer.model_dump(mode="json", exclude_unset=True)
    assert data == {"type": name, **LAYER_TYPES[name].example.settings}
    assert LAYER.validate_python(data) == layer


@pytest.mark.parametrize("name", EVERY_TYPE)
def test_it_refuses_a_setting_it_does_not_know(name: str) -> None:
    with pytest.raises(ValidationError, match=r"surprise.*not known"):
        LAYER.validate_python({"type": name, **LAYER_TYPES[name].example.settings, "surprise": 1})


@pytest.mark.parametrize("name", EVERY_TYPE)
def test_its_costs_are_not_negative_and_grow_with_the_input(name: str) -> None:
    layer, shape = example_of(name)
    small = facts_of(name)
    twice = (*shape[:-1], 2 * shape[-1])
    large, _ = layer.facts(twice, fresh(twice))
    assert 0 <= small.multiply_adds <= large.multiply_adds
    assert 0 < small.peak_values <= large.peak_values
    assert small.receptive_field_samples >= 1


@pytest.mark.parametrize("name", EVERY_TYPE)
def test_every_step_sees_as_many_samples_as_its_reach_says(name: str) -> None:
    layer, shape = example_of(name)
    _, receptive_field = layer.facts(shape, fresh(shape))
    if len(shape) != 2:
        assert receptive_field.field == 1
        return
    spans = spans_seen(build_layers([layer], shape).eval(), shape)
    assert spans == [max(0, span) for span in receptive_field.last - receptive_field.first + 1]


def spans_seen(module: torch.nn.Module, shape: tuple[int, ...]) -> list[int]:
    """For each output step, how far apart are the first and last input samples it depends on.

    A NaN at one sample makes every output NaN that uses it.
    """
    n_samples = shape[1]
    probes = torch.randn(n_samples, *shape, generator=torch.Generator().manual_seed(2))
    for sample in range(n_samples):
        probes[sample, :, sample] = float("nan")
    with torch.no_grad():
        outputs = module(probes)
    touched = outputs.isnan().reshape(n_samples, outputs.shape[1], -1).any(dim=1)
    spans = []
    for step in range(touched.shape[1]):
        samples = touched[:, step].nonzero().ravel().tolist()
        spans.append(samples[-1] - samples[0] + 1 if samples else 0)
    return spans


def test_layers_that_work_along_time_refuse_a_flat_vector() -> None:
    pool = LAYER.validate_python({"type": "max_pool1d", "kernel_size": 2})
    with pytest.raises(LayerError, match="a flat vector of 35 values reaches it"):
        pool.facts((35,), fresh((35,)))
