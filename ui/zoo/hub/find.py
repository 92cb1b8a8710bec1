"""Finds models on the Hub and pulls them into the zoo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.events import Updates, listen
from ui.i18n.translation import filled_table, tr
from ui.i18n.wording import count_words, size_words
from ui.loaded_models import hub_access
from ui.resources import Services
from ui.server.queues import HUB_QUEUE
from ui.widgets import markup
from ui.zoo.card.results import summary_html
from zoo.card.schema import ArchitectureCard
from zoo.hub.pulling import pull_model
from zoo.hub.search import search_models
from zoo.store.registry import model_card

COLUMNS = ("Repository", "Licence", "Downloads", "Likes", "Changed", "Access")
# In the order in which a pull goes through them.
STAGES = {
    "look up": "Looking up the repository",
    "card": "Fetching the card",
    "weights": "Fetching the weights",
    "checks": "Checking card, weights and the stored output",
    "register": "Adding it to the zoo",
}


class HubSearch:
    """The search, and the fields by which a model is pulled.

    Attributes
    ----------
    pulled : gr.events.Dependency
        The event that puts a model into the zoo.
    """

    def __init__(self, services: Services) -> None:
        self._settings = services.settings
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=300):
                query = gr.Textbox(
                    label="Name contains",
                    info="Empty lists every model tagged seizure-zoo.",
                    max_lines=1,
                    elem_id="hub-query",
                )
                search = gr.Button("Search the Hub", elem_id="hub-search")
                self._found = gr.HTML("", elem_id="hub-found")
                self._results = gr.Dataframe(
                    headers=list(COLUMNS),
                    label="Models on the Hub (choose a row to fill in its name)",
                    interactive=False,
                    wrap=True,
                    max_height=320,
                    elem_id="hub-results",
                    visible=False,
                )
            with gr.Column(scale=2, min_width=300):
                self._repo = repository_field("hub-repo")
                self._revision = gr.Textbox(
                    label="Revision",
                    info="Branch, tag or commit; empty takes the newest.",
                    max_lines=1,
                    elem_id="hub-revision",
                )
                pull = gr.Button(
                    "Download into the zoo",
                    variant="primary",
                    interactive=self._settings.may_write,
                    elem_id="hub-pull",
                )
                nothing = markup.empty("No model has been downloaded yet.")
                self._pulled = gr.HTML(nothing, elem_id="hub-pulled")
        listen(
            [search.click, query.submit],
            self.look,
            inputs=query,
            outputs=[self._found, self._results],
            queue=HUB_QUEUE,
        )
        listen(self._results.select, self.choose, outputs=[self._repo, self._revision])
        self.pulled = listen(
            pull.click,
            self.take,
            inputs=[self._repo, self._revision],
            outputs=self._pulled,
            queue=HUB_QUEUE,
            writers=self._settings,
        )

    def look(self, wanted: str, visitor: gr.OAuthToken | None) -> Updates:
        """List what the Hub has."""
        found = search_models(wanted, access=hub_access(self._settings, visitor))
        names = ("repo_id", "license", "downloads", "likes", "updated")
        rows = [[*(repo[name] for name in names), _who_may(repo)] for repo in found]
        said = (
            tr(
                "{number} found. Their cards and weights are checked when they are downloaded.",
                number=count_words(len(rows), "model"),
            )
            if rows
            else "No model of Seizure Zoo on the Hub has this in its name."
        )
        return {
            self._found: markup.paragraph(said),
            self._results: gr.Dataframe(value=filled_table(COLUMNS, rows), visible=bool(rows)),
        }

    def choose(self, row: gr.SelectData) -> Updates:
        """Fill in a result's name."""
        return {self._repo: str(row.row_value[0]), self._revision: ""}

    def take(
        self,
        wanted: str,
        revision: str,
        visitor: gr.OAuthToken | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> Updates:
        """Pull a model into the zoo."""

        def tell(stage: str, size_bytes: int | None) -> None:
            said = tr(STAGES[stage])
            if size_bytes is not None:
                said = tr("{stage} ({size})", stage=said, size=size_words(size_bytes))
            progress(list(STAGES).index(stage) / len(STAGES), desc=said)

        pulled = pull_model(
            named_repository(wanted),
            revision.strip() or None,
            access=hub_access(self._settings, visitor),
            progress=tell,
        )
        return {self._pulled: pulled_html(pulled, model_card(pulled["model_id"]))}


def repository_field(elem_id: str, label: str = "Repository") -> gr.Textbox:
    """Build the field for a repository's name."""
    return gr.Textbox(
        label=label, info="ORGANISATION/NAME, as on the Hub.", max_lines=1, elem_id=elem_id
    )


def named_repository(typed: str | None) -> str:
    """Return a repository's name as it was typed, or raise `ParameterError` if it was not."""
    if not (typed or "").strip():
        raise ParameterError("Name a repository of the Hub first, such as some-team/some-model.")
    return str(typed)


def pulled_html(pulled: Mapping[str, Any], card: ArchitectureCard) -> str:
    """Return what has been pulled, from which full commit, and its card in short."""
    said = tr(
        "The model {model_id} is in the zoo now and works without a connection.",
        model_id=card.model_id,
    )
    facts = [
        ("Commit", pulled["revision"]),
        ("Model", card.model_id),
        ("Version", card.version),
        ("Repository", pulled["repo_id"]),
        ("Licence", card.license),
    ]
    return markup.paragraph(said) + markup.facts(facts, lead=True) + summary_html(card)


def _who_may(result: Mapping[str, Any]) -> str:
    if result["private"]:
        return tr("its members")
    return tr("on request") if result["gated"] else tr("Public")
