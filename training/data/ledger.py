"""The ledger of a dataset: how every second of every recording is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.intervals import Spans, union_of_windows
from training.data.labelling import SEIZURE_LABEL, RecordingSpans

GAP = "no signal"
ICTAL = "ictal, but in no seizure window by the labelling rule"
NO_WINDOW = "fits into no window"
UNCERTAIN = "may be a seizure: its annotation cannot be understood"

# Later codes take precedence.
_NO_WINDOW, _NOT_DRAWN, _GUARD, _ICTAL, _UNCERTAIN, _GAP, _BACKGROUND, _SEIZURE = range(8)
_USES = {
    "seizure_s": _SEIZURE,
    "background_s": _BACKGROUND,
    "guard_s": _GUARD,
    "not_drawn_s": _NOT_DRAWN,
}


def refused_entry(file_name: str, duration_s: float, reason: str) -> dict[str, Any]:
    """Return the entry of a recording that is not used."""
    return _entry(file_name, duration_s, dict.fromkeys(_USES, 0.0), {str(reason): duration_s}, ())


def _entry(
    file_name: str,
    duration_s: float,
    uses: Mapping[str, float],
    rejected: dict[str, float],
    findings: Sequence[str],
) -> dict[str, Any]:
    return {
        "file_name": file_name,
        "duration_s": duration_s,
        **uses,
        "rejected_s": sum(rejected.values()),
        "rejected": rejected,
        "findings": list(findings),
    }


def ledger_entry(
    file_name: str,
    duration_s: float,
    spans: RecordingSpans,
    windows: NDArray[np.void],
    *,
    window_samples: int,
    sampling_rate_hz: float,
    findings: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Account for every second of a recording.

    Parameters
    ----------
    windows : ndarray of dtype WINDOWS
        Its windows, used or not.

    Returns
    -------
    dict
        Seconds in seizure windows, in background windows only, left out near seizures, usable but
        not drawn, and rejected, also by reason; together they are `duration_s`.
    """
    codes = np.full(spans.n_samples, _NO_WINDOW, dtype=np.int8)
    starts, used = windows["start"], windows["used"]
    seizure = windows["label"] == SEIZURE_LABEL
    _paint_windows(codes, starts[~used], window_samples, _NOT_DRAWN)
    _paint(codes, spans.guarded, _GUARD)
    _paint(codes, spans.ictal, _ICTAL)
    _paint(codes, spans.uncertain, _UNCERTAIN)
    _paint(codes, spans.gaps, _GAP)
    _paint_windows(codes, starts[used & ~seizure], window_samples, _BACKGROUND)
    _paint_windows(codes, starts[used & seizure], window_samples, _SEIZURE)
    seconds = np.bincount(codes, minlength=8) / sampling_rate_hz
    rest_s = max(duration_s - spans.n_samples / sampling_rate_hz, 0.0)
    rejected = {
        GAP: float(seconds[_GAP]),
        ICTAL: float(seconds[_ICTAL]),
        UNCERTAIN: float(seconds[_UNCERTAIN]),
        NO_WINDOW: float(seconds[_NO_WINDOW]) + rest_s,
    }
    uses = {name: float(seconds[code]) for name, code in _USES.items()}
    positive = {reason: value for reason, value in rejected.items() if value > 0}
    return _entry(file_name, duration_s, uses, positive, findings)


def ledger_document(entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the ledger as plain data: a row per recording, and totals."""
    names = ("duration_s", *_USES, "rejected_s")
    total = {name: sum(entry[name] for entry in entries) for name in names}
    return {"recordings": list(entries), "total": total}


def _paint(codes: NDArray[np.int8], spans: Spans, code: int) -> None:
    for start, stop in spans:
        codes[start:stop] = code


def _paint_windows(
    codes: NDArray[np.int8], starts: NDArray[np.int64], length: int, code: int
) -> None:
    _paint(codes, union_of_windows(starts, length, len(codes)), code)
