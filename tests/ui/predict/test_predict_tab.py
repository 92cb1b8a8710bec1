from __future__ import annotations

import gradio as gr

from ui.predict.asked import PointPicker


def test_no_number_can_be_typed_that_a_model_still_to_come_would_overwrite() -> None:
    with gr.Blocks():
        model = gr.Dropdown(choices=[], value=None)
        picker = PointPicker()
        picker.build_fields()
        picker.wire(model)
    assert not any(field.interactive for field in picker.fields)
    assert picker.follow(None) == {}
    filled = picker.follow("n1spool-cnn")
    assert all(filled[field].interactive and filled[field].value for field in picker.fields)
