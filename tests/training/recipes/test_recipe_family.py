"""The recipe of the family, in miniature: every kind of net, interrupted, resumed, measured."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.recipe_data import opened_files
from training.cli import main
from training.errors import TrainingError
from training.recipes.family import make_net, train_network
from training.recipes.material.pool import build_pool
from training.recipes.material.pool_store import PoolRequest, stored_pool
from training.recipes.material.real_pieces import resting_files, seizure_pieces
from training.recipes.measure.model_measuring import MINIATURE, TEST_ONLY_SPLIT, detector_of
from training.recipes.model_names import net_names
from training.recipes.model_settings import NetSettings, net_settings
from zoo.layers.network import check_network
from zoo.store.model_folder import load_net


@dataclass(frozen=True)
class Made:
    """The folders of the nets, and the names of the files that were opened for them."""

    folders: dict[str, Path]
    opened: list[str]


KINDS = ("eegnet-small", "unet-attention", "any-montage")
EVERY_NET = pytest.mark.parametrize("name", net_names())


@pytest.fixture(scope="module")
def data(recipe_data: Path) -> Path:
    return recipe_data


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def made(data: Path, work: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make one net of each kind, with an eye on the files that are opened."""
    folders = {name: tmp_path_factory.mktemp("nets") / name for name in KINDS}
    with pytest.MonkeyPatch.context() as patch:
        opened = opened_files(patch)
        for name, folder in folders.items():
            make_net(
                net_settings(name).in_miniature(),
                data=data,
                folder=folder,
                work=work,
                amounts=MINIATURE,
                report=lambda _: None,
            )
    return Made(folders=folders, opened=opened)


def small(name: str = "eegnet-small") -> NetSettings:
    return net_settings(name).in_miniature()


@EVERY_NET
def test_the_settings_make_a_net_of_less_than_a_million_parameters(name: str) -> None:
    settings = net_settings(name)
    contract = settings.input
    report = check_network(settings.network, contract.build_channels, contract.window_samples)
    assert not report.errors
    assert report.n_parameters < 1_000_000
    expected = (2,) if settings.n_steps is None else (2, settings.n_steps)
    assert report.output_shape == expected


def test_the_strides_of_the_aligned_net_multiply_to_its_hop() -> None:
    settings = net_settings("aligned-cnn")
    strides = [layer["stride"] for layer in settings.network if "stride" in layer]
    assert np.prod(strides) == settings.input.stride_samples
    assert 4 <= settings.input.window_s <= 10
    assert not any(layer.get("padding") for layer in settings.network)


@pytest.mark.parametrize("name", KINDS)
def test_a_net_is_made_measured_and_loads_with_every_check(made: Made, name: str) -> None:
    card = load_net(made.folders[name]).card
    assert card.model_id == name
    assert len(card.training.history) == 2
    assert card.training.data[1].n_recordings == 4  # of 8: two records are validation
    assert card.training.signals is not None
    assert card.training.signals.hashes
    assert len(card.results) == 4
    assert not [one for one in card.results if one.split == TEST_ONLY_SPLIT]


def test_no_test_only_file_is_opened(made: Made) -> None:
    edfs = {name for name in made.opened if name.endswith(".edf")}
    assert any(name.startswith("chb02") for name in edfs)
    assert any(name.startswith("Subject00") for name in edfs)
    assert not [name for name in edfs if name.startswith(("chb01", "Subject19"))]


@pytest.mark.parametrize("name", ["eegnet-small", "dilated-tcn"])  # both draw dropout
def test_an_interrupted_training_ends_in_the_same_net(
    data: Path, work: Path, tmp_path: Path, name: str
) -> None:
    class PowerCutError(Exception):
        pass

    def cut_after_first_epoch(line: str) -> None:
        if line.startswith("epoch 2"):
            raise PowerCutError

    settings = small(name)
    whole = train_network(settings, data=data, work=work, report=lambda _: None)
    (tmp_path / "pools").symlink_to(work / "pools")
    with pytest.raises(PowerCutError):
        train_network(settings, data=data, work=tmp_path, report=cut_after_first_epoch)
    lines: list[str] = []
    resumed = train_network(settings, data=data, work=tmp_path, report=lines.append)
    assert not [line for line in lines if line.startswith("epoch 1")]
    assert resumed.history == whole.history
    for key, tensor in whole.network.state_dict().items():
        assert torch.equal(tensor, resumed.network.state_dict()[key])


def test_a_damaged_progress_file_is_named_and_nothing_is_trained_from_it(
    data: Path, work: Path, tmp_path: Path
) -> None:
    (tmp_path / "pools").symlink_to(work / "pools")
    train_network(small(), data=data, work=tmp_path, report=lambda _: None)
    (path,) = (tmp_path / "trainings").iterdir()
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(TrainingError, match=r"safetensors is damaged"):
        train_network(small(), data=data, work=tmp_path, report=lambda _: None)


@pytest.mark.parametrize("name", ["eegnet-small", "any-montage"])
def test_a_stored_pool_is_the_one_that_was_made(data: Path, tmp_path: Path, name: str) -> None:
    pieces, resting = seizure_pieces(data), resting_files(data)
    contract = net_settings(name).input
    request = PoolRequest(
        contract=contract, first_seed=0, n_simulated=2, pieces=pieces, resting=resting
    )
    made = build_pool(contract, first_seed=0, n_simulated=2, pieces=pieces, resting=resting)
    stored_pool(tmp_path, request)
    stored = stored_pool(tmp_path, request)
    for first, second in (
        (made.with_seizures, stored.with_seizures),
        (made.restless, stored.restless),
        (made.resting, stored.resting),
        (made.ictal["chb02"], stored.ictal["chb02"]),
        (made.preictal["chb03"], stored.preictal["chb03"]),
        ([one.signals for one in made.lone_seizures], [o.signals for o in stored.lone_seizures]),
    ):
        assert len(first) == len(second)
        for a, b in zip(first, second, strict=True):
            assert np.array_equal(a.signals, b.signals)
            times = [
                [(event.onset_s, event.duration_s) for event in one.seizures] for one in (a, b)
            ]
            assert times[0] == times[1]
    assert made.lone_seizures[0].background_level == stored.lone_seizures[0].background_level


def test_other_input_or_other_files_make_another_pool(data: Path) -> None:
    def key(name: str, n_simulated: int, n_files: int) -> str:
        return PoolRequest(
            contract=net_settings(name).input,
            first_seed=0,
            n_simulated=n_simulated,
            pieces=seizure_pieces(data)[:n_files],
            resting=(),
        ).key

    assert key("eegnet-small", 2, 4) == key("dilated-tcn", 2, 4)  # windows differ, signals do not
    others = {key("aligned-cnn", 2, 4), key("eegnet-small", 3, 4), key("eegnet-small", 2, 3)}
    assert len(others | {key("eegnet-small", 2, 4)}) == 4


def test_the_command_looks_at_test_files_only_when_asked(
    made: Made, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net = made.folders["eegnet-small"]
    options = ["--data", str(data), "--to", str(net)]
    assert main(["recipe", "eegnet-small", *options, "--miniature", "--measure"]) == 0
    assert "chb01" not in capsys.readouterr().out
    assert main(["recipe", "eegnet-small", *options, "--look-at-test"]) == 0
    assert "chb01 seizure (1 recordings): sensitivity" in capsys.readouterr().out
    assert detector_of(net).card.results[-1].split == TEST_ONLY_SPLIT


def test_settings_with_an_unknown_key_are_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = json.loads(net_settings("eegnet-small").model_dump_json())
    (tmp_path / "odd.json").write_text(json.dumps(document | {"epochs": 3}))
    (tmp_path / "other.json").write_text(json.dumps(document))
    monkeypatch.setattr("training.recipes.model_settings.NETS_FOLDER", tmp_path)
    with pytest.raises(TrainingError, match=r"odd\.json.*epochs"):
        net_settings("odd")
    with pytest.raises(TrainingError, match="settings of 'eegnet-small'"):
        net_settings("other")
    with pytest.raises(TrainingError, match="There is no recipe 'nothing'"):
        net_settings("nothing")
