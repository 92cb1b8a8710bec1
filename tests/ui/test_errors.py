from __future__ import annotations

import inspect
import logging

import gradio as gr
import pytest

from seizure_core.errors import RecordingError
from ui.errors import for_api, for_browser, message_for


def fail(error: Exception) -> None:
    raise error


def test_our_own_sentences_reach_api_callers_as_they_are() -> None:
    with pytest.raises(gr.Error) as caught:
        for_api(fail)(RecordingError("a<b>.edf", "it has no layers."))
    assert caught.value.message == "a<b>.edf: it has no layers."


def test_names_in_toasts_are_escaped() -> None:
    with pytest.raises(gr.Error) as caught:
        for_browser(fail)(RecordingError("<img src=x>.edf", "it has no layers."))
    assert caught.value.message == "&lt;img src=x&gt;.edf: it has no layers."


def test_how_long_a_toast_stays_is_left_to_the_page() -> None:
    with pytest.raises(gr.Error) as caught:
        for_browser(fail)(RecordingError("a.edf", "it has no layers."))
    assert caught.value.duration is None
    assert caught.value.print_exception is False


def test_an_unexpected_error_is_logged_under_a_reference_and_not_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        message = message_for(RuntimeError("/secret/place"))
    reference = message.split("reference ")[1][:6]
    assert "/secret/place" not in message
    assert reference in caplog.text
    assert "/secret/place" in caplog.text


def test_a_file_that_vanished_is_explained_without_its_place() -> None:
    assert "/tmp/x" not in message_for(FileNotFoundError("/tmp/x"))
    assert "Open the recording again" in message_for(FileNotFoundError("/tmp/x"))


def test_an_error_made_for_gradio_passes_unchanged() -> None:
    error = gr.Error("as it is")
    with pytest.raises(gr.Error) as caught:
        for_browser(fail)(error)
    assert caught.value is error


def test_a_decorated_handler_keeps_its_signature() -> None:
    def handler(a: int, *, b: str = "x") -> float:
        return a * 1.0

    assert inspect.signature(for_browser(handler)) == inspect.signature(handler)
    assert for_browser(handler)(2) == 2.0
