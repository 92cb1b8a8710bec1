"""How much is computed and read for a recording: counts, for times jitter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.display.envelope import Envelope
from seizure_core.display.montages import BUILT_IN, fit_montage
from seizure_core.recording import Recording, SignalReader
from seizure_core.signals.windows import WindowGrid
from tests.memory_recording import memory_recording
from zoo.inference.sliding import sliding_probabilities
from zoo.inference.window_rows import window_rows
from zoo.layers.network import build_network
from zoo.loading import load_detector
from zoo.presets import preset

RATE_HZ = 256
aten = torch.ops.aten


class MultiplyAdds(TorchDispatchMode):
    """Counts the multiply-adds of convolutions and matrix products as they are carried out."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> object:
        result = func(*args, **(kwargs or {}))
        name = func.overloadpacket
        if name in (aten.convolution, aten.conv1d):
            self.total += result.numel() * prod(args[1].shape[1:])
        elif name in (aten.addmm, aten.addmm_):
            self.total += result.numel() * args[1].shape[1]
        elif name is aten.addbmm_:
            self.total += result.numel() * args[1].shape[0] * args[1].shape[2]
        elif name is aten.linear:
            self.total += result.numel() * args[1].shape[1]
        elif name is aten.mm:
            self.total += result.numel() * args[0].shape[1]
        return result


def multiply_adds(work: Callable[[], object]) -> int:
    with MultiplyAdds() as counter:
        work()
    return counter.total


def slide(network: nn.Module, signals: NDArray[np.float32], window: int, hop: int) -> None:
    # One block: it is worked on in this thread, where the counter is.
    list(sliding_probabilities(network, [signals], window_samples=window, stride_samples=hop))


@pytest.mark.parametrize(("name", "share"), [("n1spool-cnn", 0.25), ("aligned-cnn", 1.6 / 6)])
def test_shared_evaluation_does_a_fraction_of_the_multiply_adds(name: str, share: float) -> None:
    one = preset(name)
    n_channels = one.n_channels or 0
    network = build_network(one.layers, n_channels, one.n_samples).eval()
    n_windows = 91
    signals = np.zeros((n_channels, one.n_samples + (n_windows - 1) * RATE_HZ), dtype=np.float32)
    with torch.inference_mode():
        window = torch.zeros(1, n_channels, one.n_samples)
        windowed = n_windows * multiply_adds(lambda: network(window))
    shared = multiply_adds(lambda: slide(network, signals, one.n_samples, RATE_HZ))
    assert 0 < shared < share * windowed


def test_windows_that_do_not_overlap_cost_what_they_cost_alone() -> None:
    one = preset("n1spool-cnn")
    network = build_network(one.layers, 23, one.n_samples).eval()
    signals = np.zeros((23, 5 * one.n_samples), dtype=np.float32)
    with torch.inference_mode():
        window = torch.zeros(1, 23, one.n_samples)
        alone = multiply_adds(lambda: network(window))
    found = multiply_adds(lambda: slide(network, signals, one.n_samples, one.n_samples))
    # At most some positions near the ends twice.
    assert 0 < 5 * alone <= found <= 1.01 * 5 * alone


@dataclass
class CountingReader:
    """Counts the samples that are asked of a recording."""

    reader: SignalReader
    n_samples: int = field(default=0)

    def read_samples(
        self, channel_indices: Sequence[int], start: int, stop: int
    ) -> NDArray[np.float32]:
        self.n_samples += len(channel_indices) * (stop - start)
        return self.reader.read_samples(channel_indices, start, stop)


def counted(labels: Sequence[str], duration_s: float) -> tuple[Recording, CountingReader]:
    recording = memory_recording(labels, sampling_rates_hz=RATE_HZ, duration_s=duration_s)
    counter = CountingReader(recording.reader)
    return replace(recording, reader=counter), counter


def test_every_sample_is_read_once() -> None:
    # One label twice would be compared first; that is no part of the sliding.
    labels = [*CHBMIT_23[:-1], "P8-T8"]
    duration_s = 700.0
    recording, counter = counted(labels, duration_s)
    detector = load_detector("n1spool-cnn")
    model_input = detector.prepare(recording)
    contract = detector.card.input
    grid = WindowGrid(
        n_samples=model_input.n_samples,
        window_samples=contract.window_samples,
        stride_samples=contract.stride_samples,
    )
    counter.n_samples = 0
    rows = window_rows(detector.network, model_input, grid)
    assert len(rows.probabilities) == duration_s - contract.window_s + 1
    assert counter.n_samples == len(model_input.channel_indices) * duration_s * RATE_HZ


def test_the_whole_file_and_its_envelope_are_read_in_one_pass() -> None:
    recording, counter = counted(CHBMIT_23[:22], 700.0)
    recording.read()
    assert counter.n_samples == 22 * 700 * RATE_HZ
    counter.n_samples = 0
    envelope = Envelope(recording, fit_montage(recording, BUILT_IN[0]).rows)
    envelope.build()
    assert counter.n_samples == 22 * 700 * RATE_HZ
