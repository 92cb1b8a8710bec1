"""The scoreboard's table and the figures of a result, on made-up detectors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core.events.event import SEIZURE, Event
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.json_document import write_json
from seizure_core.recording import Recording
from tests.memory_recording import memory_recording
from training.evaluate.finders import (
    Found,
    KnownRecording,
    card_result,
    find_all,
    ictal_seconds,
)
from training.evaluate.scoreboard import (
    board_document,
    markdown_table,
    read_board,
    results_of,
)
from training.recipes.measuring import DataSet
from training.recipes.scoreboard_measuring import Entrant, measure_entrants

SEIZURE_AT = Event(onset_s=100.0, duration_s=40.0, event_type=SEIZURE)


def recordings(n: int) -> Iterator[KnownRecording]:
    """Yield recordings of 400 s with a seizure each, of n people."""
    for i in range(n):
        file_name = f"Subject{i}_1.edf"
        yield (
            memory_recording(
                ["FP1-F7"], sampling_rates_hz=8.0, duration_s=400.0, file_name=file_name
            ),
            [SEIZURE_AT],
        )


def made(recording: Recording) -> Found:
    """Find the seizure late, and once something else in every other recording."""
    events = [Event(onset_s=110.0, duration_s=30.0, event_type=SEIZURE)]
    if int(recording.file_name[7]) % 2:
        events.append(Event(onset_s=300.0, duration_s=10.0, event_type=SEIZURE))
    values = np.zeros(400, dtype=np.float32)
    values[100:140] = 0.8
    trace = ProbabilityTrace(probabilities=values, duration_s=400.0)
    return Found(events=tuple(events), trace=trace)


def measured(n: int, name: str = "made") -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    data_set = DataSet(name="some", split="test only", note="x", recordings=lambda: recordings(n))
    entrant = Entrant(name=name, finder=made)
    return measure_entrants([entrant], [data_set], Path(), report=lambda line: None)


def test_figures_are_counted_by_the_rules() -> None:
    metrics = card_result(find_all(made, recordings(6)), dataset="some", split="", note="")[
        "metrics"
    ]
    values = {name: one["value"] for name, one in metrics.items()}
    assert values["sensitivity"] == 1.0
    assert values["precision"] == pytest.approx(6 / 9, abs=1e-3)
    assert values["false_alarms_per_24h"] == pytest.approx(3 / (2400 / 86400))
    assert values["latency_s"] == 10.0
    assert values["covered_fraction"] == 0.75
    # 36 s of 400 say 0.8 where all is seizure, and are 0.2 off; the rest is right.
    assert values["calibration_error"] == pytest.approx(0.2 * 40 / 400, abs=1e-4)
    assert (values["n_events"], values["n_false_alarms"]) == (9.0, 3.0)


def test_intervals_are_given_only_where_there_are_five_people_or_more() -> None:
    few, enough = (
        card_result(find_all(made, recordings(n)), dataset="some", split="", note="")
        for n in (4, 6)
    )
    assert "too few" in few["interval"]
    assert "ci_low" not in few["metrics"]["precision"]
    precision = enough["metrics"]["precision"]
    assert precision["ci_low"] < precision["value"] < precision["ci_high"]
    assert "6 people" in enough["interval"]
    assert enough["note"].startswith("Little data.")


def test_the_middle_of_a_second_decides_whether_it_is_seizure() -> None:
    seizures = [Event(onset_s=1.4, duration_s=2.0, event_type=SEIZURE)]
    assert ictal_seconds(seizures, 5).tolist() == [False, True, True, False, False]


def test_the_board_is_written_read_and_shown_with_counts_and_intervals(tmp_path: Path) -> None:
    results, (facts,) = measured(6)
    facts |= {"version": "1.0.0", "weights_sha256": "0" * 64, "n_parameters": 12345}
    document = board_document(results, [facts])
    write_json(tmp_path / "board.json", document)
    assert read_board(tmp_path / "board.json") == document
    (row,) = document["rows"]
    cells = dict(zip(document["columns"], row, strict=True))
    assert cells["model"] == "made"
    assert cells["seizures"] == 6
    assert str(cells["precision"]).startswith("67 % [")
    assert cells["latency, s"] == "+10.0"
    assert cells["data"] == "test only, few data"
    table = markdown_table(document)
    assert "| 12,345 |" in table
    assert len(table.splitlines()) == 3


def test_a_cards_results_are_the_boards_without_the_models_name() -> None:
    results, facts = measured(6)
    others, more = measured(4, "other")
    document = board_document(results + others, facts + more)
    (quoted,) = results_of(document, "made")
    assert "model" not in quoted
    assert quoted["n_recordings"] == 6
    assert "-" in markdown_table(document).splitlines()[-1]
