"""Texts of numbers for tests: made, written, and what is said about them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.io.text.layout import TextLayout
from seizure_core.recording import Recording


def messages(recording: Recording | TextLayout) -> str:
    return "\n".join(finding.message for finding in recording.findings)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def noise(n_rows: int, n_channels: int, *, seed: int = 0, scale: float = 40.0) -> NDArray:
    return np.random.default_rng(seed).normal(scale=scale, size=(n_rows, n_channels)).round(3)


def table(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(str(cell) for cell in row) + "\n" for row in rows)


def timed(values: NDArray, rate_hz: float, digits: int = 6) -> list[list[object]]:
    return [[f"{i / rate_hz:.{digits}f}", *row] for i, row in enumerate(values)]
