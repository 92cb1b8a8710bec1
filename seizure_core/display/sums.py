"""Derivations that a person types as sums, such as "C3-(A1+A2)/2" or "2*FZ-F3-F4"."""

from __future__ import annotations

import ast
import math


def weights_of(text: str) -> dict[str, float] | None:
    """Return the weight of each name of a sum; None if the text is none.

    Parameters
    ----------
    text : str
        Names, numbers, `+ - * /` and brackets; labels with other characters in quotation marks.
    """
    try:
        found = _linear(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, _NoSumError):
        return None
    constant = found.pop("", 0.0)
    weights = {name: weight for name, weight in found.items() if abs(weight) > 1e-9}
    is_sum = weights and not constant and all(map(math.isfinite, weights.values()))
    return weights if is_sum else None


class _NoSumError(Exception):
    """An expression is something else than a weighted sum of names."""


_Linear = dict[str, float]  # Weights by name; that of "" is a number alone.


def _linear(node: ast.expr) -> _Linear:
    match node:
        case ast.Name(id=name) | ast.Constant(value=str(name)) if name:
            return {name: 1.0}
        case ast.Constant(value=float() | int() as number) if math.isfinite(number):
            return {"": float(number)}
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _scaled(_linear(inner), -1.0)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _added(_linear(left), _linear(right))
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _added(_linear(left), _scaled(_linear(right), -1.0))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            divisor = _number(_linear(right))
            if divisor:
                return _scaled(_linear(left), 1.0 / divisor)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            one, other = _linear(left), _linear(right)
            if set(other) == {""}:
                one, other = other, one
            return _scaled(other, _number(one))
    raise _NoSumError


def _number(found: _Linear) -> float:
    if set(found) != {""}:
        raise _NoSumError
    return found[""]


def _scaled(found: _Linear, factor: float) -> _Linear:
    return {name: factor * weight for name, weight in found.items()}


def _added(one: _Linear, other: _Linear) -> _Linear:
    return {name: one.get(name, 0.0) + other.get(name, 0.0) for name in one | other}
