"""Finds nets on the Hub and pulls them into the zoo."""

from __future__ import annotations

from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.errors import for_browser
from ui.i18n.translation import filled_table, tr
from ui.i18n.wording import count_words
from ui.loaded_models import hub_access
from ui.resources import Services
from ui.server.permissions import for_writers
from ui.server.queues import HUB_QUEUE, PLACES
from ui.widgets import markup
from ui.zoo.hub import views, words
from zoo.hub.pulling import pull_model
from zoo.hub.search import search_models
from zoo.store.registry import model_card

# Stages of a pull, in the order they come.
_STAGES = tuple(words.STAGES)


def build_find(services: Services) -> gr.events.Dependency:
    """Build the part inside the current Blocks context.

    Returns
    -------
    gr.events.Dependency
        The event that puts a net into the zoo.
    """
    settings = services.settings
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=300):
            query = gr.Textbox(
                label=words.QUERY, info=words.QUERY_INFO, max_lines=1, elem_id="hub-query"
            )
            search = gr.Button(words.SEARCH, elem_id="hub-search")
            found = gr.HTML("", elem_id="hub-found")
            results = gr.Dataframe(
                headers=list(words.RESULT_COLUMNS),
                label=words.RESULTS,
                interactive=False,
                wrap=True,
                max_height=320,
                elem_id="hub-results",
                visible=False,
            )
        with gr.Column(scale=2, min_width=300):
            repo = gr.Textbox(
                label=words.REPOSITORY,
                info=words.REPOSITORY_INFO,
                max_lines=1,
                elem_id="hub-repo",
            )
            revision = gr.Textbox(
                label=words.REVISION, info=words.REVISION_INFO, max_lines=1, elem_id="hub-revision"
            )
            pull = gr.Button(
                words.PULL,
                variant="primary",
                interactive=settings.may_write,
                elem_id="hub-pull",
            )
            pulled = gr.HTML(markup.empty(words.NOTHING_PULLED), elem_id="hub-pulled")

    @for_browser
    def look(wanted: str, visitor: gr.OAuthToken | None) -> tuple[Any, ...]:
        rows = views.result_rows(
            search_models(wanted, access=hub_access(settings, visitor)),
        )
        number = count_words(len(rows), "net")
        told = tr(words.FOUND, number=number) if rows else words.NOTHING_FOUND
        return markup.paragraph(told), gr.Dataframe(
            value=filled_table(words.RESULT_COLUMNS, rows), visible=bool(rows)
        )

    @for_browser
    def choose(row: gr.SelectData) -> tuple[str, str]:
        return str(row.row_value[0]), ""

    def take(
        wanted: str,
        at: str,
        visitor: gr.OAuthToken | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> str:
        if not wanted.strip():
            raise ParameterError(words.NAME_A_REPOSITORY)

        def tell(stage: str, size_bytes: int | None) -> None:
            done = _STAGES.index(stage) / len(_STAGES)
            progress(done, desc=views.stage_words(stage, size_bytes))

        answer = pull_model(
            wanted, at.strip() or None, access=hub_access(settings, visitor), progress=tell
        )
        return views.pulled_html(answer, model_card(answer["model_id"]))

    gr.on(
        [search.click, query.submit],
        look,
        inputs=query,
        outputs=[found, results],
        concurrency_id=HUB_QUEUE,
        concurrency_limit=PLACES[HUB_QUEUE],
        api_visibility="private",
    )
    results.select(choose, outputs=[repo, revision], api_visibility="private")
    return pull.click(
        for_browser(for_writers(settings, take)),
        inputs=[repo, revision],
        outputs=pulled,
        concurrency_id=HUB_QUEUE,
        concurrency_limit=PLACES[HUB_QUEUE],
        api_visibility="private",
    )
