from __future__ import annotations

from pathlib import Path

import pytest

from seizure_core.errors import ParameterError
from tests.training.material import make_dataset
from tests.zoo.models import write_small_model
from zoo.errors import HomeFullError
from zoo.store.home import check_room, home_folder, size_of
from zoo.store.user_models import add_model


def test_a_home_that_holds_what_it_may_takes_no_more_and_names_the_largest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = home_folder() / "datasets" / "dataset-1" / "signals" / "0.npy"
    small = home_folder() / "runs" / "run-1" / "log.txt"
    for path, n_mb in ((big, 3), (small, 1)):
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(n_mb * 10**6))
    assert size_of(home_folder()) == 4 * 10**6
    check_room(10**12)  # without a bound
    monkeypatch.setenv("SEIZURE_ZOO_MAX_HOME_MB", "5")
    check_room()
    with pytest.raises(HomeFullError, match=r"4 MB, 1 MB would be added.*5 MB"):
        check_room(10**6)
    monkeypatch.setenv("SEIZURE_ZOO_MAX_HOME_MB", "4")
    write_small_model(tmp_path / "made", "mine")
    with pytest.raises(HomeFullError, match=r"datasets/dataset-1 \(3 MB\), runs/run-1 \(1 MB\)"):
        add_model(tmp_path / "made")
    big.unlink()
    add_model(tmp_path / "made")


def test_a_dataset_is_refused_before_its_signals_are_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZURE_ZOO_MAX_HOME_MB", "0.1")
    with pytest.raises(HomeFullError, match="would be added"):
        make_dataset(tmp_path / "data")
    assert [*(home_folder() / "datasets").iterdir()] == []


@pytest.mark.parametrize("text", ["-1", "0", "much", "nan"])
def test_a_bound_that_is_no_number_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZURE_ZOO_MAX_HOME_MB", text)
    with pytest.raises(ParameterError, match="SEIZURE_ZOO_MAX_HOME_MB must be"):
        check_room()
