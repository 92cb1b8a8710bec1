"""The unmodified Hub client, pointed at the Hub of the tests inside this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.hub_server import HubServer
from tests.hub_state import HubState
from tests.zoo.models import build_from, card_document
from zoo.store.sealing import write_model
from zoo.store.user_models import add_model

TOKEN = "hf_canaryTokenThatNobodyMaySee"
REPO = "team/mine"


@contextmanager
def pointed_client(
    server: HubServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[HubState]:
    """Point the client, which reads its environment only once, at a server with a fresh state."""
    from huggingface_hub import constants
    from huggingface_hub.utils import _http, close_session

    server.state = HubState()
    server.state.tokens[TOKEN] = {"team"}
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.delenv("HF_TOKEN", raising=False)
    for name, value in {
        "HF_HUB_OFFLINE": False,
        "HF_HUB_DISABLE_XET": True,
        "HF_HUB_DISABLE_TELEMETRY": True,
        "ENDPOINT": server.url,
        "HUGGINGFACE_CO_URL_TEMPLATE": server.url + "/{repo_id}/resolve/{revision}/{filename}",
        "HF_TOKEN_PATH": str(tmp_path / "saved-token"),
        "HF_HUB_CACHE": str(tmp_path / "hub-cache"),
    }.items():
        monkeypatch.setattr(constants, name, value)
    # The client's pauses between tries would only be waited for.
    monkeypatch.setattr(_http, "time", SimpleNamespace(sleep=lambda _: None))
    monkeypatch.setattr("huggingface_hub.file_download.time", SimpleNamespace(sleep=lambda _: None))
    monkeypatch.setattr("zoo.hub.client.time", SimpleNamespace(sleep=lambda _: None))
    close_session()
    yield server.state
    close_session()


def hub_variables(server: HubServer, folder: Path) -> dict[str, str]:
    """Return the environment of a program that is signed in to a Hub of the tests."""
    return {
        "HF_ENDPOINT": server.url,
        "HF_TOKEN": TOKEN,
        "HF_HOME": str(folder / "hugging-face"),
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_OFFLINE": "0",
    }


def add_made_model(
    tmp_path: Path, model_id: str = "mine", *, version: str = "1.0.0", seed: int = 0
) -> None:
    """Make a model with seeded weights and register it as the user's, in place of an older one."""
    document = card_document(model_id)
    document["version"] = version
    document["results"] = [
        {
            "dataset": "Some data",
            "protocol": "any overlap",
            "split": "by patient",
            "n_recordings": 2,
            "n_seizures": 1,
            "hours": 0.5,
            "metrics": {
                "sensitivity": {"value": 1.0, "ci_low": 0.5, "ci_high": 1.0},
                "precision": {"value": None},
            },
        }
    ]
    folder = tmp_path / "made" / f"{model_id}-{version}-{seed}"
    write_model(folder, document=document, network=build_from(document, seed=seed))
    add_model(folder, replace=True)
