from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from seizure_core.errors import ParameterError
from seizure_core.events.candidates import FEATURES
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.signals.signs import SIGNS
from training.evaluate.explorer import TracedFile, explore
from training.evaluate.operating_points import ChosenPoints, PointGrid, choose_operating_points
from zoo.card.output import OperatingPoints, OutputSection
from zoo.card.second_stage import SecondStage

LENGTH_S = 1800


def traced(
    *bumps: tuple[int, float], seizures: tuple[int, ...] = (), name: str = "a.edf"
) -> TracedFile:
    """Half an hour whose trace has bumps of 20 s (second, height), some of them seizures."""
    values = np.full(LENGTH_S, 0.02, dtype=np.float32)
    for second, height in bumps:
        values[second : second + 20] = height
    return TracedFile(
        file_name=name,
        patient="p",
        trace=ProbabilityTrace(probabilities=values, duration_s=float(LENGTH_S)),
        reference=tuple(Event(onset_s=float(one), duration_s=20.0) for one in seizures),
    )


def chosen(*recordings: TracedFile, grid: PointGrid | None = None) -> ChosenPoints:
    points = choose_operating_points([recordings], grid=grid or PointGrid())
    assert points is not None
    return points


# Three seizures at 0.9, one at 0.4 and a false bump at 0.6: where the threshold is best depends
# on whether a missed seizure or a false alarm weighs more.
TORN = traced(
    (200, 0.9), (500, 0.9), (800, 0.9), (1100, 0.4), (1400, 0.6), seizures=(200, 500, 800, 1100)
)


def test_the_three_points_weigh_misses_and_false_alarms_differently() -> None:
    points = chosen(TORN)
    sensitive, balanced, specific = (
        getattr(points, name) for name in ("sensitive", "balanced", "specific")
    )
    assert sensitive.score.event.sensitivity == 1.0
    assert sensitive.score.event.n_false_alarms == 1
    assert specific.score.event.sensitivity == 0.75
    assert specific.score.event.n_false_alarms == 0
    thresholds = [p.settings.threshold for p in (sensitive, balanced, specific)]
    assert thresholds == sorted(set(thresholds))


def test_a_more_sensitive_point_marks_all_that_a_less_sensitive_one_marks() -> None:
    points = chosen(TORN)
    marked = []
    for name in ("sensitive", "balanced", "specific"):
        seconds = np.zeros(LENGTH_S, dtype=bool)
        for event in TORN.events(points.point(name).settings):
            seconds[round(event.onset_s) : round(event.offset_s)] = True
        marked.append(seconds)
    assert np.all(marked[0] >= marked[1])
    assert np.all(marked[1] >= marked[2])
    assert marked[0].sum() > marked[2].sum() > 0


def test_where_everything_is_clear_the_points_spread_over_the_thresholds_that_are_right() -> None:
    points = chosen(traced((200, 0.9), (800, 0.3), seizures=(200,)))
    assert points.balanced.score.event.f1 == 1.0
    assert 0.3 < points.balanced.settings.threshold < 0.9
    assert points.specific.score.event.f1 == 1.0
    assert points.sensitive.settings.threshold < points.balanced.settings.threshold
    assert points.chosen_on == "1 validation recording with 1 seizure in 0.5 h"


def test_of_shapes_that_are_as_good_the_one_that_is_so_at_most_thresholds_is_taken() -> None:
    # A spike of 4 s outdoes the seizure; only a shape that drops short events can be right.
    recording = traced((200, 0.6), seizures=(200,))
    recording.trace.probabilities[900:904] = 0.95
    points = chosen(recording)
    assert points.balanced.score.event.f1 == 1.0
    shape = points.balanced.settings
    assert shape.min_duration_s >= 5.0 or shape.smoothing_s >= 5.0


def test_groups_count_the_same_however_many_recordings_they_have() -> None:
    wanted = traced((200, 0.4), seizures=(200,), name="wanted.edf")
    many = [traced((300, 0.6), (900, 0.9), seizures=(900,), name=f"{n}.edf") for n in range(9)]
    together = choose_operating_points([[wanted, *many]])
    apart = choose_operating_points([[wanted], many])
    assert together is not None
    assert apart is not None
    assert together.balanced.settings.threshold > 0.6
    assert apart.balanced.settings.threshold <= 0.4


def test_a_grid_of_one_shape_moves_the_threshold_alone() -> None:
    shape = PostProcessing(threshold=0.5, threshold_off=0.35, smoothing_s=3.0, merge_gap_s=7.0)
    points = chosen(TORN, grid=PointGrid.of_shape(shape))
    for name in ("sensitive", "balanced", "specific"):
        settings = points.point(name).settings
        assert settings.threshold_off == pytest.approx(0.7 * settings.threshold)
        moved = replace(settings, threshold=0.5, threshold_off=0.35)
        assert moved == shape


def test_without_a_seizure_that_is_ever_found_nothing_is_chosen() -> None:
    assert choose_operating_points([[traced((200, 0.9))]]) is None
    assert choose_operating_points([[traced(seizures=(200,))]]) is None
    assert choose_operating_points([[]]) is None


def test_the_points_stand_in_a_card_and_are_found_by_name() -> None:
    points = chosen(TORN)
    output = OutputSection.model_validate(
        {
            "step_s": None,
            "threshold": 0.5,
            "threshold_off": 0.4,
            "smoothing_s": 0.0,
            "min_duration_s": 0.0,
            "merge_gap_s": 0.0,
            "operating_points": points.section(),
        }
    )
    assert output.at(None) == output.at("card") == PostProcessing(threshold=0.5, threshold_off=0.4)
    assert output.at("specific") == points.specific.settings
    assert output.operating_points is not None
    figures = output.operating_points.sensitive.metrics
    score, _ = explore([TORN], points.sensitive.settings)
    assert figures["sensitivity"].value == score.event.sensitivity
    with pytest.raises(ParameterError, match="no operating point 'keen'"):
        output.at("keen")
    with pytest.raises(ParameterError, match="It has: card"):
        output.model_copy(update={"operating_points": None}).at("sensitive")
    section = points.section()
    swapped = {**section, "sensitive": section["specific"], "specific": section["sensitive"]}
    with pytest.raises(ValidationError, match="names would mislead"):
        OperatingPoints.model_validate(swapped)


def test_what_is_chosen_and_scored_is_what_the_second_stage_lets_stay() -> None:
    signs = np.zeros((LENGTH_S, len(SIGNS)), dtype=np.float32)
    muscle = SIGNS.index("muscle")
    # The alarm is as certain as the seizures, but full of muscle.
    signs[1400:1420, muscle] = 1.0
    stage = SecondStage.model_validate(
        {
            "classes": ("seizure", "other"),
            "biases": (0.0, 0.0),
            "features": (
                {"feature": "mean muscle", "mean": 0.5, "scale": 0.1, "weights": (-3.0, 3.0)},
            ),
            "threshold": 0.5,
            "trained_on": "nothing: written by hand",
        }
    )
    assert "mean muscle" in FEATURES
    plain = traced((200, 0.4), (500, 0.4), (1400, 0.9), seizures=(200, 500))
    judged = replace(plain, signs=signs, second_stage=stage)
    without, with_stage = (chosen(one).balanced for one in (plain, judged))
    assert without.score.event.n_false_alarms == 1
    assert with_stage.score.event.n_false_alarms == 0
    assert with_stage.score.event.sensitivity == 1.0
    score, _ = explore([judged], with_stage.settings)
    assert score == with_stage.score
