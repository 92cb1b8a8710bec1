"""`docs/settings.md` and the code have the same variables with the same defaults."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seizure_zoo import __file__ as installed
from ui.server.settings import Settings
from zoo.store.home import home_folder

ROOT = Path(installed).resolve().parents[1]
TABLE_ROW = re.compile(r"^\| `(\w+)` \| .+ \| (.+) \|$", re.MULTILINE)
VARIABLE = re.compile(r"\b(?:SEIZURE_ZOO|GRADIO_SERVER)_[A-Z_]+\b")

PAGE = dict(TABLE_ROW.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))

# Another value of each setting, to see which it is.
OTHER = {
    "GRADIO_SERVER_NAME": "0.0.0.0",
    "GRADIO_SERVER_PORT": "7861",
    "SEIZURE_ZOO_DATA": "/",
    "SEIZURE_ZOO_LOGIN": "eva:secret",
    "SEIZURE_ZOO_PUBLIC_URL": "https://eeg.example.org",
    "SEIZURE_ZOO_MAX_UPLOAD_MB": "5",
    "SEIZURE_ZOO_KEEP_FILES_H": "1",
    "SEIZURE_ZOO_MAX_VISITOR_MB": "7",
    "SEIZURE_ZOO_MAX_CALL_S": "60",
    "SEIZURE_ZOO_MCP": "1",
}


def test_the_page_names_the_variables_of_the_code_and_no_others() -> None:
    folders = ("seizure_core", "zoo", "training", "ui", "seizure_zoo")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    files += [ROOT / name for name in ("app.py", "Dockerfile", "compose.yaml")]
    found = {name for path in files for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    assert found == set(PAGE)


@pytest.mark.parametrize("name", OTHER)
def test_the_page_names_the_default_of_the_code(name: str) -> None:
    usual, changed = Settings.from_environment({}), Settings.from_environment({name: OTHER[name]})
    (attribute,) = (
        one for one in Settings.__slots__ if getattr(usual, one) != getattr(changed, one)
    )
    said = PAGE[name].strip("`")
    default = getattr(usual, attribute)
    if default is None:
        assert said == "none"
    else:
        assert type(default)(said if isinstance(default, str) else float(said)) == default


def test_every_variable_but_that_of_the_home_is_one_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert set(PAGE) - set(OTHER) == {"SEIZURE_ZOO_HOME", "SEIZURE_ZOO_MAX_HOME_MB"}
    monkeypatch.delenv("SEIZURE_ZOO_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert PAGE["SEIZURE_ZOO_HOME"] == "the platform's data folder"
    assert home_folder() == tmp_path / "seizure-zoo"
