from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from gradio_client import handle_file

from seizure_core.events.event import Event
from seizure_core.references import write_szcore_tsv
from tests.api.answers import checked


def events_file(
    folder: Path, name: str, spans: list[tuple[float, float]], duration_s: float = 3600.0
) -> Path:
    path = folder / name
    events = [Event(onset_s=onset, duration_s=length) for onset, length in spans]
    write_szcore_tsv(path, events, duration_s=duration_s)
    return path


@pytest.fixture
def expert(tmp_path: Path) -> Path:
    return events_file(tmp_path, "expert.tsv", [(600.0, 60.0), (2000.0, 40.0)])


def test_events_are_scored_beside_both_baselines(client, tmp_path: Path, expert: Path) -> None:
    # One seizure found 5 s late, one missed, one false alarm in an hour.
    found = events_file(tmp_path, "found.tsv", [(605.0, 60.0), (3000.0, 20.0)])
    answer = checked(
        client.predict(
            hypothesis=handle_file(found), reference=handle_file(expert), api_name="/score"
        )
    )
    event = answer["event"]
    assert (event["sensitivity"], event["precision"], event["f1"]) == (0.5, 0.5, 0.5)
    assert event["false_alarms_per_24h"] == pytest.approx(24.0)
    assert (event["n_reference"], event["n_hypothesis"]) == (2, 2)
    assert {"sensitivity", "precision", "f1"} <= set(answer["sample"])
    assert answer["latency_s"] == [5.0]
    assert answer["baselines"]["always"]["event"]["sensitivity"] == 1.0
    assert answer["baselines"]["never"]["event"]["sensitivity"] == 0.0


def test_without_any_seizure_what_is_undefined_is_null(client, tmp_path: Path) -> None:
    nothing = events_file(tmp_path, "nothing.tsv", [])
    answer = checked(client.predict(handle_file(nothing), handle_file(nothing), api_name="/score"))
    assert answer["event"]["sensitivity"] is None
    assert answer["event"]["false_alarms_per_24h"] == 0.0
    assert answer["latency_s"] == []


def test_the_duration_can_be_given(
    client, failing: Callable[..., str], tmp_path: Path, expert: Path
) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_text("start,duration\n600,60\n", encoding="utf-8")
    files = (handle_file(plain), handle_file(plain))
    assert "how long the recording is" in failing(*files, api_name="/score")
    answer = client.predict(*files, recording_duration_s=7200, api_name="/score")
    assert answer["recording_duration_s"] == 7200
    for duration_s, part in ((0, "more than 0 s"), ("long", "must be a number")):
        assert part in failing(*files, recording_duration_s=duration_s, api_name="/score")


def test_files_of_the_data_folder_can_be_scored(client, data_folder: Path) -> None:
    events_file(data_folder, "kept.tsv", [(10.0, 20.0)])
    answer = client.predict("data:kept.tsv", "data:kept.tsv", api_name="/score")
    assert answer["event"]["f1"] == 1.0


def test_what_cannot_be_scored_is_named(
    failing: Callable[..., str], tmp_path: Path, expert: Path
) -> None:
    empty = tmp_path / "empty.tsv"
    empty.write_bytes(b"")
    assert "empty.tsv" in failing(handle_file(empty), handle_file(expert), api_name="/score")
    other = events_file(tmp_path, "other.tsv", [], duration_s=60.0)
    message = failing(handle_file(other), handle_file(expert), api_name="/score")
    assert "other.tsv" in message
    assert "expert.tsv" in message
    message = failing("data:non.tsv", handle_file(expert), api_name="/score")
    assert "no file of detected events 'non.tsv'" in message
    assert "reference" in failing(handle_file(expert), "found.tsv", api_name="/score")
