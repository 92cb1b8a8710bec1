from __future__ import annotations

from ui.widgets.model_picker import refilled, refilled_many

MODELS = [("a: First", "a"), ("b: Second", "b")]


def test_a_list_read_anew_leaves_alone_what_is_chosen_by_now() -> None:
    dropdown, chosen = refilled(MODELS, "b", label="Model")
    assert chosen == "b"
    # A value sent along would take back what a person chose since the list was asked for.
    assert dropdown.constructor_args == {"choices": MODELS, "label": "Model"}


def test_what_can_no_longer_be_chosen_makes_room_for_the_first() -> None:
    for before in ("gone", None):
        dropdown, chosen = refilled(MODELS, before)
        assert chosen == "a"
        assert dropdown.constructor_args == {"choices": MODELS, "value": "a"}
    dropdown, chosen = refilled([], "gone")
    assert chosen is None
    assert dropdown.constructor_args == {"choices": [], "value": None}


def test_where_nothing_was_chosen_the_best_by_its_card_is() -> None:
    assert refilled(MODELS, None, default="b")[1] == "b"
    assert refilled(MODELS, "a", default="b")[1] == "a"
    assert refilled(MODELS, None, default="gone")[1] == "a"


def test_a_list_for_several_leaves_alone_what_is_chosen_by_now() -> None:
    for before in (["b"], [], None):
        assert refilled_many(MODELS, before).constructor_args == {"choices": MODELS}
    gone = refilled_many(MODELS, ["gone", "b"])
    assert gone.constructor_args == {"choices": MODELS, "value": ["b"], "multiselect": True}
