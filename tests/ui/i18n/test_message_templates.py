"""Every message of the product has its words in every language.

`tests.conftest` and `tests.app_server` see to it too, whenever a test lets the product make one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from seizure_core.errors import ParameterError
from seizure_core.messages import Message
from tests.message_notes import known_templates, noting
from tests.message_templates import Templates, all_templates
from ui.arguments import checked_number
from ui.i18n.translation import ENGLISH, languages, words_of

OTHERS = [language for language in languages() if language != ENGLISH]


@pytest.fixture(scope="module")
def modules() -> list[Templates]:
    return all_templates()


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_has_words_in_every_language(language: str, modules: list[Templates]) -> None:
    known = {*words_of(language).core, *words_of(language).app}
    unknown = {module.path.name: module.found - known for module in modules}
    assert {name: texts for name, texts in unknown.items() if texts} == {}


def test_no_message_is_put_together_where_a_language_cannot_take_it_apart(
    modules: list[Templates],
) -> None:
    assert [fault for module in modules for fault in module.faults] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_words_are_kept_for_messages_that_nobody_makes(
    language: str, modules: list[Templates]
) -> None:
    written = set().union(*(module.written for module in modules))
    assert sorted(set(words_of(language).core) - written) == []


def test_a_message_without_words_is_noticed_when_the_product_makes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []
    monkeypatch.setattr(Message, "__new__", noting(made.append))
    with pytest.raises(ParameterError):
        checked_number("threshold", "high")
    Message("Said by a test.")
    assert set(made) == {"{name} must be a number; {value} was given."}
    assert set(made) <= known_templates()


def test_a_message_without_words_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "odd.py"
    path.write_text(
        "def f(n, name):\n"
        '    why = "because of it" if n else f"of {name} alone"\n'
        '    raise RecordingError(name, "{n} unheard-of things", n=n, why=why)\n'
        '    yield Finding.info("Nobody says " + name)\n'
    )
    found = Templates(path)
    assert found.found == {"{n} unheard-of things", "because of it"}
    assert len(found.faults) == 2
