"""The changes that `docs/howto/` keeps still fit; `make test-slow` also runs their tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.howto import FOLDER, HOWTOS, ROOT, apply, patch_of, product_files


def test_every_page_has_its_patch_and_every_patch_its_page() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(HOWTOS)
    assert {path.stem for path in FOLDER.glob("*.patch")} == set(HOWTOS)


@pytest.mark.parametrize("name", HOWTOS)
def test_a_change_still_applies_and_takes_few_files(name: str) -> None:
    assert apply(patch_of(name), ROOT, "--check") == "", (
        f"make the change of docs/howto/{name}.md again, and keep it as CONTRIBUTING.md says"
    )
    files = product_files(patch_of(name))
    assert 0 < len(files) <= HOWTOS[name].most_files, files
    page = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    for file in files:
        assert file in page


@pytest.mark.parametrize("name", HOWTOS)
def test_tests_that_are_named_are_there_or_come_with_the_change(name: str) -> None:
    patch = patch_of(name).read_text(encoding="utf-8")
    for test in [one for one in HOWTOS[name].tests if one.startswith("tests/")]:
        assert Path(ROOT / test).exists() or f"b/{test}" in patch
