"""Calibration of EDF and BDF signals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from seizure_core.io.edf.fields import parse_decimal
from seizure_core.messages import Message
from seizure_core.units import microvolts_per_unit

LIMIT_FIELDS = ("physical minimum", "physical maximum", "digital minimum", "digital maximum")
MAX_VOLTAGE_UV = 5 * 10**7
"""50 V: EEG amplifiers measure a few volts, their auxiliary inputs up to ten or so."""
MAX_PHYSICAL = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalLimits:
    """Calibration of a signal.

    Attributes
    ----------
    physical_minimum, physical_maximum : Fraction
        In the signal's unit, exactly as in the header.
    digital_minimum, digital_maximum : int
        The corresponding stored integers.
    gain, offset : float
        Value of a stored integer: integer times `gain` plus `offset`, in microvolts for voltages.
    minimum, maximum : float
        Ends of the recorder's range, as values.
    """

    physical_minimum: Fraction
    physical_maximum: Fraction
    digital_minimum: int
    digital_maximum: int
    gain: float
    offset: float
    minimum: float
    maximum: float


@lru_cache(maxsize=256)  # The signals of a file mostly have the same limits.
def limits_of(
    unit: str, texts: tuple[str, ...], largest: int
) -> SignalLimits | list[tuple[str, str]]:
    """Return the limits of a signal, or its invalid fields."""
    scale = microvolts_per_unit(unit)
    bound = MAX_PHYSICAL if scale is None else MAX_VOLTAGE_UV / scale
    values: dict[str, Fraction] = {}
    wrong: list[tuple[str, str]] = []
    for field, text in zip(LIMIT_FIELDS, texts, strict=True):
        value = parse_decimal(text)
        if field.startswith("physical"):
            if value is not None and -bound <= value <= bound:
                values[field] = value
            else:
                mean = "a number" if value is None else "a number that a recorder can mean"
                wrong.append((field, mean))
        # One more than the largest integer: the end of the range, miscounted.
        elif (
            value is not None
            and value.denominator == 1
            and "," not in text
            and -largest <= value <= largest
        ):
            values[field] = value
        else:
            whole = Message(
                "a whole number from {largest} to {largest_2}",
                largest=-largest,
                largest_2=largest - 1,
            )
            wrong.append((field, whole))
    for what in ("digital", "physical"):
        low, high = values.get(f"{what} minimum"), values.get(f"{what} maximum")
        if low is not None and low == high:
            wrong.append(
                (
                    Message("{what} maximum", what=what),
                    Message("another number than the {what} minimum", what=what),
                )
            )
    return wrong or _scaled(scale, *(values[field] for field in LIMIT_FIELDS))


def _scaled(
    scale: Fraction | None, physical_low: Fraction, physical_high: Fraction, *digital: Fraction
) -> SignalLimits:
    """Return limits with their scaling, computed exactly as long as possible.

    The header's digits are never converted to binary fractions on the way, so a file with limits in
    another unit of voltage gives identical samples.
    """
    least, largest = map(int, digital)
    low, high = physical_low * (scale or 1), physical_high * (scale or 1)
    gain = (high - low) / (largest - least)
    return SignalLimits(
        physical_minimum=physical_low,
        physical_maximum=physical_high,
        digital_minimum=least,
        digital_maximum=largest,
        gain=float(gain),
        offset=float(low - gain * least),
        minimum=float(min(low, high)),
        maximum=float(max(low, high)),
    )


@lru_cache
def limits_of_integers(largest: int) -> SignalLimits:
    """Return the limits of a signal whose integers are its values."""
    low, high = Fraction(-largest), Fraction(largest - 1)
    return _scaled(None, low, high, low, high)
