"""Build the image and use it: `make image-check`, also where no container engine runs.

Podman needs no service: it builds the Dockerfile and runs the image as compose.yaml says, with a
read-only root, but without any network. The app in it must become healthy, find the seizures of
the demo through Gradio's client, write nowhere but to its volumes, and end cleanly.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
MAX_MB = 1350
START_S = 180

IMAGE, CONTAINER = "localhost/seizure-zoo-check", "seizure-zoo-check"
LOGIN = "check:check"

# Stands for the official image of Python where that cannot be fetched.
DEBIAN = "localhost/seizure-zoo-debian-python"
DEBIAN_SUITE = "bookworm"
DEBIAN_PACKAGES = "python3,python3-venv,python-is-python3,ca-certificates"

# Runs in the container, with the packages that are there.
PREDICT = """
import sys, tempfile
from pathlib import Path
from gradio_client import Client, handle_file
from seizure_core.demo import demo_recording
from zoo.store.recommendation import default_model
with tempfile.TemporaryDirectory() as folder:
    url = "http://127.0.0.1:7860"
    client = Client(url, auth=tuple(sys.argv[1].split(":")), download_files=folder, verbose=False)
    recording = handle_file(demo_recording(Path(folder)))
    result, events, windows = client.predict(recording, default_model(), api_name="/predict")
    assert result["events"] and Path(events).stat().st_size and Path(windows).stat().st_size
    print(result["model_id"], "finds", len(result["events"]), "events in the demo")
"""
WRITE = """
import os, tempfile
from pathlib import Path
assert os.getuid() == 1000
def writable(folder):
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True
folders = ["/", "/app", "/opt/venv", "/etc", "/var/tmp", "/home/user", "/data"]
assert not [one for one in folders if writable(one)]
assert writable("/tmp") and writable(os.environ["SEIZURE_ZOO_HOME"])
print("Only the volumes can be written to, by user 1000.")
"""


def podman(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run Podman and return what it did; it must succeed unless `check` is False."""
    # It logs as an error that there is no systemd to start health checks.
    command = ["podman", "--runtime=runc", "--log-level=fatal", *arguments]
    return subprocess.run(command, **({"check": True, "text": True} | options))


def debian_base() -> str:
    """Make an image of Debian with its own Python, unless it is there; return its name."""
    if podman("image", "exists", DEBIAN, check=False).returncode:
        made = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={DEBIAN_PACKAGES}"]
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "root.tar"
            subprocess.run([*made, DEBIAN_SUITE, str(root)], check=True)
            podman("import", "--quiet", str(root), DEBIAN)
    return DEBIAN


def build(base: str, torch_index: str | None) -> None:
    """Build the image, with this machine's settings of pip."""
    arguments = ["--build-arg", f"BASE={base}"]
    if torch_index is not None:
        arguments += ["--build-arg", f"TORCH_INDEX={torch_index}"]
    with tempfile.TemporaryDirectory() as folder:
        for volume in _pip_settings(Path(folder) / "pip.conf"):
            arguments += ["--volume", f"{volume}:ro"]
        # Podman's own format has no health checks.
        podman("build", "--format=docker", "--isolation=chroot", *arguments, "-t", IMAGE, str(ROOT))


def _pip_settings(path: Path) -> list[str]:
    """Write down pip's settings; return the volumes with them and the local folders they name."""
    told = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    ).stdout
    settings = dict(re.findall(r"^(?:global|:env:)\.([\w-]+)='(.*)'$", told, re.MULTILINE))
    lines = [f"{name} = {value}" for name, value in settings.items()]
    path.write_text("\n".join(["[global]", *lines, ""]), encoding="utf-8")
    words = {word.removeprefix("file://") for value in settings.values() for word in value.split()}
    places = [word for word in sorted(words) if word.startswith("/") and Path(word).exists()]
    # An index of a folder points to files next to it.
    places = [str(Path(one).parent) if Path(one).name == "simple" else one for one in places]
    return [f"{path}:/etc/pip.conf", *(f"{one}:{one}" for one in places)]


def size_mb() -> float:
    """Return the size of the image with all its layers."""
    told = podman("image", "inspect", "--format={{.Size}}", IMAGE, capture_output=True)
    return int(told.stdout) / 1e6


def run_options(recordings: Path) -> list[str]:
    """Return Podman's options for what compose.yaml says of the service."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    given = {"SEIZURE_ZOO_LOGIN": LOGIN, "SEIZURE_ZOO_DATA": str(recordings)}
    text = re.sub(r"\$\{(\w+):[^}]*\}", lambda found: given[found[1]], text)
    service = yaml.safe_load(text)["services"]["seizure-zoo"]
    for name in ("build", "image", "ports", "restart"):  # there is no network, and no next time
        del service[name]
    options = [f"--env={name}={value}" for name, value in service.pop("environment").items()]
    for volume in service.pop("volumes"):
        source = volume if volume.startswith("/") else f"{CONTAINER}-{volume}"
        options.append(f"--volume={source}")
    options += [f"--cap-drop={one}" for one in service.pop("cap_drop")]
    options += [f"--security-opt={one}" for one in service.pop("security_opt")]
    options.append(f"--memory={service.pop('mem_limit')}")
    if service.pop("read_only"):
        options += ["--read-only", "--read-only-tmpfs=false"]
    if service:
        raise SystemExit(f"compose.yaml says {', '.join(service)}, which is not tried here.")
    return options


@contextlib.contextmanager
def running() -> Iterator[None]:
    """Run the app in a container, which is deleted afterwards with its volumes."""
    # Podman's own limits are more than it may give where it runs in a container itself.
    options = ["--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        options += run_options(Path(folder))
        _delete()
        podman("run", "--detach", f"--name={CONTAINER}", "--network=none", *options, IMAGE)
        try:
            yield
        except BaseException:
            podman("logs", CONTAINER, check=False)
            raise
        finally:
            _delete()


def _delete() -> None:
    quiet: dict[str, Any] = {"check": False, "capture_output": True}
    podman("rm", "--force", "--volumes", CONTAINER, **quiet)
    volumes = podman("volume", "ls", "--quiet", f"--filter=name={CONTAINER}", **quiet).stdout
    for volume in volumes.split():
        podman("volume", "rm", volume, **quiet)


def wait_until_healthy() -> float:
    """Ask the image's own health check until it is content; return the seconds that took."""
    began = time.monotonic()
    while podman("healthcheck", "run", CONTAINER, check=False, capture_output=True).returncode:
        if time.monotonic() - began > START_S:
            raise SystemExit(f"The app is not healthy after {START_S} s.")
        time.sleep(0.5)
    return time.monotonic() - began


def check_end() -> None:
    """Stop the app; it must end by itself and delete its temporary files."""
    podman("stop", "--time=30", CONTAINER, capture_output=True)
    told = podman("inspect", "--format={{json .State}}", CONTAINER, capture_output=True)
    status = json.loads(told.stdout)["ExitCode"]
    if status:
        raise SystemExit(f"The app ended with status {status} when it was stopped.")
    volume = podman(
        "volume",
        "inspect",
        "--format={{.Mountpoint}}",
        f"{CONTAINER}-temporary",
        capture_output=True,
    ).stdout.strip()
    left = [one.name for one in Path(volume).glob("seizure-zoo-*")]
    if left:
        raise SystemExit(f"The app left {', '.join(left)} in its temporary folder.")


def main() -> int:
    """Build, measure and use the image; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.image_check")
    parser.add_argument("--base", help="Image with Python. Default: one of Debian, made here.")
    parser.add_argument("--torch-index", help="Package index of torch. Default: the Dockerfile's.")
    arguments = parser.parse_args()
    missing = [one for one in ("podman", "runc", "mmdebstrap") if shutil.which(one) is None]
    if missing:
        install = ["sh", str(ROOT / "scripts" / "install_packages.sh"), *missing]
        subprocess.run(install, check=True)
    build(arguments.base or debian_base(), arguments.torch_index)
    print(f"The image takes {size_mb():.0f} MB (at most {MAX_MB}).", flush=True)
    if size_mb() > MAX_MB:
        return 1
    with running():
        print(f"Healthy after {wait_until_healthy():.1f} s.", flush=True)
        podman("exec", CONTAINER, "python", "-c", WRITE)
        podman("exec", CONTAINER, "python", "-c", PREDICT, LOGIN)
        podman("exec", CONTAINER, "python", "-m", "seizure_zoo", "version")
        check_end()
    print("Stopped cleanly.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
