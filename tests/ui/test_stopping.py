from __future__ import annotations

import gradio as gr

from ui.stopping import WorkStops, build_stoppable


def test_only_the_work_that_is_meant_is_stopped() -> None:
    stops = WorkStops()
    one, other = stops.begin("ward"), stops.begin("lab")
    stopped, running = stops.asker(one), stops.asker(other)
    stops.stop(one)
    assert stopped()
    assert not running()


def test_the_work_of_a_session_that_has_ended_stops() -> None:
    stops = WorkStops()
    mine = [stops.asker(stops.begin("ward")) for _ in range(2)]
    others = stops.asker(stops.begin("lab"))
    stops.stop_session("ward")
    assert all(stopped() for stopped in mine)
    assert not others()


def test_work_that_is_not_known_any_more_does_not_begin() -> None:
    stops = WorkStops()
    token = stops.begin("ward")
    stops.stop_session("ward")
    assert stops.asker(token)()
    assert stops.asker(None)()
    stops.end(token)
    stops.stop(token)


def test_the_button_is_free_again_after_work_that_is_done_and_after_work_that_fails() -> None:
    with gr.Blocks() as demo:
        buttons = build_stoppable(WorkStops(), "Find", elem_id="find")
        buttons.wire(lambda event: event.then(lambda: None))
    events = list(demo.fns.values())
    work = next(one for one in events if one.fn is not None and one.fn.__name__ == "<lambda>")
    ends = [one for one in events if one.trigger_after == work._id and buttons.start in one.outputs]
    # Gradio's page runs the first kind only where the work has not failed.
    assert sorted(one.trigger_only_on_failure for one in ends) == [False, True]
