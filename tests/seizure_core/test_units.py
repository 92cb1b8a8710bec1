from __future__ import annotations

from fractions import Fraction

import pytest

from seizure_core.units import microvolts_per_unit


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("uV", 1),
        ("UV", 1),
        (" uv ", 1),
        ("\u00b5V", 1),
        ("\u03bcV", 1),
        ("Â\u00b5V", 1),
        ("microvolts", 1),
        ("mV", 1000),
        ("Millivolt", 1000),
        ("V", 10**6),
        ("Volts", 10**6),
        ("nV", Fraction(1, 1000)),
    ],
)
def test_every_spelling_of_a_voltage_is_known_exactly(unit: str, factor: Fraction | int) -> None:
    assert microvolts_per_unit(unit) == factor


@pytest.mark.parametrize("unit", ["", "mmHg", "DegC", "Boolean", "uV/s", "s", "%", "mS"])
def test_other_units_stay_as_they_are(unit: str) -> None:
    assert microvolts_per_unit(unit) is None
