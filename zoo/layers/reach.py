"""Which input samples every step of a layer sees, kept exactly.

A formula of kernel and stride is right in the middle of a long window only. At its edges, where
padding ends, between uneven cells and behind upsampling it says too little or too much, so the
first and the last sample are kept for every step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int32]

# Of a step that sees no sample: only zeros of a padding, or only a bias.
_NO_FIRST = np.iinfo(np.int32).max
_NO_LAST = -1


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """The first and the last input sample that each step along time sees, over all channels.

    Attributes
    ----------
    first, last : array of int, shape (n_steps,)
        A flat vector, where time is gone, is one step.
    """

    first: Indices
    last: Indices

    @classmethod
    def of_window(cls, n_samples: int) -> Reach:
        """Return what is seen before the first layer: every sample sees itself."""
        own = np.arange(n_samples, dtype=np.int32)
        return cls(own, own)

    @property
    def field(self) -> int:
        """Most input samples from the first to the last one that a step sees."""
        spans = self.last.astype(np.int64) - self.first + 1
        return max(0, int(spans.max()))

    def windowed(
        self, n_taps: int, *, step: int, dilation: int, padding: tuple[int, int] = (0, 0)
    ) -> Reach:
        """Return the reach of steps that look at `n_taps` values, `dilation` apart.

        A negative padding cuts.
        """
        return Reach(
            _slide(_padded(self.first, padding, _NO_FIRST), np.minimum, n_taps, dilation)[::step],
            _slide(_padded(self.last, padding, _NO_LAST), np.maximum, n_taps, dilation)[::step],
        )

    def spread(self, step: int) -> Reach:
        """Return the reach with `step - 1` zeros put between the steps."""
        if step == 1:
            return self
        n_steps = (len(self.first) - 1) * step + 1
        first = np.full(n_steps, _NO_FIRST, dtype=np.int32)
        last = np.full(n_steps, _NO_LAST, dtype=np.int32)
        first[::step], last[::step] = self.first, self.last
        return Reach(first, last)

    def gathered(self, starts: NDArray[Any], stops: NDArray[Any]) -> Reach:
        """Return the reach of steps that look at the values from `starts` to before `stops`."""
        pairs = np.stack([starts, stops], axis=1).ravel()
        first = np.minimum.reduceat(np.append(self.first, np.int32(_NO_FIRST)), pairs)
        last = np.maximum.reduceat(np.append(self.last, np.int32(_NO_LAST)), pairs)
        return Reach(first[::2], last[::2])

    def so_far(self) -> Reach:
        """Return the reach of steps that look at themselves and all earlier ones."""
        return Reach(np.minimum.accumulate(self.first), np.maximum.accumulate(self.last))

    def mixed(self, n_steps: int = 1) -> Reach:
        """Return the reach of `n_steps` steps that look at everything."""
        return Reach(
            np.broadcast_to(self.first.min(), (n_steps,)),
            np.broadcast_to(self.last.max(), (n_steps,)),
        )

    def joined(self, other: Reach) -> Reach:
        """Return the reach of steps made of a step of each."""
        return Reach(np.minimum(self.first, other.first), np.maximum(self.last, other.last))


def _padded(values: Indices, padding: tuple[int, int], nothing: int) -> Indices:
    left, right = padding
    if left > 0 or right > 0:
        values = np.pad(values, (max(left, 0), max(right, 0)), constant_values=nothing)
    return values[max(-left, 0) : len(values) - max(-right, 0)]


def _slide(values: Indices, pick: np.ufunc, n_taps: int, dilation: int) -> Indices:
    """Return the least (or largest) of `n_taps` values for every start, in log(n_taps) passes."""
    width, best = 1, values
    while 2 * width <= n_taps:
        shift = width * dilation
        best = pick(best[:-shift], best[shift:])
        width *= 2
    shift = (n_taps - width) * dilation
    return pick(best[:-shift], best[shift:]) if shift else best
