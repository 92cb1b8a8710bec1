"""Finds the templates of all messages in the product's code, and notes those a test run makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from seizure_core.errors import FileError, MessageError

ROOT = Path(__file__).parents[1]
PACKAGES = ("seizure_core", "zoo", "training", "ui")
FINDING = ("info", "warning", "caveat", "error")


def error_classes(kind: type[MessageError] = MessageError) -> Iterator[type[MessageError]]:
    """Yield a class of errors and all that come from it, as far as they are imported."""
    yield kind
    for inner in kind.__subclasses__():
        yield from error_classes(inner)


class Templates(ast.NodeVisitor):
    """The templates of one module, and where a message is made in a way no language can know."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.found: set[str] = set()
        self.faults: list[str] = []
        self.names = {kind.__name__: int(issubclass(kind, FileError)) for kind in error_classes()}
        self.names["CardError"] = 1
        self.function: ast.AST = ast.parse(path.read_text(encoding="utf-8"))
        self.visit(self.function)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Look for local names in the innermost function."""
        outer, self.function = self.function, node
        self.generic_visit(node)
        self.function = outer

    def visit_Call(self, node: ast.Call) -> None:
        """Take the template of what makes a message."""
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        is_finding = name in FINDING and ast.unparse(called).startswith("Finding.")
        position = self.names.get(name, 0)
        if (name == "Message" or is_finding or name in self.names) and len(node.args) > position:
            self._take(node.args[position])
        self.generic_visit(node)

    def _take(self, node: ast.expr) -> None:
        if isinstance(node, ast.Constant):
            self.found.add(node.value)
        elif isinstance(node, ast.JoinedStr | ast.BinOp):
            self.faults.append(f"{self.path.relative_to(ROOT)}:{node.lineno}")
        elif isinstance(node, ast.IfExp):
            self._take(node.body)
            self._take(node.orelse)
        elif isinstance(node, ast.Name):
            for one in ast.walk(self.function):
                if isinstance(one, ast.Assign) and any(
                    isinstance(target, ast.Name) and target.id == node.id for target in one.targets
                ):
                    if not isinstance(one.value, ast.Name):
                        self._take(one.value)


def all_templates() -> list[Templates]:
    """Return the templates of every module of the product."""
    paths = [path for package in PACKAGES for path in sorted(ROOT.glob(f"{package}/**/*.py"))]
    return [Templates(path) for path in paths]
