"""Write the lock files from pyproject.toml: `make lock`.

`requirements.txt` pins what the app needs, with hashes; `requirements-dev.txt` and
`requirements-bench.txt` also what the tests and the benchmarks need. torch is in none of them:
which build is right depends on the machine, so it is installed before them, without its
dependencies (see the Makefile); those are pinned here.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APP_EXTRAS = ("mcp", "oauth", "tables")
"""Extras that the app uses where they are there, and the tests try."""

# What torch's CPU builds for Linux ask for; its CUDA builds ask for much more.
TORCH_NEEDS = (
    "filelock",
    "fsspec>=0.8.5",
    "jinja2",
    "networkx>=2.5.1",
    "setuptools>=77.0.3",
    "sympy>=1.13.3",
    "typing-extensions>=4.10",
)


def main() -> int:
    """Write the three files; return the exit status."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    groups = project["dependency-groups"]
    app = [*project["project"]["dependencies"], *TORCH_NEEDS]
    app += [one for extra in APP_EXTRAS for one in extras[extra]]
    app = [one for one in app if re.split(r"[\[<>=~! ]", one)[0] != "torch"]
    # Each file is resolved within the one before, so that all three agree.
    _lock("requirements.txt", app, within=None)
    _lock("requirements-dev.txt", [*app, *groups["dev"]], within="requirements.txt")
    _lock(
        "requirements-bench.txt",
        [*app, *groups["dev"], *groups["bench"]],
        within="requirements-dev.txt",
    )
    return 0


def _lock(name: str, needs: list[str], *, within: str | None) -> None:
    print(f"{name} ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "needs.in"
        source.write_text("\n".join(needs) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "uv", "pip", "compile", str(source), "--universal"]
        command += ["--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
        command += ["--no-annotate", "--no-header", "--quiet", "--output-file", str(ROOT / name)]
        if "--upgrade" in sys.argv[1:]:
            command.append("--upgrade")
        if within is not None:
            command += ["--constraints", str(ROOT / within)]
        subprocess.run(command, check=True)
    path = ROOT / name
    header = "# Made by `make lock` from pyproject.toml; do not edit. torch comes before it.\n"
    path.write_text(header + path.read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
