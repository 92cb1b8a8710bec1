from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from seizure_core.errors import CoverageError, ParameterError, RecordingError, SeizureZooError
from seizure_core.messages import (
    MAX_VALUE_CHARS,
    Message,
    either,
    sentences,
    some,
    templates_in,
    with_templates,
)
from seizure_core.recording import Finding
from zoo.errors import CardError, UnknownModelError


def test_a_message_is_its_english_text_and_keeps_what_it_was_made_of() -> None:
    template = "{n} of {names}, {rate:g} Hz, {text!r}"
    message = Message(template, n=3, names=["a", "b"], rate=2.0, text="x")
    assert message == "3 of a, b, 2 Hz, 'x'"
    assert message.template == template
    assert message.values["names"] == ["a", "b"]


def test_a_text_without_values_may_hold_any_brace() -> None:
    assert Message("{'a': 1} {") == "{'a': 1} {"
    assert str(ParameterError("{n")) == "{n"


def test_errors_within_messages_are_messages() -> None:
    inner = RecordingError("a.edf", "it has {n} channels.", n=3)
    outer = ParameterError("Not opened: {why}", why=inner)
    assert str(outer) == "Not opened: a.edf: it has 3 channels."
    assert outer.values["why"].values["reason"].template == "it has {n} channels."


@pytest.mark.parametrize(
    "error",
    [
        RecordingError("a.edf", "it has {n} channels.", n=3),
        CardError("card.json", "{key!r} is unknown.", location="input", key="x"),
        CoverageError("a.edf", missing=["C3"], n_wanted=2, min_coverage=0.5, no_voltages="X"),
        UnknownModelError("resnt", ["resnet", "cnn"]),
    ],
)
def test_errors_are_copied_with_template_and_values(
    error: SeizureZooError,
) -> None:
    again = copy.deepcopy(error)
    assert type(again) is type(error)
    assert (str(again), again.template, again.values) == (str(error), error.template, error.values)
    assert vars(again) == vars(error)


def test_messages_are_copied_whole() -> None:
    message = Message("{a} and {b}", a=Message("{n} more", n=2), b="{c")
    for again in (copy.copy(message), copy.deepcopy(message)):
        assert again == message
        assert (again.template, again.values["a"].template) == ("{a} and {b}", "{n} more")


def test_findings_are_equal_by_what_they_say() -> None:
    one, other = (Finding.warning("{n} channels are flat.", n=n) for n in (3, 4))
    assert {one, Finding.warning("{n} channels are flat.", n=3)} == {one}
    assert one != other
    assert Finding.caveat("x").is_caveat


def test_names_are_enumerated() -> None:
    assert some(["a", "b", "c"], at_most=2) == "a, b and 1 more"
    assert some(["a"], at_most=2) == "a"
    assert either(["a", "b", "c"]) == "a or b or c"
    assert sentences("A.", "", "B.") == "A. B."


def test_what_nobody_reads_to_its_end_is_cut() -> None:
    assert len(str(ParameterError("x" * 10_000))) == 3000
    assert len(str(ParameterError("{text}", text="x" * 10_000))) == MAX_VALUE_CHARS


def test_messages_survive_a_json_document_which_reads_as_before() -> None:
    reason = Message("{n} of {all} channels", n=2, all=float("inf"))
    document = {
        "message": Message("{name!r}: {why}", name="a.edf", why=reason),
        "rows": [{"what": Message("{names} alone", names=["a", reason])}],
        "plain": "a.edf",
    }
    made = json.loads(json.dumps(templates_in(document)))
    plain = json.loads(json.dumps(document))
    again = with_templates(plain, made)
    assert again == plain == document
    assert again["message"].values["why"].template == "{n} of {all} channels"
    assert again["rows"][0]["what"].values["names"][1].values["n"] == 2


@pytest.mark.parametrize(
    "made",
    [
        7,
        {"text": "as told", "template": "{n:>999999999}", "values": {"n": 1}},
        {"text": "as told", "template": "{n.real}", "values": {"n": 1}},
    ],
)
def test_what_somebody_wrote_into_a_file_is_no_template(made: Any) -> None:
    again = with_templates({"message": "as told"}, {"as told": made})
    assert not isinstance(again["message"], Message)
