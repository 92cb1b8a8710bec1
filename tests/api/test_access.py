"""Who asks: the machine's user, a stranger behind a proxy, or a foreign page; by real requests."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.app_server import AppServer, running_app

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
    assert httpx.post(f"{app.url}/api/list_datasets", headers=own).json() == []


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host"])
def test_what_a_proxy_passes_on_is_a_strangers(app: AppServer, name: str) -> None:
    headers = {name: "203.0.113.5"}
    run = {"run_id": "none"}
    answer = httpx.post(f"{app.url}/api/delete_run", json=run, headers=headers)
    assert "has no login" in answer.json()["error"]
    assert httpx.post(f"{app.url}/api/list_models", headers=headers).is_success
    assert "no run" in httpx.post(f"{app.url}/api/delete_run", json=run).json()["error"]


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
def with_login(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    with running_app(
        tmp_path_factory.mktemp("login"),
        SEIZURE_ZOO_LOGIN="eva:secret",
        SEIZURE_ZOO_PUBLIC_URL="https://eeg.example.org/zoo",
    ) as server:
        yield server


def log_in(app: AppServer, password: str, **headers: str) -> httpx.Response:
    given = {"username": "eva", "password": password}
    return httpx.post(f"{app.url}/login", data=given, headers=headers)


def test_the_cookie_of_a_login_is_sent_to_this_site_alone(with_login: AppServer) -> None:
    answer = log_in(with_login, "secret")
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "SameSite=Strict" in cookie
        assert "HttpOnly" in cookie
        assert cookie.lower().count("samesite") == 1


def test_a_sibling_site_may_neither_ask_nor_log_out(with_login: AppServer) -> None:
    cookies = {"cookie": log_in(with_login, "secret").headers["set-cookie"].partition(";")[0]}
    sibling = {**cookies, "origin": "https://wiki.example.org"}
    own = {**cookies, "origin": "https://eeg.example.org", "x-forwarded-for": "203.0.113.5"}
    address = f"{with_login.url}/api/delete_run"
    assert httpx.post(address, json={"run_id": "none"}, headers=sibling).status_code == 403
    answer = httpx.post(address, json={"run_id": "none"}, headers=own)
    assert "no run" in answer.json()["error"]
    leave = f"{with_login.url}/logout"
    link = {**cookies, "sec-fetch-site": "same-site"}
    assert httpx.get(leave, headers=link).status_code == 403
    assert httpx.post(address, json={"run_id": "none"}, headers=own).status_code == 400
    assert httpx.post(address, json={"run_id": "none"}).status_code == 401
    assert httpx.get(f"{with_login.url}/openapi.json").status_code == 401


def test_addresses_of_answered_files_are_public_ones(with_login: AppServer) -> None:
    cookies = {"cookie": log_in(with_login, "secret").headers["set-cookie"].partition(";")[0]}
    asked = {"model_id": "n1spool-cnn"}
    answer = httpx.post(f"{with_login.url}/api/export_model", json=asked, headers=cookies)
    assert answer.json()["url"].startswith("https://eeg.example.org/zoo/gradio_api/file=")


def test_many_wrong_passwords_have_to_wait_and_are_logged(with_login: AppServer) -> None:
    person = {"x-forwarded-for": "203.0.113.9"}
    for _ in range(5):
        assert log_in(with_login, "guess", **person).status_code == 400
    refused = log_in(with_login, "secret", **person)
    assert refused.status_code == 429
    assert "try again" in refused.json()["error"]
    assert log_in(with_login, "secret").is_success
    log = with_login.log.read_text(encoding="utf-8")
    assert log.count("wrong user or password from 203.0.113.9") == 5
    assert "guess" not in log
