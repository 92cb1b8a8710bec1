"""`docs/architecture.md` shows the code as it is."""

from __future__ import annotations

import re

from scripts.architecture import PACKAGES, PAGE, ROOT, arrows, with_picture


def test_picture_and_table_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert with_picture(text) == text, "run `python -m scripts.architecture`"


def test_all_arrows_point_down() -> None:
    assert arrows()
    assert all(PACKAGES.index(here) < PACKAGES.index(there) for here, there in arrows())


def test_every_file_it_sends_one_to_is_there() -> None:
    named = re.findall(r"`([\w/]+(?:\.py|/))`", PAGE.read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
