"""A Hub on this machine: as much of the Hugging Face Hub's protocol as its client uses here.

What is covered and what is not is said in docs/hub.md. State is in memory; tests look into it
and order faults.
"""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.hub_state import (
    LFS_SUFFIXES,
    Blob,
    Commit,
    HubState,
    Repository,
    Seen,
    commit_rows,
    info_of,
    metadata_errors,
    repo_tags,
    tree_rows,
)

PAGE_SIZE = 2


class _Answer(Exception):  # noqa: N818 - how a request ends, good or bad
    def __init__(self, status: int, document: Any = None, **headers: str) -> None:
        super().__init__(status)
        self.status, self.document = status, document
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class _Sent(Exception):  # noqa: N818
    """The answer is out already."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: HubServer

    def log_message(self, *_: Any) -> None:
        pass

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = self._chunks()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.state.seen.append(Seen(self.command, self.path, headers, body))
        try:
            self._fail_as_ordered(headers)
            self._route(body)
        except _Answer as answer:
            self._send(answer)
        except _Sent:
            self.close_connection = self.close_connection or self.cut_after is not None
        except ConnectionAbortedError:
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = _serve  # noqa: N815

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline().strip() or b"0", 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _fail_as_ordered(self, headers: dict[str, str]) -> None:
        self.cut_after: int | None = None
        for fault in self.server.state.faults:
            if fault.times <= 0 or fault.method != self.command:
                continue
            if fault.path_part not in self.path:
                continue
            fault.times -= 1
            if fault.status is not None:
                raise _Answer(fault.status, {"error": "ordered"}, **fault.headers)
            if fault.after_bytes is None:
                raise ConnectionAbortedError
            self.cut_after = fault.after_bytes

    def _send(self, answer: _Answer) -> None:
        data = b"" if answer.document is None else json.dumps(answer.document).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _route(self, body: bytes) -> None:
        split = urlsplit(self.path)
        parts = [unquote(part) for part in split.path.strip("/").split("/")]
        query = parse_qs(split.query)
        if parts[0] == "cdn":
            self._file(self.server.state.large[parts[1]], {})
        if parts[0] == "lfs":
            self._large_file(parts, body)
        if parts[:1] == ["api"]:
            self._api(parts[1:], query, body)
        if len(parts) > 2 and parts[1].endswith(".git"):
            self._batch(f"{parts[0]}/{parts[1].removesuffix('.git')}", body)
        if len(parts) > 4 and parts[2] == "resolve":
            self._resolve("/".join(parts[:2]), parts[3], "/".join(parts[4:]))
        raise _Answer(404, {"error": "no such address"})

    def _api(self, parts: list[str], query: dict[str, list[str]], body: bytes) -> None:
        if parts == ["repos", "create"]:
            self._create(json.loads(body))
        if parts == ["validate-yaml"]:
            self._validate(json.loads(body)["content"])
        if parts == ["models"]:
            self._search(query)
        if parts == ["whoami-v2"]:
            self._whoami()
        if parts[0] == "models" and len(parts) >= 3:
            repository = self._readable("/".join(parts[1:3]))
            verb, rest = (parts[3], parts[4:]) if len(parts) > 3 else ("revision", ["main"])
            {
                "revision": lambda: self._info(repository, rest[0]),
                "tree": lambda: self._tree(repository, rest[0]),
                "commits": lambda: self._commits(repository),
                "preupload": lambda: self._preupload(repository, rest[0], json.loads(body)),
                "commit": lambda: self._commit(repository, body),
            }[verb]()

    # --- who may what ---

    @property
    def _token(self) -> str | None:
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if given and given not in self.server.state.tokens:
            raise _Answer(
                401, {"error": "bad"}, X_Error_Message="Invalid credentials in Authorization header"
            )
        return given or None

    def _whoami(self) -> None:
        if self._token is None:
            raise _Answer(401, {"error": "sign in"})
        name = min(self.server.state.tokens[self._token], default="nobody")
        raise _Answer(200, {"type": "user", "name": name, "fullname": name, "orgs": []})

    def _may_write(self, namespace: str) -> bool:
        return namespace in self.server.state.tokens.get(self._token or "", set())

    def _readable(self, repo_id: str) -> Repository:
        repository = self.server.state.repositories.get(repo_id)
        namespace = repo_id.split("/")[0]
        if repository is None or (repository.private and not self._may_write(namespace)):
            status = 404 if self._token else 401
            raise _Answer(status, {"error": "not found"}, X_Error_Code="RepoNotFound")
        return repository

    def _writable(self, repository: Repository) -> None:
        if not self._may_write(repository.repo_id.split("/")[0]):
            raise _Answer(403, {"error": "You are not allowed to write here."})

    def _at(self, repository: Repository, revision: str) -> Commit:
        commit = repository.find(revision)
        if commit is None:
            raise _Answer(404, {"error": "no"}, X_Error_Code="RevisionNotFound")
        return commit

    # --- repositories ---

    def _create(self, wanted: dict[str, Any]) -> None:
        if self._token is None:
            raise _Answer(401, {"error": "sign in"})
        namespace = wanted["organization"]
        repo_id = f"{namespace}/{wanted['name']}"
        url = f"{self.server.url}/{repo_id}"
        if not self._may_write(namespace):
            raise _Answer(403, {"error": f"You may not create models in {namespace}."})
        if repo_id in self.server.state.repositories:
            raise _Answer(409, {"error": "You already created this model repo", "url": url})
        made = Repository(repo_id, private=wanted.get("visibility") == "private")
        made.commit({".gitattributes": Blob(b"*.safetensors filter=lfs\n", False)}, "initial")
        self.server.state.repositories[repo_id] = made
        raise _Answer(200, {"url": url, "name": repo_id})

    def _validate(self, content: str) -> None:
        errors = metadata_errors(content)
        status = 400 if errors else 200
        raise _Answer(status, {"errors": [{"message": one} for one in errors], "warnings": []})

    def _search(self, query: dict[str, list[str]]) -> None:
        words = query.get("search", [""])[0].lower()
        wanted = set(query.get("filter", []))
        start = int(query.get("cursor", ["0"])[0])
        found = []
        for repository in self.server.state.repositories.values():
            visible = not repository.private or self._may_write(repository.repo_id.split("/")[0])
            tags = set(repo_tags(repository))
            if visible and words in repository.repo_id.lower() and wanted <= tags:
                found.append(info_of(repository, repository.commits[-1], blobs=False))
        found.sort(key=lambda one: -one["downloads"])
        headers = {}
        if len(found) > start + PAGE_SIZE:
            rest = "&".join(
                f"{n}={quote(v)}" for n, vs in query.items() if n != "cursor" for v in vs
            )
            headers["Link"] = (
                f'<{self.server.url}/api/models?{rest}&cursor={start + PAGE_SIZE}>; rel="next"'
            )
        raise _Answer(200, found[start : start + PAGE_SIZE], **headers)

    def _info(self, repository: Repository, revision: str) -> None:
        raise _Answer(200, info_of(repository, self._at(repository, revision), blobs=True))

    def _tree(self, repository: Repository, revision: str) -> None:
        raise _Answer(200, tree_rows(self._at(repository, revision)))

    def _commits(self, repository: Repository) -> None:
        raise _Answer(200, commit_rows(repository))

    # --- writing ---

    def _preupload(self, repository: Repository, revision: str, wanted: dict[str, Any]) -> None:
        self._writable(repository)
        files = self._at(repository, revision).files
        rows = []
        for one in wanted["files"]:
            assert len(base64.b64decode(one["sample"])) <= 512
            there = files.get(one["path"])
            mode = "lfs" if one["path"].endswith(LFS_SUFFIXES) else "regular"
            rows.append(
                {
                    "path": one["path"],
                    "uploadMode": mode,
                    "shouldIgnore": False,
                    **({"oid": there.oid} if there else {}),
                }
            )
        raise _Answer(200, {"files": rows})

    def _batch(self, repo_id: str, body: bytes) -> None:
        repository = self._readable(repo_id)
        self._writable(repository)
        wanted = json.loads(body)
        assert wanted["operation"] == "upload"
        rows = []
        for one in wanted["objects"]:
            row = {"oid": one["oid"], "size": one["size"]}
            if one["oid"] not in self.server.state.large:
                row["actions"] = {
                    "upload": {"href": f"{self.server.cdn_url}/lfs/upload/{one['oid']}"},
                    "verify": {"href": f"{self.server.url}/lfs/verify/{one['oid']}"},
                }
            rows.append(row)
        raise _Answer(200, {"transfer": "basic", "objects": rows})

    def _large_file(self, parts: list[str], body: bytes) -> None:
        if parts[1] == "upload":
            if hashlib.sha256(body).hexdigest() != parts[2]:
                raise _Answer(400, {"error": "the content is not what was announced"})
            self.server.state.large[parts[2]] = body
            raise _Answer(200)
        stored = self.server.state.large.get(json.loads(body)["oid"], b"")
        raise _Answer(200 if len(stored) == json.loads(body)["size"] else 404)

    def _commit(self, repository: Repository, body: bytes) -> None:
        self._writable(repository)
        lines = [json.loads(line) for line in body.splitlines()]
        header = next(one["value"] for one in lines if one["key"] == "header")
        head = repository.commits[-1]
        if header.get("parentCommit", head.oid) != head.oid:
            raise _Answer(412, {"error": "A commit has happened since. Please refresh."})
        files = dict(head.files)
        for one in lines:
            value = one["value"]
            if one["key"] == "file":
                files[value["path"]] = Blob(base64.b64decode(value["content"]), False)
            elif one["key"] == "lfsFile":
                if value["oid"] not in self.server.state.large:
                    raise _Answer(400, {"error": "a large file was not uploaded"})
                files[value["path"]] = Blob(self.server.state.large[value["oid"]], True)
        made = repository.commit(files, header["summary"], header["description"])
        url = f"{self.server.url}/{repository.repo_id}/commit/{made.oid}"
        raise _Answer(200, {"success": True, "commitUrl": url, "commitOid": made.oid})

    # --- files ---

    def _resolve(self, repo_id: str, revision: str, path: str) -> None:
        repository = self._readable(repo_id)
        if repository.gated and self._token not in self.server.state.granted:
            raise _Answer(403, {"error": "gated"}, X_Error_Code="GatedRepo")
        commit = self._at(repository, revision)
        blob = commit.files.get(path)
        if blob is None:
            raise _Answer(
                404, {"error": "no"}, X_Error_Code="EntryNotFound", X_Repo_Commit=commit.oid
            )
        if blob.is_lfs:
            raise _Answer(
                302,
                None,
                Location=f"{self.server.cdn_url}/cdn/{blob.oid}",
                X_Repo_Commit=commit.oid,
                X_Linked_Etag=f'"{blob.oid}"',
                X_Linked_Size=str(len(blob.data)),
            )
        self._file(blob.data, {"X-Repo-Commit": commit.oid, "ETag": f'"{blob.oid}"'})

    def _file(self, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data[: self.cut_after])
            self.wfile.flush()
        if self.cut_after is not None:
            self.connection.shutdown(socket.SHUT_WR)
        raise _Sent


class HubServer(ThreadingHTTPServer):
    """The server; `state` may be looked into and exchanged between tests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state = HubState()

    @property
    def url(self) -> str:
        """Where the client is pointed with HF_ENDPOINT."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def cdn_url(self) -> str:
        """Another host, as the real Hub's store of large files is: no token may go there."""
        return f"http://localhost:{self.server_port}"


@contextmanager
def running_hub() -> Iterator[HubServer]:
    """Serve until the block ends."""
    with HubServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
