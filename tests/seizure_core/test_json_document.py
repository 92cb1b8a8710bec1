"""JSON of unknown origin: read strictly, written canonically."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.json_document import (
    MAX_BYTES,
    JsonError,
    canonical_json,
    parse_json,
    readable_json,
)
from tests.properties import examples

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"{'a': 1}", "not valid JSON"),
        (b'{"a": 1, "b": 2, "a": 3}', "the key 'a' occurs twice"),
        (b'{"a": NaN}', "NaN"),
        (b"[-Infinity]", "-Infinity"),
        (b"[1e999]", "too large"),
        (b"[" + b"9" * 5000 + b"]", "too large"),
        (b"[9223372036854775808]", "too large"),
        (b'"\xff"', "not UTF-8"),
        (b'["\\ud800"]', "surrogate"),
        (b'{"\\udfff": 1}', "surrogate"),
        (b"[" * 100_000, "nested"),
        (b"[" * 60 + b"]" * 60, "nested"),
        (b" " * (MAX_BYTES + 1), "bytes"),
    ],
)
def test_what_parsers_disagree_about_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(JsonError, match=reason):
        parse_json(data)


@examples(4)
@given(DOCUMENTS)
def test_canonical_and_readable_forms_are_the_same_document(document: object) -> None:
    canonical = canonical_json(document)
    assert parse_json(canonical) == document
    assert parse_json(readable_json(document)) == document
    assert canonical_json(parse_json(canonical)) == canonical


@examples(4)
@given(st.binary(max_size=40))
def test_any_bytes_give_a_document_or_a_json_error(data: bytes) -> None:
    with contextlib.suppress(JsonError):
        document = parse_json(data)
        assert parse_json(canonical_json(document)) == document


def test_order_of_keys_spaces_and_fractions_do_not_change_the_canonical_form() -> None:
    first = json.loads('{"b": 30.0, "a": [1, 2.50]}')
    second = json.loads('{ "a":[1.0,2.5],"b":30 }')
    assert canonical_json(first) == canonical_json(second) == b'{"a":[1,2.5],"b":30}'
