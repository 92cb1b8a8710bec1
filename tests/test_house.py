"""The rules of the house: rooms of bearable size, no circles, one name for one thing."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.faults.__main__ import place_of
from tests.faults.__main__ import tests_of as files_of
from tests.faults.sample import FAULTS

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("seizure_core", "zoo", "training", "ui", "seizure_zoo")

MAX_MODULES_IN_A_FOLDER = 15
MAX_ZOO_CHAIN = 10
MAX_RECORDING_TYPES = 8
MAX_FILE_LINES = 400

# Names that mean the same in every folder that has them.
CONVENTIONS = frozenset({"errors.py", "cli.py", "tab.py", "views.py", "settings.py", "words.py"})

# Packages whose prose is checked, and words that make riddles of it.
PLAINLY_WRITTEN = ("seizure_core", "zoo", "training", "ui", "seizure_zoo", "app")
ODD = re.compile(
    r"\b(anew|behind|beside|whoever|nobody|somebody|as it is|can be had|cannot be had|"
    r"is (said|told)|the seed|(?<!-)nets?)\b",
    re.IGNORECASE,
)
CLAUSES = ("What ", "Where ", "Who ", "Which ", "By what ", "How ", "Why ", "When ", "In which ")


def _module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {"app": ROOT / "app.py"} | {
    _module_name(path): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text(encoding="utf-8"))


def _imported(module: str) -> Iterator[str]:
    """Yield our modules that a module imports, in functions and for the type checker too."""
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{one.name}" for one in node.names]
            names = [name if name in FILES else node.module for name in names]
        else:
            continue
        yield from (name for name in names if name in FILES and name != module)


@cache
def _imports() -> dict[str, frozenset[str]]:
    return {module: frozenset(_imported(module)) for module in FILES}


def _circles() -> list[list[str]]:
    """Return the strongly connected parts of the imports (Tarjan 1972)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    circles = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        stack.append(module)
        for other in _imports()[module]:
            if other not in order:
                visit(other)
            if other in stack:
                lowest[module] = min(lowest[module], lowest[other])
        if lowest[module] == order[module]:
            part = []
            while not part or part[-1] != module:
                part.append(stack.pop())
            if len(part) > 1:
                circles.append(sorted(part))

    for module in _imports():
        if module not in order:
            visit(module)
    return circles


def _longest_chain(package: str) -> list[str]:
    @cache
    def chain(module: str) -> tuple[str, ...]:
        inside = [one for one in _imports()[module] if one.split(".")[0] == package]
        return (module, *max(map(chain, inside), key=len, default=()))

    return list(max((chain(one) for one in FILES if one.split(".")[0] == package), key=len))


def _classes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for module in FILES:
        for node in _tree(module).body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append(module)
    return found


def test_no_folder_has_more_modules_than_one_can_look_over() -> None:
    sizes = Counter(
        path.parent.relative_to(ROOT)
        for path in FILES.values()
        if path.name not in ("__init__.py", "__main__.py")
    )
    assert {str(k): n for k, n in sizes.items() if n > MAX_MODULES_IN_A_FOLDER} == {}


def test_no_file_is_too_long() -> None:
    lengths = {
        module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in FILES.items()
    }
    assert {module: n for module, n in lengths.items() if n > MAX_FILE_LINES} == {}


def test_imports_make_no_circle() -> None:
    assert _circles() == []


def test_the_longest_chain_of_imports_in_the_zoo_is_short() -> None:
    chain = _longest_chain("zoo")
    assert len(chain) <= MAX_ZOO_CHAIN, " > ".join(chain)


def test_no_two_types_have_one_name() -> None:
    assert {name: places for name, places in _classes().items() if len(places) > 1} == {}


def test_there_are_few_types_of_recordings() -> None:
    types = [name for name in _classes() if name.endswith("Recording")]
    assert len(types) <= MAX_RECORDING_TYPES, types


def test_file_names_repeat_only_by_convention() -> None:
    places = defaultdict(list)
    for module, path in FILES.items():
        if path.name not in ("__init__.py", "__main__.py") and path.parent.name != "commands":
            places[path.name].append(module)
    often = {name: found for name, found in places.items() if len(found) > 2}
    assert {name: found for name, found in often.items() if name not in CONVENTIONS} == {}


def _prose(package: str) -> Iterator[tuple[str, str]]:
    """Yield docstrings and comments of a package with their places."""
    for module in FILES:
        if module.split(".")[0] != package:
            continue
        for node in ast.walk(_tree(module)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                yield f"{module}.{getattr(node, 'name', '')}", ast.get_docstring(node) or ""
        for number, line in enumerate(FILES[module].read_text(encoding="utf-8").splitlines(), 1):
            if line.lstrip().startswith("#"):
                yield f"{module}:{number}", line
    for path in sorted((ROOT / package).rglob("*.js")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.lstrip().startswith("//"):
                yield f"{path.name}:{number}", line


@pytest.mark.parametrize("package", PLAINLY_WRITTEN)
def test_docstrings_and_comments_are_plain_english(package: str) -> None:
    riddles = {
        place: found.group() for place, text in _prose(package) if (found := ODD.search(text))
    }
    assert riddles == {}


@pytest.mark.parametrize("package", PLAINLY_WRITTEN)
def test_first_lines_of_docstrings_are_single_sentences(package: str) -> None:
    first_lines = {
        place: text.split("\n")[0] for place, text in _prose(package) if ":" not in place
    }
    odd = {
        place: line for place, line in first_lines.items() if line and not line.endswith((".", ":"))
    }
    odd |= {place: line for place, line in first_lines.items() if line.startswith(CLAUSES)}
    assert odd == {}


def test_every_mistake_of_the_sample_can_still_be_made() -> None:
    for fault in FAULTS:
        place_of(fault, ROOT)
        files_of(fault, ROOT)
