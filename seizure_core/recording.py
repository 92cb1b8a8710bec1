"""The `Recording`: common representation of recordings of all formats.

It is lazy: it holds the header's information and a reader that fetches samples on request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import ParameterError, RecordingError, shown
from seizure_core.messages import Message

MICROVOLT = "uV"
CODE = "code"
"""Unit of trigger codes."""
UNCALIBRATED = "uncalibrated"
"""Unit of channels without a usable scale."""

Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One stored signal (annotation signals are not channels).

    Attributes
    ----------
    label : str
        As in the file, stripped of spaces; may repeat.
    unit : str
        Unit of what `Recording.read` returns: "uV" for every voltage, "code" for trigger codes,
        `UNCALIBRATED` without a usable scale, else as stored.
    stored_unit : str
        As in the file ("mV", "uV", "" ...).
    n_samples : int
        On the recording's time axis, gaps included.
    minimum, maximum : float
        Ends of the recorder's range, in `unit`: samples there are clipped.
    is_bad : bool
        Whether a reader marked it as bad: it can be looked at, but nothing is derived from it.
    """

    label: str
    unit: str
    stored_unit: str
    sampling_rate_hz: float
    n_samples: int
    minimum: float
    maximum: float
    is_bad: bool = False

    @property
    def is_voltage(self) -> bool:
        """Whether samples are in microvolts."""
        return self.unit == MICROVOLT

    @property
    def may_be_voltage(self) -> bool:
        """Whether samples are in microvolts or have no unit, and the channel is not bad."""
        return not self.is_bad and (self.is_voltage or not self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A text with a time, as stored in a file.

    Attributes
    ----------
    onset_s : float
        In seconds from the start of the recording.
    duration_s : float or None
        None where the file gives none.
    """

    onset_s: float
    duration_s: float | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Information for the user about a file or a result.

    A recording with an error is not used in datasets and scores, which need to know its seizures. A
    caveat casts doubt on a whole result and is shown before it.
    """

    severity: Severity
    message: str
    is_caveat: bool = False

    @classmethod
    def info(cls, template: str, /, **values: Any) -> Finding:
        """Return a note."""
        return cls(severity="info", message=Message(template, **values))

    @classmethod
    def warning(cls, template: str, /, **values: Any) -> Finding:
        """Return a warning about a possible problem."""
        return cls(severity="warning", message=Message(template, **values))

    @classmethod
    def caveat(cls, template: str, /, **values: Any) -> Finding:
        """Return a warning that casts doubt on the whole result."""
        return cls(severity="warning", message=Message(template, **values), is_caveat=True)

    @classmethod
    def error(cls, template: str, /, **values: Any) -> Finding:
        """Return an error."""
        return cls(severity="error", message=Message(template, **values))


def caveats_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return unique findings, caveats first."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: not finding.is_caveat))


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """An uninterrupted part of a recording; recordings without gaps have exactly one."""

    start_s: float
    duration_s: float

    @property
    def stop_s(self) -> float:
        """End of the stretch, seconds from the start of the recording."""
        return self.start_s + self.duration_s


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """One of the files that were opened as one recording."""

    file_name: str
    start_s: float
    duration_s: float

    @property
    def stop_s(self) -> float:
        """End of the file, seconds from the start of the recording."""
        return self.start_s + self.duration_s


class SignalReader(Protocol):
    """Fetches samples of one file; implemented by every format."""

    def read_samples(
        self, channel_indices: Sequence[int], start: int, stop: int
    ) -> NDArray[np.float32]:
        """Return samples `[start, stop)` of channels with the same sampling rate.

        Parameters
        ----------
        channel_indices : sequence of int
            Positions in `Recording.channels`.
        start, stop : int
            Samples on the recording's time axis, `0 <= start <= stop <= n_samples`.

        Returns
        -------
        ndarray of float32, shape (n_channels, stop - start)
            In each channel's `unit`; NaN in gaps.
        """
        ...


@runtime_checkable
class ScalingReader(SignalReader, Protocol):
    """A reader that can scale samples while decoding."""

    def read_scaled(
        self,
        channel_indices: Sequence[int],
        factors: Sequence[float],
        start: int,
        stop: int,
        out: NDArray[np.float32],
    ) -> bool:
        """Write each channel's samples times its factor to `out`.

        Parameters
        ----------
        channel_indices, start, stop
            See `read_samples`; a channel may occur more than once.
        factors : sequence of float
            One per channel.
        out : ndarray of float32, shape (n_channels, stop - start)
            Contiguous along time.

        Returns
        -------
        bool
            Whether all values are certainly finite.
        """
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Recording:
    """One EEG recording, opened lazily.

    Attributes
    ----------
    file_name : str
        Without folder.
    format : str
        "EDF", "EDF+C", "EDF+D", "BDF", "BDF+C", "BDF+D", "CSV" ...
    duration_s : float
        From the first to the last sample, gaps included.
    start_time : datetime or None
        Wall-clock start, if the file has a valid one.
    channels : tuple of Channel
        In file order, without annotation signals.
    annotations : sequence of Annotation
        Sorted by onset; may be read on first use, because some formats spread them over the whole
        file.
    segments : tuple of Segment
        Uninterrupted parts, in order.
    findings : sequence of Finding
        Everything unusual about the file; may be computed on first use.
    parts : tuple of FilePart
        Files of a sequence, in order; empty for a single file.
    unreadable_marks : sequence of str
        Texts of annotations without a readable time.
    """

    file_name: str
    format: str
    duration_s: float
    start_time: datetime | None
    channels: tuple[Channel, ...]
    annotations: Sequence[Annotation]
    segments: tuple[Segment, ...]
    findings: Sequence[Finding]
    reader: SignalReader
    parts: tuple[FilePart, ...] = ()
    unreadable_marks: Sequence[str] = ()

    @property
    def labels(self) -> list[str]:
        """Labels of the channels, in file order."""
        return [channel.label for channel in self.channels]

    def with_bad_channels(self, channels: Sequence[str | int]) -> Recording:
        """Return the recording with these channels marked as bad, and no others.

        Raises
        ------
        ParameterError
            There is no such label or position.
        """
        bad = set(self.channel_indices(channels)) if channels else set()
        marked = tuple(
            replace(channel, is_bad=index in bad) for index, channel in enumerate(self.channels)
        )
        return replace(self, channels=marked)

    def channel_indices(self, channels: Sequence[str | int] | None) -> list[int]:
        """Return positions of channels by label or position; None or empty means all.

        A repeated label is that of its first channel; use positions for the others.

        Raises
        ------
        ParameterError
            There is no such label or position.
        """
        if not channels:
            return list(range(len(self.channels)))
        return [self._channel_index(channel) for channel in channels]

    def _channel_index(self, channel: str | int) -> int:
        if isinstance(channel, str):
            if channel in self.labels:
                return self.labels.index(channel)
            raise ParameterError(
                "{file_name} has no channel {channel}. It has: {labels}.",
                file_name=self.file_name,
                channel=shown(channel),
                labels=", ".join(self.labels),
            )
        if not 0 <= channel < len(self.channels):
            raise ParameterError(
                "{file_name} has channels 0 to {n_channels}; {channel} is none.",
                file_name=self.file_name,
                n_channels=len(self.channels) - 1,
                channel=channel,
            )
        return channel

    def read_samples(
        self, channel_indices: Sequence[int], start: int, stop: int
    ) -> NDArray[np.float32]:
        """Return samples `[start, stop)` of channels with the same sampling rate.

        See `SignalReader.read_samples` for shapes and units. Raises `RecordingError` for channels
        of different rates and `ParameterError` for samples outside the recording.
        """
        if not channel_indices:
            return np.empty((0, stop - start), dtype=np.float32)
        self._check_bounds(channel_indices, start, stop)
        return self.reader.read_samples(channel_indices, start, stop)

    def read_scaled(
        self,
        channel_indices: Sequence[int],
        factors: Sequence[float],
        start: int,
        stop: int,
        out: NDArray[np.float32],
    ) -> bool:
        """Write each channel's samples times its factor to `out`; see `ScalingReader`."""
        self._check_bounds(channel_indices, start, stop)
        if isinstance(self.reader, ScalingReader):
            return self.reader.read_scaled(channel_indices, factors, start, stop, out)
        distinct = sorted(set(channel_indices))
        stored = self.reader.read_samples(distinct, start, stop)
        for row, index, factor in zip(out, channel_indices, factors, strict=True):
            np.multiply(stored[distinct.index(index)], np.float32(factor), out=row)
        return False

    def _common_rate_hz(self, channel_indices: Sequence[int]) -> float:
        rates = {self.channels[index].sampling_rate_hz for index in channel_indices}
        if len(rates) > 1:
            raise RecordingError(
                self.file_name,
                "the chosen channels have different sampling rates ({rates} Hz). Read channels of "
                "one rate at a time.",
                rates=", ".join(f"{rate:g}" for rate in sorted(rates)),
            )
        return rates.pop()

    def _check_bounds(self, channel_indices: Sequence[int], start: int, stop: int) -> None:
        self._common_rate_hz(channel_indices)
        n_samples = min(self.channels[i].n_samples for i in channel_indices)
        if not 0 <= start <= stop <= n_samples:
            raise ParameterError(
                "{file_name}: samples {start} to {stop} were asked for, it has {n_samples}.",
                file_name=self.file_name,
                start=start,
                stop=stop,
                n_samples=n_samples,
            )

    def read(
        self,
        channels: Sequence[str | int] | None = None,
        *,
        start_s: float = 0.0,
        length_s: float | None = None,
    ) -> NDArray[np.float32]:
        """Read a part of some or all channels.

        Parameters
        ----------
        channels : sequence of str or int, optional
            Labels or positions; None or empty means all.
        start_s : float
            In seconds from the start of the recording.
        length_s : float, optional
            None means to the end; clipped to the recording.

        Returns
        -------
        ndarray of float32, shape (n_channels, n_samples)
            Microvolts for voltages, else the channel's own unit; NaN in gaps.

        Raises
        ------
        ParameterError
            Unknown channel, start outside the recording, or length not positive.
        RecordingError
            The channels have different sampling rates.
        """
        indices = self.channel_indices(channels)
        if not indices:
            raise RecordingError(self.file_name, "it has no signal, only annotations.")
        if not 0 <= start_s < self.duration_s:
            raise ParameterError(
                "{file_name} lasts {duration_s:g} s; it cannot be read from {start_s:g} s on.",
                file_name=self.file_name,
                duration_s=self.duration_s,
                start_s=start_s,
            )
        if length_s is not None and not length_s > 0:
            raise ParameterError(
                "A length must be more than 0 s; {length_s:g} s was asked for.", length_s=length_s
            )
        rate_hz = self._common_rate_hz(indices)
        n_samples = min(self.channels[i].n_samples for i in indices)
        start = min(round(start_s * rate_hz), n_samples)
        wanted = n_samples if length_s is None else start + round(length_s * rate_hz)
        return self.reader.read_samples(indices, start, min(max(wanted, start), n_samples))
