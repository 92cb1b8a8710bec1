"""Strict parsing of untrusted JSON, and canonical output."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

from seizure_core.atomic import atomic_path
from seizure_core.errors import MessageError
from seizure_core.messages import shortened

MAX_BYTES = 16 * 1024 * 1024
MAX_NESTING = 40

# Largest whole number that a float represents exactly.
_EXACT_INTEGER = 2**53


class JsonError(MessageError):
    """A document is not JSON, or not accepted here."""


def parse_json(data: bytes) -> Any:
    """Parse UTF-8 JSON and refuse what parsers treat differently.

    Raises
    ------
    JsonError
        Too large, not UTF-8, not JSON, nested too deeply, a duplicate key, NaN or infinity, or an
        integer beyond 64 bits.
    """
    if len(data) > MAX_BYTES:
        raise JsonError(
            "it has {n_data} bytes; {max_bytes} at most are read.",
            n_data=len(data),
            max_bytes=MAX_BYTES,
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonError("it is not UTF-8 text (byte {start}).", start=error.start) from None
    try:
        document = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_bounded,
        )
    except json.JSONDecodeError as error:
        raise JsonError(
            "it is not valid JSON: {msg}, line {lineno}, column {colno}.",
            msg=error.msg,
            lineno=error.lineno,
            colno=error.colno,
        ) from None
    except RecursionError:
        raise JsonError(
            "it is nested more than {max_nesting} deep.", max_nesting=MAX_NESTING
        ) from None
    _check(document)
    return document


def canonical_json(document: Any) -> bytes:
    """Return the canonical bytes of a document.

    Keys are sorted, there is no white space, text is UTF-8, and whole numbers have no fraction
    (30.0 becomes 30), so that equal documents have equal bytes.
    """
    return json.dumps(
        _canonical(document),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    ).encode("utf-8")


def readable_json(document: Any) -> bytes:
    """Return the document as indented UTF-8 JSON."""
    text = json.dumps(_canonical(document), indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def read_json(path: Path) -> Any:
    """Read a file of JSON.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    JsonError
        It cannot be read, or is not JSON that `parse_json` accepts.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise JsonError("it cannot be read ({strerror}).", strerror=error.strerror) from None
    return parse_json(data)


def write_json(path: Path, document: Any, *, durable: bool = False) -> None:
    """Write a file of readable JSON atomically; `durable` as in `atomic_path`."""
    with atomic_path(path, durable=durable) as temporary:
        temporary.write_bytes(readable_json(document))


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in members if keys.count(key) > 1)
        raise JsonError("the key {twice!r} occurs twice in one object.", twice=twice)
    return members


def _no_constant(name: str) -> Any:
    raise JsonError("it contains {name}, which is not a JSON number.", name=name)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise JsonError("the number {digits} is too large.", digits=shortened(digits, 40))
    return number


def _bounded(digits: str) -> int:
    if len(digits) > 19 or abs(int(digits)) >= 2**63:
        raise JsonError("the number {digits} is too large.", digits=shortened(digits, 40))
    return int(digits)


def _check(document: Any) -> None:
    """Check nesting and that all text can be encoded as UTF-8."""
    level = [document]
    for _ in range(MAX_NESTING):
        level = [inner for value in level for inner in _members(value)]
        if not level:
            return
    raise JsonError("it is nested more than {max_nesting} deep.", max_nesting=MAX_NESTING)


def _members(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise JsonError(
                "it contains half of a surrogate pair, which is not valid text."
            ) from None
    return []


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _canonical(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(member) for member in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_INTEGER:
        return int(value)
    return value
