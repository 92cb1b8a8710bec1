"""Who the Hub takes the visitor for: a line of words, and on a Space the button to sign in."""

from __future__ import annotations

from importlib.util import find_spec

import gradio as gr

from ui.errors import message_for
from ui.i18n.translation import tr, tr_message
from ui.loaded_models import hub_access
from ui.server.settings import Settings
from ui.widgets import markup
from ui.zoo.hub import words
from zoo.errors import HubError
from zoo.hub.identity import who_is

# What Gradio needs for signing in; Spaces have them, `gradio[oauth]` brings them elsewhere.
_SIGN_IN_PACKAGES = ("authlib", "itsdangerous")


def can_sign_in(settings: Settings) -> bool:
    """Return whether visitors can sign in with Gradio's button.

    The button stops the whole app from starting where the Space was not set up for it.
    """
    return (
        settings.on_space
        and settings.space_sign_in
        and all(find_spec(name) is not None for name in _SIGN_IN_PACKAGES)
    )


def build_sign_in(demo: gr.Blocks) -> None:
    """Build Gradio's button, which becomes the one to sign out once the visitor has signed in."""
    button = gr.LoginButton(
        words.SIGN_IN, logout_value=words.SIGN_OUT, size="md", elem_id="hub-sign-in"
    )
    # Gradio would publish the question whether somebody has signed in as an endpoint.
    load_event, button.load_event_to_attach = button.load_event_to_attach, None
    assert load_event is not None
    demo.load(load_event[0], outputs=button, show_progress="hidden", api_visibility="private")


def identity_html(settings: Settings, visitor: gr.OAuthToken | None) -> str:
    """Return in words who the Hub is asked as; the Hub is asked only if there is a login."""
    try:
        name = who_is(hub_access(settings, visitor))
    except HubError as error:
        return markup.paragraph(tr_message(message_for(error)))
    if name is not None:
        return markup.paragraph(tr(words.SIGNED_IN, name=name))
    return markup.paragraph(nobody_words(settings))


def nobody_words(settings: Settings) -> str:
    """Return what a visitor without a login is told."""
    if not settings.on_space:
        return words.NOT_SIGNED_IN if settings.may_write else words.STRANGERS
    return words.SPACE_NOT_SIGNED_IN if can_sign_in(settings) else words.SPACE_WITHOUT_SIGN_IN
