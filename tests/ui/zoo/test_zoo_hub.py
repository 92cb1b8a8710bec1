"""The Hub panel: what its events do, in whose name, and what they tell."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from gradio.oauth import OAuthToken
from gradio.state_holder import SessionState

from tests.api.test_api_list import ENDPOINTS
from tests.hub_state import Fault, HubState
from tests.zoo.hub.test_hub_pulling import cut_off, model_files
from tests.zoo.hub.test_hub_registries import entry, registry_bytes
from tests.zoo.hub_fixtures import REPO, TOKEN, add_made_model
from tests.zoo.models import build_from, card_document
from ui.api.publishing import publish_endpoints
from ui.gradio_compat import PartedBlocks
from ui.loaded_models import hub_access
from ui.resources import Services
from ui.server.settings import Settings
from ui.zoo.hub import panel
from ui.zoo.hub.find import pulled_html
from ui.zoo.hub.panel import HubPanel
from ui.zoo.hub.publish import plan_html
from zoo.hub.access import HubAccess
from zoo.hub.publishing import plan_json, plan_publication
from zoo.store.registry import Registry, list_models, model_card
from zoo.store.sealing import write_model
from zoo.store.user_models import add_model

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")

VISITOR = "hf_visitorsOwnToken"
SERVER = "hf_serversOwnToken"
SPACE = {"SPACE_ID": "team/zoo", "GRADIO_SERVER_NAME": "0.0.0.0"}
OPEN_SERVER = {"GRADIO_SERVER_NAME": "0.0.0.0"}
SIGN_IN = {
    "OAUTH_CLIENT_ID": "id",
    "OAUTH_CLIENT_SECRET": "secret",
    "OAUTH_SCOPES": "openid",
    "OPENID_PROVIDER_URL": "https://hub",
}


class App:
    """The panel in an app of its own; its events are called as Gradio calls them."""

    def __init__(self, folder: Path, **variables: str) -> None:
        settings = Settings.from_environment(variables)
        with PartedBlocks(analytics_enabled=False) as self.demo:
            with gr.Tab("Hub") as tab:
                self.chosen = gr.State(None)
                services = Services.create(settings, folder)
                HubPanel(services, self.demo, chosen=self.chosen, tab=tab)
            publish_endpoints(services, self.demo)
        self.state = SessionState(self.demo)

    def call(
        self, name: str, *inputs: Any, session: dict[str, Any] | None = None, body: str = ""
    ) -> list[Any]:
        """Call an event; `body` is a token that the caller wrote into the request."""
        function = next(
            one for one in self.demo.fns.values() if getattr(one.fn, "__name__", "") == name
        )
        answer = asyncio.run(
            self.demo.process_api(
                function,
                list(inputs),
                state=self.state,
                request=SimpleNamespace(session=session or {}),  # type: ignore[arg-type]
                oauth_token=OAuthToken(token=body, scope="", expires_at=0) if body else None,
            )
        )
        return list(answer["data"])

    def refusal(self, name: str, *inputs: Any, **kind: Any) -> str:
        with pytest.raises(gr.Error) as caught:
            self.call(name, *inputs, **kind)
        assert TOKEN not in str(caught.value)
        return str(caught.value)

    def preview(self, model_id: str = "mine", **kind: Any) -> str:
        self.state[self.chosen._id] = model_id
        answer = self.call("preview", None, REPO, True, "First.", False, **kind)
        return str(answer[2])


def signed_in(token: str = VISITOR, *, lasts_s: float = 3600) -> dict[str, Any]:
    """Return a session as Gradio keeps it after signing in."""
    user = {"name": "Eva", "preferred_username": "eva", "profile": "", "picture": ""}
    return {
        "oauth_info": {
            "access_token": token,
            "scope": "openid",
            "expires_at": round(time.time() + lasts_s),
            "userinfo": user,
        }
    }


@pytest.fixture
def space(hub: HubState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """A Space with a login of its own, and a model that visitors may publish."""
    hub.tokens |= {VISITOR: {"team"}, SERVER: {"team"}}
    monkeypatch.setenv("HF_TOKEN", SERVER)
    add_made_model(tmp_path)
    return App(tmp_path / "app", **SPACE)


@pytest.fixture
def here(hub: HubState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """The app on somebody's own machine, signed in with HF_TOKEN."""
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    return App(tmp_path / "app")


def authorizations(hub: HubState) -> set[str]:
    return {one.headers.get("authorization", "") for one in hub.seen} - {""}


# --- whose login it is ---


def test_on_a_space_the_visitors_own_login_publishes(space: App, hub: HubState) -> None:
    assert "What would be sent" in space.preview(session=signed_in())
    assert "Published." in space.call("publish", None, session=signed_in())[2]
    assert REPO in hub.repositories
    assert authorizations(hub) == {f"Bearer {VISITOR}"}


@pytest.mark.parametrize(
    "kind", [{}, {"session": signed_in(lasts_s=-1)}, {"body": VISITOR}, {"body": SERVER}]
)
def test_on_a_space_nobody_else_publishes(space: App, hub: HubState, kind: dict[str, Any]) -> None:
    space.state[space.chosen._id] = "mine"
    assert "needs a token" in space.refusal("preview", None, REPO, True, "", False, **kind)
    assert "needs a token" in space.refusal("publish_model", "mine", REPO, True, "", **kind)
    assert hub.seen == []


def test_on_a_space_the_api_publishes_for_who_has_signed_in(space: App, hub: HubState) -> None:
    space.call("publish_model", "mine", REPO, True, "", session=signed_in())
    assert REPO in hub.repositories
    assert authorizations(hub) == {f"Bearer {VISITOR}"}


def test_on_a_space_the_servers_login_searches_for_nobody(space: App, hub: HubState) -> None:
    space.call("look", "")
    assert authorizations(hub) == set()
    assert "has no login" in space.refusal("take", REPO, "")
    assert "has no login" in space.refusal("take", REPO, "", session=signed_in())


def test_a_space_with_a_login_does_not_lend_its_own_either() -> None:
    settings = Settings.from_environment({**SPACE, "SEIZURE_ZOO_LOGIN": "eva:secret"})
    assert settings.may_write
    assert hub_access(settings).for_client() is False
    visitor = OAuthToken(token=VISITOR, scope="openid", expires_at=round(time.time()) + 60)
    assert hub_access(settings, visitor).for_client() == VISITOR


def test_elsewhere_a_visitors_token_counts_for_nothing(hub: HubState, tmp_path: Path) -> None:
    visitor = OAuthToken(token=VISITOR, scope="openid", expires_at=round(time.time()) + 60)
    assert hub_access(Settings(), visitor).for_client() is None
    assert hub_access(Settings(server_name="0.0.0.0"), visitor).for_client() is False


@pytest.mark.parametrize(
    ("variables", "installed", "has_button"),
    [
        ({**SPACE, **SIGN_IN}, True, True),
        ({**SPACE, **SIGN_IN}, False, False),
        (SPACE, True, False),
        (SIGN_IN, True, False),
    ],
)
def test_the_button_to_sign_in_stands_where_it_works(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    installed: bool,
    has_button: bool,
) -> None:
    monkeypatch.setattr(panel, "find_spec", lambda _: object() if installed else None)
    # What it would do needs packages that only Spaces have.
    monkeypatch.setattr("gradio.routes.attach_oauth", lambda _: None)
    app = App(tmp_path, **variables)
    events = [one.fn for one in app.demo.fns.values() if "login" in getattr(one.fn, "__name__", "")]
    assert len(events) == has_button
    public = app.demo.get_api_info()["named_endpoints"]
    assert set(public) == set(ENDPOINTS)
    buttons = [one for one in app.demo.blocks.values() if isinstance(one, gr.LoginButton)]
    assert bool(buttons) == has_button
    told = app.call("ask_who")[0]
    assert ("hf_oauth: true" in told) == ("SPACE_ID" in variables and not has_button)


def test_only_the_name_is_said_of_a_login(here: App, hub: HubState) -> None:
    (told,) = here.call("ask_who")
    assert "Signed in to the Hub as team." in told
    assert TOKEN not in told
    assert [one.path for one in hub.seen] == ["/api/whoami-v2"]


def test_without_a_login_the_hub_is_not_even_asked(hub: HubState, tmp_path: Path) -> None:
    assert "Not signed in" in App(tmp_path / "a").call("ask_who")[0]
    assert (
        "visitors can find public models" in App(tmp_path / "b", **OPEN_SERVER).call("ask_who")[0]
    )
    assert hub.seen == []


def test_a_login_the_hub_does_not_know_is_said(
    hub: HubState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_revokedLongAgo")
    (told,) = App(tmp_path).call("ask_who")
    assert "does not accept the token" in told
    assert "hf_revoked" not in told


def test_strangers_can_look_but_not_touch(
    hub: HubState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    hub.repository(REPO, model_files(tmp_path))
    app = App(tmp_path / "app", **OPEN_SERVER)
    assert "1 model found" in app.call("look", "")[0]
    for name, inputs in {
        "take": (REPO, ""),
        "preview": (None, REPO, True, "", False),
        "bring": (REPO,),
        "forget": (None,),
    }.items():
        app.state[app.chosen._id] = "n1spool-cnn"
        assert "has no login" in app.refusal(name, *inputs)
    assert authorizations(hub) == set()


# --- finding, pulling ---


def test_what_is_found_says_who_may_have_it(here: App, hub: HubState, tmp_path: Path) -> None:
    files = model_files(tmp_path)
    hub.repository("team/a", files, downloads=3)
    hub.repository("team/b", files, downloads=2, gated=True)
    hub.repository("team/c", files, downloads=1, private=True)
    found, table = here.call("look", "")
    assert "3 models found" in found
    rows = table["value"]["data"]
    assert [(row[0], row[-1]) for row in rows] == [
        ("team/a", "Public"),
        ("team/b", "on request"),
        ("team/c", "its members"),
    ]
    found, table = here.call("look", "nothing like it")
    assert "No model of Seizure Zoo" in found
    assert not table["visible"]


def test_a_pulled_model_is_shown_with_its_full_commit(
    here: App, hub: HubState, tmp_path: Path
) -> None:
    commit = hub.repository(REPO, model_files(tmp_path)).commits[-1].oid
    (told,) = here.call("take", f" {REPO} ", "")
    assert commit in told
    assert "mine is in the zoo now" in told
    assert Registry.load().get("mine").revision == commit


@pytest.mark.parametrize(
    ("repo", "reason"),
    [
        ("  ", "Name a repository"),
        ("team/nothing", "no such repository"),
        ("https://user:hf_secretSecret@hub/team/mine", "a token never belongs into a name"),
        ("team/mine?token=hf_secretSecret", "a token never belongs into a name"),
    ],
)
def test_what_cannot_be_pulled_says_why(here: App, hub: HubState, repo: str, reason: str) -> None:
    told = here.refusal("take", repo, "")
    assert reason in told
    assert "hf_secret" not in told


def test_a_hub_that_cannot_be_reached_is_said_plainly(here: App, hub: HubState) -> None:
    cut_off(hub)
    here.state[here.chosen._id] = "n1spool-cnn"
    for name, inputs in {
        "look": ("",),
        "take": (REPO, ""),
        "preview": (None, REPO, True, "", False),
        "bring": (REPO,),
    }.items():
        assert "no connection to the Hub" in here.refusal(name, *inputs)
    assert "no connection to the Hub" in here.call("ask_who")[0]
    assert list_models()


# --- publishing ---


def test_a_preview_shows_everything_and_sends_nothing(
    here: App, hub: HubState, tmp_path: Path
) -> None:
    add_made_model(tmp_path)
    shown = here.preview()
    for words in ("README.md", "config.json", "model.safetensors", "library_name", "First."):
        assert words in shown
    assert "nothing: it is created" in shown
    assert {one.method for one in hub.seen} == {"GET"}


def test_a_new_version_shows_its_changes(here: App, hub: HubState, tmp_path: Path) -> None:
    add_made_model(tmp_path)
    here.preview()
    here.call("publish", None)
    assert "there is nothing to publish" in here.preview()
    add_made_model(tmp_path, version="1.1.0", seed=5)
    shown = here.preview()
    assert "version 1.0.0 of this model" in shown
    assert '<span class="added">+  &#34;version&#34;: &#34;1.1.0&#34;,' in shown
    assert '<span class="removed">-  &#34;version&#34;: &#34;1.0.0&#34;,' in shown


def test_only_what_a_preview_has_shown_is_published(
    here: App, hub: HubState, tmp_path: Path
) -> None:
    add_made_model(tmp_path)
    assert "Preview first" in here.refusal("publish", None)
    here.preview()
    add_made_model(tmp_path, seed=5)
    assert "has changed since the preview" in here.refusal("publish", None)
    here.preview()
    hub.repository(REPO, {"notes.txt": b"somebody was faster"})
    assert "has changed since the preview" in here.refusal("publish", None)
    assert [one.title for one in hub.repositories[REPO].commits] == ["pushed"]


def test_a_preview_stays_until_something_else_is_chosen_or_written(
    here: App, hub: HubState, tmp_path: Path
) -> None:
    add_made_model(tmp_path)
    asked = ["mine", REPO, True, "First.", False]
    here.preview()
    # What was written before the preview is told after it, as over a slow line.
    answer = here.call("take_away_what_is_old", None, *asked)
    assert all("value" not in one for one in answer[1:])
    assert "Published." in here.call("publish", None)[2]
    here.preview()
    answer = here.call("take_away_what_is_old", None, *asked[:3], "Second.", False)
    assert "Press <em>Preview</em>" in answer[2]
    assert "Preview first" in here.refusal("publish", None)


def test_a_cut_while_publishing_can_be_tried_again(
    here: App, hub: HubState, tmp_path: Path
) -> None:
    add_made_model(tmp_path)
    here.preview()
    hub.faults.append(Fault("PUT", "/lfs/upload/", times=100))
    assert "no connection to the Hub" in here.refusal("publish", None)
    hub.faults.clear()
    here.preview()
    assert "Published." in here.call("publish", None)[2]
    assert "model.safetensors" in hub.head(REPO).files


def test_markup_of_others_is_shown_as_text(hub: HubState, tmp_path: Path) -> None:
    foul = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    document = card_document("mine", training={"note": foul})
    document.update(title=foul, license=foul, limitations=foul, intended_use=foul)
    write_model(tmp_path / "made", document=document, network=build_from(document))
    add_model(tmp_path / "made")
    hub.tokens[TOKEN] = {"team"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_TOKEN", TOKEN)
        plan = plan_json(plan_publication("mine", REPO, HubAccess.own(), note=foul))
    pulled = {"repo_id": foul, "revision": foul}
    for shown in (plan_html(plan), pulled_html(pulled, model_card("mine"))):
        assert "<script" not in shown
        assert "<img" not in shown
        assert "&lt;script&gt;" in shown


# --- registries ---


def test_a_teams_registry_comes_and_goes(here: App, hub: HubState, tmp_path: Path) -> None:
    files = model_files(tmp_path, "near")
    hub.repository(
        "team/zoo",
        {
            "registry.json": registry_bytes(entry(files, folder="near"), {"model_id": "broken"}),
            **{f"near/{name}": data for name, data in files.items()},
        },
    )
    said, table, choice, row = here.call("bring", "team/zoo")
    assert "team/zoo: 1 model can be used now." in said
    assert "models[1]" in said
    assert hub.head("team/zoo").oid in table
    assert choice["choices"] == [["team/zoo", "team/zoo"]]
    assert row["visible"]
    assert "near" in {one.model_id for one in list_models()}
    assert "Pull single models" in here.refusal("bring", _single(hub, tmp_path))
    said, table, _, row = here.call("forget", "team/zoo")
    assert "was removed" in said
    assert "No registry has been added" in table
    assert not row["visible"]
    assert "Choose one of the added" in here.refusal("forget", None)


def _single(hub: HubState, tmp_path: Path) -> str:
    hub.repository(REPO, model_files(tmp_path))
    return REPO
