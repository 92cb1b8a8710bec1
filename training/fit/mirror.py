"""Left-right mirroring of a montage: which channel becomes which, and with which sign."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.labels import normalise_label
from training.errors import TrainingError

_NUMBERED = re.compile(r"(?P<name>[A-Z]+)(?P<number>[0-9]+)(?P<half>H?)")


def mirror_plan(channels: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return for each channel the one that stands in its place when the head is mirrored.

    Parameters
    ----------
    channels : sequence of str
        Derivations or electrodes.

    Returns
    -------
    sources : ndarray of int64, shape (n_channels,)
        Position of the mirrored channel.
    signs : ndarray of float32, shape (n_channels,)
        -1 where that channel is the other way round.

    Raises
    ------
    TrainingError
        The montage lacks the mirrored channel of one of its channels.
    """
    names = [normalise_label(channel) for channel in channels]
    sources, signs, lacking = [], [], []
    for name in names:
        ends = [mirrored_electrode(end) for end in name.split("-")]
        forward, backward = "-".join(ends), "-".join(reversed(ends))
        if forward in names:
            sources.append(names.index(forward))
            signs.append(1.0)
        elif backward in names:
            sources.append(names.index(backward))
            signs.append(-1.0)
        else:
            lacking.append(f"{name} (its mirror is {forward})")
    if lacking:
        raise TrainingError(
            "Left and right cannot be mirrored, because the montage is not symmetric: "
            "{lacking}. Set augmentation.mirror to 0.",
            lacking=", ".join(lacking[:6]),
        )
    return np.array(sources, dtype=np.int64), np.array(signs, dtype=np.float32)


def mirrored_electrode(name: str) -> str:
    """Return the electrode on the other side: odd numbers are left, even ones right."""
    match = _NUMBERED.fullmatch(name)
    if match is None:
        return name
    number = int(match["number"])
    return f"{match['name']}{number + 1 if number % 2 else number - 1}{match['half']}"
