"""Draw the picture of `docs/architecture.md` from the code: `python -m scripts.architecture`.

A box is a package with its folders, an arrow an import, function-level ones included. The table has
a row a folder: the first line of its docstring.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

from seizure_core.atomic import atomic_path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
PACKAGES = ("seizure_zoo", "ui", "training", "zoo", "seizure_core")
BEGIN, END = "<!-- picture -->", "<!-- end of picture -->"


@functools.cache
def imported_packages(path: Path) -> frozenset[str]:
    """Return which packages of the product a module imports from."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return frozenset(found & set(PACKAGES))


def arrows() -> list[tuple[str, str]]:
    """Return which package imports from which other."""
    return sorted(
        {
            (package, target)
            for package in PACKAGES
            for path in (ROOT / package).rglob("*.py")
            for target in imported_packages(path) - {package}
        }
    )


def folders(package: str) -> Iterator[Path]:
    """Return a package's own folder and those directly in it."""
    yield ROOT / package
    yield from sorted(
        path for path in (ROOT / package).iterdir() if (path / "__init__.py").is_file()
    )


def picture() -> str:
    """Return the picture as a Mermaid flowchart."""
    lines = ["```mermaid", "flowchart TD"]
    for package in PACKAGES:
        inside = " · ".join(path.name for path in folders(package) if path.name != package)
        lines.append(f'  {package}["<b>{package}</b><br/>{inside}"]')
    lines += [f"  {here} --> {there}" for here, there in arrows()]
    return "\n".join([*lines, "```"])


def table() -> str:
    """Return a row for each folder."""
    lines = ["| folder | what lies there |", "|---|---|"]
    for package in PACKAGES:
        for folder in folders(package):
            module = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
            first_line = (ast.get_docstring(module) or "").partition("\n")[0]
            name = folder.relative_to(ROOT).as_posix()
            lines.append(f"| `{name}` | {first_line} |")
    return "\n".join(lines)


def with_picture(text: str) -> str:
    """Return the page's text with picture and table as the code is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{picture()}\n\n{table()}\n{END}{after}"


if __name__ == "__main__":
    with atomic_path(PAGE) as temporary:
        temporary.write_text(with_picture(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
