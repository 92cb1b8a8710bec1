"""What every window has for itself: positions near its ends, where zero padding takes part."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


class Ends:
    """Positions at one end of every window, computed when they are asked for.

    Some never are: a pooling may leave out the last positions of a padded convolution. Nor are
    they where the layout says that there are none.

    Parameters
    ----------
    compute : callable
        Returns them.
    """

    def __init__(self, compute: Callable[[], torch.Tensor]) -> None:
        self._compute: Callable[[], torch.Tensor] | None = compute
        self._values: torch.Tensor | None = None

    @property
    def values(self) -> torch.Tensor:
        """The positions, shape (n_rows, n_windows, n_channels, n_positions)."""
        if self._compute is not None:
            self._values = self._compute()
            # What they were made of may be let go: its memory is used for the next layers.
            self._compute = None
        assert self._values is not None
        return self._values

    def mapped(self, function: Callable[[torch.Tensor], torch.Tensor]) -> Ends:
        """Return what a function of such positions makes of them."""
        return Ends(lambda: function(self.values))
