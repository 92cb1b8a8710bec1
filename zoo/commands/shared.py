"""Arguments and helpers that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from seizure_core.command_line import DONE, FAILED, argument, fail
from seizure_core.errors import SeizureZooError

T = TypeVar("T")

MODEL_ID = argument("model_id", metavar="ID", help="Id of the model, as shown by 'list'.")


def each(do: Callable[[Any], T], items: Iterable[Any]) -> tuple[list[T], int]:
    """Call a function with every item, print failures; return the results and the exit status."""
    done, status = [], DONE
    for item in items:
        try:
            done.append(do(item))
        except SeizureZooError as error:
            fail(str(error))
            status = FAILED
    return done, status


def written_line(path: object, *, is_new: bool) -> str:
    """Return the message that a file was written or is up to date."""
    return f"wrote {path}" if is_new else f"skipped {path}: the same lies there"
