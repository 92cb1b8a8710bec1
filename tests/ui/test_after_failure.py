"""After a refused or failed run every button works again.

Gradio's page runs what hangs on `.success` after success and what hangs on `.failure` after
failure; a bare `.then` is not run after a failure, whatever its documentation says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

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


def test_what_a_click_has_locked_is_unlocked_whichever_step_fails(app: gr.Blocks) -> None:
    locked = []
    for chain in chains(app):
        buttons = {one for one in chain[0].outputs if isinstance(one, gr.Button)}
        again = {one for step in chain[1:] for one in step.outputs} & buttons
        for step in chain[1:]:
            freed = {o for one in everything_after(app, step, success=False) for o in one.outputs}
            freed |= {one for one in step.outputs if step is chain[-1]}
            if not again <= freed:
                locked.append((said(chain[0], app), step.name))
    assert locked == []


def test_a_search_that_is_refused_frees_its_buttons(app: gr.Blocks) -> None:
    starts = ["run", "compute-statistics"]
    chained = {
        getattr(app.blocks[block], "elem_id", None): chain
        for chain in chains(app)
        for block, name in chain[0].targets
        if name == "click" and block is not None
    }
    for start in starts:
        steps = chained[start]
        locking = set(steps[0].outputs)
        assert any(getattr(one, "elem_id", None) == f"cancel-{start}" for one in locking)
        for step in steps[1:-1]:
            freed = {o for one in after(app, step, success=False) for o in one.outputs}
            assert locking <= freed, (start, step.name)


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
        token, start, cancel = _answers(end)
        assert token is None
        assert start.interactive is True
        assert cancel.visible is False


def _answers(event: Listener) -> tuple[Any, ...]:
    assert event.fn is not None
    return tuple(event.fn(None))
