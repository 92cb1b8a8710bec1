"""A lazily computed, immutable sequence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeVar, overload

Item = TypeVar("Item")


class LazyTuple(Sequence[Item]):
    """A tuple whose items are computed on first use.

    Parameters
    ----------
    make : callable
        Returns the items. Called once, in the first thread that needs them; if it raises, the next
        use tries again.
    """

    def __init__(self, make: Callable[[], Sequence[Item]]) -> None:
        self._make: Callable[[], Sequence[Item]] | None = make
        self._items: tuple[Item, ...] = ()
        self._lock = Lock()

    def _made(self) -> tuple[Item, ...]:
        with self._lock:
            if self._make is not None:
                self._items = tuple(self._make())
                self._make = None  # Release what it refers to.
            return self._items

    @overload
    def __getitem__(self, index: int) -> Item: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, index: int | slice) -> Item | tuple[Item, ...]:
        return self._made()[index]

    def __len__(self) -> int:
        return len(self._made())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, LazyTuple):
            return self._made() == other._made()
        return self._made() == other

    def __hash__(self) -> int:
        return hash(self._made())

    def __repr__(self) -> str:
        return repr(self._made())

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self._made(),)
