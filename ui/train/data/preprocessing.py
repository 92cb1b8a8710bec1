"""Preprocessing as fields of a form, and as the list of steps that a dataset and a card hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.i18n import train_text as words
from ui.train.forms import Field

Step = Mapping[str, Any]

FILTER_FIELDS = (
    Field(name="preprocessing.low_hz", label=words.LOW_CUTOFF, optional=True),
    Field(name="preprocessing.high_hz", label=words.HIGH_CUTOFF, optional=True),
    Field(name="preprocessing.order", label=words.FILTER_ORDER, kind="count"),
    Field(name="preprocessing.notch_hz", label=words.HUM, kind="choice", choices=words.HUM_CHOICES),
    Field(name="preprocessing.limit_uv", label=words.CUT_AT, optional=True),
    Field(name="preprocessing.factor", label=words.MULTIPLIED_BY, optional=True),
)
STEPS_FIELD = Field(
    name="preprocessing.steps",
    label=words.STEPS_JSON,
    kind="json",
    optional=True,
    info=words.STEPS_JSON_INFO,
)
PREPROCESSING_FIELDS = (*FILTER_FIELDS, STEPS_FIELD)

# A notch of 50 Hz is then 1.7 Hz wide: hum goes, and the EEG beside it stays.
_NOTCH_QUALITY = 30.0
_NOTHING: dict[str, Any] = {
    "low_hz": None,
    "high_hz": None,
    "order": 2,
    "notch_hz": "",
    "limit_uv": None,
    "factor": None,
    "steps": None,
}


def as_fields(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings, or a card's input, with their steps as values of the fields.

    Steps that the plain fields cannot say, or in another order, stand in the field for steps.
    """
    steps = [dict(step) for step in settings["preprocessing"]]
    values = dict(_NOTHING)
    for step in steps:
        values |= _values_of(step)
    if _steps_of(values) != steps:
        values = {**_NOTHING, "steps": steps}
    return {**settings, "preprocessing": values}


def as_steps(read: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings of a dataset from what was read from the fields."""
    values = read["preprocessing"]
    given = values["steps"]
    return {**read, "preprocessing": _steps_of(values) if given is None else given}


def _values_of(step: Step) -> dict[str, Any]:
    """Return the values a step would be written with; an unknown one has none."""
    match step.get("step"):
        case "band_pass":
            return {name: step.get(name) for name in ("low_hz", "high_hz", "order")}
        case "high_pass":
            return {"low_hz": step.get("cutoff_hz"), "order": step.get("order")}
        case "low_pass":
            return {"high_hz": step.get("cutoff_hz"), "order": step.get("order")}
        case "notch":
            frequency_hz = step.get("frequency_hz")
            known = [meant for _, meant in words.HUM_CHOICES if meant]
            return {"notch_hz": next((one for one in known if float(one) == frequency_hz), "")}
        case "clip":
            return {"limit_uv": step.get("limit_uv")}
        case "scale":
            return {"factor": step.get("factor")}
    return {}


def _steps_of(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the steps of the plain fields: filters first, then amplitudes."""
    steps: Sequence[dict[str, Any] | None] = (
        _filter(values["low_hz"], values["high_hz"], values["order"]),
        {
            "step": "notch",
            "frequency_hz": float(values["notch_hz"]),
            "quality": _NOTCH_QUALITY,
        }
        if values["notch_hz"]
        else None,
        _amplitude("clip", "limit_uv", values["limit_uv"]),
        _amplitude("scale", "factor", values["factor"]),
    )
    return [step for step in steps if step is not None]


def _filter(low_hz: float | None, high_hz: float | None, order: int) -> dict[str, Any] | None:
    if low_hz is not None and high_hz is not None:
        return {"step": "band_pass", "low_hz": low_hz, "high_hz": high_hz, "order": order}
    if low_hz is not None:
        return {"step": "high_pass", "cutoff_hz": low_hz, "order": order}
    if high_hz is not None:
        return {"step": "low_pass", "cutoff_hz": high_hz, "order": order}
    return None


def _amplitude(step: str, name: str, value: float | None) -> dict[str, Any] | None:
    return None if value is None else {"step": step, name: value}
