"""Names and values that are imported or computed on first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from threading import Lock
from typing import Any, TypeVar, overload

Item = TypeVar("Item")


def lazy_names(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a `__getattr__` for a package whose public names are imported on first use.

    Parameters
    ----------
    package : str
        Full name of the package.
    homes : mapping
        Module of each name, below the package.
    """

    def imported(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return imported


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
