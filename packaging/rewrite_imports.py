"""Rewrite imports of the checkout's packages to where the wheel has them.

In a checkout `zoo`, `training` and the others lie at the root, as the project's layout wants it;
installed there, they would collide with other distributions. In the wheel they are sub-packages
of `seizure_zoo`, and only import statements know the difference.
"""

from __future__ import annotations

import ast

INSTALLED = "seizure_zoo"
PACKAGES = ("app", "seizure_core", "training", "ui", "zoo")


def rewritten(source: str, name: str) -> str:
    """Return a module's source with its imports pointing below `seizure_zoo`.

    Parameters
    ----------
    source : str
        The module as it lies in the checkout.
    name : str
        Its path, for messages.

    Raises
    ------
    ValueError
        It imports in a way that would bind another name: `import zoo.card.schema` without `as`.
    """
    lines = source.splitlines(keepends=True)
    # From the end, so that the places of earlier statements stay right.
    statements = [node for node in ast.walk(ast.parse(source)) if _imports_ours(node)]
    for node in sorted(statements, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        first = lines[node.lineno - 1]
        if isinstance(node, ast.ImportFrom):
            old, new = f"from {node.module} ", f"from {INSTALLED}.{node.module} "
            lines[node.lineno - 1] = first.replace(old, new, 1)
        elif isinstance(node, ast.Import):
            lines[node.lineno - 1] = _plain_import(node, name, first)
    return "".join(lines)


def _imports_ours(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level == 0 and _is_ours(node.module or "")
    return isinstance(node, ast.Import) and any(_is_ours(one.name) for one in node.names)


def _is_ours(module: str) -> bool:
    return module.split(".")[0] in PACKAGES


def _plain_import(node: ast.Import, name: str, line: str) -> str:
    (imported,) = node.names if len(node.names) == 1 else (None,)
    if imported is None or ("." in imported.name and imported.asname is None):
        raise ValueError(
            f"{name}, line {node.lineno}: `{ast.unparse(node)}` would bind another name in the "
            "wheel. Write `from package import module`."
        )
    bound = imported.asname or imported.name
    return line.replace(ast.unparse(node), f"import {INSTALLED}.{imported.name} as {bound}", 1)
