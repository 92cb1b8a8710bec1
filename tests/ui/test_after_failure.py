"""After a refused or failed run every button works again.

Gradio's page runs what hangs on `.success` after success and what hangs on `.failure` after
failure; a bare `.then` is not run after a failure, whatever its documentation says.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import gradio as gr
import pytest

from ui.stopping import WorkStops, build_stoppable

Listener = gr.blocks.BlockFunction


def after(app: gr.Blocks, event: Listener, *, success: bool) -> list[Listener]:
    """Return what Gradio's page runs once an event has ended."""
    followers = [one for one in app.fns.values() if one.trigger_after == event._id]
    return [
        one
        for one in followers
        if (success and not one.trigger_only_on_failure)
        or (not success and one.trigger_only_on_failure)
    ]


def everything_after(app: gr.Blocks, event: Listener, *, success: bool) -> Iterator[Listener]:
    for one in after(app, event, success=success):
        yield one
        yield from everything_after(app, one, success=True)


def chains(app: gr.Blocks) -> Iterator[list[Listener]]:
    """Yield what runs after each click, choice or upload as long as all goes well."""
    for event in app.fns.values():
        if event.trigger_after is None:
            yield [event, *everything_after(app, event, success=True)]


def said(event: Listener, app: gr.Blocks) -> str:
    return ", ".join(
        f"{getattr(app.blocks.get(block), 'elem_id', None) or app.blocks.get(block)}: {name}"
        for block, name in event.targets
        if block is not None
    )


def test_nothing_relies_on_a_then_after_a_failure(app: gr.Blocks) -> None:
    bare = [
        one
        for one in app.fns.values()
        if one.trigger_after is not None
        and not one.trigger_only_on_success
        and not one.trigger_only_on_failure
    ]
    assert [one.name for one in bare] == []


def test_what_a_click_has_changed_is_set_again_whichever_step_fails(app: gr.Blocks) -> None:
    locked = []
    for chain in chains(app):
        changed = {one for one in chain[0].outputs if isinstance(one, gr.Button | gr.State)}
        for step in chain[1:]:
            # What its success would set again, its failure must.
            by_success, by_failure = (
                {o for one in everything_after(app, step, success=success) for o in one.outputs}
                for success in (True, False)
            )
            if not changed & by_success <= by_failure:
                locked.append((said(chain[0], app), step.name))
    assert locked == []


def test_what_follows_a_refusal_of_nothing_does_not_refuse_again(app: gr.Blocks) -> None:
    following = [one for one in app.fns.values() if one.trigger_only_on_failure]
    assert following
    visitor = gr.Request(username=None, session_hash="nobody")
    for one in following:
        assert one.fn is not None
        asks = "request" in inspect.signature(one.fn).parameters
        one.fn(*(None for _ in one.inputs), *([visitor] if asks else []))


@pytest.mark.parametrize("start", ["run", "compute-statistics"])
def test_the_buttons_of_long_work_are_freed_after_its_last_step(app: gr.Blocks, start: str) -> None:
    (chain,) = [
        chain
        for chain in chains(app)
        for block, name in chain[0].targets
        if name == "click" and getattr(app.blocks.get(block), "elem_id", None) == start
    ]
    locking = set(chain[0].outputs)
    assert any(getattr(one, "elem_id", None) == f"cancel-{start}" for one in locking)
    for success in (True, False):
        ending = [one for one in chain[1:] if locking <= set(one.outputs)]
        assert ending
        works = [one for one in chain[1:] if set(after(app, one, success=True)) & set(ending)]
        for work in works:
            assert any(locking <= set(one.outputs) for one in after(app, work, success=success))


def test_the_buttons_end_as_they_began_after_a_failed_step() -> None:
    stops = WorkStops()

    def fail() -> None:
        raise gr.Error("refused")

    with gr.Blocks() as demo:
        buttons = build_stoppable(stops, "Go", elem_id="go")
        buttons.wire(lambda event: event.success(lambda: None), lambda event: event.success(fail))
    (chain,) = [one for one in chains(demo) if one[0].targets[0][0] == buttons.start._id]
    for step in chain[1:3]:
        (end,) = after(demo, step, success=False)
        assert end.fn is not None
        answer = end.fn(None)
        assert answer[buttons.token] is None
        assert answer[buttons.start].interactive is True
        assert answer[buttons.cancel].visible is False
