"""Notes the templates of the messages that the product makes while a test, or an app, runs."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from seizure_core.messages import Message

ROOT = Path(__file__).parents[1]
TESTS = str(ROOT / "tests")
# They pass on what their callers say.
PASSING = ("seizure_core/messages.py", "seizure_core/recording.py", "errors.py", "layers/base.py")


@functools.cache
def known_templates() -> frozenset[str]:
    """Return the templates of which every language has words."""
    known = []
    for path in ROOT.glob("ui/i18n/texts/*.json"):
        texts = json.loads(path.read_text(encoding="utf-8"))
        known.append({*texts["core"], *texts["app"]})
    return frozenset(set.intersection(*known))


def noting(note: Callable[[str], object]) -> Callable[..., Message]:
    """Return what makes a message, and notes its template if it has words of the product.

    Parameters
    ----------
    note : callable
        Told each template.
    """
    make = Message.__new__

    def make_and_note(cls: type[Message], template: str, /, **values: Any) -> Message:
        message = make(cls, template, **values)
        if any(one.isalpha() for one in _without_values(message)) and _is_of_product():
            note(message.template)
        return message

    return make_and_note


def _without_values(message: Message) -> str:
    bare = message.template
    for name in message.values:
        bare = bare.replace(name, "")
    return bare


def _is_of_product() -> bool:
    frame = sys._getframe(2)
    while frame.f_code.co_filename.endswith(PASSING) and frame.f_back is not None:
        frame = frame.f_back
    file_name = frame.f_code.co_filename
    return file_name.startswith(str(ROOT)) and not file_name.startswith(TESTS)
