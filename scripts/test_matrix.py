"""Try the tests on other Pythons, and on the oldest dependencies: `make test-matrix`.

Each row gets an environment of its own in a temporary folder. A Python that is not on this
machine is named and left out; nothing is downloaded but packages. `--only` takes rows by name,
`--tests` what pytest is to run instead of everything that needs no browser.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = ("-m", "not slow and not browser")
# These compare what is installed with the lock files; a row installs other versions.
OF_THE_LOCK = "tests/test_sbom.py::test_what_is_installed_is_what_the_bill_names"
UV = (sys.executable, "-m", "uv")
# `make nginx` unpacks it into the environment of the tests; the rows have their own.
NGINX = Path(sys.prefix) / "nginx" / "usr" / "sbin"


@dataclass(frozen=True, slots=True)
class Row:
    """One environment: a Python, and the newest or the oldest packages the project allows."""

    python: str
    resolution: str

    @property
    def name(self) -> str:
        """How the row is called: "3.12", "3.11-oldest"."""
        return self.python if self.resolution == "highest" else f"{self.python}-oldest"


ROWS = (
    Row("3.11", "lowest-direct"),
    Row("3.12", "highest"),
    Row("3.13", "highest"),
    Row("3.13", "lowest-direct"),
)


def interpreter(version: str) -> str | None:
    """Return a Python of this version that is on the machine already."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [f"python{version}", *map(str, sorted(root.glob(f"{version}.*/bin/python")))]
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    for candidate in candidates:
        path = shutil.which(candidate)
        if path is None:
            continue
        # A launcher may bear the name and have no such Python behind it.
        told = subprocess.run(
            [path, "-c", question], capture_output=True, text=True, check=False
        ).stdout
        if told.strip() == version:
            return path
    return None


def needs() -> tuple[list[str], list[str]]:
    """Return what the app needs, in ranges, and what the tests need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    app = project["project"]["dependencies"]
    return [*app, *extras["mcp"], *extras["oauth"], *extras["tables"]], (
        project["dependency-groups"]["dev"]
    )


def packages(row: Row, folder: Path, torch_index: str | None) -> list[str]:
    """Return the packages of a row, pinned: the app's by its resolution, the tests' newest.

    Raises
    ------
    subprocess.CalledProcessError
        There are none that go together.
    """
    app, tests = needs()
    index = ["--index", torch_index, "--index-strategy", "unsafe-best-match"] if torch_index else []
    pinned = folder / f"{row.name}.txt"
    source = folder / f"{row.name}.in"
    source.write_text("\n".join(app) + "\n", encoding="utf-8")
    command = [*UV, "pip", "compile", "--quiet", "--no-header", "--no-annotate", *index]
    command += ["--python-version", row.python, "--resolution", row.resolution]
    subprocess.run([*command, str(source), "-o", str(pinned)], check=True)
    if row.resolution != "highest":
        # The bounds of the tests' own tools are not what is tried here.
        source.write_text("\n".join(tests) + "\n", encoding="utf-8")
        both = folder / f"{row.name}-all.txt"
        command = [*UV, "pip", "compile", "--quiet", "--no-header", "--no-annotate", *index]
        command += ["--python-version", row.python, str(pinned), str(source), "-o", str(both)]
        subprocess.run(command, check=True)
        return ["-r", str(both)]
    return ["-r", str(pinned), *tests]


def try_row(row: Row, folder: Path, tests: Sequence[str], torch_index: str | None) -> str:
    """Make the environment, run the tests in it, and return how it went in a few words."""
    python = interpreter(row.python)
    if python is None:
        return "not tried: there is no such Python on this machine"
    environment = folder / row.name
    index = ["--index", torch_index, "--index-strategy", "unsafe-best-match"] if torch_index else []
    try:
        wanted = packages(row, folder, torch_index)
        # The tests of the wheel install it with pip.
        make = [*UV, "venv", "--quiet", "--seed", "--python", python, str(environment)]
        subprocess.run(make, check=True)
        install = [*UV, "pip", "install", "--quiet", "--python", str(environment), *index, *wanted]
        subprocess.run(install, check=True)
    except subprocess.CalledProcessError:
        return "FAILED: its packages cannot be installed"
    bins = environment / "bin"
    path = os.pathsep.join([str(bins), os.environ.get("PATH", ""), str(NGINX)])
    pytest = [str(bins / "python"), "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal"]
    ended = subprocess.run(
        [*pytest, "--deselect", OF_THE_LOCK, *tests],
        cwd=ROOT,
        env={**os.environ, "PATH": path, "PYTHONHASHSEED": "0"},
        check=False,
    )
    return "passed" if ended.returncode == 0 else f"FAILED: pytest ended with {ended.returncode}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the rows and print how each went; return 1 if one failed."""
    parser = argparse.ArgumentParser(prog="python -m scripts.test_matrix", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="ROW", help="e.g. 3.12 3.11-oldest")
    parser.add_argument("--torch-index", help="another index to take torch from")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="what pytest is to run")
    chosen = parser.parse_args(arguments)
    results = {}
    with tempfile.TemporaryDirectory(prefix="seizure-zoo-matrix-") as folder:
        for row in ROWS:
            if not chosen.only or row.name in chosen.only:
                print(f"--- {row.name}", flush=True)
                results[row.name] = try_row(row, Path(folder), chosen.tests, chosen.torch_index)
    for name, result in results.items():
        print(f"{name}: {result}")
    return int(any(result.startswith("FAILED") for result in results.values()))


if __name__ == "__main__":
    sys.exit(main())
