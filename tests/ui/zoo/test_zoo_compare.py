from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event, Mark
from seizure_core.recording import Annotation
from seizure_core.references import write_szcore_tsv
from tests.memory_recording import memory_recording
from tests.ui.values import recording_of
from tests.zoo.models import ANY_MONTAGE_LAYERS, build_from, card_document, write_small_model
from ui.opening.recordings import OpenRecording
from ui.viewer.handles import HandleStore, Overlays, Review
from ui.zoo.compare import thresholds_of
from ui.zoo.compared_recordings import open_with_reference
from ui.zoo.comparison_views import comparison_html, model_names, vote_rows
from zoo.inference.compare import ComparedModel, compare_models
from zoo.inference.compare_files import FailedFile, FileComparison, comparison_json
from zoo.loading import load_detector
from zoo.store.sealing import write_model
from zoo.store.user_models import add_model


def compared(tmp_path: Path, *thresholds: tuple[str, float]) -> dict[str, Any]:
    """Return models of different windows, rates and channels on a minute of noise."""
    if not (tmp_path / "small").exists():
        write_small_model(tmp_path / "small", "small")
        document = card_document("any", layers=ANY_MONTAGE_LAYERS)
        document["input"] |= {"channels": None, "min_channels": 2, "window_s": 4}
        document["input"] |= {"sampling_rate_hz": 32}
        write_model(tmp_path / "any", document=document, network=build_from(document))
        add_model(tmp_path / "small")
        add_model(tmp_path / "any")
    # So small that the models, whose weights are random, are not sure of anything.
    noise = np.random.default_rng(1).normal(0, 1, (2, 128 * 60))
    recording = memory_recording(["FP1-F7", "F7-T7"], list(noise), sampling_rates_hz=128.0)
    models = tuple(ComparedModel.of(load_detector(name), level) for name, level in thresholds)
    reference = (Event(onset_s=10.0, duration_s=20.0),)
    done = compare_models(recording, models, reference=reference)
    failed = (FailedFile(file_name="<b>.edf", message="cannot be opened"),)
    return comparison_json(FileComparison(models=models, recordings=(done,), failed=failed))


def test_a_model_agrees_with_itself_in_every_second(tmp_path: Path) -> None:
    data = compared(tmp_path, ("small", 0.5), ("small", 0.5))
    shown = comparison_html(data, {})
    assert "<td>100 %</td>" in shown
    assert all(row[2] == "2 of 2" and not row[4] for row in vote_rows(data))
    assert model_names(data["nets"]) == ["A small model at 0.5"] * 2


def test_models_of_other_windows_rates_and_channels_stand_side_by_side(tmp_path: Path) -> None:
    small, any_model = "A small model (small)", "A small model (any)"
    data = compared(tmp_path, ("small", 0.99), ("any", 0.01))
    name = data["recordings"][0]["file_name"]
    shown = comparison_html(data, {name: "<i>the ward</i>"})
    for words in (
        "64 Hz",
        "32 Hz",
        "2 s",
        "4 s",
        "any montage",
        f"{small} and {any_model}",
        "of 1</td>",
    ):
        assert words in shown, words
    assert "Scored against 1 seizure by &lt;i&gt;the ward&lt;/i&gt;." in shown
    assert "&lt;b&gt;.edf: cannot be opened" in shown
    assert shown.count(f"<title>{small}</title>") == shown.count(f"<title>{any_model}</title>") == 1
    assert shown.count("<title>Agreement</title>") == shown.count("<title>Reference</title>") == 1
    rows = vote_rows(data)
    assert any(row[2:] == ["1 of 2", any_model, small] for row in rows)
    assert all(any_model in row[3] for row in rows)
    # Not wholly the same, so not 100 %, however near.
    assert "<td>100 %</td>" not in shown


def test_a_model_that_cannot_be_used_is_named_and_the_others_are_shown(tmp_path: Path) -> None:
    data = compared(tmp_path, ("small", 0.5), ("any", 0.5))
    doubt = {"severity": "warning", "message": "a channel of zeros", "caveat": True}
    data["recordings"][0]["nets"][0]["findings"] = [doubt, {**doubt, "caveat": False}]
    broken = {"ok": False, "message": "too few channels", "findings": []}
    data["recordings"][0]["nets"][1] = broken
    data["recordings"][0]["agreement"] = []
    shown = comparison_html(json.loads(json.dumps(data)), {})
    assert shown.count("a channel of zeros") == 1
    assert shown.index("a channel of zeros") < shown.index("<svg")
    assert "A small model (any): too few channels" in shown
    assert shown.count("<title>A small model (small)</title>") == 1
    assert "<title>A small model (any)</title>" not in shown
    assert "<title>Agreement</title>" not in shown


@pytest.mark.parametrize(
    ("typed", "n", "levels"),
    [
        ("", 3, [None] * 3),
        ("0.5, 0.9", 2, [0.5, 0.9]),
        (" 0.25 ", 1, [0.25]),
        ("0.5,", 2, [0.5, None]),
    ],
)
def test_thresholds_are_read_in_the_order_of_the_models(
    typed: str, n: int, levels: list[float | None]
) -> None:
    assert thresholds_of(typed, n) == levels


@pytest.mark.parametrize("typed", ["0.5", "0.5, 0.6, 0.7", "half, whole"])
def test_thresholds_that_do_not_fit_are_refused(typed: str) -> None:
    with pytest.raises(ParameterError):
        thresholds_of(typed, 2)


def test_what_is_known_of_the_open_recording_is_found_best_first(tmp_path: Path) -> None:
    store = HandleStore()
    inside = Annotation(onset_s=5.0, duration_s=4.0, text="seizure")
    recording = recording_of(60.0, annotations=(inside,))
    handle = store.open(recording, session="me")
    opened = OpenRecording(recording=recording, folder=tmp_path, files=(), handle=handle)

    def onset() -> float | None:
        known = open_with_reference(store, opened, None)
        return known.reference[0].onset_s if known.reference else None

    assert onset() == 5.0
    viewed = store.get(handle)
    viewed.review = Review(marks=(Mark(mark_id="a", onset_s=7.0, duration_s=4.0),))
    assert onset() == 7.0
    viewed.overlays = Overlays(references=(Event(onset_s=9.0, duration_s=4.0),))
    assert onset() == 9.0
    given = tmp_path / "given_events.tsv"
    write_szcore_tsv(given, [Event(onset_s=11, duration_s=4)], duration_s=60.0, start_time=None)
    known = open_with_reference(store, opened, given)
    assert known.reference is not None
    assert known.reference[0].onset_s == 11.0
    assert known.source == "given_events.tsv"


def test_where_nobody_says_anything_there_is_no_reference(tmp_path: Path) -> None:
    store = HandleStore()
    recording = recording_of(60.0)
    handle = store.open(recording, session="me")
    opened = OpenRecording(recording=recording, folder=tmp_path, files=(), handle=handle)
    assert open_with_reference(store, opened, None).reference is None
