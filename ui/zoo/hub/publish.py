"""Publishes a model: a preview first, and then exactly what it has shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import gradio as gr
from markupsafe import Markup

from seizure_core.errors import ParameterError
from ui.events import Updates, listen
from ui.i18n.translation import tr
from ui.i18n.wording import size_words
from ui.loaded_models import publishing_access
from ui.resources import Services
from ui.server.queues import HUB_QUEUE
from ui.widgets import markup
from ui.zoo.hub.find import named_repository, repository_field
from zoo.hub.publishing import plan_json, plan_publication, publish_model

NO_MODEL = "Open the card of the model to publish first."
NO_PREVIEW = "Press <em>Preview</em> to see what would be sent."
PRIVATE, PUBLIC = "Private", "Public"
WHAT_IS_NEW = "What is new"
CHANGES = {"new": "new", "changed": "changed", "unchanged": "unchanged"}


class Previewed(NamedTuple):
    """A form as it was previewed, and what its publication would send.

    Attributes
    ----------
    asked : tuple
        What was chosen and written.
    publishes : dict
        Arguments of `publish_model`: exactly that is published.
    """

    asked: tuple[Any, ...]
    publishes: dict[str, Any]


class PublishForm:
    """The form, its preview, and the button that publishes.

    Parameters
    ----------
    services : Services
        Settings.
    demo : gr.Blocks
        The app, whose loading shows which model is chosen.
    chosen : gr.State
        Id of the model to publish.
    """

    def __init__(self, services: Services, demo: gr.Blocks, chosen: gr.State) -> None:
        self._settings = services.settings
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=300):
                self._build_form()
            with gr.Column(scale=3, min_width=300):
                self._shown = gr.HTML(markup.empty(NO_PREVIEW), elem_id="hub-publication")
        self._previewed = gr.State(None)
        outputs = [self._previewed, self._publish, self._shown]
        listen(
            [demo.load, chosen.change],
            self.say_which,
            inputs=chosen,
            outputs=self._which,
            quiet=True,
        )
        # What is chosen or written after a preview was not in it.
        listen(
            [field.change for field in (chosen, *self._form)],
            self.take_away_what_is_old,
            inputs=[self._previewed, chosen, *self._form],
            outputs=outputs,
            quiet=True,
        )
        listen(
            self._preview.click,
            self.preview,
            inputs=[chosen, *self._form],
            outputs=outputs,
            queue=HUB_QUEUE,
        )
        listen(
            self._publish.click,
            self.publish,
            inputs=self._previewed,
            outputs=outputs,
            queue=HUB_QUEUE,
        )

    def _build_form(self) -> None:
        self._which = gr.HTML(
            markup.paragraph(NO_MODEL), elem_id="hub-publish-model", padding=False
        )
        gr.HTML(
            markup.paragraph(
                "Only the card, the weights and a README made from the card are sent: no "
                "recording, no file name, no patient."
            ),
            padding=False,
        )
        self._form = (
            repository_field("hub-publish-repo"),
            gr.Radio(
                choices=[(PRIVATE, True), (PUBLIC, False)],
                value=True,
                label="Visibility of a new repository",
                elem_id="hub-private",
            ),
            gr.Textbox(
                label=WHAT_IS_NEW,
                info="For the history of versions; empty takes the note on the card.",
                lines=2,
                elem_id="hub-note",
            ),
            gr.Checkbox(
                label="Allow texts on the card that look like names of files or folders",
                elem_id="hub-allow-names",
            ),
        )
        with gr.Row():
            self._preview = gr.Button("Preview", min_width=120, elem_id="hub-preview")
            self._publish = gr.Button(
                "Publish this",
                variant="primary",
                interactive=False,
                min_width=120,
                elem_id="hub-publish",
            )

    def say_which(self, model_id: str | None) -> Updates:
        """Say which model would be published."""
        said = "Publishes the model whose card is open: {model_id}"
        return {
            self._which: markup.paragraph(tr(said, model_id=model_id) if model_id else NO_MODEL)
        }

    def preview(
        self,
        model_id: str | None,
        repo: str,
        private: bool,
        note: str,
        allow_names: bool,
        visitor: gr.OAuthToken | None,
    ) -> Updates:
        """Show what would be sent."""
        if not model_id:
            raise ParameterError(NO_MODEL)
        options: dict[str, Any] = {
            "private": private,
            "note": note,
            "allow_names": allow_names,
        }
        access = publishing_access(self._settings, visitor)
        plan = plan_json(plan_publication(model_id, named_repository(repo), access, **options))
        seen = Previewed(
            asked=(model_id, repo, private, note, allow_names),
            publishes={
                "model_id": model_id,
                "repo_id": plan["repo_id"],
                "expected_fingerprint": plan["fingerprint"],
                **options,
            },
        )
        return self._showing(seen, plan_html(plan), can_publish=plan["changes_anything"])

    def take_away_what_is_old(self, seen: Previewed | None, *asked: Any) -> Updates:
        """Take a preview away unless it is of what is chosen and written now.

        What was written last may be told only after the preview of it has been asked for.
        """
        if seen is not None and seen.asked == asked:
            return {}
        return self._showing(None, markup.empty(NO_PREVIEW))

    def publish(self, seen: Previewed | None, visitor: gr.OAuthToken | None) -> Updates:
        """Publish what the preview has shown."""
        if seen is None:
            raise ParameterError("Preview first: exactly what the preview shows is published.")
        done = publish_model(**seen.publishes, access=publishing_access(self._settings, visitor))
        return self._showing(None, _published_html(done))

    def _showing(
        self, seen: Previewed | None, trusted_html: str, *, can_publish: bool = False
    ) -> Updates:
        return {
            self._previewed: seen,
            self._publish: gr.Button(interactive=can_publish),
            self._shown: trusted_html,
        }


def plan_html(plan: Mapping[str, Any]) -> str:
    """Return a preview: what goes where, the files, the changes, and the whole texts."""
    facts = [
        ("Model", f"{plan['model_id']} {plan['version']}"),
        ("Repository", plan["repo_id"]),
        ("Already there", _repository_words(plan)),
        ("Seen by", tr(PRIVATE) if plan["private"] else tr(PUBLIC)),
        ("Title of the commit", plan["title"]),
    ]
    files = (
        (file["name"], size_words(file["size_bytes"]), tr(CHANGES[file["change"]]))
        for file in plan["files"]
    )
    nothing_new = "The repository holds exactly this already: there is nothing to publish."
    return "".join(
        (
            markup.heading("What would be sent"),
            "" if plan["changes_anything"] else markup.paragraph(nothing_new),
            markup.facts(facts),
            markup.bullets(plan["warnings"]) if plan["warnings"] else "",
            markup.table(("File", "Size", "Change"), files),
            markup.folded(WHAT_IS_NEW, _text_html(plan["changelog"])),
            markup.folded("Changes against what is there", _diff_html(plan["diff"])),
            *(markup.folded(name, _text_html(text)) for name, text in plan["texts"].items()),
        )
    )


def _repository_words(plan: Mapping[str, Any]) -> str:
    if plan["is_new_repository"]:
        return tr("nothing: it is created")
    if plan["published_version"] is None:
        return tr("no model of Seizure Zoo")
    return tr("version {version} of this model", version=plan["published_version"])


def _text_html(text: str) -> str:
    return Markup('<pre class="source" tabindex="0">{}</pre>').format(text)


def _diff_html(lines: Sequence[str]) -> str:
    if not lines:
        return markup.paragraph("The texts stay as they are.")
    row = Markup('<span class="{}">{}</span>')
    return _text_html(Markup("\n").join(row.format(_line_kind(line), line) for line in lines))


def _line_kind(line: str) -> str:
    if line.startswith(("+++ new ", "--- published ", "@@ ")):
        return "place"
    return {"+": "added", "-": "removed"}.get(line[:1], "same")


def _published_html(published: Mapping[str, Any]) -> str:
    """Return where a model has been published, with a link to its page."""
    facts = [("Commit", published["revision"]), ("Repository", published["repo_id"])]
    address = published["url"]
    link = markup.paragraph(address)
    # The Hub's address comes from the environment; only one of the web becomes a link.
    if address.startswith(("https://", "http://")):
        link = Markup(
            '<p><a href="{}" target="_blank" rel="noopener noreferrer">{}</a></p>'
        ).format(address, tr("Its page on the Hub"))
    return markup.paragraph("Published.") + markup.facts(facts, lead=True) + link
