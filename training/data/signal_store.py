"""Signals of a dataset on disk: each recording once, as model input, memory-mapped."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.intervals import Spans, spans_within, true_runs
from seizure_core.recording import Finding
from seizure_core.signals.model_input import ModelInput
from seizure_core.signals.quality import InputQuality
from training.documents import write_error
from training.errors import DatasetError

_VALUE = np.dtype("<f4")
# Fixed, because the hash depends on it.
_BLOCK_SAMPLES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredSignals:
    """Facts about the stored signals of a recording.

    Attributes
    ----------
    sha256 : str
        Of the samples, in blocks of 65,536 samples of all channels.
    findings : tuple of Finding
        On signal quality.
    """

    sha256: str
    gaps: Spans
    findings: tuple[Finding, ...]


def store_signals(
    path: Path, model_input: ModelInput, progress: Callable[[float], None] | None = None
) -> StoredSignals:
    """Write a model's input as float32, channel by channel.

    Parameters
    ----------
    progress : callable, optional
        Called with the fraction done.

    Raises
    ------
    DatasetError
        The disk is full.
    RecordingError
        The recording cannot be read.
    """
    shape = (model_input.n_channels, model_input.n_samples)
    _reserve(path, stored_bytes(model_input))
    signals = np.memmap(path, dtype=_VALUE, mode="r+", shape=shape)
    digest = hashlib.sha256()
    gaps: list[tuple[int, int]] = []
    quality = InputQuality(model_input)
    for block in model_input.blocks_with_gaps(_BLOCK_SAMPLES, watch=quality.add):
        stop = block.start + block.signals.shape[1]
        signals[:, block.start : stop] = block.signals
        digest.update(np.ascontiguousarray(block.signals, dtype=_VALUE).data)
        gaps += [(block.start + a, block.start + b) for a, b in true_runs(block.gap)]
        if progress is not None:
            progress(stop / max(shape[1], 1))
    signals.flush()
    return StoredSignals(
        sha256=digest.hexdigest(),
        gaps=spans_within(gaps, shape[1]),
        findings=quality.findings(),
    )


def stored_bytes(model_input: ModelInput) -> int:
    """Return the bytes that `store_signals` takes on disk."""
    return model_input.n_channels * model_input.n_samples * _VALUE.itemsize


def open_signals(path: Path, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Memory-map stored signals, read-only, shape (n_channels, n_samples).

    Raises
    ------
    DatasetError
        The file is missing or does not have the size in the dataset's card.
    """
    expected = shape[0] * shape[1] * _VALUE.itemsize
    try:
        size = path.stat().st_size
        if size == expected:
            return np.memmap(path, dtype=_VALUE, mode="r", shape=shape)
    except OSError as error:
        raise DatasetError(
            "The signals {file_name} of the dataset cannot be read ({strerror}). Create the "
            "dataset again.",
            file_name=path.name,
            strerror=error.strerror,
        ) from error
    raise DatasetError(
        "The signals {file_name} of the dataset have {size} bytes instead of {expected}: the "
        "dataset is damaged. Create it again.",
        file_name=path.name,
        size=size,
        expected=expected,
    )


def _reserve(path: Path, n_bytes: int) -> None:
    """Reserve the disk space first: running out of it during mapped writes kills the process."""
    try:
        with path.open("xb") as file:
            if hasattr(os, "posix_fallocate") and n_bytes:
                os.posix_fallocate(file.fileno(), 0, n_bytes)
            else:
                file.truncate(n_bytes)
    except OSError as error:
        reason = write_error("the signals of the dataset", error)
        raise DatasetError(
            "{reason} {size_mb:.0f} MB are needed for one file.",
            reason=reason,
            size_mb=n_bytes / 1e6,
        ) from error
