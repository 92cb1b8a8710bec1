"""Processes that train one network together, as `torchrun` starts them (DistributedDataParallel).

Each takes its share of every batch, so that the result is that of one process at the same batch
size. The first one, rank 0, measures, decides and writes; it tells the others.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

# Longer than the first one waits for its turn, or measures a network while the others wait.
_PATIENCE = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    """A process among those that train together; the default trains alone.

    Attributes
    ----------
    rank : int
        From 0.
    size : int
        Number of processes.
    device : str
        Where they exchange numbers: "cuda" or "cpu".
    """

    rank: int = 0
    size: int = 1
    device: str = "cpu"

    @property
    def leads(self) -> bool:
        """Whether this process measures, decides and writes."""
        return self.rank == 0

    @property
    def place(self) -> tuple[int, ...]:
        """Further place of random numbers, which differ from those of the first process."""
        return () if self.leads else (self.rank,)

    def share(self, n_windows: int) -> slice:
        """Return the windows of a batch that are this process's; all of one that is too small."""
        # Batch statistics need two.
        return slice(self.rank, None, self.size) if n_windows >= 2 * self.size else slice(None)

    def part_of_loss(self, labels: torch.Tensor, weights: torch.Tensor | None) -> float:
        """Return the factor with which the mean loss of a share enters the mean over processes.

        Parameters
        ----------
        labels : Tensor
            Of the whole batch.
        weights : Tensor or None
            Of the classes.
        """
        if self.size == 1:
            return 1.0
        mine = labels[self.share(len(labels))]
        n_shares = 1 if len(mine) == len(labels) else self.size
        return n_shares * _weight(mine, weights) / _weight(labels, weights)

    def wrapped(self, network: torch.nn.Module) -> torch.nn.Module:
        """Return a network whose gradients are the mean over the processes."""
        if self.size == 1:
            return network
        from torch.nn.parallel import DistributedDataParallel

        return DistributedDataParallel(network)

    def with_shared_statistics(self, network: torch.nn.Module) -> torch.nn.Module:
        """Return a network whose batch statistics are those of the whole batch; on GPUs only."""
        if self.size == 1 or self.device != "cuda":
            return network
        import torch

        shared: torch.nn.Module = torch.nn.SyncBatchNorm.convert_sync_batchnorm(network)  # type: ignore[no-untyped-call]
        return shared

    def mean(self, value: torch.Tensor) -> float:
        """Return the mean of a number over the processes."""
        if self.size == 1:
            return float(value)
        from torch import distributed

        total = value.clone()
        distributed.all_reduce(total)
        return float(total) / self.size

    def agreed(self, value: Any) -> Any:
        """Return the first process's value, plain data, in all of them."""
        if self.size == 1:
            return value
        import torch
        from torch import distributed

        # As JSON: the library's own way to send objects unpickles them.
        data = json.dumps(value).encode() if self.leads else b""
        length = torch.tensor([len(data)], device=self.device)
        distributed.broadcast(length, 0)
        content = torch.zeros(int(length), dtype=torch.uint8, device=self.device)
        if self.leads:
            content.copy_(torch.tensor(list(data), dtype=torch.uint8))
        distributed.broadcast(content, 0)
        return json.loads(bytes(content.tolist()))


ALONE = Ranks()


@contextmanager
def joined(device_of: Callable[[], str]) -> Iterator[Ranks]:
    """Yield this process's place among those that `torchrun` has started with it; else alone.

    Parameters
    ----------
    device_of : callable
        Returns "cuda" or "cpu", where the process trains; asked only if there are others.
    """
    if "TORCHELASTIC_RUN_ID" not in os.environ or os.environ["WORLD_SIZE"] == "1":
        yield ALONE
        return
    import torch
    from torch import distributed
    from torch.distributed.distributed_c10d import PrefixStore
    from torch.distributed.rendezvous import rendezvous

    device = device_of()
    if device == "cuda":
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    store, rank, size = next(rendezvous("env://", timeout=_PATIENCE))
    distributed.init_process_group(
        "nccl" if device == "cuda" else "gloo",
        # What the processes before a restart have left there is not of these.
        store=PrefixStore(os.environ["TORCHELASTIC_RESTART_COUNT"], store),
        rank=rank,
        world_size=size,
        timeout=_PATIENCE,
    )
    try:
        yield Ranks(rank=rank, size=size, device=device)
    finally:
        distributed.destroy_process_group()


def _weight(labels: torch.Tensor, weights: torch.Tensor | None) -> float:
    return float(labels.numel()) if weights is None else float(weights.cpu()[labels].sum())
