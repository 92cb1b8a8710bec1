"""What titles, comments and names say in words: sampling rate, unit, names of the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from seizure_core.formats.text_layout import MAX_RATE_HZ, TimeUnit
from seizure_core.formats.text_lines import clock_seconds, is_value
from seizure_core.formats.units import microvolts_per_unit

SECONDS_PER_UNIT: dict[str, float] = {
    "min": 60.0,
    "s": 1.0,
    "ms": 1e-3,
    "us": 1e-6,
    "ns": 1e-9,
    "clock": 1.0,
}
SPELLINGS: dict[str, TimeUnit] = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("us", "µs", "μs", "usec", "microsecond", "microseconds"), "us"),
    **dict.fromkeys(("ns", "nsec", "nanosecond", "nanoseconds"), "ns"),
    **dict.fromkeys(("samples", "sample", "index"), "samples"),
}
PLAUSIBLE_HZ = (10.0, 50_000.0)
"""Rates at which EEG is sampled."""

_NUMBER = r"(?P<number>[0-9]+(?:[.,][0-9]+)?(?:e[+-]?[0-9]{1,2})?)"
_STATED = (
    re.compile(
        r"(?:sampl\w*[ _-]*(?:rate|freq\w*)|sampling(?=['\"]?\s*[:=])|\bs_?rate|\bs_?freq|\bfs\b"
        r"|abtast\w*|frequenza di campionamento|d.[ée]chantillonnage|de muestreo"
        r"|(?:^|[,;{])\W*(?:freq(?:uency)?|rate)\b)"
        rf"[^0-9\n]{{0,20}}?{_NUMBER}\s*(?P<kilo>k?)",
        re.I,
    ),
    re.compile(rf"{_NUMBER}\s*(?P<kilo>k?)(?:samples?|sps)\s*(?:/|per)\s*s", re.I),
    re.compile(rf"(?:\bat|@)\s*{_NUMBER}\s*(?P<kilo>k?)(?:hz|sps)\b", re.I),
)
_INTERVAL = re.compile(
    r"(?:sampl\w*[ _-]*)?\b(?:interval|period)\b\s*(?:[(\[](?P<before>\w+)[)\]])?\s*[:=,]\s*"
    rf"{_NUMBER}\s*(?P<after>[a-zµμ]*)",
    re.I,
)
_IN_A_NAME = re.compile(rf"(?<![-0-9.]){_NUMBER}\s*(?P<kilo>k?)hz\b", re.I)
_LISTED_NAMES = re.compile(
    r"\b(?:labels?|ch_names|(?:channel|column|electrode)s?(?: ?(?:names?|titles?|labels?))?)['\"]?"
    r"\s*[:=]\s*(?P<names>.+)",
    re.I,
)
_COLUMN_FACT = re.compile(r"\W*(first|last|other) columns?\s*=\s*(.+?)\s*", re.I)
_N_CHANNELS = re.compile(r"\bnumber of channels\s*[:=]\s*([0-9]{1,4})\b", re.I)
_UNIT_SAID = re.compile(r"(?:\bunits?\s*[:=]\s*['\"]?|\bin\s+|[(\[])([^\s,;'\")\]]{1,12})", re.I)


def stated_rate(remarks: Sequence[str], names: Sequence[str]) -> float | None:
    """Return the rate that titles, comments or names of channels state.

    Parameters
    ----------
    remarks : sequence of str
        Lines such as "%Sample Rate = 250.0 Hz", "sampling:128", "# fs=256", "interval: 4 ms".
    names : sequence of str
        Names of channels and times as written, such as "Fp1 (256 Hz)".
    """
    for line in remarks:
        for pattern in _STATED:
            for found in pattern.finditer(line):
                rate_hz = _number(found["number"]) * (1000 if found["kilo"] else 1)
                if 1 <= rate_hz <= MAX_RATE_HZ:
                    return rate_hz
        by_interval_hz = _rate_of_interval(line)
        if by_interval_hz is not None:
            return by_interval_hz
    in_names = {
        _number(found["number"]) * (1000 if found["kilo"] else 1)
        for name in names
        for found in _IN_A_NAME.finditer(name)
    }
    return in_names.pop() if len(in_names) == 1 and min(in_names) >= PLAUSIBLE_HZ[0] else None


def _rate_of_interval(line: str) -> float | None:
    found = _INTERVAL.search(line)
    if found is None:
        return None
    unit = SPELLINGS.get((found["after"] or found["before"] or "").casefold(), "")
    interval_s = _number(found["number"]) * SECONDS_PER_UNIT.get(unit, 0.0)
    is_rate = interval_s > 0 and PLAUSIBLE_HZ[0] <= 1 / interval_s <= PLAUSIBLE_HZ[1]
    return float(f"{1 / interval_s:.9g}") if is_rate else None


def _number(text: str) -> float:
    """Return a number of words: "1,000" are thousands where decimals would be no rate."""
    value = float(text.replace(",", "."))
    return value * 1000 if re.fullmatch("[0-9]{1,2},[0-9]{3}", text) and value < 10 else value


def stated_unit(remarks: Sequence[str]) -> str:
    """Return the unit of voltage that titles or comments name ("# unit: uV"), else ""."""
    words = (word for line in remarks for word in _UNIT_SAID.findall(line))
    return next((word for word in words if microvolts_per_unit(word) is not None), "")


def listed_names(remarks: Sequence[str]) -> Iterator[list[str]]:
    """Yield what may be the names that a title lists ("labels: AF3 F7 F3")."""
    for line in remarks:
        found = _LISTED_NAMES.search(line)
        text = found["names"] if found else ""
        for words in (re.split("[,;]", text)[0].split(), re.split(r"[,;|\t]", text), text.split()):
            names = [word.strip(" []{}'\"") for word in words]
            if not all(is_value(name, ".") for name in names):
                yield names


def names_by_place(remarks: Sequence[str], row: Sequence[str]) -> tuple[str, ...]:
    """Return names where comments say which columns come first, last and between (OpenBCI).

    Parameters
    ----------
    remarks : sequence of str
        The comments.
    row : sequence of str
        A line of values.
    """
    found = [_COLUMN_FACT.fullmatch(line) for line in remarks]
    facts = {fact[1].casefold(): fact[2] for fact in found if fact}
    if not {"first", "last", "other"} <= set(facts) or len(row) < 3:
        return ()
    n_last = 2 if clock_seconds(row[-2]) is not None else 1
    n_other = len(row) - 1 - n_last
    n_axes = 3 if "accel" in facts["other"].casefold() and n_other > 3 else 0
    n_channels = min(stated_channels(remarks) or n_other - n_axes, n_other)
    names = [f"EXG Channel {i}" for i in range(n_channels)]
    names += [f"Accel Channel {i}" for i in range(n_other - n_channels)]
    return (facts["first"], *names, *[facts["last"]] * n_last)


def stated_channels(remarks: Sequence[str]) -> int | None:
    """Return how many channels titles or comments say there are."""
    found = (_N_CHANNELS.search(line) for line in remarks)
    return next((int(each[1]) for each in found if each), None)
