"""The start section above the tabs: what this is, three steps, a demo recording."""

from __future__ import annotations

import gradio as gr

from ui import text


def build_start() -> gr.Button:
    """Build the section and return the button that opens the demo recording."""
    with gr.Row(elem_id="introduction", equal_height=False):
        with gr.Column(scale=3, min_width=280):
            gr.Markdown(text.START)
            gr.Markdown(text.STEPS)
        with gr.Column(scale=2, min_width=280):
            gr.Markdown(text.NOT_CLINICAL, elem_id="not-clinical")
            button = gr.Button(text.DEMO_BUTTON, variant="secondary", elem_id="open-demo")
            gr.Markdown(text.DEMO_NOTE, elem_classes="remark")
    return button
