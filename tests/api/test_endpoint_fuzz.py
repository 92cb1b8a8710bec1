"""Whatever a program calls an endpoint with, it is answered or refused in a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seizure_core.errors import SeizureZooError
from tests.edf_files import build_edf, random_signals
from tests.odd_values import ODD
from tests.properties import examples
from ui.api.endpoint import Endpoint
from ui.api.publishing import all_endpoints
from ui.errors import message_for
from ui.plain_data import without_undefined
from ui.resources import Services
from ui.server.settings import Settings

FILES = ["data:a.edf", "data:b.edf", "data:a_events.tsv", "data:none.edf", "data:../a.edf"]
GIVEN_FILE = st.sampled_from(FILES) | st.fixed_dictionaries({"path": st.sampled_from(FILES)})
CONV = {"type": "conv1d", "out_channels": 2, "kernel_size": 9}
LAYERS = st.lists(
    st.sampled_from([CONV, {"type": "relu"}, {"type": "flatten"}, {"type": "residual"}])
    | st.dictionaries(st.sampled_from(["type", "layers", "p", "kernel_size"]), ODD, max_size=3),
    max_size=4,
)
# By the names of parameters: what a caller is likely to send.
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "recording": GIVEN_FILE,
    "hypothesis": GIVEN_FILE,
    "reference": GIVEN_FILE,
    "bundle": GIVEN_FILE,
    "recordings": st.lists(GIVEN_FILE, max_size=3),
    "references": st.lists(GIVEN_FILE, max_size=3),
    "channels": st.lists(st.sampled_from(["EEG 1", "EEG 2", "x"]), max_size=3),
    "channel": st.sampled_from(["EEG 1", "x"]),
    "start_s": st.floats(-1, 12),
    "length_s": st.floats(0, 12),
    "model_id": st.sampled_from(["none", "n1spool-cnn", "hf://a/b", "../x"]),
    "network": LAYERS,
    "n_channels": st.integers(0, 2000),
    "n_samples": st.integers(0, 5_000_000),
    "settings": st.dictionaries(st.sampled_from(["epochs", "window_s", "title"]), ODD, max_size=3),
    "patients": st.dictionaries(st.sampled_from(["a.edf", "x"]), ODD, max_size=2),
    "seizure_free": st.lists(st.sampled_from(["a.edf", "b.edf", "x"]), max_size=2),
}


def services_in(folder: Path) -> Services:
    """Return services over two small recordings and the seizures of one."""
    data = folder / "data"
    if not data.exists():
        data.mkdir()
        for seed, name in enumerate("ab"):
            build_edf(data / f"{name}.edf", random_signals(2, 2560, seed=seed))
        head = "onset\tduration\teventType\tconfidence\tchannels\tdateTime\trecordingDuration\n"
        row = "1.0\t2.0\tsz\tn/a\tn/a\t2076-11-06 13:43:04\t10.00\n"
        (data / "a_events.tsv").write_text(head + row)
    return Services.create(Settings(data_folder=data), folder)


def named(endpoints: tuple[Endpoint, ...]) -> dict[str, Endpoint]:
    return {endpoint.name: endpoint for endpoint in endpoints}


NAMES = sorted(named(all_endpoints(Services.create(Settings(), Path("nowhere")))))


@given(name=st.sampled_from(NAMES), data=st.data())
@examples(2)
def test_anything_sent_to_an_endpoint_is_answered_or_refused(
    tmp_path: Path, name: str, data: st.DataObject
) -> None:
    endpoint = named(all_endpoints(services_in(tmp_path)))[name]
    sent = {}
    for parameter in endpoint.parameters:
        likely = LIKELY.get(parameter.name, ODD)
        if parameter.is_required or data.draw(st.booleans()):
            sent[parameter.name] = data.draw(st.one_of(likely, likely, ODD))
    message, answer = "", None
    try:
        answer = endpoint.function(*endpoint.in_order(sent))
    except (SeizureZooError, FileNotFoundError) as error:
        message = message_for(error)
    assert len(message) < 4000
    if not isinstance(answer, tuple):
        json.dumps(without_undefined(answer), allow_nan=False, default=str)


@given(name=st.sampled_from(NAMES), sent=st.dictionaries(st.text(max_size=9), ODD) | st.lists(ODD))
def test_arguments_that_do_not_fit_are_told(
    tmp_path: Path, name: str, sent: dict[str, Any] | list[Any]
) -> None:
    endpoint = named(all_endpoints(services_in(tmp_path)))[name]
    message = ""
    try:
        endpoint.in_order(sent) if isinstance(sent, dict) else endpoint.completed(sent)
    except SeizureZooError as error:
        message = message_for(error)
    assert len(message) < 4000
