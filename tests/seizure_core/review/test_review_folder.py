from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seizure_core.errors import ParameterError
from seizure_core.io.fingerprint import fingerprint
from seizure_core.io.opening import open_recording
from seizure_core.review.folder import ReviewFolder, Verdict, source_of
from seizure_core.review.model import ReviewState
from seizure_core.review.queue import undecided
from tests.seizure_core.review.reviews import MODEL, event, review_of


def facts(state: ReviewState) -> list[object]:
    return [state.durations_s, state.sources, state.items, state.looked_at, state.types]


def test_replaying_the_log_rebuilds_the_state(tmp_path: Path) -> None:
    review, (first, _) = review_of(tmp_path)
    one, two, three, _ = review.state.candidates(first)
    review.add_type("ripple", title="Ripple", hotkey="X")
    review.decide([Verdict(item_id=one.item_id, decision="accepted")], who="Dr A")
    moved = replace(two.event, onset_s=198.0, event_type="sz_foc", side="left", channels=("F3",))
    review.decide([Verdict(item_id=two.item_id, decision="changed", event=moved)], who="Dr A")
    review.decide([Verdict(item_id=three.item_id, decision="rejected")], who="Dr B")
    review.mark(first, event(500.0, 0.2, event_type="spike", text="sharp"), who="Dr B")

    replayed = ReviewFolder(review.folder).state
    assert facts(replayed) == facts(review.state)
    assert [replayed.items[i.item_id].decision for i in (one, two, three)] == [
        "accepted",
        "changed",
        "rejected",
    ]
    assert replayed.items[two.item_id].final == moved
    assert replayed.items[two.item_id].event == two.event
    assert replayed.items[three.item_id].final is None
    assert replayed.items[three.item_id].who == "Dr B"


def test_a_decision_can_be_taken_back_and_what_was_decided_stays_known(tmp_path: Path) -> None:
    review, (first, _) = review_of(tmp_path)
    item = review.state.candidates(first)[0]
    for decision in ("rejected", "undecided", "accepted"):
        (now,) = review.decide([Verdict(item_id=item.item_id, decision=decision)], who="Dr A")
    assert [one.decision for one in now.judgements] == ["rejected", "undecided", "accepted"]
    assert now.final == item.event


def test_two_windows_see_each_others_decisions(tmp_path: Path) -> None:
    review, (first, _) = review_of(tmp_path)
    other = ReviewFolder(review.folder)
    one, two = other.state.candidates(first)[:2]
    review.decide([Verdict(item_id=one.item_id, decision="accepted")], who="Dr A")
    other.decide([Verdict(item_id=two.item_id, decision="rejected")], who="Dr B")
    for state in (review.state, other.state):
        assert [state.items[i.item_id].who for i in (one, two)] == ["Dr A", "Dr B"]


def test_the_log_names_no_patient_unless_a_reader_types_it(tmp_path: Path) -> None:
    review, (first, _) = review_of(tmp_path)
    expert = source_of("expert", "Reader 1")
    review.add_events(first, expert, [event(5.0, text="seizure of Maria Rossi")])
    log = (review.folder / "log.jsonl").read_text()
    assert "Rossi" not in log
    assert "Rossi" in (review.folder / "recordings.json").read_text()
    review.mark(first, event(5.0, text="as told by Mr Rossi"), who="Dr A")
    assert "Mr Rossi" in (review.folder / "log.jsonl").read_text()


def test_adding_the_same_again_changes_nothing(tmp_path: Path) -> None:
    review, (first, _) = review_of(tmp_path)
    n_entries = review.head[0]
    path = tmp_path / "Rossi_Maria.edf"
    assert review.add_recording(path, open_recording(path)) == first
    review.add_events(first, MODEL, [one.event for one in review.state.candidates(first)])
    assert review.head[0] == n_entries


def test_a_source_that_found_nothing_was_asked_all_the_same(tmp_path: Path) -> None:
    review, (first, second) = review_of(tmp_path)
    expert = source_of("expert", "Reader 1")
    review.add_events(first, expert, [])
    assert (first, expert.source_id) in ReviewFolder(review.folder).state.looked_at
    assert (second, expert.source_id) not in review.state.looked_at


def test_copies_are_one_recording_and_other_samples_another(tmp_path: Path) -> None:
    review_of(tmp_path)
    one, two = tmp_path / "Rossi_Maria.edf", tmp_path / "night2.edf"
    assert fingerprint(one) != fingerprint(two)
    two.write_bytes(one.read_bytes())
    assert fingerprint(one) == fingerprint(two)


def test_the_queue_begins_where_the_doubt_is_largest(tmp_path: Path) -> None:
    review, ids = review_of(tmp_path)
    by = {
        order: [one.event.confidence for one in undecided(review.state, order, ids[0])]
        for order in ("doubt", "probability", "time")
    }
    assert by["doubt"] == [0.62, 0.7, 0.95, 0.99]
    assert by["probability"] == [0.99, 0.95, 0.7, 0.62]
    assert by["time"] == [0.95, 0.62, 0.7, 0.99]
    assert len(undecided(review.state)) == 8
    review.decide(
        [Verdict(item_id=undecided(review.state)[0].item_id, decision="rejected")], who="A"
    )
    assert len(undecided(review.state)) == 7


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"onset_s": 700.0}, "not within"),
        ({"side": "top"}, "side is one of"),
        ({"event_type": "spikes"}, "Did you mean spike"),
        ({"text": "x" * 501}, "500 characters"),
    ],
)
def test_what_cannot_be_an_event_is_refused(
    wrong: dict[str, object], words: str, tmp_path: Path
) -> None:
    review, (first, _) = review_of(tmp_path)
    n_entries = review.head[0]
    with pytest.raises(ParameterError, match=words):
        review.mark(first, event(**{"onset_s": 5.0, **wrong}), who="Dr A")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="State who decides"):
        review.mark(first, event(5.0), who="  ")
    assert review.head[0] == n_entries


def test_own_types_have_keys_of_their_own(tmp_path: Path) -> None:
    review, (first, _) = review_of(tmp_path)
    with pytest.raises(ParameterError, match="belongs to spike"):
        review.add_type("ripple", title="Ripple", hotkey="K")
    review.add_type("ripple", title="Ripple", hotkey="X", hed="High-frequency-oscillation")
    item = review.mark(first, event(9.0, 0.1, event_type="ripple"), who="Dr A")
    assert item.final is not None
    assert not item.final.is_seizure
