"""The model zoo: models as data, their weights and registry, and the detector that uses them.

Importing this package imports no torch; loading a model does.
"""

from typing import TYPE_CHECKING

from seizure_core.lazy import lazy_names

if TYPE_CHECKING:
    from zoo.loading import load_detector
    from zoo.store.registry import list_models, model_card

__all__ = ["list_models", "load_detector", "model_card"]
__getattr__ = lazy_names(
    __name__,
    {
        "list_models": "store.registry",
        "load_detector": "loading",
        "model_card": "store.registry",
    },
)
