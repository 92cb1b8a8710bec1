"""The check of the pages' scripts, with the real Deno."""

from __future__ import annotations

from dataclasses import replace

from scripts.check_js import ROOT, findings, scripts
from ui.viewer.script import FOLDER


def test_a_mistake_in_a_part_of_the_viewer_is_told_with_the_part_and_its_line() -> None:
    part = FOLDER / "js" / "toolbar.js"
    name, whole = next((name, one) for name, one in scripts().items() if part in one.parts)
    line = "  const NOTCH = [null, 50, 60];"
    number = part.read_text(encoding="utf-8").splitlines().index(line) + 1
    wrong = replace(whole, text=whole.text.replace(line, f"{line} const idle = Scale.nothing;"))
    told = findings({**scripts(), name: wrong})
    place = f"{part.relative_to(ROOT)}:{number}:"
    assert "Property 'nothing' does not exist" in told
    assert "`idle` is never used" in told
    assert told.count(place) == 2
    assert told.count(".js:") == 2
