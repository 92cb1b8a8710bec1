"""Make the repository of a Hugging Face Space from the checkout.

`python -m scripts.make_space DIR` copies it, with a head on its README;
the Space builds the Dockerfile.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
README = "README.md"


def front_matter() -> str:
    """Return the head of the Space's README."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    (port,) = (line.split()[1] for line in dockerfile if line.startswith("EXPOSE "))
    settings = {
        "title": "Seizure Zoo",
        "emoji": "🧠",
        "colorFrom": "green",
        "colorTo": "blue",
        "sdk": "docker",
        "app_port": int(port),
        "pinned": False,
        "hf_oauth": True,
        "license": project["license"].lower(),
        "short_description": "Epileptic-seizure detection in scalp EEG",
    }
    return f"---\n{yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)}---\n"


def make_space(target: Path) -> None:
    """Copy what Git tracks, and put the head on the README.

    Raises
    ------
    FileExistsError
        The folder exists.
    """
    target.mkdir(parents=True)
    tracked = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, tracked.split("\0")):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target / name)
    text = (ROOT / README).read_text(encoding="utf-8")
    (target / README).write_text(front_matter() + text, encoding="utf-8")


def main() -> int:
    """Make the folder; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.make_space")
    parser.add_argument("target", type=Path, metavar="DIR", help="A folder that does not exist.")
    target = parser.parse_args().target
    try:
        make_space(target)
    except FileExistsError:
        print(f"{target} exists already: name another folder.", file=sys.stderr)
        return 1
    print(f"{target}: upload it with `hf upload ORG/NAME {target} --repo-type space`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
