"""README and `docs/` quote the files of figures to the letter, and name what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.readme import README, TABLES, with_tables
from zoo.store.recommendation import DEFAULT_RULE, default_model

PAGES = [README, *sorted((README.parent / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]+\]\(([^)#]+)[^)]*\)")


@pytest.mark.parametrize("page", TABLES, ids=lambda page: page.name)
def test_a_page_quotes_its_figures_to_the_letter(page: Path) -> None:
    assert with_tables(page) == page.read_text(encoding="utf-8"), "run `python -m scripts.readme`"


def test_the_readme_names_the_default_model_and_its_rule() -> None:
    words = " ".join(README.read_text(encoding="utf-8").split())
    assert f"Without a choice, `{default_model()}` is used: {DEFAULT_RULE}." in words


def test_readme_says_what_it_is_and_both_commands_on_one_screen() -> None:
    screen = README.read_text(encoding="utf-8").splitlines()[:40]
    assert any(line.startswith("make app") for line in screen)
    assert any(line.startswith("make test") for line in screen)
    assert any(line.startswith("![") for line in screen)
    assert [line[:2] for line in screen if re.match(r"\d\. ", line)] == [
        "1.",
        "2.",
        "3.",
        "4.",
        "5.",
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_of_the_project_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (page.parent / link).exists()] == []
