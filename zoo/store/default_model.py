"""The default model: the best one by the figures on its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoo.card.history import Result

DEFAULT_RULE = (
    "the shipped model with the highest event F1 on the data set with most seizures that every "
    "shipped card reports; fewer false alarms decide a tie"
)


def default_model() -> str | None:
    """Return the id of the default model; None if no model is usable."""
    # Imported here: command-line help only needs the rule.
    from zoo.errors import CardError, RegistryError
    from zoo.store.registry import Registry, card_of

    results: dict[str, dict[str, Result]] = {}
    for model in Registry.load():
        if model.source != "shipped":
            continue
        try:
            found = card_of(model).results
        except (CardError, RegistryError):
            continue
        results[model.model_id] = {
            item.dataset: item for item in found if _figures(item) is not None
        }
    shared = set.intersection(*(set(result) for result in results.values())) if results else set()
    if not shared:
        return next(iter(results), None)
    datasets = next(iter(results.values()))
    most = max(sorted(shared), key=lambda name: datasets[name].n_seizures)
    return max(results, key=lambda model_id: _figures(results[model_id][most]) or (0.0, 0.0))


def _figures(result: Result) -> tuple[float, float] | None:
    """Return event F1 and tie-breakers, larger is better; None without events."""
    f1, alarms = (result.metrics.get(name) for name in ("f1", "false_alarms_per_24h"))
    if f1 is None or f1.value is None or alarms is None or alarms.value is None:
        return None
    return f1.value, -alarms.value
