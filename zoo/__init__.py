"""The model zoo: models as data, their weights and registry, and the detector that uses them.

Importing this package imports no torch; loading a model does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoo.loading import load_detector
    from zoo.store.registry import list_models, model_card

_HOMES = {
    "list_models": "store.registry",
    "load_detector": "loading",
    "model_card": "store.registry",
}

__all__ = ["list_models", "load_detector", "model_card"]


def __getattr__(name: str) -> Any:
    """Import a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
