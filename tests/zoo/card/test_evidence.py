from __future__ import annotations

from typing import Any

import pytest

from tests.zoo.models import card_document
from zoo.card.evidence import (
    PEOPLE,
    WARDS,
    Evidence,
    chosen_by,
    evidence_of,
    rank_of,
    teaching_reason,
    verdict,
)
from zoo.card.schema import ArchitectureCard, open_card_from_document
from zoo.store.registry import Registry


def result(dataset: str, **amounts: Any) -> dict[str, Any]:
    """Return a result by counts: `found` of `seizures`, `alarms` in `hours`."""
    hours, seizures = amounts["hours"], amounts["seizures"]
    return {
        "dataset": dataset,
        "protocol": "events",
        "split": amounts.get("split", "records kept from training"),
        "n_recordings": amounts.get("recordings", 3),
        "n_seizures": seizures,
        "hours": hours,
        "metrics": {
            "sensitivity": {"value": amounts["found"] / seizures if seizures else None},
            "false_alarms_per_24h": {"value": 24 * amounts["alarms"] / hours},
        },
    }


def card(*results: dict[str, Any], leaks: bool = False) -> ArchitectureCard:
    document = {**card_document(), "results": list(results)}
    document["training"] |= {"split": {"method": "random" if leaks else "patient", "leaks": leaks}}
    return open_card_from_document(document)  # type: ignore[return-value]


SHIPPED = card(
    result("simulated recordings", seizures=24, found=24, alarms=1, hours=3.0),
    result("CHB-MIT, held-out", seizures=3, found=3, alarms=0, hours=0.15),
)
TOY = card(result("validation recordings", seizures=4, found=4, alarms=0, hours=0.06))


def test_counts_of_a_card_come_back_from_its_rates() -> None:
    found = evidence_of(SHIPPED, {"simulated"})
    assert (found.n_found, found.n_seizures, found.n_false_alarms) == (24, 24, 1)
    assert found.false_alarms_per_day == pytest.approx(8)


@pytest.mark.parametrize(
    ("found", "of", "least"), [(24, 24, 0.862), (3, 3, 0.438), (0, 5, 0.0), (0, 0, 0.0)]
)
def test_the_lower_end_of_a_sensitivity_falls_with_the_number_of_seizures(
    found: int, of: int, least: float
) -> None:
    evidence = Evidence(n_seizures=of, n_found=found, hours=1)
    assert evidence.least_sensitivity == pytest.approx(least, abs=0.001)


def test_no_false_alarm_in_three_minutes_is_worse_than_one_in_three_hours() -> None:
    toy = Evidence(n_false_alarms=0, hours=0.06)
    tested = Evidence(n_false_alarms=1, hours=3)
    assert toy.most_false_alarms == pytest.approx(3.689, abs=0.001)
    assert toy.most_false_alarms_per_day > tested.most_false_alarms_per_day


def test_a_toy_with_perfect_figures_from_minutes_ranks_below_what_was_measured() -> None:
    assert rank_of(TOY) < rank_of(SHIPPED)
    assert rank_of(TOY) > rank_of(card())


def test_enough_recordings_of_patients_count_before_simulated_eeg() -> None:
    good = card(result("a ward", seizures=20, found=18, alarms=4, hours=48.0))
    bad = card(result("a ward", seizures=20, found=3, alarms=90, hours=48.0))
    assert rank_of(bad) < rank_of(SHIPPED) < rank_of(good)


def test_test_only_data_never_choose_and_are_still_told() -> None:
    test_only = {"split": "test only: looked at once", "hours": 40.0}
    tested = card(result("a clinic", seizures=30, found=30, alarms=0, **test_only))
    assert rank_of(tested) == rank_of(card())
    assert verdict(tested) == "On patients: 30 of 30 seizures, 0 false alarms a day (0 in 40 h)."


def test_validation_figures_that_leak_do_not_count() -> None:
    row = result("a ward", seizures=20, found=20, alarms=0, hours=48.0)
    assert rank_of(card(row, leaks=True)) == rank_of(card())


def test_a_verdict_says_what_is_known_and_what_is_too_little() -> None:
    assert verdict(SHIPPED) == (
        "On simulated EEG: 24 of 24 seizures, 8 false alarms a day (1 in 3 h). "
        "On patients: too little to say (3 of 3 seizures, 0 false alarms in 9 min)."
    )
    assert verdict(TOY) == (
        "On patients: too little to say (4 of 4 seizures, 0 false alarms in 3.6 min)."
    )
    assert verdict(card()) == "Nothing was measured yet."
    assert "too little was measured" in chosen_by(TOY)


def test_names_of_figures_that_the_app_writes_count_as_well() -> None:
    row = result("a ward", seizures=20, found=18, alarms=4, hours=48.0)
    row["metrics"]["event_sensitivity"] = row["metrics"].pop("sensitivity")
    assert evidence_of(card(row), {"validation"}).n_found == 18


def test_every_shipped_card_has_a_verdict_from_its_own_figures() -> None:
    for model_id, one in Registry.load().cards(sources=("shipped",)).items():
        simulated = sum(
            row.n_seizures for row in one.results if row.dataset in (PEOPLE, "simulated recordings")
        )
        assert f" of {simulated} seizures" in verdict(one), model_id
        assert " of 8 seizures" in verdict(one), model_id


def people(f1: float, hours: float = 100.0) -> dict[str, Any]:
    measured = result(PEOPLE, seizures=600, found=500, alarms=50, hours=hours)
    measured["metrics"]["f1"] = {"value": f1}
    return measured


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([people(0.59)], "For teaching: event F1 0.59 on 100 h of simulated people."),
        ([people(0.61)], ""),
        ([people(0.2, hours=10.0)], "For teaching: event F1 0.20 on 10 h of simulated people."),
        ([people(0.2, hours=0.5)], ""),
        (
            [people(0.9), result(WARDS, seizures=4, found=2, alarms=0, hours=0.3)],
            "For teaching: finds 2 of 4 seizures in clips of wards.",
        ),
        ([result(WARDS, seizures=4, found=3, alarms=9, hours=0.3)], ""),
    ],
)
def test_a_model_is_for_teaching_by_its_own_figures(
    results: list[dict[str, Any]], reason: str
) -> None:
    assert teaching_reason(card(*results)) == reason
    assert verdict(card(*results)).startswith(reason)
