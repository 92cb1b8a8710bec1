"""Positions of windows on a recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.bounds import MAX_WINDOWS, check_count
from seizure_core.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowGrid:
    """Windows of one length at one stride, the first at sample 0.

    Only complete windows count. Later samples are `n_rest_samples`: fewer than a stride, or the
    whole recording if it is shorter than a window.

    Attributes
    ----------
    n_samples : int
        Length of the recording.
    window_samples : int
        At least 1.
    stride_samples : int
        At least 1; may exceed the window.

    Raises
    ------
    ParameterError
        A length is out of bounds, or there are more than `MAX_WINDOWS`.
    """

    n_samples: int
    window_samples: int
    stride_samples: int

    def __post_init__(self) -> None:
        if self.n_samples < 0:
            raise ParameterError(
                "A recording cannot have {n_samples} samples.", n_samples=self.n_samples
            )
        if self.window_samples < 1:
            raise ParameterError(
                "A window must hold at least 1 sample; {window_samples} was asked for.",
                window_samples=self.window_samples,
            )
        if self.stride_samples < 1:
            raise ParameterError(
                "The stride must be at least 1 sample; {stride_samples} was asked for.",
                stride_samples=self.stride_samples,
            )
        check_count(
            self.n_windows,
            MAX_WINDOWS,
            "At most {most} windows can be taken of a recording; this stride would make {n}. "
            "Choose a longer one.",
        )

    @property
    def n_windows(self) -> int:
        """Number of complete windows; 0 if the recording is shorter than one."""
        if self.n_samples < self.window_samples:
            return 0
        return (self.n_samples - self.window_samples) // self.stride_samples + 1

    @property
    def starts(self) -> NDArray[np.int64]:
        """First sample of every window, shape (n_windows,)."""
        return np.arange(self.n_windows, dtype=np.int64) * self.stride_samples

    @property
    def centres(self) -> NDArray[np.float64]:
        """Centre of every window in samples, may be halves, shape (n_windows,)."""
        return self.starts + np.float64(self.window_samples / 2)

    @property
    def n_rest_samples(self) -> int:
        """Samples at the end that are in no window."""
        if not self.n_windows:
            return self.n_samples
        return self.n_samples - self.bounds(self.n_windows - 1)[1]

    def bounds(self, index: int) -> tuple[int, int]:
        """Return the first sample of a window and its end.

        Raises
        ------
        ParameterError
            There is no window of that number.
        """
        if not 0 <= index < self.n_windows:
            raise ParameterError(
                "There are {n_windows} windows; {index} does not exist.",
                n_windows=self.n_windows,
                index=index,
            )
        start = index * self.stride_samples
        return start, start + self.window_samples

    def inside(self, start: int, stop: int) -> range:
        """Return the numbers of the windows that are completely in samples `[start, stop)`."""
        first = -(-max(start, 0) // self.stride_samples)
        last = (min(stop, self.n_samples) - self.window_samples) // self.stride_samples
        return range(first, max(last + 1, first))

    def starts_s(self, sampling_rate_hz: float) -> NDArray[np.float64]:
        """Return the start of every window in seconds, shape (n_windows,)."""
        return self.starts / sampling_rate_hz

    def centres_s(self, sampling_rate_hz: float) -> NDArray[np.float64]:
        """Return the middle of every window in seconds, shape (n_windows,)."""
        return self.centres / sampling_rate_hz
