"""The app as it is built, and the Hub of the tests, as the tests of the zoo have it."""

from __future__ import annotations

import gradio as gr
import pytest

from tests.ui.values import built_app
from tests.zoo.conftest import hub, hub_server

__all__ = ["app", "hub", "hub_server"]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> gr.Blocks:
    return built_app(tmp_path_factory.mktemp("app"))
