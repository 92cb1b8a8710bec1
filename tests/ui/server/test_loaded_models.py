from __future__ import annotations

from pathlib import Path

import pytest

from tests.zoo.models import write_small_model
from ui.loaded_models import check_may_export, hub_access, load_model
from ui.server.access import NotAllowedError
from ui.server.settings import Settings
from zoo.store.user_models import add_model


def settings(**variables: str) -> Settings:
    return Settings.from_environment(variables)


def test_a_stranger_cannot_make_the_server_fetch_from_the_hub() -> None:
    served = settings(GRADIO_SERVER_NAME="0.0.0.0")
    with pytest.raises(NotAllowedError):
        load_model(served, "hf://somebody/private-model")


def test_the_servers_token_serves_its_own_people_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    assert hub_access(settings(GRADIO_SERVER_NAME="0.0.0.0")).for_client() is False
    assert hub_access(settings(GRADIO_SERVER_NAME="127.0.0.1")).for_client() is None
    with_login = settings(GRADIO_SERVER_NAME="0.0.0.0", SEIZURE_ZOO_LOGIN="anna:long-password")
    assert with_login.may_write
    assert hub_access(with_login).for_client() is None


def test_a_stranger_gets_copies_of_shipped_models_alone(tmp_path: Path, own_home: Path) -> None:
    served, at_home = settings(GRADIO_SERVER_NAME="0.0.0.0"), settings()
    write_small_model(tmp_path / "small", "ours")
    add_model(tmp_path / "small")
    check_may_export(served, "n1spool-cnn")
    check_may_export(at_home, "ours")
    with pytest.raises(NotAllowedError):
        check_may_export(served, "ours")


def test_a_shipped_model_is_there_for_everybody() -> None:
    served = settings(GRADIO_SERVER_NAME="0.0.0.0")
    assert load_model(served, "n1spool-cnn").card.model_id == "n1spool-cnn"
