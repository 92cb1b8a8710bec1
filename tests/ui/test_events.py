"""What `listen` adds to a handler."""

from __future__ import annotations

import asyncio
from typing import Any

import gradio as gr
import pytest

from seizure_core.errors import ParameterError
from ui.events import Updates, listen, listen_to_end
from ui.i18n.translation import tr
from ui.server.queues import DATASET_QUEUE
from ui.server.settings import Settings


def answer_of(demo: gr.Blocks, *given: Any) -> list[Any]:
    """Return what the page gets for its first event."""
    return asyncio.run(demo.process_api(demo.fns[0], list(given)))["data"]


def test_only_what_a_handler_names_changes() -> None:
    with gr.Blocks() as demo:
        name, greeting, button = gr.Textbox(), gr.Textbox(), gr.Button()

        def greet(given: str) -> Updates:
            return {greeting: f"Good morning, {given}", button: gr.Button(interactive=False)}

        listen(name.change, greet, inputs=name, outputs=[name, button, greeting])
    kept, pressed, said = answer_of(demo, "Ada")
    assert kept == {"__type__": "update"}
    assert pressed["interactive"] is False
    assert said == "Good morning, Ada"


@pytest.mark.parametrize("n_outputs", [1, 2])
def test_no_updates_change_nothing(n_outputs: int) -> None:
    with gr.Blocks() as demo:
        boxes = [gr.Textbox("as it was") for _ in range(n_outputs)]
        listen(demo.load, dict, outputs=boxes)
    assert answer_of(demo) == [{"__type__": "update"}] * n_outputs


@pytest.mark.parametrize(("quiet", "shown"), [(True, []), (False, ["said"])])
def test_progress_is_said_on_one_component_alone(quiet: bool, shown: list[str]) -> None:
    with gr.Blocks() as demo:
        with gr.Column() as column:
            said, other = gr.HTML(elem_id="said"), gr.HTML(elem_id="other")
        listen(demo.load, dict, outputs=[column, said, other], quiet=quiet)
    named = {block["id"]: block["props"].get("elem_id") for block in demo.config["components"]}
    places = demo.config["dependencies"][0]["show_progress_on"]
    assert [named[place] for place in places] == shown


def test_a_handler_of_a_set_reads_its_values_by_component() -> None:
    with gr.Blocks() as demo:
        first, second, total = gr.Number(), gr.Number(), gr.Number()

        def subtract(given: dict[gr.Number, float]) -> Updates:
            return {total: given[first] - given[second]}

        listen(first.change, subtract, inputs={second, first}, outputs=total)
    assert answer_of(demo, 5.0, 3.0) == [2.0]


def test_an_error_is_told_without_its_markup() -> None:
    def refuse() -> None:
        raise ParameterError("<b> is no name.")

    with gr.Blocks() as demo:
        listen(demo.load, refuse)
    with pytest.raises(gr.Error, match="&lt;b&gt; is no name"):
        answer_of(demo)


def test_who_may_not_write_is_refused_before_anything_is_done(tmp_path: Any) -> None:
    done = []
    open_to_all = Settings.from_environment(
        {"SEIZURE_ZOO_HOME": str(tmp_path), "GRADIO_SERVER_NAME": "0.0.0.0"}
    )
    with gr.Blocks() as demo:
        listen(demo.load, lambda: done.append(1), writers=open_to_all)
    with pytest.raises(gr.Error):
        answer_of(demo)
    assert done == []


def test_events_are_private_and_share_the_places_of_their_queue() -> None:
    with gr.Blocks() as demo:
        listen(demo.load, lambda: tr("Error"), outputs=gr.Textbox(), queue=DATASET_QUEUE)
        listen(demo.load, lambda: "", outputs=gr.Textbox(), queue=False, quiet=True)
    waiting, at_once = demo.fns[0], demo.fns[1]
    assert (waiting.api_visibility, waiting.concurrency_id) == ("private", DATASET_QUEUE)
    assert (at_once.queue, at_once.show_progress) == (False, "hidden")


def test_what_follows_the_end_follows_success_and_failure() -> None:
    with gr.Blocks() as demo:
        event = listen(demo.load, lambda: None)
        listen_to_end(event, lambda: None)
    followers = [one for one in demo.fns.values() if one.trigger_after == 0]
    assert [one.trigger_only_on_success for one in followers] == [True, False]
    assert [one.trigger_only_on_failure for one in followers] == [False, True]
