"""A real nginx on this machine, with the settings that docs/proxy.md tells people to use."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.app_server import ROOT, free_port

# `make test` unpacks it there where the system has none (scripts/fetch_nginx.sh).
_UNPACKED = Path(sys.prefix) / "nginx" / "usr" / "sbin"
_BLOCK = re.compile(r"```nginx\n(.*?)```", re.DOTALL)
_CONFIGURATION = """daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {documented}
    }}
}}
"""


def public_address() -> str:
    """Return an address below a path, as `SEIZURE_ZOO_PUBLIC_URL`; nothing listens there yet."""
    return f"http://127.0.0.1:{free_port()}/zoo"


@contextlib.contextmanager
def running_nginx(folder: Path, app_url: str, public_url: str) -> Iterator[None]:
    """Offer an app at a public address.

    Parameters
    ----------
    folder : Path
        For its settings, its log and what it stores of a request.
    app_url, public_url : str
        Where the app listens, and the address that people know.
    """
    places = f"{_UNPACKED}:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin"
    program = shutil.which("nginx") or shutil.which("nginx", path=places)
    if program is None:
        raise RuntimeError("nginx is not there: run `make nginx`, or install it")
    folder.mkdir()
    settings = folder / "nginx.conf"
    settings.write_text(
        _CONFIGURATION.format(
            folder=folder,
            port=httpx.URL(public_url).port,
            documented=_documented().replace("http://127.0.0.1:7860", app_url),
        )
    )
    log = folder / "error.log"
    process = subprocess.Popen([program, "-p", folder, "-c", settings, "-e", log])
    try:
        _wait_for(process, f"{public_url}/healthz", log)
        yield
    finally:
        process.terminate()
        process.wait()


def _documented() -> str:
    """Return the block of docs/proxy.md."""
    (block,) = _BLOCK.findall((ROOT / "docs" / "proxy.md").read_text(encoding="utf-8"))
    return str(block)


def _wait_for(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    while process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(address)
            return
        time.sleep(0.05)
    raise RuntimeError(f"nginx did not start:\n{log.read_text(encoding='utf-8')}")
