from __future__ import annotations

import re

from benchmarks.quote import with_benchmarks
from scripts.scoreboard import README, with_scoreboard
from zoo.store.default_model import DEFAULT_RULE, default_model


def test_the_readme_quotes_the_cards_to_the_letter() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_scoreboard(text) == text, "run `python -m scripts.scoreboard`"


def test_the_readme_quotes_the_benchmarks_to_the_letter() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_benchmarks(text) == text, "run `python -m benchmarks.quote`"


def test_the_readme_names_the_default_model_and_its_rule() -> None:
    words = " ".join(README.read_text(encoding="utf-8").split())
    assert f"Where nobody chooses, `{default_model()}` is used: {DEFAULT_RULE}." in words


def test_every_picture_of_the_readme_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert pictures
    assert all((README.parent / picture).is_file() for picture in pictures)
