"""Selection and labelling of windows: usable ones, their class, and the drawn background."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from seizure_core.intervals import Spans, covered
from seizure_core.signals.windows import WindowGrid
from training.data.settings import DatasetSettings, Labelling

WINDOWS = np.dtype(
    [("recording", np.int32), ("start", np.int64), ("label", np.int8), ("used", np.bool_)]
)
"""A window: recording, first sample, class (1 is seizure), and whether it is used.

Background windows that were not drawn stay in the index, for mining of hard ones.
"""

SEIZURE_LABEL, BACKGROUND_LABEL = 1, 0

# As in detection: windows with less real signal than this are not usable.
MIN_SIGNAL_FRACTION = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecordingSpans:
    """Labels of a recording's samples at the model's sampling rate.

    Attributes
    ----------
    ictal : Spans
        Its own seizures.
    guarded : Spans
        Seizures widened by the guard, including those of neighbouring files.
    gaps : Spans
        Without signal.
    uncertain : Spans
        Possible seizures: no window overlaps these.
    """

    n_samples: int
    ictal: Spans
    guarded: Spans
    gaps: Spans
    uncertain: Spans = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))


def is_seizure(
    n_ictal: NDArray[np.int64], window_samples: int, labelling: Labelling
) -> NDArray[np.bool_]:
    """Return which windows are seizure windows, from their numbers of ictal samples."""
    if labelling == "half":
        return np.asarray(2 * n_ictal >= window_samples)
    return np.asarray(n_ictal == window_samples if labelling == "inside" else n_ictal > 0)


def seizure_starts(spans: RecordingSpans, settings: DatasetSettings) -> NDArray[np.int64]:
    """Return the first samples of all seizure windows of a recording."""
    starts = _starts(spans, settings.window_samples, settings.seizure_stride_samples)
    n_ictal = covered(starts, settings.window_samples, spans.ictal)
    chosen: NDArray[np.int64] = starts[
        is_seizure(n_ictal, settings.window_samples, settings.labelling)
    ]
    return chosen


def background_starts(spans: RecordingSpans, window_samples: int, stride: int) -> NDArray[np.int64]:
    """Return the first samples of all windows outside seizures and guards."""
    starts = _starts(spans, window_samples, stride)
    free = covered(starts, window_samples, spans.guarded) == 0
    usable: NDArray[np.int64] = starts[free & (covered(starts, window_samples, spans.ictal) == 0)]
    return usable


def choose_windows(recordings: list[RecordingSpans], settings: DatasetSettings) -> NDArray[np.void]:
    """Return the index of a dataset: all usable windows, with the used ones marked.

    Returns
    -------
    ndarray of dtype WINDOWS
        Seizure windows first; within a class by recording and time.
    """
    window = settings.window_samples
    seizure = _rows(
        [seizure_starts(recording, settings) for recording in recordings], SEIZURE_LABEL
    )
    wanted = None
    if settings.balance is not None and len(seizure):
        wanted = round(settings.balance * len(seizure))
    background = seizure[:0]
    for stride in settings.background_strides:
        starts = [background_starts(recording, window, stride) for recording in recordings]
        background = _rows(starts, BACKGROUND_LABEL)
        if wanted is None or len(background) >= wanted:
            break
    seizure["used"] = True
    if wanted is None or wanted >= len(background):
        background["used"] = True
    else:
        drawn = np.random.default_rng(settings.seed).permutation(len(background))[:wanted]
        background["used"][drawn] = True
    return np.concatenate([seizure, background])


def _starts(spans: RecordingSpans, window_samples: int, stride: int) -> NDArray[np.int64]:
    grid = WindowGrid(
        n_samples=spans.n_samples, window_samples=window_samples, stride_samples=stride
    )
    starts = grid.starts
    n_missing = covered(starts, window_samples, spans.gaps)
    is_clear = covered(starts, window_samples, spans.uncertain) == 0
    kept: NDArray[np.int64] = starts[
        is_clear & (n_missing <= (1.0 - MIN_SIGNAL_FRACTION) * window_samples)
    ]
    return kept


def _rows(starts: list[NDArray[np.int64]], label: int) -> NDArray[np.void]:
    rows = np.zeros(sum(len(start) for start in starts), dtype=WINDOWS)
    rows["start"] = np.concatenate([np.zeros(0, dtype=np.int64), *starts])
    rows["recording"] = np.repeat(np.arange(len(starts)), [len(start) for start in starts])
    rows["label"] = label
    return rows
