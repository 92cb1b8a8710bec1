"""The bill of materials and the list of licences are those of what is locked and installed."""

from __future__ import annotations

import importlib.metadata
import json
import sys
from typing import Any

import pytest

from scripts.sbom import LICENCES, SBOM, licences_text, locked, versions

DOCUMENT: dict[str, Any] = json.loads(SBOM.read_text(encoding="utf-8"))


def test_the_bill_names_what_the_lock_files_pin() -> None:
    assert DOCUMENT["bomFormat"] == "CycloneDX"
    assert versions(DOCUMENT) == locked()


@pytest.mark.parametrize(("name", "version"), sorted(versions(DOCUMENT).items()))
def test_what_is_installed_is_what_the_bill_names(name: str, version: str) -> None:
    # The bill is that of one Python; the lock files pin other versions for others.
    if sys.version_info[:2] == (3, 11) and sys.platform == "linux":
        assert importlib.metadata.version(name).partition("+")[0] == version


def test_the_licences_are_those_of_the_bill_and_none_is_unknown() -> None:
    text = LICENCES.read_text(encoding="utf-8")
    assert text == licences_text(DOCUMENT)
    assert "not declared" not in text
