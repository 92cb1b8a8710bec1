"""The section of an architecture card that says how far probabilities mean what they say."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from zoo.layers.base import Count, Fraction01, StrictModel

ShortNote = Annotated[str, Field(max_length=2000)]


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
