from __future__ import annotations

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from tests.app_server import app_served_here

WRITING = {
    "/create_dataset": ([], []),
    "/delete_dataset": ("dataset",),
    "/train": ("dataset", []),
    "/delete_run": ("run",),
    "/stop_training": ("run",),
    "/resume_training": ("run",),
    "/save_model": ("run", "net", "Model"),
    "/publish_model": ("n1spool-cnn", "team/model"),
    "/pull_model": ("team/model",),
    "/import_model": ("data:model.zip",),
    "/delete_model": ("net",),
    "/restore_model": ("code",),
    "/add_to_review": ("ward", []),
    "/decide": ("ward", ["item"], "accepted", "Dr A"),
    "/mark_event": ("ward", "night.edf", {"onset_s": 1}, "Dr A"),
    "/delete_review": ("ward",),
}
PRIVATE = {
    "/list_datasets": (),
    "/list_runs": (),
    "/list_reviews": (),
    "/review_events": ("ward",),
    "/export_review": ("ward", "night.edf"),
    "/compare_readers": ("ward",),
    "/training_status": ("run",),
    "/evaluate": ("n1spool-cnn", [], []),
}


def test_beyond_this_machine_nothing_is_changed_or_told_without_a_login() -> None:
    with app_served_here(GRADIO_SERVER_NAME="0.0.0.0") as url:
        client = Client(url, verbose=False, analytics_enabled=False)
        for endpoint, arguments in {**WRITING, **PRIVATE}.items():
            with pytest.raises(AppError, match="has no login"):
                client.predict(*arguments, api_name=endpoint)
        assert client.predict(api_name="/list_models")
        assert client.predict("n1spool-cnn", api_name="/export_model")
        client.close()


def test_beyond_this_machine_who_has_logged_in_may_change_things() -> None:
    variables = {"GRADIO_SERVER_NAME": "0.0.0.0", "SEIZURE_ZOO_LOGIN": "eva:secret"}
    with app_served_here(**variables) as url:
        client = Client(url, auth=("eva", "secret"), verbose=False, analytics_enabled=False)
        with pytest.raises(AppError, match="There is no run"):
            client.predict("run", api_name="/delete_run")
        client.close()
