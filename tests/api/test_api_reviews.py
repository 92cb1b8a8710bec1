from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from seizure_core.events.event import Event
from seizure_core.io.opening import open_recording
from seizure_core.references import write_szcore_tsv
from tests.seizure_core.review.reviews import DURATION_S, recording_file


@pytest.fixture(scope="module")
def filled(client: Client, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A review of one recording by two readers; the answer of the last call that added to it."""
    folder = tmp_path_factory.mktemp("eeg")
    night = recording_file(folder, "night")
    for reader, onset_s in (("A", 100.0), ("B", 400.0)):
        table = folder / f"night_{reader}.tsv"
        events = [Event(onset_s=onset_s, duration_s=20.0)]
        write_szcore_tsv(table, events, duration_s=DURATION_S)
        answer = client.predict(
            "ward-3",
            [handle_file(night)],
            references=[handle_file(table)],
            reader=reader,
            api_name="/add_to_review",
        )
    return dict(answer)


def test_a_program_decides_marks_and_exports(client: Client, filled: dict[str, Any]) -> None:
    first, second = (one["item"] for one in filled["events"])
    (recording_id,) = filled["recordings"]
    client.predict("ward-3", [first], "rejected", "Dr A", api_name="/decide")
    changed = client.predict(
        "ward-3", [second], "changed", "Dr A", {"side": "left"}, api_name="/decide"
    )
    assert changed["reviewed"] == "yes"
    assert changed["events"][0]["event"]["side"] == "left"
    mark = {"onset_s": 30, "duration_s": 0.2, "event_type": "spike"}
    assert client.predict("ward-3", recording_id, mark, "Dr A", api_name="/mark_event")["event"]
    listed = client.predict("ward-3", api_name="/review_events")
    decisions = sorted(one["decision"] for one in listed["events"])
    assert decisions == ["accepted", "changed", "rejected"]
    reviews = {row["review_id"]: row for row in client.predict(api_name="/list_reviews")}
    assert (reviews["ward-3"]["reviewed_by"], reviews["ward-3"]["n_own"]) == (["Dr A"], 1)
    file = client.predict("ward-3", recording_id, "recording", 90, 130, api_name="/export_review")
    cut = open_recording(Path(file))
    assert cut.duration_s == 40.0
    assert "Reviewed by Dr A" in cut.annotations[0].text
    found = client.predict("ward-3", api_name="/compare_readers")
    assert len(found["pairs"]) == 6  # two files and one reviewer
    assert client.predict("ward-3", api_name="/delete_review")["deleted"]
    left = client.predict(api_name="/list_reviews")
    assert "ward-3" not in [row["review_id"] for row in left]


@pytest.mark.parametrize(
    ("endpoint", "arguments", "words"),
    [
        ("/review_events", ("Ward 3",), "small letters"),
        ("/review_events", ("absent",), "There is no review"),
        ("/export_review", ("absent", "night.edf"), "There is no review"),
        ("/add_to_review", ("../up", []), "small letters"),
    ],
)
def test_what_is_not_there_is_named(
    client: Client, endpoint: str, arguments: tuple[Any, ...], words: str
) -> None:
    with pytest.raises(AppError, match=words):
        client.predict(*arguments, api_name=endpoint)
