"""A recording with channels of unknown calibration, through everything that looks at it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core import open_recording
from seizure_core.display.montages import BUILT_IN
from seizure_core.errors import SeizureZooError
from seizure_core.events.line_length import line_length_trace
from seizure_core.figures import figure_bytes, page_figure
from seizure_core.figures.report import write_report
from seizure_core.recording import UNCALIBRATED, Recording
from seizure_core.stats.channel_statistics import recording_statistics
from seizure_core.stats.facts import statistics_json, write_statistics_csv
from tests.edf_files import build_edf, random_signals, spoil_signal
from tests.zoo.amplitude_model import amplitude_detector
from ui.analysis.channel_charts import CHARTS, measured_chart
from ui.analysis.statistics_view import statistics_table_html
from ui.plain_data import recording_data
from ui.viewer.handles import HandleStore
from ui.viewer.server import server_functions
from ui.widgets.views import unit_words
from zoo.inference.detection_report import report_of
from zoo.inference.results import detection_json

LABELS = ["FP1-F7", "F7-T7", "T7-P7", "-", "P7-O1"]
RATE_HZ = 64


def opened(path: Path, *dead: int) -> Recording:
    build_edf(path, random_signals(5, 60 * RATE_HZ), labels=LABELS, sampling_rate_hz=RATE_HZ)
    for position in dead:
        spoil_signal(path, position, physical_maximum="inf", digital_minimum="")
    return open_recording(path)


@pytest.fixture(params=[(3,), (0, 3), (0, 1, 2, 3, 4)], ids=["a dummy", "EEG", "all"])
def recording(request: pytest.FixtureRequest, tmp_path: Path) -> Recording:
    return opened(tmp_path / "a.edf", *request.param)


def plain(answer: Any) -> Any:
    return json.loads(json.dumps(answer, allow_nan=False))


def test_facts_and_numbers_are_plain_json_that_claims_no_voltage(
    recording: Recording, tmp_path: Path
) -> None:
    dead = [i for i, c in enumerate(recording.channels) if c.unit == UNCALIBRATED]
    described = plain(recording_data(recording))
    assert [c["label"] for c in described["channels"]] == LABELS
    assert [described["channels"][i]["unit"] for i in dead] == [UNCALIBRATED] * len(dead)
    statistics = recording_statistics(recording)
    rows = plain(statistics_json(statistics))["channels"]
    assert [rows[i]["unit"] for i in dead] == [UNCALIBRATED] * len(dead)
    write_statistics_csv(tmp_path / "a.csv", statistics)
    assert UNCALIBRATED in statistics_table_html(statistics)
    assert unit_words(recording.channels[dead[0]].unit) == UNCALIBRATED
    for finding in statistics.findings:
        assert not any(repr(LABELS[i]) in finding.message for i in dead)
    trace = line_length_trace(recording)
    assert np.isnan(trace.probabilities).all() == (len(dead) == 5)


@pytest.mark.parametrize("kind", CHARTS)
def test_every_chart_is_drawn(recording: Recording, kind: str) -> None:
    assert figure_bytes(measured_chart(recording, kind, 3)()).startswith(b"\x89PNG")


def test_pages_are_drawn_in_figures_and_in_the_viewer_in_every_montage(
    recording: Recording,
) -> None:
    assert figure_bytes(page_figure(recording)).startswith(b"\x89PNG")
    store = HandleStore()
    functions = {f.__name__: f for f in server_functions(store)}
    handle = store.open(recording, session="a")
    for montage in BUILT_IN:
        request = {"handle": handle, "montage": montage.montage_id}
        rows = plain(functions["viewer_montage"](request))["rows"]
        answer = functions["viewer_page"](
            {
                **request,
                "rows": list(range(len(rows))),
                "start_s": 0,
                "length_s": 10,
                "columns": 700,
                "filters": None,
            }
        )
        assert "error" not in plain(answer)
        assert "error" not in plain(functions["viewer_overview"]({**request, "columns": 700}))


def test_a_prediction_leaves_them_out_and_says_so(tmp_path: Path) -> None:
    detector = amplitude_detector(tmp_path / "model", [LABELS[i] for i in (0, 1, 2, 4)], rate_hz=64)
    healthy = detector.detect(opened(tmp_path / "a.edf"))
    beside = opened(tmp_path / "b.edf", 3)
    detection = detector.detect(beside)
    np.testing.assert_array_equal(detection.probabilities, healthy.probabilities)
    assert detection.coverage == 1.0
    assert any(UNCALIBRATED in f.message for f in beside.findings)
    lacking = opened(tmp_path / "c.edf", 0, 3)
    detection = detector.detect(lacking)
    assert detection.coverage == 0.75
    assert detection.channels[0].how == "missing"
    assert any("FP1-F7 is uncalibrated" in f.message for f in detection.findings)
    plain(detection_json(detection))
    report = report_of(detection, detector.card)
    assert write_report(tmp_path / "a.pdf", report, lacking) > 0
    with pytest.raises(SeizureZooError, match=r"not voltages.*uncalibrated"):
        detector.detect(opened(tmp_path / "d.edf", 0, 1, 2, 3, 4))
