from __future__ import annotations

import gradio as gr

from ui.predict.operating_point import (
    PointPicker,
    build_point_choice,
    build_point_numbers,
    wire_point,
)


def test_no_number_can_be_typed_that_a_net_still_to_come_would_overwrite() -> None:
    with gr.Blocks() as demo:
        model = gr.Dropdown(choices=[], value=None)
        picker = PointPicker(name=build_point_choice(), fields=build_point_numbers())
        wire_point(model, picker)
    assert not any(field.interactive for field in picker.fields.all)
    follow = next(
        one.fn for one in demo.fns.values() if getattr(one.fn, "__name__", "") == "follow"
    )
    assert follow is not None
    without = follow(None)
    assert all("interactive" not in update for update in without)
    _, *fields = follow("n1spool-cnn")
    assert all(field.interactive and field.value for field in fields)
