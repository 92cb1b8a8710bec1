"""A local HTTP server that serves a folder as PhysioNet does, and can misbehave like a network."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote


@dataclass
class DatabaseServer:
    """What the server does and saw.

    Attributes
    ----------
    folder : Path
        What is served.
    cut : dict of str to int
        Paths whose connection breaks after so many bytes, the first time they are asked for.
    wrong : dict of str to int
        Paths that are served with a wrong byte, so many times.
    busy : dict of str to int
        Paths that answer 503 so many times.
    ranges : bool
        Whether partial answers are given.
    """

    folder: Path
    url: str = ""
    cut: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    busy: dict[str, int] = field(default_factory=dict)
    ranges: bool = True
    sent_bytes: Counter[str] = field(default_factory=Counter)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, table: dict[str, int], path: str) -> bool:
        with self.lock:
            left = table.get(path, 0)
            if left > 0:
                table[path] = left - 1
            return left > 0

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = unquote(handler.path).lstrip("/")
        source = self.folder / path
        asked = handler.headers.get("Range")
        if handler.command == "GET":
            with self.lock:
                self.asked.append((path, asked))
        if not source.is_file():
            handler.send_error(404)
            return
        if handler.command == "GET" and self.take(self.busy, path):
            handler.send_response(503)
            handler.send_header("Retry-After", "0")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        self._send(handler, path, source.read_bytes(), asked)

    def _send(
        self, handler: BaseHTTPRequestHandler, path: str, content: bytes, asked: str | None
    ) -> None:
        first = int(asked.removeprefix("bytes=").partition("-")[0]) if asked else 0
        partial = bool(asked) and self.ranges
        if partial and first >= len(content):
            handler.send_response(416)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        body = content[first:] if partial else content
        if handler.command == "GET" and self.take(self.wrong, path):
            body = body[:-1] + bytes([body[-1] ^ 1])
        handler.send_response(206 if partial else 200)
        if partial:
            handler.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command == "HEAD":
            return
        with self.lock:
            stop = self.cut.pop(path, len(body))
        handler.wfile.write(body[:stop])
        self.sent_bytes[path] += min(stop, len(body))
        handler.close_connection = stop < len(body)


@contextmanager
def serving(folder: Path) -> Iterator[DatabaseServer]:
    """Serve a folder on a free port of this machine."""
    state = DatabaseServer(folder=folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.answer(self)

        def do_HEAD(self) -> None:
            state.answer(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def publish_checksums(folder: Path) -> None:
    """Write the list of checksums of all files of a folder, in no particular order."""
    import hashlib

    lines = [
        f"{hashlib.sha256(one.read_bytes()).hexdigest()} {one.relative_to(folder).as_posix()}"
        for one in sorted(folder.rglob("*"), key=lambda one: one.name)
        if one.is_file()
    ]
    (folder / "SHA256SUMS.txt").write_text("\n".join(lines) + "\n")
