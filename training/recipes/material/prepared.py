"""Signals as the net sees them, kept small in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.event import Event
from seizure_core.recording import Recording
from seizure_core.signals.model_input import prepare_input
from zoo.card.sections import InputSection

StoredSignals = NDArray[np.float16]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """One recording as input of a net.

    Attributes
    ----------
    signals : ndarray of float16, shape (n_channels, n_samples)
        After all preprocessing; half precision keeps three digits, which is finer than the
        recorders' own noise at the scale of these nets.
    sampling_rate_hz : float
    seizures : tuple of Event
        Seconds from the first sample.
    """

    signals: StoredSignals
    sampling_rate_hz: float
    seizures: tuple[Event, ...] = ()

    @property
    def n_samples(self) -> int:
        """Length in samples."""
        return int(self.signals.shape[1])

    def cut(self, start: int, n_samples: int) -> NDArray[np.float32]:
        """Return a copy of samples `[start, start + n_samples)`."""
        return self.signals[:, start : start + n_samples].astype(np.float32)

    def ictal_fraction(self, start: int, n_samples: int) -> float:
        """Return which share of samples `[start, start + n_samples)` is seizure, 0 to 1."""
        start_s, stop_s = (
            start / self.sampling_rate_hz,
            (start + n_samples) / self.sampling_rate_hz,
        )
        overlaps = (
            max(0.0, min(stop_s, event.offset_s) - max(start_s, event.onset_s))
            for event in self.seizures
        )
        return sum(overlaps) / (stop_s - start_s)

    def ictal_mask(self, start: int, n_samples: int) -> NDArray[np.float32]:
        """Return 1 for each of samples `[start, start + n_samples)` that is seizure, else 0."""
        mask = np.zeros(n_samples, dtype=np.float32)
        for event in self.seizures:
            first = round(event.onset_s * self.sampling_rate_hz) - start
            last = round(event.offset_s * self.sampling_rate_hz) - start
            mask[max(first, 0) : max(last, 0)] = 1.0
        return mask


def prepare(
    recording: Recording, contract: InputSection, seizures: Sequence[Event] = ()
) -> Prepared:
    """Make a recording the input of a net, by the very code that prediction uses.

    Parameters
    ----------
    recording : Recording
    contract : InputSection
        The input section of the card to be.
    seizures : sequence of Event
        What is known about it.

    Raises
    ------
    CoverageError, RecordingError
        The recording does not fit the net or cannot be read.
    """
    model_input = prepare_input(
        recording,
        channels=contract.channels,
        sampling_rate_hz=contract.sampling_rate_hz,
        preprocessing=contract.preprocessing,
        min_coverage=contract.min_coverage,
        min_channels=contract.min_channels or 1,
    )
    signals = np.concatenate([block.astype(np.float16) for block in model_input.blocks()], axis=1)
    return Prepared(
        signals=signals, sampling_rate_hz=contract.sampling_rate_hz, seizures=tuple(seizures)
    )
