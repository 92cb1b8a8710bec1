"""The start section above the tabs: what this is, three steps, a demo recording, the language."""

from __future__ import annotations

import gradio as gr

from ui.i18n import text
from ui.i18n.translation import languages, words_of

CHOOSE_LANGUAGE = """\
const { shown, choose } = window.seizureZooLanguage;
for (const button of element.querySelectorAll("button")) {
  button.setAttribute("aria-pressed", button.lang === shown);
  button.addEventListener("click", () => choose(button.lang));
}
"""


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
            _build_languages()
    return button


def _build_languages() -> None:
    """Build a button for each language, in its own words, so that everybody finds theirs."""
    buttons = "".join(
        f'<button type="button" lang="{code}">{words_of(code).name}</button>'
        for code in languages()
    )
    gr.HTML(
        f'<div role="group" aria-label="{text.LANGUAGE}">{buttons}</div>',
        js_on_load=CHOOSE_LANGUAGE,
        elem_id="languages",
    )
