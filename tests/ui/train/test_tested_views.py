from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.scoring import score_events
from seizure_core.events.trace import ProbabilityTrace
from training.data.labelled_recordings import RefusedFile
from training.data.pairing import Pairing
from training.evaluate.evaluation import EvaluatedRecording, Evaluation
from training.evaluate.explorer import ExploredPoint, TracedFile
from ui.drawings.chart import (
    operating_curve_html,
    probability_html,
    reliability_html,
)
from ui.i18n.translation import speaking
from ui.train.evaluation.scores import Outcome, failed_html, levels_of, post_processing, scores_html
from zoo.card.history import ReliabilityBin
from zoo.loading import load_detector

MODEL = PostProcessing(threshold=0.5, threshold_off=0.4, min_duration_s=5.0)


def traced(name: str, seizures: tuple[float, ...], *bumps: int) -> TracedFile:
    """A quarter of an hour in which the model is sure of some bumps of 20 s."""
    values = np.full(900, 0.1, dtype=np.float32)
    for second in bumps:
        values[second : second + 20] = 0.9
    return TracedFile(
        file_name=name,
        patient=name[:5],
        trace=ProbabilityTrace(probabilities=values, duration_s=900.0),
        reference=tuple(Event(onset_s=one, duration_s=20.0) for one in seizures),
    )


def evaluation(*recordings: TracedFile, failed: tuple[RefusedFile, ...] = ()) -> Evaluation:
    never = score_events((), (), duration_s=900.0)
    return Evaluation(
        detector=load_detector("n1spool-cnn"),
        settings=MODEL,
        recordings=tuple(
            EvaluatedRecording(
                traced=one, score=one.score(MODEL), line_length=never, settings=MODEL
            )
            for one in recordings
        ),
        failed=failed,
    )


FOUND = traced("chb02_01.edf", (100.0,), 100)
MISSED = traced("chb03_01.edf", (100.0,), 600)


def test_scores_have_intervals_and_stand_beside_those_of_no_skill_at_all() -> None:
    words = scores_html(evaluation(FOUND, MISSED))
    for part in (
        "<td>The model</td><td>1 of 2</td><td>0.50 (0.00\u20131.00)</td>",
        "<td>Always alarm</td><td>2 of 2</td><td>1.00</td>",
        "<td>Never alarm</td><td>0 of 2</td><td>0.00</td>",
        "<td>Line length twice the usual</td>",
        "1,000 draws of 2 patients",
        "So few that the intervals say little",
        "<td>chb03_01.edf</td><td>0 of 1</td><td>0.00</td>",
    ):
        assert part in words
    assert "there are no intervals over all" in scores_html(evaluation(FOUND))
    with speaking("it"):
        assert "di 2 pazienti" in scores_html(evaluation(FOUND, MISSED))


def test_where_scores_count_what_stands_close_together_as_one_that_is_said() -> None:
    twice = traced("chb02_01.edf", (100.0, 180.0), 100, 180)
    scores, chart = scores_html(evaluation(twice)), probability_html(twice, MODEL)
    assert "<td>The model</td><td>1 of 1</td>" in scores
    assert "2 events found, 2 seizures marked by the expert" in chart
    assert "less than 90 s apart count as one" in scores


def test_what_was_not_scored_is_named_and_training_data_are_told_apart() -> None:
    refused = (
        RefusedFile(file_name="<b>.edf", reason="has no reference"),
        RefusedFile(file_name="renamed.edf", reason="was in training", in_training=True),
    )
    words = failed_html(evaluation(FOUND, failed=refused))
    assert "&lt;b&gt;.edf is left out: has no reference" in words
    assert "whatever the files are called): renamed.edf." in words
    assert words.index("renamed.edf") < words.index("&lt;b&gt;.edf")


def test_the_curve_shows_the_point_in_use_among_all_thresholds() -> None:
    tested = Outcome.of(evaluation(FOUND, MISSED), Pairing(pairs=()), is_run=False)
    curve = tested.curve(MODEL)
    assert tested.curve(replace(MODEL, threshold=0.7, threshold_off=0.56)) is curve
    now = ExploredPoint(settings=MODEL, score=tested.evaluation.pooled)
    drawn = operating_curve_html(curve, now)
    assert drawn.count("<circle") == len(curve) + 1
    assert "threshold 0.5: 50% of the seizures found" in drawn
    silent = Outcome.of(evaluation(traced("calm.edf", ())), Pairing(pairs=()), is_run=False)
    nothing = ExploredPoint(settings=MODEL, score=silent.evaluation.pooled)
    assert "nothing to find" in operating_curve_html(silent.curve(MODEL), nothing)


def test_the_probability_is_drawn_with_what_expert_and_model_say() -> None:
    drawn = probability_html(MISSED, MODEL)
    assert "1 event found, 1 seizure marked by the expert, threshold 0.5" in drawn
    assert drawn.count("<title>expert: 0:01:40, 20 s</title>") == 1
    assert all(f">{word}</text>" in drawn for word in ("expert", "threshold", "0.5", "0.4"))
    long = traced("long.edf", ())
    values = np.tile(long.trace.probabilities, 100)
    trace = ProbabilityTrace(probabilities=values, duration_s=float(len(values)))
    assert len(probability_html(replace(long, trace=trace), MODEL)) < 150_000


def test_the_sliders_stand_where_the_numbers_are() -> None:
    assert post_processing(levels_of(MODEL)) == MODEL
    assert levels_of(MODEL) == (0.5, 0.8, 0.0, 5.0, 0.0)


def test_the_reliability_diagram_says_what_its_axes_lines_and_dots_are() -> None:
    before = [ReliabilityBin(probability=0.1, seizure_fraction=0.0, n=100)]
    after = [*before, ReliabilityBin(probability=0.5, seizure_fraction=0.25, n=4)]
    drawn = reliability_html(before, after, error_before=0.1, error_after=0.05)
    for words in (
        "predicted probability",
        "observed fraction of seizure",
        "perfect calibration",
        "larger a dot",
    ):
        assert words in drawn
    assert "4 windows, mean probability 0.50; 25% are seizure" in drawn
    assert drawn.count("<circle") == 3
    radii = re.findall(r'<circle class="first"[^>]* r="([0-9.]+)"', drawn)
    assert float(radii[0]) > float(radii[1])
    # A quarter of the way up from the axis at 210 to the top at 10, halfway to the right.
    assert 'cx="144.0" cy="160.0"' in drawn
