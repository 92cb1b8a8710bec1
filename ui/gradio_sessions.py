"""Changes to how Gradio keeps what visitors' pages show; each has a test, see `gradio_compat`."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState, StateHolder

_BEGIN_SESSION = SessionState.__init__
_SWEEP_STATES: Callable[[StateHolder], None] = StateHolder.delete_all_expired_state

MOST_CLOSED_SESSIONS = 100
"""How many visitors' pages are kept for their return: each takes about 0.3 MB."""


def keep_sessions_lightly() -> None:
    """Let sessions share the page of all, keep what they change of it, and be forgotten in time.

    Gradio copies every component and event for each visitor and each call of the API, on the
    thread that answers everybody; keeps what each component showed for its deep links, which this
    app does not offer; and forgets a session only for the 10,000th after it. Here one is forgotten
    with its states an hour after its page was closed, or after the last call that had no page; and
    of closed ones, the oldest of more than `MOST_CLOSED_SESSIONS`.
    """

    def begin(self: SessionState, blocks: gr.Blocks) -> None:
        page = blocks.default_config
        without_blocks: Any = SimpleNamespace(default_config=page, blocks={})
        _BEGIN_SESSION(self, without_blocks)
        changed: Any = ChainMap({}, page.blocks)
        self.blocks_config.blocks = changed
        self.blocks_config.fns = page.fns

    def sweep(self: StateHolder) -> None:
        _SWEEP_STATES(self)
        closed = [name for name, state in self.session_data.items() if state.is_closed]
        crowding = closed[:-MOST_CLOSED_SESSIONS]
        for name in crowding:
            self.delete_state(name)
        for name, state in list(self.session_data.items()):
            now = datetime.now()
            unused_s = (now - self.time_last_used.get(name, now)).total_seconds()
            has_page = bool(state._state_ttl) and not state.is_closed
            if name in crowding or (unused_s > state.STATE_TTL_WHEN_CLOSED and not has_page):
                self.session_data.pop(name, None)
                self.time_last_used.pop(name, None)

    SessionState.__init__ = begin  # type: ignore[method-assign]
    SessionState._update_config = lambda *_: None  # type: ignore[method-assign]
    SessionState._update_value_in_config = lambda *_: None  # type: ignore[method-assign]
    StateHolder.delete_all_expired_state = sweep  # type: ignore[method-assign]
