from __future__ import annotations

from seizure_core.events.event import Event, Mark
from seizure_core.review.page import NO_REVIEW, Review, events_after, own_marks, reviewed

EVENTS = tuple(Event(onset_s=100.0 * n, duration_s=10.0, confidence=0.9) for n in range(1, 5))


def mark(mark_id: str, onset_s: float, kind: str = "sz") -> Mark:
    return Mark(mark_id=mark_id, onset_s=onset_s, duration_s=5.0, kind=kind)


def test_rejected_events_are_gone_and_undecided_ones_stay() -> None:
    review = Review(decisions={0: "rejected", 2: "rejected"})
    assert [event.onset_s for event in events_after(EVENTS, review)] == [200.0, 400.0]
    assert events_after(EVENTS, NO_REVIEW) == EVENTS


def test_an_accepted_event_has_the_times_the_person_gave_it() -> None:
    review = Review(marks=(mark("prediction-1", 203.0),), decisions={1: "accepted"})
    (_, second, *_) = events_after(EVENTS, review)
    assert (second.onset_s, second.duration_s) == (203.0, 5.0)
    assert own_marks(EVENTS, review) == ()
    assert [one.decision for one in reviewed(EVENTS, review)][:2] == ["undecided", "accepted"]


def test_an_undecided_event_lies_where_the_person_moved_it() -> None:
    review = Review(shifts_s={0: -2.5, 1: 0.0})
    assert review
    assert [event.onset_s for event in events_after(EVENTS, review)][:2] == [97.5, 200.0]
    assert [one.decision for one in reviewed(EVENTS, review)] == ["undecided"] * 4
    assert reviewed(EVENTS, review)[0].shift_s == -2.5
    assert not review.without_decisions()


def test_an_event_that_was_made_an_artefact_is_no_seizure() -> None:
    review = Review(marks=(mark("prediction-0", 100.0, "artefact"),), decisions={0: "accepted"})
    assert len(events_after(EVENTS, review)) == 3


def test_seizures_of_ones_own_are_events_and_remarks_are_not() -> None:
    review = Review(marks=(mark("own-a", 50.0), mark("own-b", 60.0, "note")))
    assert [event.onset_s for event in events_after(EVENTS[:1], review)] == [50.0, 100.0]
    assert [one.mark_id for one in own_marks(EVENTS, review)] == ["own-a", "own-b"]


def test_accepted_events_of_an_earlier_run_do_not_answer_for_the_next() -> None:
    before = Review(marks=(mark("prediction-0", 7.0),), decisions={0: "accepted"})
    after = before.without_decisions()
    assert after.decisions == {}
    assert [one.onset_s for one in after.marks] == [7.0]
    again = Review(marks=(*after.marks, mark("prediction-0", 101.0)), decisions={0: "accepted"})
    assert [event.onset_s for event in events_after(EVENTS[:1], again)] == [7.0, 101.0]
    assert len({one.mark_id for one in again.without_decisions().marks}) == 2


def stretch(onset_s: float, offset_s: float) -> Event:
    return Event(onset_s=onset_s, duration_s=offset_s - onset_s)


WIDE = (stretch(10, 60), stretch(100, 120), stretch(200, 230))
NARROW = (stretch(15, 30), stretch(40, 55), stretch(205, 215))
"""At a higher threshold: the first event in two pieces, the second gone, the third shorter."""
DECIDED = Review(
    marks=(mark("prediction-0", 12.0), mark("prediction-1", 101.0), mark("own-a", 300.0)),
    decisions={0: "accepted", 1: "accepted", 2: "rejected"},
    shifts_s={2: -1.0},
)


def test_decisions_stay_with_events_that_another_threshold_cuts_otherwise() -> None:
    higher = DECIDED.carried(WIDE, NARROW)
    assert higher.decisions == {0: "accepted", 1: "accepted", 2: "rejected"}
    assert higher.shifts_s == {2: -1.0}
    assert {one.mark_id for one in higher.marks} == {
        "prediction-0",
        "earlier-1-prediction-1",
        "own-a",
    }, "what was accepted stays marked where the model finds nothing any more"
    assert [e.onset_s for e in events_after(NARROW, higher)] == [12.0, 40.0, 101.0, 300.0]


def test_every_decision_is_back_at_the_threshold_it_was_made_at() -> None:
    seen = DECIDED
    for before, after in ((WIDE, NARROW), (NARROW, ()), ((), NARROW), (NARROW, WIDE)):
        seen = seen.carried(before, after)
    assert (seen.marks, dict(seen.decisions), seen.shifts_s) == (
        DECIDED.marks,
        DECIDED.decisions,
        DECIDED.shifts_s,
    )


def test_a_rejection_does_not_spread_over_what_was_never_looked_at() -> None:
    rejected = Review(decisions={0: "rejected"})
    assert rejected.carried([stretch(10, 20)], [stretch(10, 29)]).decisions == {0: "rejected"}
    assert rejected.carried([stretch(10, 20)], [stretch(10, 31)]).decisions == {}


def test_what_is_decided_later_about_a_piece_counts_for_that_piece() -> None:
    higher = DECIDED.carried(WIDE, NARROW)
    changed = Review(marks=higher.marks, decisions={0: "accepted", 1: "rejected"}, past=higher.past)
    assert changed.carried(NARROW, NARROW).decisions == {0: "accepted", 1: "rejected"}
    back = changed.carried(NARROW, WIDE)
    assert back.decisions == {0: "accepted", 1: "accepted"}
    undone = Review(marks=higher.marks[2:], past=higher.past)
    assert undone.carried(NARROW, WIDE).decisions == {}


def test_a_seizure_the_person_marked_stands_in_the_place_of_the_event_it_covers() -> None:
    review = Review(marks=(Mark(mark_id="own-a", onset_s=9.0, duration_s=30.0),))
    assert [e.span_s for e in events_after(WIDE[:1], review)] == [(9.0, 39.0)]
    short = Review(marks=(Mark(mark_id="own-a", onset_s=9.0, duration_s=20.0),))
    assert [e.onset_s for e in events_after(WIDE[:1], short)] == [9.0, 10.0]
