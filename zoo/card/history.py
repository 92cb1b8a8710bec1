"""Card sections on the origin of a model and on its results."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from zoo.layers.base import Count, Flag, Fraction01, Sha256, StrictModel, fault

MODEL_ID_RULE = "lower-case letters, digits, '-', '_' and '.', at most 64, a letter or digit first"

_MODEL_ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]|\.(?!\.)){0,62}[a-z0-9_-]|[a-z0-9]")

Text = Annotated[str, Field(max_length=20_000)]
ShortNote = Annotated[str, Field(max_length=2000)]
ShortText = Annotated[str, Field(min_length=1, max_length=200)]
Version = Annotated[str, Field(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]
Hours = Annotated[float, Field(strict=True, ge=0.0)]
Setting = str | int | float | bool | None | list[str | int | float | bool | None]


def is_model_id(text: str) -> bool:
    """Return whether a text is a valid model id, which is also a folder name."""
    return _MODEL_ID.fullmatch(text) is not None


def _checked_id(text: str) -> str:
    if not is_model_id(text):
        raise fault(
            "{model_id!r} is not a valid id: {model_id_rule}.",
            model_id=text,
            model_id_rule=MODEL_ID_RULE,
        )
    return text


ModelId = Annotated[str, AfterValidator(_checked_id)]


class ReliabilityBin(StrictModel):
    """One bin of a reliability diagram.

    Attributes
    ----------
    probability : float
        Mean predicted probability of seizure in the bin.
    seizure_fraction : float
        Fraction of the windows that are seizure.
    n : int
        Number of windows.
    """

    probability: Fraction01
    seizure_fraction: Fraction01
    n: Annotated[int, Field(strict=True, ge=1)]


class Reliability(StrictModel):
    """Calibration of the predicted probabilities.

    Attributes
    ----------
    expected_calibration_error : float
        Mean absolute difference of probability and seizure fraction over the bins, weighted by
        windows; 0 is perfect.
    bins : tuple of ReliabilityBin
        By rising probability; empty bins are left out.
    """

    expected_calibration_error: Fraction01
    bins: tuple[ReliabilityBin, ...]


class Calibration(StrictModel):
    """Rescaling of the logits; the stored weights already contain it.

    Attributes
    ----------
    temperature : float
        The logits were divided by it.
    bias : float
        Added to the seizure logit afterwards.
    fitted_on : str
        Description of the data.
    n_windows : int
        Number of windows.
    before, after : Reliability
        Reliability on the same data without and with the rescaling.
    """

    temperature: Annotated[float, Field(strict=True, gt=0.0)]
    bias: Annotated[float, Field(strict=True)] = 0.0
    fitted_on: ShortNote
    n_windows: Count
    before: Reliability
    after: Reliability


class Parent(StrictModel):
    """The model this one was fine-tuned from."""

    model_id: ShortText
    version: ShortText
    weights_sha256: Sha256


class TrainingData(StrictModel):
    """One data set the model was trained on.

    Attributes
    ----------
    subjects : tuple of str
        Subjects or parts used, by the data set's own public names.
    n_recordings, n_seizures : int or None
        None if not counted.
    hours : float or None
        Total length of the recordings.
    n_seizure_windows, n_background_windows : int or None
        Number of windows drawn.
    """

    name: ShortText
    subjects: tuple[ShortText, ...] = ()
    n_recordings: Count | None = None
    n_seizures: Count | None = None
    hours: Hours | None = None
    n_seizure_windows: Annotated[int, Field(strict=True, ge=0)] | None = None
    n_background_windows: Annotated[int, Field(strict=True, ge=0)] | None = None
    note: Text = ""


class CardSplit(StrictModel):
    """Separation of the validation data from the training data.

    Attributes
    ----------
    method : str
        "patient", "recording", "seizure", "random" ...
    leaks : bool
        Whether windows of training and validation may share samples.
    """

    method: ShortText
    leaks: Flag = False
    description: Text = ""


class SignalHashes(StrictModel):
    """Salted hashes of short signal blocks, which identify training recordings."""

    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{16,128}$")]
    block_samples: Annotated[int, Field(strict=True, ge=1)]
    hashes: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")], ...]


class VersionNote(StrictModel):
    """Changelog entry of one version.

    Attributes
    ----------
    created : str
        Date as 2025-01-31.
    """

    version: Version
    created: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    note: Text


class TrainingSection(StrictModel):
    """Origin of the weights: data, settings, software.

    Attributes
    ----------
    settings : dict
        Settings of the training loop by name.
    seed : int
        Random seed.
    software : dict of str
        Package versions.
    history : tuple of dict
        Figures by epoch: "epoch", "train_loss", "validation_loss" ...
    signals : SignalHashes or None
        Hashes that identify the training recordings.
    versions : tuple of VersionNote
        Changelog, newest last; empty for the first version.
    """

    data: tuple[TrainingData, ...]
    split: CardSplit
    settings: dict[str, Setting]
    seed: Count
    software: dict[str, str]
    history: tuple[dict[str, float | None], ...] = ()
    signals: SignalHashes | None = None
    calibration: Calibration | None = None
    versions: tuple[VersionNote, ...] = ()
    note: Text = ""


class Metric(StrictModel):
    """A metric with its confidence interval; None where undefined."""

    value: float | None
    ci_low: float | None = None
    ci_high: float | None = None


class Result(StrictModel):
    """Results on one data set.

    Attributes
    ----------
    dataset, protocol, split : str
        Data set, scoring protocol, and how it was separated from training.
    hours : float
        Total length of the recordings.
    metrics : dict of Metric
        By name: "sensitivity", "precision", "f1", "false_alarms_per_24h", "latency_s" ...
    interval : str
        What `ci_low` and `ci_high` are, e.g. "95 % bootstrap over recordings".
    note : str
        Remarks, e.g. on how little data there are.
    """

    dataset: ShortText
    protocol: ShortText
    split: Text
    n_recordings: Count
    n_seizures: Count
    hours: Hours
    metrics: dict[str, Metric]
    interval: Text = ""
    note: Text = ""

    def measured(self, name: str) -> Metric | None:
        """Return a figure of the events by its short name; None where it was not measured.

        Models made in the app say "event_sensitivity" where shipped ones say "sensitivity".
        """
        return self.metrics.get(name) or self.metrics.get(f"event_{name}")

    def figure(self, name: str) -> float | None:
        """Return the value of a figure; None where it is undefined or was not measured."""
        metric = self.measured(name)
        return None if metric is None else metric.value
