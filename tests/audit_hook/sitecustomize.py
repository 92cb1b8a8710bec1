"""Python runs this at its start when the folder is on PYTHONPATH.

It writes down every promise of docs/security.md that the process breaks, in another file what it
loads although a start should do without, and in a third the templates of the messages it makes.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import promises


def _tell(broken: str) -> None:
    with Path(os.environ["SEIZURE_ZOO_TEST_AUDIT"]).open("a", encoding="utf-8") as log:
        log.write(f"{broken}\n")


def _watch_loads(event: str, args: tuple[Any, ...]) -> None:
    if event == "import" and args[0] == "torch":
        what = "torch"
    elif event == "open" and str(args[0]).endswith(".pyi"):
        what = f"stub file {args[0]}"
    else:
        return
    with Path(os.environ["SEIZURE_ZOO_TEST_LOADS"]).open("a", encoding="utf-8") as log:
        log.write(f"{what}\n")


def _note_messages(event: str, args: tuple[Any, ...]) -> None:
    if event != "import" or args[0] != "ui.app":
        return
    from seizure_core.messages import Message
    from tests.message_notes import noting

    noted: set[str] = set()

    def note(template: str) -> None:
        if template not in noted:
            noted.add(template)
            with Path(os.environ["SEIZURE_ZOO_TEST_MESSAGES"]).open("a", encoding="utf-8") as log:
                log.write(json.dumps(template) + "\n")

    Message.__new__ = noting(note)  # type: ignore[method-assign, assignment]


if os.environ.get("SEIZURE_ZOO_TEST_MESSAGES"):
    sys.addaudithook(_note_messages)

if os.environ.get("SEIZURE_ZOO_TEST_LOADS"):
    sys.addaudithook(_watch_loads)

if os.environ.get("SEIZURE_ZOO_TEST_AUDIT"):
    promises.watch(
        _tell,
        [
            os.environ[name]
            for name in ("SEIZURE_ZOO_HOME", "SEIZURE_ZOO_DATA", "TMPDIR")
            if os.environ.get(name)
        ],
        port=int(os.environ["GRADIO_SERVER_PORT"]),
    )
