from __future__ import annotations

from pathlib import Path

import pytest

from seizure_core.errors import ParameterError
from ui.server.settings import Settings


def test_without_variables_the_app_listens_on_this_machine_only() -> None:
    settings = Settings.from_environment({})
    assert (settings.server_name, settings.server_port) == ("127.0.0.1", 7860)
    assert settings.data_folder is None
    assert settings.login is None


def test_variables_replace_the_defaults(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "GRADIO_SERVER_NAME": "0.0.0.0",
            "GRADIO_SERVER_PORT": "8123",
            "SEIZURE_ZOO_DATA": str(tmp_path),
            "SEIZURE_ZOO_LOGIN": "eva:pass:word",
            "SEIZURE_ZOO_MAX_UPLOAD_MB": "5",
            "SEIZURE_ZOO_KEEP_FILES_H": "0.5",
            "SEIZURE_ZOO_MAX_VISITOR_MB": "7",
            "SEIZURE_ZOO_MAX_CALL_S": "60",
        }
    )
    assert settings == Settings(
        server_name="0.0.0.0",
        server_port=8123,
        data_folder=tmp_path.resolve(),
        login=("eva", "pass:word"),
        max_upload_mb=5,
        keep_files_h=0.5,
        max_visitor_mb=7,
        max_call_s=60.0,
    )
    assert settings.keep_files_s == 1800


def test_an_empty_variable_counts_as_not_set() -> None:
    empty = dict.fromkeys(
        ("GRADIO_SERVER_NAME", "GRADIO_SERVER_PORT", "SEIZURE_ZOO_DATA", "SEIZURE_ZOO_LOGIN"), ""
    )
    assert Settings.from_environment(empty) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("GRADIO_SERVER_PORT", "http", "must be a number"),
        ("GRADIO_SERVER_PORT", "70000", "between 1 and 65535"),
        ("GRADIO_SERVER_PORT", "nan", "between 1 and 65535"),
        ("SEIZURE_ZOO_DATA", "/no/such/folder", "existing folder"),
        ("SEIZURE_ZOO_LOGIN", "onlyname", "USER:PASSWORD"),
        ("SEIZURE_ZOO_MAX_UPLOAD_MB", "0", "between 1 and"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(name: str, value: str, part: str) -> None:
    with pytest.raises(ParameterError, match=part) as caught:
        Settings.from_environment({name: value})
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("name", "is_local"),
    [
        ("127.0.0.1", True),
        ("127.0.0.2", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.4", False),
        ("eeg.example.org", False),
    ],
)
def test_only_this_machine_or_a_login_may_change_what_is_kept(name: str, is_local: bool) -> None:
    assert Settings(server_name=name).may_write is is_local
    assert Settings(server_name=name, login=("eva", "secret")).may_write


def test_mcp_is_off_until_it_is_asked_for() -> None:
    assert not Settings.from_environment({}).mcp
    assert not Settings.from_environment({"SEIZURE_ZOO_MCP": "0"}).mcp
    assert Settings.from_environment({"SEIZURE_ZOO_MCP": "1"}).mcp


def test_mcp_that_cannot_be_had_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ParameterError, match="1 \\(on\\) or 0"):
        Settings.from_environment({"SEIZURE_ZOO_MCP": "yes"})
    with pytest.raises(ParameterError, match="MCP clients cannot log in"):
        Settings.from_environment({"SEIZURE_ZOO_MCP": "1", "SEIZURE_ZOO_LOGIN": "eva:secret"})
    monkeypatch.setattr("ui.server.settings.find_spec", lambda _: None)
    with pytest.raises(ParameterError, match="pip install 'gradio"):
        Settings.from_environment({"SEIZURE_ZOO_MCP": "1"})


def test_a_space_is_known_by_its_variables() -> None:
    sign_in = {
        "OAUTH_CLIENT_ID": "id",
        "OAUTH_CLIENT_SECRET": "secret",
        "OAUTH_SCOPES": "openid",
        "OPENID_PROVIDER_URL": "https://hub",
    }
    assert not Settings.from_environment({}).on_space
    space = Settings.from_environment({"SPACE_ID": "team/zoo"})
    assert (space.on_space, space.space_sign_in) == (True, False)
    assert Settings.from_environment({"SPACE_ID": "team/zoo", **sign_in}).space_sign_in
    for name in sign_in:
        assert not Settings.from_environment({**sign_in, name: ""}).space_sign_in
