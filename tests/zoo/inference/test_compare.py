"""Models compared: a model agrees with itself wholly, others where they say the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.io.edf.writer import write_edf
from seizure_core.references.writing import write_szcore_tsv
from tests.zoo.amplitude_model import amplitude_document, write_amplitude_model
from zoo.__main__ import main
from zoo.errors import UnknownModelError
from zoo.inference.compare_files import compare_files, comparison_json, load_models
from zoo.store.user_models import add_model

RATE_HZ = 128.0
DURATION_S = 120
# Strong EEG, in seconds, on every channel; and once on the first channel only.
LOUD = (30, 50)
HALF_LOUD = (80, 90)


def compare_models(
    model_ids: Sequence[str],
    recordings: Sequence[Path],
    *,
    thresholds: Sequence[float | None] | None = None,
    max_points: int | None = None,
    **others: Any,
) -> dict[str, Any]:
    """Load models, compare them on recordings and return the plain values."""
    comparison = compare_files(load_models(model_ids, thresholds), recordings, **others)
    return comparison_json(comparison, max_points=max_points)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return write_recording(tmp_path / "one.edf")


@pytest.fixture
def models(tmp_path: Path) -> list[str]:
    """Three models that differ in channels, windows, strides, rates and steps."""
    kinds: dict[str, dict[str, Any]] = {
        "two-channels": {"channels": ["FP1-F7", "F7-T7"], "window_s": 4.0},
        "one-channel": {"channels": ["FP1-F7"], "window_s": 2.0, "rate_hz": 32.0},
        "per-second": {"channels": ["F7-T7"], "window_s": 8.0, "stride_s": 8.0, "step_s": 1.0},
    }
    for model_id, kind in kinds.items():
        channels = kind.pop("channels")
        document = amplitude_document(channels, model_id=model_id, **kind)
        add_model(write_amplitude_model(tmp_path / "made" / model_id, document))
    return list(kinds)


def write_recording(path: Path, labels: tuple[str, ...] = ("FP1-F7", "F7-T7")) -> Path:
    times = np.arange(int(DURATION_S * RATE_HZ)) / RATE_HZ
    quiet = 5.0 * np.sign(np.sin(2 * np.pi * 3 * times))
    loud = 200.0 * np.sign(np.sin(2 * np.pi * 3 * times))
    signals = []
    for index in range(len(labels)):
        is_loud = (times >= LOUD[0]) & (times < LOUD[1])
        if index == 0:
            is_loud |= (times >= HALF_LOUD[0]) & (times < HALF_LOUD[1])
        signals.append(np.where(is_loud, loud, quiet))
    write_edf(path, np.stack(signals), labels=labels, sampling_rate_hz=RATE_HZ)
    return path


def write_reference(path: Path) -> Path:
    event = Event(onset_s=float(LOUD[0]), duration_s=float(LOUD[1] - LOUD[0]))
    write_szcore_tsv(path, [event], duration_s=float(DURATION_S), start_time=None)
    return path


def test_a_doubtful_result_says_so_in_its_row(
    models: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking = write_recording(tmp_path / "lacking.edf", labels=("FP1-F7", "FP2-F8"))
    found = compare_models([models[0], models[1]], [lacking])
    first, second = found["recordings"][0]["nets"]
    assert first["message"] == "1 of 2 channels are missing and fed as zeros: F7-T7."
    assert first["findings"][0]["message"] == first["message"]
    assert (second["ok"], second["message"]) == (True, "")
    assert main(["compare", str(lacking), "--models", *models[:2]]) == 0
    assert f"lacking.edf, {models[0]} (0.5): {first['message']}" in capsys.readouterr().err


def test_a_model_agrees_with_itself_in_every_second(models: list[str], recording: Path) -> None:
    for model_id in models:
        found = compare_models([model_id, model_id], [recording])
        (pair,) = found["recordings"][0]["agreement"]
        assert pair["agreement"] == 1.0
        assert pair["overlap"] == 1.0
        assert pair["kappa"] == 1.0
        assert pair["n_seconds"] == DURATION_S
        assert pair["first_alarm_difference_s"] == 0.0
        assert found["recordings"][0]["disagreements"] == []
        assert found["overall"]["agreement"][0]["agreement"] == 1.0


def test_models_of_other_windows_rates_and_channels_share_one_time_axis(
    models: list[str], recording: Path
) -> None:
    found = compare_models(models, [recording])
    (row,) = found["recordings"]
    assert [len(model["trace"]["probabilities"]) for model in row["nets"]] == [DURATION_S] * 3
    assert [model["n_events"] for model in row["nets"]] == [2, 2, 1]
    for model in row["nets"]:
        assert model["events"][0]["onset_s"] == pytest.approx(LOUD[0], abs=3.0)
    assert [(one["first"], one["second"]) for one in row["agreement"]] == [(0, 1), (0, 2), (1, 2)]


def test_disagreements_say_when_and_who(models: list[str], recording: Path) -> None:
    found = compare_models(["one-channel", "per-second"], [recording])
    stretches = found["recordings"][0]["disagreements"]
    (half,) = [one for one in stretches if one["onset_s"] > 70]
    assert (half["seizure"], half["background"]) == ([0], [1])
    assert half["onset_s"] == pytest.approx(HALF_LOUD[0], abs=2.0)
    assert half["duration_s"] == pytest.approx(10.0, abs=3.0)
    (pair,) = found["recordings"][0]["agreement"]
    n_split = sum(one["duration_s"] for one in stretches)
    assert pair["agreement"] == pytest.approx(1 - n_split / DURATION_S)


def test_with_references_every_model_is_scored(
    models: list[str], recording: Path, tmp_path: Path
) -> None:
    reference = write_reference(tmp_path / "one.tsv")
    found = compare_models(models, [recording, recording], references=[reference, None])
    assert [model["score"]["event"]["sensitivity"] for model in found["recordings"][0]["nets"]] == [
        1
    ] * 3
    assert found["recordings"][1]["nets"][0]["score"] is None
    overall = found["overall"]["nets"]
    assert [(one["n_recordings"], one["n_scored"]) for one in overall] == [(2, 1)] * 3
    assert overall[2]["event"]["precision"] == 1.0
    latency_s = found["recordings"][0]["nets"][0]["score"]["latency_s"]
    assert len(latency_s) == 1


def test_a_threshold_can_be_compared_with_another(models: list[str], recording: Path) -> None:
    found = compare_models(
        ["two-channels", "two-channels"], [recording], thresholds=[None, 0.999999]
    )
    assert [model["threshold"] for model in found["nets"]] == [0.5, 0.999999]
    with pytest.raises(ParameterError, match="thresholds were given"):
        load_models(models, [0.5])
    with pytest.raises(ParameterError, match="between 0 and 1"):
        load_models(["two-channels"] * 2, [0.5, 2.0])


def test_what_cannot_be_done_is_named_and_the_rest_is_compared(
    models: list[str], recording: Path, tmp_path: Path
) -> None:
    other = write_recording(tmp_path / "other.edf", labels=("C3-P3", "FP1-F7"))
    (tmp_path / "bad.edf").write_bytes(b"x" * 300)
    found = compare_models(models, [other, tmp_path / "bad.edf", recording])
    assert [one["file_name"] for one in found["failed"]] == ["bad.edf"]
    lacking, whole = found["recordings"]
    assert [model["ok"] for model in lacking["nets"]] == [True, True, False]
    assert "F7-T7" in lacking["nets"][2]["message"]
    assert [(one["first"], one["second"]) for one in lacking["agreement"]] == [(0, 1)]
    assert all(model["ok"] for model in whole["nets"])
    assert found["overall"]["nets"][2]["n_recordings"] == 1


def test_a_long_trace_is_shortened_without_losing_its_peaks(
    models: list[str], recording: Path
) -> None:
    found = compare_models(models[:2], [recording], max_points=25)
    trace = found["recordings"][0]["nets"][0]["trace"]
    assert trace["step_s"] == 5.0
    assert len(trace["probabilities"]) == 24
    assert trace["probabilities"][7] > 0.9
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("model_ids", [[], ["two-channels"], ["two-channels"] * 13])
def test_the_number_of_models_has_bounds(
    models: list[str], recording: Path, model_ids: list[str]
) -> None:
    with pytest.raises(ParameterError, match="2 to 12 models"):
        compare_models(model_ids, [recording])


def test_wrong_requests_are_named(models: list[str], recording: Path) -> None:
    with pytest.raises(ParameterError, match="0 recordings"):
        compare_models(models, [])
    with pytest.raises(ParameterError, match="1 recordings, 2 references"):
        compare_models(models, [recording], references=[None, None])
    with pytest.raises(UnknownModelError):
        compare_models([*models, "nothing"], [recording])


def test_comparisons_at_once_do_not_disturb_each_other(models: list[str], recording: Path) -> None:
    loaded = load_models(models)

    def compared(_: int) -> dict[str, Any]:
        return comparison_json(compare_files(loaded, [recording]))

    alone = compared(0)
    with ThreadPoolExecutor(4) as pool:
        assert all(one == alone for one in pool.map(compared, range(6)))


def test_progress_grows_to_the_end(models: list[str], recording: Path) -> None:
    told: list[tuple[float, str]] = []
    compare_models(models, [recording, recording], progress=lambda *one: told.append(one))
    fractions = [one for one, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
    assert {name for _, name in told} == {"one.edf"}


def test_the_command_line_compares(
    models: list[str], recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = write_reference(tmp_path / "one.tsv")
    asked = ["compare", str(recording), "--models", *models, "--references", str(reference)]
    assert main(asked) == 0
    out = capsys.readouterr().out
    assert "one.edf, 120 s" in out
    assert "agree in" in out
    assert "seizure only for" in out
    assert main([*asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["failed"] == []
    assert main(["compare", str(tmp_path / "no.edf"), "--models", *models]) == 1
    assert "no.edf" in capsys.readouterr().err
