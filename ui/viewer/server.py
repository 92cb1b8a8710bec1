"""The functions a viewer in the browser calls on the server, and their answers.

Each takes one argument, as Gradio hands it over, and never raises: an exception would
reach the browser as nothing at all. What goes wrong comes back as `{"error": sentence}`. Answers
are plain JSON, signals base64 of 16-bit integers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from seizure_core.display.envelope import Envelope, column_edges, extremes
from seizure_core.display.filters import DisplayFilters
from seizure_core.display.montages import MontageFit, montage_from_json, montage_to_json
from seizure_core.display.pages import MAX_COLUMNS, PageData, page
from seizure_core.display.rows import DisplayRow
from seizure_core.events.event import Event, Mark
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.intervals import outside
from seizure_core.review.page import Review
from ui.errors import message_for
from ui.i18n.translation import speaking, visitor_language
from ui.viewer.encoding import encode, whole
from ui.viewer.exports import export, import_marks
from ui.viewer.handles import HandleStore, ViewedFile
from ui.viewer.queue_answers import open_queued, queue_answer
from ui.viewer.requests import ViewerRequest
from ui.viewer.spectrum_answer import spectrum_answer
from ui.viewer.trend_lanes import describe_trends

MAX_ANNOTATIONS = 5000
PROBABILITY_STEPS = 10_000
"""The integer that is sent for a probability of 1."""

_ROW_FACTS = ("label", "unit", "sampling_rate_hz", "group", "side", "how", "source", "is_dummy")
_PAGE_FACTS = ("kind", "first_s", "step_s", "offset", "scale", "centre")

Answer = dict[str, Any]


def describe_opened(opened: ViewedFile) -> Answer:
    """Return all a viewer must know before it asks for the first page; no sample is read."""
    recording, overlays = opened.recording, opened.overlays
    segments = [(segment.start_s, segment.stop_s) for segment in recording.segments]
    return {
        "file_name": recording.file_name,
        "format": recording.format,
        "duration_s": recording.duration_s,
        "start_time": recording.start_time.isoformat() if recording.start_time else None,
        "n_channels": len(recording.channels),
        "gaps": [
            {"start_s": start_s, "stop_s": stop_s}
            for start_s, stop_s in outside([(0.0, max(segments)[1])] if segments else [], segments)
            if stop_s - start_s > 1e-6
        ],
        "joins": [{"at_s": part.start_s, "file_name": part.file_name} for part in recording.parts],
        "annotations": [
            {"onset_s": a.onset_s, "duration_s": a.duration_s or 0.0, "text": a.text}
            for a in recording.annotations[:MAX_ANNOTATIONS]
        ],
        "n_annotations": len(recording.annotations),
        "references": [describe_event(event) for event in overlays.references],
        "has_trace": overlays.trace is not None,
        "default_threshold": overlays.default.threshold if overlays.default else None,
        "title": overlays.title,
        "bad": [i for i, channel in enumerate(recording.channels) if channel.is_bad],
        "is_queued": opened.queued is not None,
        "types": [
            {"code": one.code, "title": one.title, "hotkey": one.hotkey} for one in opened.types
        ],
        "montages": describe_montages(opened),
        **describe_found(opened),
    }


def describe_found(opened: ViewedFile) -> Answer:
    """Return what depends on the threshold: events, and what was decided about them."""
    return {
        "threshold": opened.overlays.threshold,
        "predictions": [describe_event(event) for event in opened.overlays.predictions],
        **describe_review(opened.review),
    }


def describe_montages(opened: ViewedFile) -> list[Answer]:
    """Return ids and names of the montages on offer."""
    return [{"id": m.montage_id, "name": m.name} for m in opened.montages]


def describe_event(event: Event) -> Answer:
    """Return an event."""
    return {
        "onset_s": event.onset_s,
        "duration_s": event.duration_s,
        "kind": event.event_type,
        "confidence": _finite(event.confidence),
        "text": event.text,
    }


def describe_mark(mark: Mark) -> Answer:
    """Return a mark, as the browser sends it."""
    return {
        "id": mark.mark_id,
        "onset_s": mark.onset_s,
        "duration_s": mark.duration_s,
        "kind": mark.kind,
        "text": mark.text,
        "confidence": _finite(mark.confidence),
        "origin": mark.origin,
        "channels": list(mark.channels),
        "side": mark.side,
    }


def describe_review(review: Review) -> Answer:
    """Return marks, decisions and shifts, as the browser sends them."""
    return {
        "marks": [describe_mark(mark) for mark in review.marks],
        "decisions": [
            {"prediction": i, "decision": said} for i, said in sorted(review.decisions.items())
        ],
        "shifts": [
            {"prediction": i, "seconds": moved_s} for i, moved_s in sorted(review.shifts_s.items())
        ],
    }


def describe_fit(fit: MontageFit) -> Answer:
    """Return the rows of a montage."""
    rows = [_facts(row, _ROW_FACTS) for row in fit.rows]
    return {"rows": rows, "missing": list(fit.missing), "n_left_out": fit.n_left_out}


def _facts(value: object, names: Iterable[str]) -> Answer:
    return {name: getattr(value, name) for name in names}


def describe_page(page: PageData, rows: Sequence[int]) -> Answer:
    """Return a page: facts of each row, and all values in one text.

    Parameters
    ----------
    page : PageData
        From the core.
    rows : sequence of int
        Under which number the browser knows each of its rows.
    """
    return {
        "start_s": page.start_s,
        "length_s": page.length_s,
        "fraction": page.fraction,
        "rows": [
            {"row": rows[row.row], "n": row.values.shape[-1], **_facts(row, _PAGE_FACTS)}
            for row in page.rows
        ],
        "data": encode([row.values for row in page.rows]),
    }


def describe_overview(envelope: Envelope, *, duration_s: float, n_columns: int) -> Answer:
    """Return how strong the EEG is along the whole recording.

    Each column bears the median over the EEG channels (over all, where none is EEG) of the
    difference between the largest and the smallest value, in whole units.
    """
    fraction = envelope.fraction_built  # before the columns: what was built later is not in them
    is_eeg = [i for i, row in enumerate(envelope.rows) if row.side != "other"]
    low, high = envelope.columns(
        is_eeg or range(len(envelope.rows)),
        start_s=0.0,
        length_s=max(duration_s, 1e-3),
        n_columns=n_columns,
    )
    spread = np.full(n_columns, np.nan, np.float32)
    filled = np.isfinite(low).any(axis=0)
    if filled.any():
        spread[filled] = np.nanmedian(high[:, filled] - low[:, filled], axis=0)
    return {"fraction": fraction, "activity": encode([whole(spread)])}


def describe_trace(
    trace: ProbabilityTrace | None, *, start_s: float, length_s: float, n_columns: int
) -> str | None:
    """Return the largest probability in each column, in steps of 1 / `PROBABILITY_STEPS`."""
    if trace is None:
        return None
    n_seconds = len(trace.probabilities)
    edges = column_edges(start_s, length_s, n_columns, 1.0)
    # Every column shows at least the second it lies in, so that short pages are steps.
    first = np.clip(np.floor(start_s + length_s * np.arange(n_columns) / n_columns), -1, n_seconds)
    _, largest = extremes(trace.probabilities[np.newaxis], np.clip(edges, 0, n_seconds))
    own = np.full(n_columns, np.nan, np.float32)
    inside = (first >= 0) & (first < n_seconds)
    own[inside] = trace.probabilities[first[inside].astype(np.int64)]
    return encode([whole(np.fmax(largest[0], own) * PROBABILITY_STEPS)])


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


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
        `viewer_add_montage`, `viewer_review`, `viewer_threshold`, `viewer_export`,
        `viewer_import`, `viewer_bad`, `viewer_trends`, `viewer_spectrum`, `viewer_queue` and
        `viewer_queue_open`.
    """
    answers: dict[str, Callable[[ViewedFile, ViewerRequest], Answer]] = {
        "viewer_open": _open,
        "viewer_montage": _montage,
        "viewer_page": _page,
        "viewer_overview": _overview,
        "viewer_add_montage": _add_montage,
        "viewer_review": _review,
        "viewer_threshold": _threshold,
        "viewer_export": export,
        "viewer_import": _import,
        "viewer_bad": _bad,
        "viewer_trends": _trends,
        "viewer_spectrum": spectrum_answer,
        "viewer_queue": queue_answer,
        "viewer_queue_open": partial(open_queued, store),
    }
    return [_published(name, store, answer) for name, answer in answers.items()]


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
    opened.refresh_review()
    return describe_opened(opened)


def _montage(opened: ViewedFile, request: ViewerRequest) -> Answer:
    return describe_fit(opened.fit(request.text("montage")))


def _page(opened: ViewedFile, request: ViewerRequest) -> Answer:
    recording = opened.recording
    montage_id = request.text("montage")
    fit = opened.fit(montage_id)
    wanted = request.positions("rows", below=len(fit.rows))
    longest = max(recording.duration_s, 1.0)
    start_s = request.number("start_s", minimum=-longest, maximum=longest)
    length_s = request.number("length_s", minimum=0.001, maximum=2 * longest)
    n_columns = int(request.number("columns", minimum=1, maximum=MAX_COLUMNS))
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
    n_columns = int(request.number("columns", minimum=1, maximum=MAX_COLUMNS))
    duration_s = opened.recording.duration_s
    rows = opened.fit("recorded").rows
    envelope = opened.envelopes.get(("recorded", DisplayFilters()), rows)
    answer = describe_overview(envelope, duration_s=duration_s, n_columns=n_columns)
    answer["probability"] = describe_trace(
        opened.overlays.trace, start_s=0.0, length_s=max(duration_s, 1e-3), n_columns=n_columns
    )
    return answer


def _bad(opened: ViewedFile, request: ViewerRequest) -> Answer:
    channels = request.positions("channels", below=len(opened.recording.channels))
    opened.mark_bad(channels)
    return {"bad": sorted(channels)}


def _trends(opened: ViewedFile, request: ViewerRequest) -> Answer:
    n_columns = int(request.number("columns", minimum=1, maximum=MAX_COLUMNS))
    found = opened.trends.ask()
    if found is None:
        return {"fraction": min(opened.trends.fraction, 0.99)}
    return {"fraction": 1.0, **describe_trends(found, n_columns)}


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
    progress = opened.queued.queue.progress() if opened.queued else {}
    return {"n_marks": len(opened.review.marks), **progress}


def _threshold(opened: ViewedFile, request: ViewerRequest) -> Answer:
    moved = opened.overlays.at_threshold(
        request.optional_number("threshold", minimum=0.001, maximum=0.999)
    )
    is_of_moved = request.optional_number("seen_at", minimum=0.0, maximum=1.0) == moved.threshold
    if not is_of_moved:
        opened.take_review(request)
    opened.move(moved)
    if is_of_moved:  # a state that the page goes back to
        opened.take_review(request)
    return describe_found(opened)


def _import(opened: ViewedFile, request: ViewerRequest) -> Answer:
    marks, messages = import_marks(
        opened.recording, request.text("file_name"), request.text("content", longest=14 << 20)
    )
    return {"marks": [describe_mark(mark) for mark in marks], "messages": messages}
