from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from seizure_core.errors import ParameterError
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.score_summary import pool_scores
from training.evaluate.explorer import ExploredPoint
from training.evaluate.operating_points import ChosenPoints
from training.fit.dataset_source import DatasetPlan
from training.runs.folder import RunFolder
from training.trained_model import TrainedModel
from ui.predict.point_picker import asked_point
from ui.train.evaluation.keep import kept_html
from ui.widgets.point_fields import changed, read_fields, written
from zoo.card.history import Calibration, Reliability, ReliabilityBin
from zoo.layers.network import build_network
from zoo.store.registry import model_card

POINT = PostProcessing(
    threshold=0.6, threshold_off=0.45, smoothing_s=3.0, min_duration_s=5.0, merge_gap_s=20.0
)


def test_fields_hold_the_numbers_of_a_point_and_give_them_back() -> None:
    fields = written(POINT)
    assert fields == ["0.6", "0.45", "3", "5", "20"]
    assert changed(PostProcessing(), fields) == POINT
    assert read_fields(["0.7", "", "", "", ""])["threshold"] == 0.7


def test_an_empty_field_keeps_its_number_and_a_wrong_one_is_named() -> None:
    assert changed(POINT, ["0.7", "", "", "", ""]).merge_gap_s == 20.0
    with pytest.raises(ParameterError, match="Shortest event"):
        changed(POINT, ["", "", "", "long", ""])
    for threshold in ("0", "1", "7"):
        with pytest.raises(ParameterError, match="between 0 and 1"):
            changed(POINT, [threshold, "", "", "", ""])


def test_a_named_point_is_asked_for_by_its_name_unless_a_number_was_typed() -> None:
    card = model_card("n1spool-cnn")
    fields = written(card.output.at("sensitive"))
    assert asked_point(card, "sensitive", fields) == "sensitive"
    assert asked_point(card, "card", ["", "", "", "", ""]) == "card"
    for name in ("own", "card"):
        own = asked_point(card, name, ["0.9", "", "", "", ""])
        assert isinstance(own, PostProcessing)
        assert own.threshold == 0.9
        assert own.smoothing_s == card.output.smoothing_s


def kept(points: ChosenPoints | None, calibration: Calibration | None) -> TrainedModel:
    network = build_network([{"type": "flatten"}, {"type": "linear", "out_features": 2}], 1, 4)
    return TrainedModel(
        run=RunFolder(folder=Path("run")),
        plan=cast("DatasetPlan", None),
        network=network,
        best={},
        folds=[],
        calibration=calibration,
        traced=(),
        points=points,
        start=POINT,
    )


def test_points_and_calibration_are_shown_before_a_model_is_kept() -> None:
    point = ExploredPoint(settings=POINT, score=pool_scores([]))
    points = ChosenPoints(
        sensitive=point, balanced=point, specific=point, f1=1.0, chosen_on="2 recordings"
    )
    before, after = (
        Reliability(
            expected_calibration_error=error,
            bins=(ReliabilityBin(probability=0.5 + error, seizure_fraction=0.5, n=40),),
        )
        for error in (0.4, 0.02)
    )
    calibrated = Calibration(
        temperature=2.0, bias=-0.5, fitted_on="x", n_windows=40, before=before, after=after
    )
    shown = kept_html(kept(points, calibrated))
    for part in (
        "<td>Specific</td><td>0.6</td><td>0.45</td>",
        "Chosen on 2 recordings",
        "logits divided by 2, -0.5 added",
        "0.400 before, 0.020 after",
        "40 windows, mean probability 0.90; 50% are seizure",
    ):
        assert part in shown


def test_without_validation_recordings_it_is_said_that_nothing_was_chosen() -> None:
    shown = kept_html(kept(None, None))
    assert "no operating points can be chosen" in shown
    assert "threshold 0.6" in shown
    assert "The logits are not rescaled" in shown
