"""Count the product's lines of code and files, folder by folder.

A line counts if it holds code: no blank lines, comments or docstrings. The formatter sets the
width of all lines, so that two commits can be compared.

    python -m scripts.count_code [--depth 2]
"""

from __future__ import annotations

import argparse
import ast
import io
import tokenize
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = ("app.py", "seizure_core", "zoo", "training", "ui", "seizure_zoo")
_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def product_files(root: Path = ROOT) -> list[Path]:
    """Return all Python files of the product."""
    return sorted(
        path
        for place in PRODUCT
        for path in ((root / place).rglob("*.py") if (root / place).is_dir() else [root / place])
    )


def code_lines(text: str) -> int:
    """Return how many lines of a module hold code."""
    docstrings = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, _WITH_DOCSTRING) and ast.get_docstring(node, clean=False) is not None
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    with_code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in _NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(with_code - docstrings)


def count(depth: int, root: Path = ROOT) -> dict[str, tuple[int, int]]:
    """Return lines of code and files of each folder down to a depth, and of all as ``total``."""
    lines: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for path in product_files(root):
        folders = path.relative_to(root).parent.parts
        n_lines = code_lines(path.read_text(encoding="utf-8"))
        names = ["/".join(folders[:n]) for n in range(1, min(depth, len(folders)) + 1)]
        for name in [*names, "total"]:
            lines[name] += n_lines
            files[name] += 1
    return {name: (lines[name], files[name]) for name in sorted(lines)}


def main() -> None:
    """Print a row for each folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--depth", type=int, default=1, help="levels of folders (default: 1)")
    for name, (n_lines, n_files) in count(parser.parse_args().depth).items():
        print(f"{n_lines:7,} lines of code in {n_files:4} files  {name}")


if __name__ == "__main__":
    main()
