"""The longest that one call of the API may take."""

from __future__ import annotations

import time
from dataclasses import dataclass

from seizure_core.errors import SeizureZooError
from ui.server.settings import MAX_CALL_VARIABLE


class CallTooLongError(SeizureZooError):
    """A call took longer than any may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The time at which a call is given up, for which its work asks now and then.

    Attributes
    ----------
    most_s : float
        Seconds that it may take.
    ends_s : float
        By the clock of `time.monotonic`.
    """

    most_s: float
    ends_s: float

    @classmethod
    def after(cls, most_s: float) -> Deadline:
        """Return the deadline of a call that begins now."""
        return cls(most_s=most_s, ends_s=time.monotonic() + most_s)

    def check(self, *_progress: object) -> None:
        """Take the place of a progress function; raises `CallTooLongError`."""
        if time.monotonic() > self.ends_s:
            raise CallTooLongError(
                "This took longer than {most_s:g} s, the most that one call may take, and was "
                "stopped. Give it fewer or shorter recordings, or ask who runs the server to "
                "raise {variable}.",
                most_s=self.most_s,
                variable=MAX_CALL_VARIABLE,
            )

    def cancelled(self) -> bool:
        """Take the place of what asks whether work was stopped; raises `CallTooLongError`."""
        self.check()
        return False
