"""The sections of an architecture card that say where the model comes from and how good it is."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from zoo.layers.base import Count, Flag, Fraction01, Sha256, StrictModel

MODEL_ID_RULE = "lower-case letters, digits, '-', '_' and '.', at most 64, a letter or digit first"

_MODEL_ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]|\.(?!\.)){0,62}[a-z0-9_-]|[a-z0-9]")

Text = Annotated[str, Field(max_length=20_000)]
ShortNote = Annotated[str, Field(max_length=2000)]
ShortText = Annotated[str, Field(min_length=1, max_length=200)]
Version = Annotated[str, Field(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]
Hours = Annotated[float, Field(strict=True, ge=0.0)]
Setting = str | int | float | bool | None | list[str | int | float | bool | None]


def is_model_id(text: str) -> bool:
    """Return whether a text may be the id of a model, which is also a folder's name."""
    return _MODEL_ID.fullmatch(text) is not None


class ReliabilityBin(StrictModel):
    """Windows of about the same probability.

    Attributes
    ----------
    probability : float
        Their mean probability of seizure.
    seizure_fraction : float
        How many of them are seizure.
    n : int
        How many there are.
    """

    probability: Fraction01
    seizure_fraction: Fraction01
    n: Annotated[int, Field(strict=True, ge=1)]


class Reliability(StrictModel):
    """How probabilities and what happened go together.

    Attributes
    ----------
    expected_calibration_error : float
        Mean distance of the two over the bins, weighted by their windows; 0 is perfect.
    bins : tuple of ReliabilityBin
        By rising probability; empty bins are left out.
    """

    expected_calibration_error: Fraction01
    bins: tuple[ReliabilityBin, ...]


class Calibration(StrictModel):
    """How the logits were rescaled, which the weights contain already.

    Attributes
    ----------
    temperature : float
        By which the logits were divided.
    bias : float
        Then added to the logit of seizure.
    fitted_on : str
        Which data, in words.
    n_windows : int
        How many windows these are.
    before, after : Reliability
        On the same data.
    """

    temperature: Annotated[float, Field(strict=True, gt=0.0)]
    bias: Annotated[float, Field(strict=True)] = 0.0
    fitted_on: ShortNote
    n_windows: Count
    before: Reliability
    after: Reliability


class Parent(StrictModel):
    """The model this one was trained further from."""

    model_id: ShortText
    version: ShortText
    weights_sha256: Sha256


class TrainingData(StrictModel):
    """One body of EEG the model was trained on.

    Attributes
    ----------
    name : str
        Name of the data set.
    subjects : tuple of str
        Which of its subjects or parts, in the data set's own public names.
    n_recordings, n_seizures : int or None
        None where nobody counted.
    hours : float or None
        Length of the recordings together.
    n_seizure_windows, n_background_windows : int or None
        Windows drawn from them.
    note : str
        What else should be known.
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
    """How validation data were kept apart.

    Attributes
    ----------
    method : str
        "patient", "recording", "seizure", "random" ...
    leaks : bool
        Whether windows of training and validation may share samples.
    description : str
        In words.
    """

    method: ShortText
    leaks: Flag = False
    description: Text = ""


class SignalHashes(StrictModel):
    """Salted hashes of short blocks of the training signals: recognise without revealing."""

    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{16,128}$")]
    block_samples: Annotated[int, Field(strict=True, ge=1)]
    hashes: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")], ...]


class VersionNote(StrictModel):
    """What one version of a model changed.

    Attributes
    ----------
    version : str
        Such as "1.1.0".
    created : str
        Day it was made, as 2025-01-31.
    note : str
        What is new in it, in words.
    """

    version: Version
    created: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    note: Text


class TrainingSection(StrictModel):
    """How the weights came about.

    Attributes
    ----------
    data : tuple of TrainingData
        What was trained on.
    split : CardSplit
        How validation data were kept apart.
    settings : dict
        Settings of the training loop by name.
    seed : int
        Of everything random.
    software : dict of str
        Versions by package.
    history : tuple of dict
        Figures by epoch: "epoch", "train_loss", "validation_loss" ...
    signals : SignalHashes or None
        What recognises training recordings.
    calibration : Calibration or None
        How the logits were rescaled, and how much that helped.
    versions : tuple of VersionNote
        What each version of the model changed, the newest last; empty for a first one.
    note : str
        What else should be known.
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
    """One measured figure; None where it is undefined, e.g. sensitivity without seizures."""

    value: float | None
    ci_low: float | None = None
    ci_high: float | None = None


class Result(StrictModel):
    """What was measured on one body of EEG.

    Attributes
    ----------
    dataset, protocol, split : str
        On what, by which rules, and how it was kept apart from training.
    n_recordings, n_seizures : int
        How much there was to find.
    hours : float
        Length of the recordings together.
    metrics : dict of Metric
        By name: "sensitivity", "precision", "f1", "false_alarms_per_24h", "latency_s" ...
    interval : str
        What ci_low and ci_high are, e.g. "95 % bootstrap over recordings".
    note : str
        What else should be known, such as how few data these are.
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
