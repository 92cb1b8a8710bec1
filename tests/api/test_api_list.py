from __future__ import annotations

import pytest

RECORDING = ("recording", True)
MODEL = ("model_id", True)
RUN = ("run_id", True)
REVIEW, READER = ("review_id", True), ("reader", True)
CHOICES = [("threshold", False), ("stride_s", False)]
POINT = ("operating_point", False)
PAIRS = [("recordings", True), ("references", True)]

# Parameter names, and whether a caller must give them.
ENDPOINTS = {
    "/describe_recording": [RECORDING],
    "/view_recording": [RECORDING, ("channels", False), ("start_s", False), ("length_s", False)],
    "/recording_statistics": [RECORDING, ("channels", False)],
    "/value_distribution": [RECORDING, ("channel", True)],
    "/list_models": [],
    "/model_card": [MODEL],
    "/predict": [
        *(RECORDING, MODEL, *CHOICES, POINT, ("windows", False), ("second_stage", False)),
        ("bad_channels", False),
    ],
    "/predict_batch": [("recordings", True), MODEL, *CHOICES, POINT],
    "/score": [("hypothesis", True), ("reference", True), ("recording_duration_s", False)],
    "/evaluate": [
        MODEL,
        *PAIRS,
        *CHOICES,
        ("seizure_free", False),
        ("allow_training_data", False),
    ],
    "/list_reviews": [],
    "/add_to_review": [
        REVIEW,
        ("recordings", True),
        ("model_id", False),
        ("threshold", False),
        ("references", False),
        ("reader", False),
    ],
    "/review_events": [REVIEW, ("recording", False), ("order", False), ("undecided", False)],
    "/decide": [REVIEW, ("items", True), ("decision", True), READER, ("event", False)],
    "/mark_event": [REVIEW, RECORDING, ("event", True), READER],
    "/export_review": [
        *(REVIEW, RECORDING, ("kind", False), ("start_s", False), ("stop_s", False)),
        *(("case", False), ("patient", False), ("reviewer", False), ("with_name", False)),
    ],
    "/compare_readers": [REVIEW, ("margin", False)],
    "/delete_review": [REVIEW],
    "/create_dataset": [
        *PAIRS,
        ("window_s", False),
        ("seizure_stride_s", False),
        ("guard_s", False),
        ("balance", False),
        ("labelling", False),
        ("seed", False),
        ("seizure_free", False),
        ("patients", False),
        ("settings", False),
    ],
    "/list_datasets": [],
    "/delete_dataset": [("dataset_id", True)],
    "/check_network": [("network", True), ("n_channels", True), ("n_samples", True)],
    "/train": [("dataset_id", True), ("network", True), ("settings", False)],
    "/list_runs": [],
    "/delete_run": [RUN],
    "/training_status": [RUN],
    "/stop_training": [RUN],
    "/resume_training": [RUN],
    "/save_model": [
        RUN,
        MODEL,
        ("title", True),
        ("authors", False),
        ("license", False),
        ("notes", False),
        ("version", False),
        ("threshold", False),
        ("calibrate", False),
        ("replace", False),
    ],
    "/publish_model": [MODEL, ("repo_id", True), ("private", False), ("note", False)],
    "/pull_model": [("repo_id", True), ("revision", False)],
    "/export_model": [MODEL],
    "/import_model": [("bundle", True)],
    "/delete_model": [MODEL],
    "/restore_model": [("undo", True)],
}
DEFAULTS = {
    "/view_recording": {"channels": [], "start_s": 0.0, "length_s": 10.0},
    "/predict": {"threshold": None, "stride_s": None, "second_stage": True},
    "/score": {"recording_duration_s": None},
    "/create_dataset": {
        "window_s": 30.0,
        "seizure_stride_s": 1.0,
        "guard_s": 300.0,
        "balance": 1.0,
        "labelling": "half",
        "seed": 0,
    },
    "/publish_model": {"private": True},
    "/pull_model": {"revision": None},
}


def test_exactly_these_endpoints_are_public(client) -> None:
    published = client.view_api(return_format="dict", print_info=False)
    found = {
        name: [
            (parameter["parameter_name"], not parameter["parameter_has_default"])
            for parameter in endpoint["parameters"]
        ]
        for name, endpoint in published["named_endpoints"].items()
    }
    assert found == ENDPOINTS
    assert published["unnamed_endpoints"] == {}


def test_every_endpoint_says_in_one_sentence_what_it_does(client) -> None:
    published = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    for name, endpoint in published.items():
        assert endpoint["description"].endswith("."), name
        assert "\n" not in endpoint["description"], name


def test_every_parameter_of_every_endpoint_is_described(client) -> None:
    published = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    for name, endpoint in published.items():
        for one in endpoint["parameters"]:
            assert one["python_type"]["description"].endswith("."), (name, one["label"])
            assert one["label"] == one["parameter_name"]


@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_what_is_not_given_takes_the_published_default(client, name: str) -> None:
    published = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    defaults = {
        parameter["parameter_name"]: parameter["parameter_default"]
        for parameter in published[name]["parameters"]
    }
    assert DEFAULTS[name].items() <= defaults.items()


def test_no_endpoint_takes_a_token(client) -> None:
    published = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    names = {p["parameter_name"] for one in published.values() for p in one["parameters"]}
    assert not {name for name in names if "token" in name or "password" in name}
