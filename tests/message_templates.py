"""Finds what the product's code makes messages of: templates, and phrases that stand in them."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

from seizure_core.errors import FileError, MessageError

ROOT = Path(__file__).parents[1]
PACKAGES = ("seizure_core", "zoo", "training", "ui")
# Where the templates are among the arguments of what passes them on.
PLACES: dict[str, tuple[int, ...]] = {
    "Message": (0,),
    "fault": (0,),
    "tell": (0,),
    "fail": (1,),
    "_fail": (1,),
    "super().__init__": (0, 1),
    "error_type": (0,),
    "counted": (1, 2),
    "LayerError": (0, 1),
    "check_count": (2,),
    "BadLineError": (2,),
    "CardError": (1,),
    **{f"Finding.{severity}": (0,) for severity in ("info", "warning", "caveat", "error")},
}


def is_ours(text: str) -> bool:
    """Tell whether a text has words of ours: neither a name nor a mere arrangement of values."""
    bare = re.sub(r"\{[^{}]*\}", "", text)
    return any(one.isalpha() for one in bare) and (bare != text or " " in text)


def error_classes(kind: type[MessageError] = MessageError) -> Iterator[type[MessageError]]:
    """Yield a class of errors and all that come from it, as far as they are imported."""
    yield kind
    for inner in kind.__subclasses__():
        yield from error_classes(inner)


class Templates(ast.NodeVisitor):
    """The templates of one module, and where a message is made in a way no language can know.

    Attributes
    ----------
    found : set of str
        Templates, and phrases that stand in them.
    faults : list of str
        Places where a message is put together.
    written : set of str
        Every text of the module.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.found: set[str] = set()
        self.faults: list[str] = []
        self.written: set[str] = set()
        self.places = {
            **{kind.__name__: (int(issubclass(kind, FileError)),) for kind in error_classes()},
            **PLACES,
        }
        self.function: ast.AST = ast.parse(path.read_text(encoding="utf-8"))
        self.visit(self.function)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Note every text, a template or not."""
        if isinstance(node.value, str):
            self.written.add(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Look for local names in the innermost function."""
        outer, self.function = self.function, node
        self.generic_visit(node)
        self.function = outer

    def visit_Call(self, node: ast.Call) -> None:
        """Take the templates of what makes a message, and the phrases it is filled in with."""
        called = ast.unparse(node.func)
        places = self.places.get(called) or self.places.get(called.rpartition(".")[2])
        if called == "sentences":
            places = tuple(range(len(node.args)))
        if places is not None:
            for place in places:
                texts = self._literals(node.args[place : place + 1])
                for text in texts:
                    self._check_values(text, node)
                    self.found.update(filter(is_ours, [text]))
            values = [keyword.value for keyword in node.keywords]
            self.found.update(filter(is_ours, self._literals(values)))
        self.generic_visit(node)

    def _check_values(self, template: str, call: ast.Call) -> None:
        given = {keyword.arg for keyword in call.keywords}
        wanted = {name for _, name, _, _ in string.Formatter().parse(template) if name}
        if given and None not in given and not wanted <= given:
            self.faults.append(f"{self.path}:{call.lineno}")

    def _literals(self, nodes: list[ast.expr], *, follow: bool = True) -> Iterator[str]:
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif any(re.search(r"[a-z]{2}", text) for text in _pieces(node)):
                self.faults.append(f"{self.path}:{node.lineno}")
            elif isinstance(node, ast.IfExp):
                yield from self._literals([node.body, node.orelse], follow=follow)
            elif isinstance(node, ast.BoolOp):
                yield from self._literals(node.values, follow=follow)
            elif isinstance(node, ast.Name) and follow:
                yield from self._literals(self._assigned(node.id), follow=False)

    def _assigned(self, name: str) -> list[ast.expr]:
        return [
            node.value
            for node in ast.walk(self.function)
            if isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        ]


def _pieces(node: ast.expr) -> list[str]:
    """Return the literal texts of what is put together: an f-string or a sum."""
    if not isinstance(node, ast.JoinedStr | ast.BinOp):
        return []
    found = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
    return [text for text in found if isinstance(text, str)]


def all_templates() -> list[Templates]:
    """Return the templates of every module of the product."""
    paths = [path for package in PACKAGES for path in sorted(ROOT.glob(f"{package}/**/*.py"))]
    return [Templates(path) for path in paths]
