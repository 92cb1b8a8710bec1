"""The functions a viewer in the browser calls on the server.

Each takes one argument, as Gradio hands it over, and never raises: an exception would
reach the browser as nothing at all. What goes wrong comes back as `{"error": sentence}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from seizure_core.display.envelope import Envelope
from seizure_core.display.filters import DisplayFilters
from seizure_core.display.montages import montage_from_json, montage_to_json
from seizure_core.display.pages import MAX_COLUMNS, page
from seizure_core.display.rows import DisplayRow
from ui.errors import message_for
from ui.i18n.translation import speaking, visitor_language
from ui.viewer.answers import (
    Answer,
    describe_fit,
    describe_found,
    describe_mark,
    describe_montages,
    describe_opened,
    describe_overview,
    describe_page,
    describe_trace,
)
from ui.viewer.exports import export
from ui.viewer.handles import HandleStore, ViewedFile
from ui.viewer.mark_import import import_marks
from ui.viewer.requests import ViewerRequest

ServerFunction = Callable[[Any], Mapping[str, Any]]

MAX_MONTAGE_TEXT = 60_000
EXACT_SAMPLES = 6_000_000
"""Samples of all rows up to which a page is always read from the file."""
PATIENT_SAMPLES = 30_000_000
"""Samples up to which it is read from the file as long as the envelope is incomplete."""


def server_functions(store: HandleStore) -> list[ServerFunction]:
    """Return the functions to publish with the component, bound to the open recordings.

    Parameters
    ----------
    store : HandleStore
        Where handles are looked up.

    Returns
    -------
    list of callable
        Named `viewer_open`, `viewer_montage`, `viewer_page`, `viewer_overview`,
        `viewer_add_montage`, `viewer_review`, `viewer_threshold`, `viewer_export` and
        `viewer_import`.
    """
    return [
        _published(name, store, answer)
        for name, answer in {
            "viewer_open": _open,
            "viewer_montage": _montage,
            "viewer_page": _page,
            "viewer_overview": _overview,
            "viewer_add_montage": _add_montage,
            "viewer_review": _review,
            "viewer_threshold": _threshold,
            "viewer_export": export,
            "viewer_import": _import,
        }.items()
    ]


def _published(
    name: str, store: HandleStore, answer: Callable[[ViewedFile, ViewerRequest], Answer]
) -> ServerFunction:
    def function(data: Any = None) -> Mapping[str, Any]:
        with speaking(visitor_language()):
            try:
                request = ViewerRequest(data)
                return answer(store.get(request.text("handle")), request)
            except Exception as error:  # translated: unexpected ones are logged under a reference
                return {"error": message_for(error)}

    # No functools.wraps: Gradio would count the parameters of the wrapped one.
    function.__name__ = name
    return function


def _open(opened: ViewedFile, request: ViewerRequest) -> Answer:
    return describe_opened(opened)


def _montage(opened: ViewedFile, request: ViewerRequest) -> Answer:
    return describe_fit(opened.fit(request.text("montage")))


def _page(opened: ViewedFile, request: ViewerRequest) -> Answer:
    recording = opened.recording
    montage_id = request.text("montage")
    fit = opened.fit(montage_id)
    wanted = request.positions("rows", below=len(fit.rows))
    longest = max(recording.duration_s, 1.0)
    start_s = request.number("start_s", least=-longest, most=longest)
    length_s = request.number("length_s", least=0.001, most=2 * longest)
    n_columns = int(request.number("columns", least=1, most=MAX_COLUMNS))
    filters = request.filters()
    rows = [fit.rows[i] for i in wanted]
    made = page(
        recording,
        rows,
        start_s=start_s,
        length_s=length_s,
        n_columns=n_columns,
        filters=filters,
        envelope=_envelope(opened, montage_id, fit.rows, rows, filters, length_s),
    )
    answer = describe_page(made, wanted)
    answer["probability"] = describe_trace(
        opened.overlays.trace, start_s=start_s, length_s=length_s, n_columns=n_columns
    )
    return answer


def _envelope(
    opened: ViewedFile,
    montage_id: str,
    all_rows: Sequence[DisplayRow],
    rows: Sequence[DisplayRow],
    filters: DisplayFilters,
    length_s: float,
) -> Envelope | None:
    """Return the envelope for a page that is too long to be read from the file."""
    n_samples = sum(row.sampling_rate_hz for row in rows) * length_s
    if n_samples <= EXACT_SAMPLES:
        return None
    envelope = opened.envelopes.get((montage_id, filters), all_rows)
    if envelope.fraction_built < 1.0 and n_samples <= PATIENT_SAMPLES:
        return None
    return envelope


def _overview(opened: ViewedFile, request: ViewerRequest) -> Answer:
    n_columns = int(request.number("columns", least=1, most=MAX_COLUMNS))
    duration_s = opened.recording.duration_s
    rows = opened.fit("recorded").rows
    envelope = opened.envelopes.get(("recorded", DisplayFilters()), rows)
    answer = describe_overview(envelope, duration_s=duration_s, n_columns=n_columns)
    answer["probability"] = describe_trace(
        opened.overlays.trace, start_s=0.0, length_s=max(duration_s, 1e-3), n_columns=n_columns
    )
    return answer


def _add_montage(opened: ViewedFile, request: ViewerRequest) -> Answer:
    montage = montage_from_json(request.text("text", longest=MAX_MONTAGE_TEXT))
    opened.add_montage(montage)
    return {
        "id": montage.montage_id,
        "text": montage_to_json(montage),
        "montages": describe_montages(opened),
    }


def _review(opened: ViewedFile, request: ViewerRequest) -> Answer:
    opened.take_review(request)
    return {"n_marks": len(opened.review.marks)}


def _threshold(opened: ViewedFile, request: ViewerRequest) -> Answer:
    moved = opened.overlays.at_threshold(
        request.optional_number("threshold", least=0.001, most=0.999)
    )
    opened.take_review(request)
    opened.move(moved)
    return describe_found(opened)


def _import(opened: ViewedFile, request: ViewerRequest) -> Answer:
    marks, messages = import_marks(
        opened.recording, request.text("file_name"), request.text("content", longest=14 << 20)
    )
    return {"marks": [describe_mark(mark) for mark in marks], "messages": messages}
