"""Lint and type-check the scripts of the pages: part of `make check`.

The viewer's script is put together from its parts as the browser gets it, so that names are known
from one part to the next; messages tell the part and its line. Types stand in JSDoc comments and
in the `.d.ts` files of `ui/`. Deno does both; it comes from PyPI, and nothing is fetched.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from deno import find_deno_bin

from ui.viewer.script import FOLDER, module

ROOT = Path(__file__).resolve().parents[1]
RULES = Path(__file__).with_name("deno.jsonc")


@dataclass(frozen=True)
class Checked:
    """A file as Deno reads it, and which lines of it come from where.

    Attributes
    ----------
    text : str
        The whole script.
    made_by : Path
        The file that is named for lines that stand in none of `parts`.
    parts : dict of Path to int
        Source files, each with the number of lines before it.
    """

    text: str
    made_by: Path
    parts: dict[Path, int] = field(default_factory=dict)

    def source(self, line: int) -> tuple[Path, int]:
        """Return the source file of a line, and the line in it; 1 where it stands in no part."""
        for path, before in self.parts.items():
            if before < line <= before + len(path.read_text(encoding="utf-8").splitlines()):
                return path, line - before
        return self.made_by, 1


def scripts() -> dict[str, Checked]:
    """Return every script of the pages, by the name Deno gets it under."""
    made_by = FOLDER / "script.py"
    whole = put_together(module(), made_by, FOLDER / "js")
    found = {str(made_by.with_suffix(".js").relative_to(ROOT)): whole}
    for path in sorted([*(ROOT / "ui").rglob("*.js"), *(ROOT / "ui").rglob("*.d.ts")]):
        if path not in whole.parts:
            text = path.read_text(encoding="utf-8")
            found[str(path.relative_to(ROOT))] = Checked(text, path, {path: 0})
    return found


def put_together(text: str, made_by: Path, folder: Path) -> Checked:
    """Return a script that a program made of the files of a folder."""
    parts = {}
    for path in folder.glob("*.js"):
        at = text.find(path.read_text(encoding="utf-8"))
        if at >= 0:
            parts[path] = text.count("\n", 0, at)
    return Checked(text, made_by, parts)


def findings(found: dict[str, Checked]) -> str:
    """Return what Deno finds in scripts, with places in their sources; "" where that is nothing."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made).resolve()
        shutil.copy(RULES, folder)
        for name, one in found.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(one.text, encoding="utf-8")
        told = _told(folder, "check", "--no-remote", "--no-npm", *found)
        told += _told(folder, "lint", "--compact", *found)
    place = re.compile(
        re.escape(f"{folder.as_uri()}/") + r"([^\s:]+)(?::|: line )(\d+)(?::|, col )"
    )
    return place.sub(lambda match: _place(found[match[1]], int(match[2])), told)


def _told(folder: Path, *command: str) -> str:
    """Return what a command of Deno says where it fails."""
    alone = {"DENO_DIR": str(folder / "cache"), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
    ended = subprocess.run(
        [find_deno_bin(), command[0], "--quiet", *command[1:]],
        cwd=folder,
        env={**os.environ, **alone},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if not ended.returncode:
        return ""
    return ended.stdout + ended.stderr or f"deno {command[0]} ended with {ended.returncode}.\n"


def _place(checked: Checked, line: int) -> str:
    path, own_line = checked.source(line)
    return f"{path.relative_to(ROOT)}:{own_line}:"


def main() -> int:
    """Tell what is found; return the exit status."""
    found = scripts()
    told = findings(found)
    if told:
        print(told, file=sys.stderr)
        return 1
    print(f"Nothing found in {len(found)} files of the pages' scripts.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
