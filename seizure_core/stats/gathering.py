"""One reading of a recording from which statistics, spectra and likeness of channels come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.recording import Recording
from seizure_core.signals.blocks import RateGroup, SignalBlock
from seizure_core.signals.quality import QualityMonitor
from seizure_core.signals.quality_report import ChannelQuality
from seizure_core.stats.equal_channels import PairFinder
from seizure_core.stats.moments import Moments
from seizure_core.stats.pieces import Recutter, SignalPiece
from seizure_core.stats.ranks import RankFinder
from seizure_core.stats.spectra import PowerSpectrum
from seizure_core.stats.waveform import Waveform
from seizure_core.stats.welch import WelchAverage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gathered:
    """What a reading shows, by the channels' positions.

    Attributes
    ----------
    moments, waveforms, qualities, spectra : dict
        What was seen of each channel.
    ranks : dict
        Finders that have counted, and want a second reading.
    equal : list of tuple of int
        Channels that hold the same values.
    opposite : list of (int, int)
        Channels of which one is the other with its sign turned.
    """

    moments: dict[int, Moments]
    waveforms: dict[int, Waveform]
    ranks: dict[int, RankFinder]
    qualities: dict[int, ChannelQuality]
    spectra: dict[int, PowerSpectrum]
    equal: list[tuple[int, ...]]
    opposite: list[tuple[int, int]]


class Gatherer:
    """What is gathered of the channels of one sampling rate.

    Parameters
    ----------
    recording : Recording
        The file.
    group : RateGroup
        The channels.
    """

    def __init__(self, recording: Recording, group: RateGroup) -> None:
        self._group = group
        self._channels = [recording.channels[index] for index in group.channel_indices]
        self._recutter = Recutter(len(self._channels))
        self._monitor = QualityMonitor(self._channels, group.sampling_rate_hz)
        self._pairs = PairFinder(len(self._channels))
        self._moments = [Moments() for _ in self._channels]
        self._ranks = [RankFinder() for _ in self._channels]
        self._waveforms = [Waveform() for _ in self._channels]
        self._spectra = [
            WelchAverage(group.sampling_rate_hz, group.n_samples) for _ in self._channels
        ]

    def gather(self, block: SignalBlock) -> None:
        """Take in the block that follows; its length changes no result."""
        self._monitor.add(block.signals)
        for row, ranks in zip(block.signals, self._ranks, strict=True):
            ranks.count(row[np.isfinite(row)])
        for rows in self._recutter.add(block.signals):
            self._take(rows)

    def _take(self, rows: NDArray[np.float32]) -> None:
        self._pairs.add(rows)
        for row, moments, waveform, spectrum in zip(
            rows, self._moments, self._waveforms, self._spectra, strict=True
        ):
            piece = SignalPiece.of(row)
            moments.add(piece.present)
            waveform.add(piece)
            spectrum.add(piece)

    def results(self) -> Gathered:
        """Return what was gathered; the gatherer is done with."""
        for rows in self._recutter.rest():
            self._take(rows)
        indices = self._group.channel_indices
        return Gathered(
            moments=dict(zip(indices, self._moments, strict=True)),
            waveforms=dict(zip(indices, self._waveforms, strict=True)),
            ranks=dict(zip(indices, self._ranks, strict=True)),
            qualities=dict(zip(indices, self._monitor.results(), strict=True)),
            spectra={
                index: PowerSpectrum.of(index + 1, channel, average)
                for index, channel, average in zip(
                    indices, self._channels, self._spectra, strict=True
                )
            },
            equal=[tuple(indices[i] for i in rows) for rows in self._pairs.equal_classes()],
            opposite=[(indices[i], indices[j]) for i, j in self._pairs.opposite_pairs()],
        )


def merged(parts: Sequence[Gathered]) -> Gathered:
    """Return what was gathered of all sampling rates together."""
    return Gathered(
        moments={i: value for part in parts for i, value in part.moments.items()},
        waveforms={i: value for part in parts for i, value in part.waveforms.items()},
        ranks={i: value for part in parts for i, value in part.ranks.items()},
        qualities={i: value for part in parts for i, value in part.qualities.items()},
        spectra={i: value for part in parts for i, value in part.spectra.items()},
        equal=[members for part in parts for members in part.equal],
        opposite=[pair for part in parts for pair in part.opposite],
    )
