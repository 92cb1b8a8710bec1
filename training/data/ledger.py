"""The ledger of a dataset: how every second of every recording is used."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """How the seconds of a recording are used.

    Attributes
    ----------
    duration_s : float
        Sum of all other durations.
    seizure_s, background_s : float
        In seizure windows, and in background windows only.
    guard_s : float
        Left out near seizures.
    not_drawn_s : float
        Usable background that was not drawn.
    rejected : dict of str to float
        Seconds by reason.
    """

    file_name: str
    duration_s: float
    seizure_s: float = 0.0
    background_s: float = 0.0
    guard_s: float = 0.0
    not_drawn_s: float = 0.0
    rejected: dict[str, float] = field(default_factory=dict)
    findings: tuple[str, ...] = ()

    @property
    def rejected_s(self) -> float:
        """Seconds rejected for any reason."""
        return sum(self.rejected.values())

    def row(self) -> dict[str, Any]:
        """Return the entry as plain data."""
        return {
            "file_name": self.file_name,
            "duration_s": self.duration_s,
            "seizure_s": self.seizure_s,
            "background_s": self.background_s,
            "guard_s": self.guard_s,
            "not_drawn_s": self.not_drawn_s,
            "rejected_s": self.rejected_s,
            "rejected": dict(self.rejected),
            "findings": list(self.findings),
        }


def refused_entry(file_name: str, duration_s: float, reason: str) -> LedgerEntry:
    """Return the entry of a recording that is not used."""
    return LedgerEntry(
        file_name=file_name, duration_s=duration_s, rejected={str(reason): duration_s}
    )


def ledger_entry(
    file_name: str,
    duration_s: float,
    spans: RecordingSpans,
    windows: NDArray[np.void],
    *,
    window_samples: int,
    sampling_rate_hz: float,
    findings: tuple[str, ...] = (),
) -> LedgerEntry:
    """Account for every second of a recording.

    Parameters
    ----------
    windows : ndarray of dtype WINDOWS
        Its windows, used or not.
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
    return LedgerEntry(
        file_name=file_name,
        duration_s=duration_s,
        seizure_s=float(seconds[_SEIZURE]),
        background_s=float(seconds[_BACKGROUND]),
        guard_s=float(seconds[_GUARD]),
        not_drawn_s=float(seconds[_NOT_DRAWN]),
        rejected={reason: value for reason, value in rejected.items() if value > 0},
        findings=findings,
    )


def ledger_document(entries: list[LedgerEntry]) -> dict[str, Any]:
    """Return the ledger as plain data: a row per recording, and totals."""
    sums: dict[str, Any] = {
        name: sum(getattr(entry, name) for entry in entries)
        for name in (
            "duration_s",
            "seizure_s",
            "background_s",
            "guard_s",
            "not_drawn_s",
            "rejected_s",
        )
    }
    return {"recordings": [entry.row() for entry in entries], "total": sums}


def _paint(codes: NDArray[np.int8], spans: Spans, code: int) -> None:
    for start, stop in spans:
        codes[start:stop] = code


def _paint_windows(
    codes: NDArray[np.int8], starts: NDArray[np.int64], length: int, code: int
) -> None:
    _paint(codes, union_of_windows(starts, length, len(codes)), code)
