"""Values that no program should send, and JSON of all kinds, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
ODD_NUMBERS = st.sampled_from(
    [10**400, -(10**400), 1e308, 5e-324, float("nan"), float("inf"), -0.0, True, 2**63]
)
ODD_TEXTS = st.sampled_from(
    [
        "",
        " ",
        "\0",
        "../../etc/passwd",
        "x" * 70_000,
        "[" * 2000,
        "\ud800",
        "{n}",
        "{",
        "data:",
        "1e999",
    ]
)
ODD = ODD_NUMBERS | ODD_TEXTS | JSON
