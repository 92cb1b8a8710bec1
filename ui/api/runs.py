"""A run as callers of the API see it."""

from __future__ import annotations

import re
from typing import Any

from ui.plain_data import without_undefined

# What a run notes itself begins with a date. The rest is what Python and libraries printed:
# such lines name folders of the server.
_OWN_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ")


def public_run(status: dict[str, Any]) -> dict[str, Any]:
    """Return a run's status without lines of the log that name places of the server."""
    log = [line for line in status["log"] if _OWN_LINE.match(line)]
    return without_undefined({**status, "log": log})
