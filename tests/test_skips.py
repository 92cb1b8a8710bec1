"""The list of tests that may skip names tests that exist, and none that must run everywhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests import skips
from tests.app_server import ROOT

MUST_RUN = ("tests/browser", "tests/journeys", "tests/api", "tests/ui", "tests/zoo")
# Of training alone: what quotes published files.
OF_TRAINING = {
    "tests/training/fetching/test_fetching.py",
    "tests/training/recipes/test_shipped_models.py",
}


def test_every_test_that_may_skip_exists_and_has_a_reason() -> None:
    for name, reason in skips.listed().items():
        file, _, function = name.partition("::")
        assert f"def {function}(" in (ROOT / file).read_text(encoding="utf-8"), name
        assert reason


def test_nothing_of_the_viewer_of_training_or_of_detection_may_skip() -> None:
    files = {name.partition("::")[0] for name in skips.listed()}
    assert not [file for file in files if file.startswith(MUST_RUN)]
    assert {file for file in files if file.startswith("tests/training")} <= OF_TRAINING


def test_a_test_that_skips_without_being_listed_fails(tmp_path: Path) -> None:
    made = tmp_path / "test_made.py"
    made.write_text("import pytest\n\ndef test_a():\n    pytest.skip('no such file here')\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", str(made)]
    command += ["--basetemp", str(tmp_path / "base")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "no such file here; it must not skip" in ended.stdout
