"""A simulated recording, and its conversion to a `Recording`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.recording import MICROVOLT, Annotation, Channel, Recording, Segment


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedRecording:
    """Simulated signals and their true events.

    Attributes
    ----------
    labels : tuple of str
        Electrodes, or derivations such as "FP1-F7".
    events : tuple of Event
        Seizures, with focus as channel and kind as text.
    """

    labels: tuple[str, ...]
    signals_uv: NDArray[np.float32]
    sampling_rate_hz: float
    events: tuple[Event, ...]

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return float(self.signals_uv.shape[1] / self.sampling_rate_hz)

    def derive(self, derivations: Sequence[str]) -> SimulatedRecording:
        """Return the recording with derivations as channels.

        Parameters
        ----------
        derivations : sequence of str
            "A-B", of electrodes in this recording; may repeat.

        Raises
        ------
        ParameterError
            An electrode is not in this recording.
        """
        rows = []
        for derivation in derivations:
            plus, _, minus = derivation.partition("-")
            if plus not in self.labels or minus not in self.labels:
                raise ParameterError(
                    "{derivation} cannot be derived from {labels}.",
                    derivation=derivation,
                    labels=", ".join(self.labels),
                )
            rows.append(
                self.signals_uv[self.labels.index(plus)] - self.signals_uv[self.labels.index(minus)]
            )
        return SimulatedRecording(
            labels=tuple(derivations),
            signals_uv=np.stack(rows),
            sampling_rate_hz=self.sampling_rate_hz,
            events=self.events,
        )

    def as_recording(self, file_name: str = "simulated") -> Recording:
        """Return a `Recording` of these signals, without a file."""
        n_samples = self.signals_uv.shape[1]
        channels = tuple(
            Channel(
                label=label,
                unit=MICROVOLT,
                stored_unit=MICROVOLT,
                sampling_rate_hz=self.sampling_rate_hz,
                n_samples=n_samples,
                minimum=-np.inf,
                maximum=np.inf,
            )
            for label in self.labels
        )
        return Recording(
            file_name=file_name,
            format="simulated",
            duration_s=self.duration_s,
            start_time=None,
            channels=channels,
            annotations=tuple(
                Annotation(onset_s=e.onset_s, duration_s=e.duration_s, text=f"seizure ({e.text})")
                for e in self.events
            ),
            segments=(Segment(start_s=0.0, duration_s=self.duration_s),),
            findings=(),
            reader=_ArrayReader(self.signals_uv),
        )


@dataclass(frozen=True, slots=True)
class _ArrayReader:
    """A `SignalReader` of an array in memory."""

    signals: NDArray[np.float32]

    def read_samples(
        self, channel_indices: Sequence[int], start: int, stop: int
    ) -> NDArray[np.float32]:
        return self.signals[list(channel_indices), start:stop]
