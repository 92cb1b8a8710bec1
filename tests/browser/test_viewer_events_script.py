"""The viewer's functions on marks and events, run where they live: in a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

Run = Callable[[str], Any]


def test_marks_can_be_put_changed_removed_undone_and_redone(run: Run) -> None:
    story = """(() => {
      const mark = (id, onset_s) => ({ id, onset_s, duration_s: 2, kind: "sz" });
      let h = Marks.newHistory({ marks: [], decisions: {} });
      h = Marks.commit(h, Marks.put(h.present, mark("b", 9)));
      h = Marks.commit(h, Marks.put(h.present, mark("a", 3)));
      h = Marks.commit(h, Marks.put(h.present, { ...mark("b", 9), kind: "note" }));
      const full = h.present.marks.map((m) => m.id + m.kind);
      h = Marks.commit(h, Marks.remove(h.present, "a"));
      const removed = h.present.marks.length;
      h = Marks.undo(Marks.undo(h));
      const undone = h.present.marks.map((m) => m.id + m.kind);
      h = Marks.undo(Marks.undo(Marks.undo(Marks.undo(h))));
      const empty = h.present.marks.length;
      for (let i = 0; i < 9; i += 1) h = Marks.redo(h);
      return { full, removed, undone, empty, redone: h.present.marks.length };
    })()"""
    assert run(story) == {
        "full": ["asz", "bnote"],
        "removed": 1,
        "undone": ["asz", "bsz"],
        "empty": 0,
        "redone": 1,
    }


def test_a_prediction_is_accepted_shifted_rejected_and_undecided(run: Run) -> None:
    story = """(() => {
      const prediction = { onset_s: 10, duration_s: 5, kind: "sz", text: "", confidence: 0.9 };
      let s = { marks: [], decisions: {} };
      s = Marks.accept(s, 3, prediction);
      const accepted = [s.marks[0].id, s.marks[0].origin, s.decisions[3]];
      s = Marks.shift(s, 3, prediction, -1, 60);
      const shifted = [s.marks.length, s.marks[0].onset_s, Marks.shifted(s, 3, prediction).onset_s];
      s = Marks.reject(s, 3);
      const rejected = [s.marks.length, s.decisions[3]];
      s = Marks.undecide(s, 3);
      return { accepted, shifted, rejected, left: Object.keys(s.decisions).length };
    })()"""
    assert run(story) == {
        "accepted": ["prediction-3", "predicted", "accepted"],
        "shifted": [1, 9, 9],
        "rejected": [0, "rejected"],
        "left": 0,
    }


def test_shifting_a_prediction_decides_nothing_and_stays_within_the_recording(run: Run) -> None:
    story = """(() => {
      const prediction = { onset_s: 1.5, duration_s: 5, kind: "sz", text: "", confidence: 0.9 };
      let s = Marks.shift({ marks: [], decisions: { 0: "rejected" } }, 3, prediction, -1, 60);
      s = Marks.shift(s, 3, prediction, -1, 60);
      s = Marks.fromServer(JSON.parse(JSON.stringify(Marks.described(s))));
      const undecided = [s.marks.length, s.decisions, Marks.shifted(s, 3, prediction).onset_s];
      s = Marks.shift(s, 3, prediction, 1, 60);
      s = Marks.accept(s, 3, Marks.shifted(s, 3, prediction));
      return { undecided, accepted: [s.marks[0].onset_s, s.decisions[3]] };
    })()"""
    assert run(story) == {
        "undecided": [0, {"0": "rejected"}, 0],
        "accepted": [1, "accepted"],
    }


def test_the_next_event_is_found_with_all_that_begin_there(run: Run) -> None:
    events = "[{onset_s: 9, lane: 'marks'}, {onset_s: 3, lane: 'annotations'}, {onset_s: 9}]"
    assert len(run(f"Marks.next({events}, 3, 1)")) == 2
    assert run(f"Marks.next({events}, 9, -1)") == [{"onset_s": 3, "lane": "annotations"}]
    assert run(f"Marks.next({events}, 9, 1)") == []


@pytest.mark.parametrize(
    ("event", "is_on_page"),
    [
        ((11.5, 6.7), False),  # ended before the page
        ((15, 5), False),  # ends where the page begins
        ((15, 5.1), True),
        ((20, 0), True),
        ((19.9, 0), False),
        ((29.9, 50), True),
        ((30, 5), False),
        ((0, 100), True),
    ],
)
def test_an_event_is_on_a_page_that_shows_any_of_it(
    run: Run, event: tuple[float, float], is_on_page: bool
) -> None:
    onset_s, duration_s = event
    view = "{start_s: 20, length_s: 10}"
    held = run(f"View.holds({view}, {{onset_s: {onset_s}, duration_s: {duration_s}}})")
    assert held is is_on_page


WORDS = """((bars) => DrawLanes.wordsOf(bars, 1000, (bar) => bar.words, (words) => 6 * words.length)
  .map(({ bar, words, at, isInside }) => [bars.indexOf(bar), words, at, isInside]))"""


@pytest.mark.parametrize(
    ("bars", "written"),
    [
        ([(100, 300, "seizure")], [[0, "seizure", 104, True]]),
        ([(100, 104, "seizure")], [[0, "seizure", 108, False]]),
        # Between two bars there is room for a part of the words only, or for none.
        (
            [(100, 104, "rhythmic delta"), (150, 300, "b")],
            [[0, "rhyth…", 108, False], [1, "b", 154, True]],
        ),
        ([(100, 104, "rhythmic delta"), (110, 300, "b")], [[1, "b", 114, True]]),
        # Words never lie on a bar that overlaps their own.
        (
            [(100, 300, "spike and wave"), (150, 400, "b")],
            [[0, "spike…", 104, True], [1, "b", 304, True]],
        ),
        # An event within another one has no place for words of its own.
        (
            [(100, 300, "spike and wave"), (200, 202, "eyes open")],
            [[0, "spike and wave", 104, True]],
        ),
        # Nor do they leave the page.
        ([(950, 954, "rhythmic delta")], [[0, "rhyth…", 958, False]]),
    ],
)
def test_words_lie_at_their_own_event_and_on_no_other(
    run: Run, bars: list[tuple[float, float, str]], written: list[list[Any]]
) -> None:
    given = [{"from": start, "to": stop, "words": words} for start, stop, words in bars]
    assert run(f"{WORDS}({json.dumps(given)})") == written


def test_a_mark_bears_its_own_name_and_a_model_is_never_surer_than_it_is(run: Run) -> None:
    def label(lane: str, **changes: Any) -> Any:
        event = {"kind": "sz", "text": "", "confidence": 0.997, "origin": "predicted", **changes}
        return run(f"DrawLanes.label({json.dumps(lane)}, {json.dumps(event)})")

    assert label("predictions") == "Seizure 99.7 %"
    assert label("predictions", confidence=0.9999) == "Seizure 99.9 %"
    assert label("predictions", confidence=1) == "Seizure 100 %"
    assert label("predictions", confidence=0.0001) == "Seizure 0.1 %"
    assert label("predictions", confidence=0.654) == "Seizure 65 %"
    assert label("predictions", confidence=None) == "Seizure"
    assert label("marks") == "Seizure"
    assert label("marks", kind="sz_foc", text="left") == "Focal seizure: left"
    assert label("marks", origin="imported") == "Seizure 99.7 %"


def test_deleting_an_accepted_prediction_leaves_it_undecided(run: Run) -> None:
    kept = run(
        "Marks.remove({marks: [{id: 'prediction-1'}], decisions: {1: 'accepted', 2: 'rejected'}},"
        " 'prediction-1')"
    )
    assert kept == {"marks": [], "decisions": {"2": "rejected"}}


def test_an_event_is_dragged_by_its_ends_or_as_a_whole_within_the_recording(run: Run) -> None:
    mark = "{onset_s: 10, duration_s: 5}"
    assert run(f"Marks.drag({mark}, 'start', 2, 60)") == {"onset_s": 12, "duration_s": 3}
    assert run(f"Marks.drag({mark}, 'start', 20, 60)") == {"onset_s": 15, "duration_s": 0}
    assert run(f"Marks.drag({mark}, 'end', 100, 60)") == {"onset_s": 10, "duration_s": 50}
    assert run(f"Marks.drag({mark}, 'whole', -20, 60)") == {"onset_s": 0, "duration_s": 5}
    assert run(f"Marks.drag({mark}, 'whole', 99, 60)") == {"onset_s": 55, "duration_s": 5}
