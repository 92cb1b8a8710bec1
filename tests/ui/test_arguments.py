from __future__ import annotations

import pytest

from seizure_core.errors import ParameterError
from ui.arguments import (
    checked_flag,
    checked_list,
    checked_number,
    checked_settings,
    checked_text,
    checked_texts,
    optional_number,
    plain_text,
)


@pytest.mark.parametrize(("value", "number"), [(1, 1.0), (0.5, 0.5), ("2.5", 2.5)])
def test_numbers_are_taken_also_as_text(value: object, number: float) -> None:
    assert checked_number("start_s", value) == number


@pytest.mark.parametrize("value", ["ten", None, True, [], {}, float("nan"), "inf"])
def test_what_is_no_number_is_refused_by_name(value: object) -> None:
    with pytest.raises(ParameterError, match="start_s must be a number"):
        checked_number("start_s", value)


def test_a_number_out_of_bounds_is_told_its_bounds() -> None:
    with pytest.raises(ParameterError, match="start_s must be at least 0; -1 was given"):
        checked_number("start_s", -1, lowest=0)
    with pytest.raises(ParameterError, match="x must be 0 to 1; 2 was given"):
        checked_number("x", 2, lowest=0, highest=1)


@pytest.mark.parametrize("value", [None, ""])
def test_an_optional_number_may_be_left_out(value: object) -> None:
    assert optional_number("threshold", value) is None


@pytest.mark.parametrize("value", [None, "", "  ", 3, []])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(ParameterError, match="model_id must be a text"):
        checked_text("model_id", value)


def test_lists_are_lists() -> None:
    assert checked_list("channels", None) == []
    assert checked_texts("channels", ["Fp1", " Fp2 "]) == ["Fp1", "Fp2"]
    with pytest.raises(ParameterError, match="channels must be a list"):
        checked_texts("channels", "Fp1")
    with pytest.raises(ParameterError, match="every item of channels must be a text"):
        checked_texts("channels", [1])


def test_flags_are_true_or_false_and_nothing_else() -> None:
    assert checked_flag("replace", True)
    assert not checked_flag("replace", False)
    for value in (1, "true", None):
        with pytest.raises(ParameterError, match="replace must be true or false"):
            checked_flag("replace", value)


def test_settings_are_names_with_values() -> None:
    assert checked_settings("settings", None) == {}
    assert checked_settings("settings", {"epochs": 3}) == {"epochs": 3}
    for value in ([], "epochs", 3):
        with pytest.raises(ParameterError, match="settings must be names with values"):
            checked_settings("settings", value)


def test_a_text_may_be_empty_where_that_means_something() -> None:
    assert plain_text("title", None) == plain_text("title", " ") == ""
    with pytest.raises(ParameterError, match="title must be a text"):
        plain_text("title", 3)


def test_what_was_sent_is_not_repeated_whole() -> None:
    deep: object = []
    for _ in range(5000):
        deep = [deep]
    for sent in (deep, ["x" * 1000] * 1000, 10**400):
        with pytest.raises(ParameterError) as refused:
            checked_text("model_id", sent)
        assert len(str(refused.value)) < 200
    with pytest.raises(ParameterError, match="must be a number"):
        checked_number("threshold", 10**400)
