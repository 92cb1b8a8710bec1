"""One Hub for all tests of the zoo; each test gets it empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub_server import HubServer, running_hub
from tests.hub_state import HubState
from tests.zoo.hub_fixtures import pointed_client


@pytest.fixture(scope="session")
def hub_server() -> Iterator[HubServer]:
    with running_hub() as server:
        yield server


@pytest.fixture
def hub(
    hub_server: HubServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[HubState]:
    """Point the Hub client of this process at an empty Hub where TOKEN may write to `team`."""
    with pointed_client(hub_server, monkeypatch, tmp_path) as state:
        yield state
