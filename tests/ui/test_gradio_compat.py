"""What a page is built from at first, and its parts that are sent later."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from gradio import processing_utils
from gradio.events import api
from gradio.state_holder import SessionState

from ui.events import listen
from ui.gradio_compat import (
    LaterPart,
    PartedBlocks,
    ask_no_foreign_name_server,
    sent_when_opened,
)

Listener = gr.blocks.BlockFunction


def parted() -> PartedBlocks:
    """A page with a tab that comes later."""
    with PartedBlocks() as demo:
        seen = gr.Textbox(elem_id="seen")
        with gr.Tabs(), gr.Tab("Later", elem_id="tab") as tab, sent_when_opened(tab.select):
            button = gr.Button("Press", elem_id="inside")
            asked, told = gr.Textbox("filled in"), gr.Textbox()
            listen(button.click, lambda _: ("pressed", ""), inputs=asked, outputs=[seen, told])
    return demo


def test_a_part_for_some_is_not_sent_to_others_and_does_not_answer_them() -> None:
    def guarded(_: Any) -> Any:
        def refuse() -> None:
            raise gr.Error("not for you")

        return refuse

    with PartedBlocks() as demo:
        with gr.Tabs(), gr.Tab("Later") as tab:
            with sent_when_opened(tab.select, may_see=lambda: False, guarded=guarded):
                listen(gr.Button("Press").click, lambda: "secret", outputs=gr.Textbox())
    asking, pressed = (one for one in demo.fns.values() if not one.renderable)
    state = SessionState(demo)
    asyncio.run(demo.process_api(asking, [], state=state))
    assert state[asking.outputs[0]._id] is False
    with pytest.raises(gr.Error, match="not for you"):
        asyncio.run(demo.process_api(pressed, [], state=SessionState(demo)))


def ids(config: dict[str, Any]) -> set[str]:
    return {one["props"].get("elem_id") for one in config["components"]}


def test_a_page_begins_without_what_comes_later() -> None:
    demo = parted()
    config = demo.get_config_file()
    assert {"seen", "tab"} <= ids(config)
    assert "inside" not in ids(config)
    known = {one["id"] for one in config["components"]}
    for one in config["dependencies"]:
        assert {*one["inputs"], *one["outputs"]} <= known
    assert len(config["dependencies"]) == len(demo.fns) - 1


def nodes(layout: dict[str, Any]) -> set[int]:
    return {layout["id"]}.union(*map(nodes, layout.get("children", [])))


def test_a_page_has_no_node_for_what_endpoints_take_and_answer_but_clients_are_told() -> None:
    def double(given: float) -> float:
        return 2 * given

    with PartedBlocks() as demo:
        seen, hidden = gr.Textbox(), gr.File()
        listen(seen.change, lambda _: None, inputs=seen, outputs=hidden)
        api(double)
    config = demo.get_config_file()
    shown = {seen._id, hidden._id}
    assert set(config["page"][""]["components"]) >= shown
    values = {one["id"] for one in config["components"] if one["type"] == "api"}
    assert len(values) == 2
    for tree in (config["layout"], config["page"][""]["layout"]):
        assert shown <= nodes(tree)
        assert not values & nodes(tree)
    assert not values & set(config["page"][""]["components"])
    described = {one["id"] for one in config["components"] if "api_info" in one}
    assert described == values
    demo.config = config
    told = demo.get_api_info()["named_endpoints"]["/double"]
    assert told["parameters"][0]["type"] == {"type": "number"}


def test_what_comes_later_is_sent_when_it_is_asked_for_and_works() -> None:
    demo = parted()
    state = SessionState(demo)
    (asking,) = [one for one in demo.fns.values() if one.renderable]

    def answer(fn: Listener) -> dict[str, Any]:
        return asyncio.run(demo.process_api(fn, [""] * len(fn.inputs), state=state))

    assert answer(demo.fns[0])["data"] == [None]  # a state is told by its change only
    sent = answer(asking)["render_config"]
    assert "inside" in ids(sent)
    (pressed,) = [demo.fns[one["id"]] for one in sent["dependencies"]]
    assert answer(pressed)["data"] == ["pressed", ""]
    boxes = [one["props"]["interactive"] for one in sent["components"] if one["type"] == "textbox"]
    assert boxes == [True, False]


def _used(fn: Listener) -> Iterator[gr.blocks.Block]:
    yield from (*fn.inputs, *fn.outputs)


def test_no_listener_of_the_app_reaches_into_a_part_that_may_not_be_there(app: gr.Blocks) -> None:
    parts = [one for one in app.renderables if isinstance(one, LaterPart)]
    assert len(parts) == 2
    for fn in app.fns.values():
        reached = {block.rendered_in for block in _used(fn)}
        heard = {app.blocks[one].rendered_in for one, _ in fn.targets if one in app.blocks}
        assert (reached | heard) <= {None, fn.rendered_in}, fn.name
        if fn.trigger_after is not None:
            assert app.fns[fn.trigger_after].rendered_in is fn.rendered_in, fn.name


def test_no_event_outside_is_heard_by_two_parts(app: gr.Blocks) -> None:
    # The listeners of a part take the place of those that listened to the same before.
    heard: dict[tuple[int | None, str], set[Any]] = {}
    for fn in app.fns.values():
        for block, event in fn.targets:
            is_outside = block in app.blocks and app.blocks[block].rendered_in is None
            if is_outside and event != "load" and fn.rendered_in is not None:
                heard.setdefault((block, event), set()).add(fn.rendered_in)
    assert [one for one, by in heard.items() if len(by) > 1] == []


def test_google_is_not_asked_where_a_private_host_is(monkeypatch: pytest.MonkeyPatch) -> None:
    fetching: Any = vars(processing_utils)["sh"]
    monkeypatch.setattr(
        fetching, "async_resolve_hostname_google", fetching.async_resolve_hostname_google
    )
    ask_no_foreign_name_server()
    # What reaches another machine fails any test, see `tests.conftest`.
    with pytest.raises(ValueError, match="Hostname localhost failed validation"):
        asyncio.run(fetching.async_validate_url("localhost"))


def test_an_app_that_nobody_uses_rests(app: gr.Blocks) -> None:
    assert gr.Blocks()._queue.sleep_when_free < app._queue.sleep_when_free == 0.01


@pytest.mark.filterwarnings("ignore:.*deprecated")
def test_calls_are_not_summed_up_after_each(app: gr.Blocks) -> None:
    call = {"function": "a", "status": "success", "process_time": 1.0}
    for queue, n_functions in ((gr.Blocks()._queue, 1), (app._queue, 0)):
        queue.events_recorded += 1
        assert len(queue.compute_analytics_summary([call]).get("functions", [])) == n_functions
    assert "self.compute_analytics_summary" in inspect.getsource(type(app._queue).process_events)
