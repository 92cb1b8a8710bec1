"""Who asks: the machine's user, a stranger behind a proxy, or a foreign page; by real requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from tests.app_server import AppServer, app_served_here
from tests.nginx import public_address, running_nginx

PAGES = ("/", "/config", "/openapi.json", "/gradio_api/mcp/", "/gradio_api/info")
FOREIGN = {"evil.test", "evil.test:7860", "127.0.0.1.evil.example", "0.0.0.0"}
UPLOAD = {"files": ("a.edf", b"x")}


@pytest.mark.parametrize("host", sorted(FOREIGN))
def test_a_name_that_is_not_this_machines_gets_nothing(app: AppServer, host: str) -> None:
    for page in PAGES:
        assert httpx.get(f"{app.url}{page}", headers={"host": host}).status_code == 421
    answer = httpx.post(f"{app.url}/api/list_datasets", headers={"host": host})
    assert answer.status_code == 421
    assert "SEIZURE_ZOO_PUBLIC_URL" in answer.json()["error"]


@pytest.mark.parametrize("origin", ["https://evil.test", "http://127.0.0.1:1", "null"])
def test_a_page_of_another_site_can_neither_ask_nor_upload(app: AppServer, origin: str) -> None:
    headers = {"origin": origin}
    for answer in (
        httpx.post(f"{app.url}/gradio_api/upload", files=UPLOAD, headers=headers),
        httpx.post(f"{app.url}/api/list_datasets", headers=headers),
        httpx.get(f"{app.url}/gradio_api/info", headers=headers),
        httpx.post(f"{app.url}/gradio_api/mcp/", headers=headers, json={}),
        httpx.options(
            f"{app.url}/gradio_api/queue/join",
            headers={**headers, "access-control-request-method": "POST"},
        ),
    ):
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    own = {"origin": app.url}
    assert httpx.post(f"{app.url}/gradio_api/upload", files=UPLOAD, headers=own).is_success
    assert httpx.post(f"{app.url}/api/list_datasets", headers=own).is_success


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host"])
def test_what_a_proxy_passes_on_is_a_strangers(app: AppServer, name: str) -> None:
    headers = {name: "203.0.113.5"}
    run = {"run_id": "none"}
    answer = httpx.post(f"{app.url}/api/delete_run", json=run, headers=headers)
    assert "has no login" in answer.json()["error"]
    assert httpx.post(f"{app.url}/api/list_models", headers=headers).is_success
    assert "no run" in httpx.post(f"{app.url}/api/delete_run", json=run).json()["error"]


def test_no_address_calls_past_the_queue_or_keeps_a_session(app: AppServer) -> None:
    asked = {"data": []}
    for page in ("run/list_models", "api/list_models"):
        answer = httpx.post(f"{app.url}/gradio_api/{page}", json=asked)
        assert answer.status_code == 404
        assert "queue" in answer.json()["detail"]
    assert httpx.get(f"{app.url}/gradio_api/deep_link?session_hash=x").status_code == 404


def test_a_body_is_bounded_whether_it_says_its_length_or_not(app: AppServer) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(17):
            yield b" " * 2**20

    for path in ("/gradio_api/queue/join", "/api/check_network", "/gradio_api/component_server"):
        told = httpx.post(f"{app.url}{path}", content=b" " * (17 * 2**20))
        assert told.status_code == 413
        assert "16 MB" in told.json()["error"]
        untold = httpx.post(f"{app.url}{path}", content=pieces())
        assert untold.status_code in (400, 413), untold.text


@pytest.fixture(scope="module")
def public_url() -> str:
    return public_address()


@pytest.fixture(scope="module")
def with_login(public_url: str) -> Iterator[str]:
    """An app that a proxy offers under another address, below a path; where it answers itself."""
    variables = {"SEIZURE_ZOO_LOGIN": "eva:secret", "SEIZURE_ZOO_PUBLIC_URL": public_url}
    with app_served_here(**variables) as url:
        yield url


def log_in(url: str, password: str, **headers: str) -> httpx.Response:
    given = {"username": "eva", "password": password}
    return httpx.post(f"{url}/login", data=given, headers=headers)


def test_nothing_is_answered_without_the_login(with_login: str) -> None:
    for address in ("/config", "/gradio_api/info", "/gradio_api/file=/etc/hostname"):
        assert httpx.get(f"{with_login}{address}").status_code == 401


def test_the_cookie_of_a_login_is_sent_to_this_site_alone(with_login: str) -> None:
    answer = log_in(with_login, "secret")
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "SameSite=Strict" in cookie
        assert "HttpOnly" in cookie
        assert cookie.lower().count("samesite") == 1


def test_a_sibling_site_may_neither_ask_nor_log_out(with_login: str, public_url: str) -> None:
    cookies = {"cookie": log_in(with_login, "secret").headers["set-cookie"].partition(";")[0]}
    sibling = {**cookies, "origin": "https://wiki.example.org"}
    own = {**cookies, "origin": public_url.removesuffix("/zoo"), "x-forwarded-for": "203.0.113.5"}
    address = f"{with_login}/api/delete_run"
    assert httpx.post(address, json={"run_id": "none"}, headers=sibling).status_code == 403
    answer = httpx.post(address, json={"run_id": "none"}, headers=own)
    assert "no run" in answer.json()["error"]
    leave = f"{with_login}/logout"
    link = {**cookies, "sec-fetch-site": "same-site"}
    assert httpx.get(leave, headers=link).status_code == 403
    assert httpx.post(address, json={"run_id": "none"}, headers=own).status_code == 400
    assert httpx.post(address, json={"run_id": "none"}).status_code == 401
    assert httpx.get(f"{with_login}/openapi.json").status_code == 401


def test_a_logout_ends_this_login_and_no_other(with_login: str) -> None:
    def cookie() -> dict[str, str]:
        # The one that browsers send without TLS.
        given = log_in(with_login, "secret").headers.get_list("set-cookie")
        (plain,) = [one for one in given if "unsecure" in one]
        return {"cookie": plain.partition(";")[0]}

    leaving, staying = cookie(), cookie()
    address = f"{with_login}/api/list_runs"
    assert httpx.get(f"{with_login}/logout?all_session=true", headers=leaving).is_redirect
    assert httpx.post(address, headers=leaving).status_code == 401
    assert httpx.post(address, headers=staying, timeout=120).is_success


@pytest.mark.parametrize("page", ["cancel", "reset"])
def test_work_is_stopped_by_those_who_have_logged_in_only(with_login: str, page: str) -> None:
    cookies = {"cookie": log_in(with_login, "secret").headers["set-cookie"].partition(";")[0]}
    asked = {"session_hash": "none", "event_id": "none", "fn_index": 1}
    address = f"{with_login}/gradio_api/{page}"
    assert httpx.post(address, json=asked).status_code == 401
    assert httpx.post(address, json=asked, headers=cookies).is_success


def test_behind_nginx_below_a_path_everything_works_at_the_public_address(
    with_login: str, public_url: str, recording_file: Path, tmp_path: Path
) -> None:
    with running_nginx(tmp_path / "nginx", with_login, public_url):
        client = Client(
            f"{public_url}/", auth=("eva", "secret"), verbose=False, analytics_enabled=False
        )
        given = handle_file(recording_file)
        found, events, _ = client.predict(given, "n1spool-cnn", api_name="/predict")
        assert found["file_name"] == recording_file.name
        assert Path(events).read_text(encoding="utf-8").startswith("onset\t")
        with pytest.raises(AppError, match="no run"):
            client.predict("none", api_name="/delete_run")
        client.close()
        cookies = {"cookie": log_in(with_login, "secret").headers["set-cookie"].partition(";")[0]}
        asked = {"model_id": "n1spool-cnn"}
        answer = httpx.post(f"{public_url}/api/export_model", json=asked, headers=cookies).json()
        assert answer["url"].startswith(f"{public_url}/gradio_api/file=")
        assert httpx.get(answer["url"], headers=cookies).content.startswith(b"PK")


def test_many_wrong_passwords_have_to_wait_and_are_logged(
    with_login: str, caplog: pytest.LogCaptureFixture
) -> None:
    person = {"x-forwarded-for": "203.0.113.9"}
    for _ in range(5):
        assert log_in(with_login, "guess", **person).status_code == 400
    refused = log_in(with_login, "secret", **person)
    assert refused.status_code == 429
    assert "try again" in refused.json()["error"]
    assert log_in(with_login, "secret").is_success
    assert caplog.text.count("wrong user or password from 203.0.113.9") == 5
    assert "guess" not in caplog.text
