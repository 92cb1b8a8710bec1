"""Sessions: what they share, what they keep, and when they are forgotten."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import gradio as gr
from gradio.state_holder import SessionState, StateHolder

from ui.events import listen
from ui.gradio_sessions import MOST_CLOSED_SESSIONS, keep_sessions_lightly


def test_a_session_shares_the_page_of_all_and_keeps_what_it_changes() -> None:
    keep_sessions_lightly()
    with gr.Blocks() as demo:
        said = gr.Textbox("before")
        gr.Textbox("another")
        listen(said.change, lambda: gr.Textbox("after", lines=2), outputs=said)
    state, other = SessionState(demo), SessionState(demo)
    asyncio.run(demo.process_api(demo.fns[0], [], state=state))
    assert [one[said._id].lines for one in (state, other)] == [2, 1]
    assert demo.blocks[said._id].lines == 1
    assert len(state.blocks_config.blocks.maps[0]) == 1, "the rest is the page of all"
    assert other.config_values == {}


def test_a_session_is_forgotten_with_its_states_an_hour_after_its_page_is_closed() -> None:
    keep_sessions_lightly()
    given_up: list[str] = []
    with gr.Blocks() as demo:
        kept = gr.State(delete_callback=given_up.append)
    sessions = StateHolder()
    sessions.set_blocks(demo)
    for name in ("open", "closed", "closed just now"):
        sessions[name][kept._id] = name
    sessions["called"]
    long_ago = datetime.now() - timedelta(hours=1, seconds=1)
    for name in ("open", "closed", "called"):
        sessions.time_last_used[name] = long_ago
    sessions["closed"].is_closed = True
    sessions.time_last_used["closed"] = long_ago
    sessions.session_data["closed"]._state_ttl[kept._id] = (3600, long_ago)
    sessions["closed just now"].is_closed = True
    sessions.delete_all_expired_state()
    assert set(sessions.session_data) == {"open", "closed just now"}
    assert set(sessions.time_last_used) == set(sessions.session_data)
    assert given_up == ["closed"]


def test_of_closed_sessions_the_latest_are_kept_for_their_return() -> None:
    keep_sessions_lightly()
    given_up: list[int] = []
    with gr.Blocks() as demo:
        kept = gr.State(delete_callback=given_up.append)
    sessions = StateHolder()
    sessions.set_blocks(demo)
    for number in range(MOST_CLOSED_SESSIONS + 3):
        sessions[str(number)][kept._id] = number
        sessions.session_data[str(number)].is_closed = number != 0
    sessions.delete_all_expired_state()
    assert given_up == [1, 2]
    assert set(sessions.session_data) == {"0", *map(str, range(3, MOST_CLOSED_SESSIONS + 3))}
    assert set(sessions.time_last_used) == set(sessions.session_data)
