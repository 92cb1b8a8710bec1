from __future__ import annotations

from dataclasses import replace

from tests.ui.zoo.test_zoo_search import ANY, NEW, SEED
from ui.zoo.model_list import count_html, list_html, score_words


def test_a_model_stands_there_with_what_one_chooses_by() -> None:
    shown = list_html([SEED], n_all=3)
    for words in ("n1Spool", "seed 1.0.0", "2 channels", "256 Hz", "30 s", "3,137", "Apache-2.0"):
        assert words in shown, words
    assert "On patients: too little to say (4 of 5 seizures, 2 false alarms in 4 h)." in shown
    assert "ward B: 0 of 1 seizure, 0 false alarms a day (0 in 2 h)" in list_html(
        [SEED], n_all=1, dataset="ward B"
    )


def test_what_is_chosen_and_what_is_ticked_is_marked() -> None:
    shown = list_html([SEED, ANY, NEW], n_all=3, chosen="any", picked=("seed", "new"))
    seed, other, new = shown.split("</li>")[:3]
    assert "aria-current=true" in other
    assert "aria-current" not in seed + new
    assert " checked>" in seed
    assert " checked>" in new
    assert " checked>" not in other


def test_a_model_that_is_not_here_says_where_it_is() -> None:
    there = replace(NEW, registry="team/models", is_here=False)
    shown = list_html([there], n_all=1)
    assert "registry team/models" in shown
    assert "downloaded at first use" in shown
    assert not there.can_be_deleted
    assert ANY.can_be_deleted
    assert not SEED.can_be_deleted


def test_empty_lists_say_what_to_do() -> None:
    assert "clear the filters" in list_html([], n_all=5)
    assert "Import" in list_html([], n_all=0)


def test_how_many_were_found_is_announced() -> None:
    assert "3 models" in count_html(3, 3)
    assert "1 model<" in count_html(1, 1)
    assert "2 of 300 models" in count_html(2, 300)
    assert 'role="status"' in count_html(2, 300)


def test_hundreds_of_models_can_be_listed() -> None:
    cards = [SEED.card.model_copy(update={"model_id": f"model-{i}"}) for i in range(300)]
    many = [replace(SEED, card=card) for card in cards]
    assert list_html(many, n_all=300).count("<li") == 300


def test_without_figures_nothing_is_claimed() -> None:
    assert score_words(None) == "Nothing was measured yet."
    bare = SEED.card.results[0].model_copy(update={"metrics": {}})
    assert score_words(bare) == "ward A: no such figure"
