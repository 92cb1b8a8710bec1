"""Roles of the columns of a text file: channels, times, row numbers, markers, with units.

Names have precedence over values. Unit and recorder are determined from the channels only. Facts
about recorders, with their sources:

- The Bonn sets (Andrzejak et al. 2001, Phys Rev E 64, 061907): segments of 4097 values at
  173.61 Hz, in microvolts, named by set and number (Z001, O001, N001, F001, S001).
- EMOTIV headsets: 128 Hz. According to the maker, exports are microvolts around an offset of about
  4200, from unsigned 14-bit integers. The step of such files is 1/1.95 uV, so the middle of the
  range is 8192 / 1.95 = 4201.03 uV.
- The OpenBCI GUI writes microvolts and has "OpenBCI" in its first line; Mind Monitor writes the
  raw values of a Muse headband in microvolts as RAW_TP9 ..., with HSI_TP9 ... as contacts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.labels import parse_derivation
from seizure_core.io.text.dialect import Dialect, bare_unit, stated_channels, stated_unit
from seizure_core.io.text.layout import EPOCHS_S, Role, TextColumn
from seizure_core.io.text.lines import clock_seconds, is_missing, parse_number
from seizure_core.messages import Message
from seizure_core.recording import Finding
from seizure_core.units import microvolts_per_unit

_BRACKETED = re.compile(r"(?P<label>.*?)\s*[(\[{](?P<unit>[^()\[\]{}]{0,16})[)\]}]\s*")
_APPENDED = re.compile(r"(?P<label>.+?)\s*(?:[_/ ]|\bin\b)\s*(?P<unit>[uµμmn]v)", re.I)
_TIME_APPENDED = re.compile(r"(?P<label>.+?)\s*(?:[_/ ]|\bin\b)\s*(?P<unit>s|ms|us|ns|sec)", re.I)
_PREFIX = re.compile(r"(?:EEG|RAW)[._]", re.I)
# Lower-case names joined by single spaces, without prefix.
_NAMED: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "time",
        re.compile(
            r"t|(?:\w+ ?)?times?|(?:\w+ ?)?time ?(?:stamps?|s|ms)?(?: .*)?|sec(?:ond)?s?|clock"
            r"|m(?:illi)?sec(?:ond)?s?|zeit|uhrzeit|tempo|temps|tiempo|hora|ora|unix.*|elapsed.*"
        ),
    ),
    (
        "index",
        re.compile(
            r"index|idx|samples?|sample ?(?:index|number|no|nr|id)?|n|nr|no|#|row|unnamed: ?0"
            r"|frames?"
        ),
    ),
    (
        "marker",
        re.compile(
            r"(?:\w+ )?markers?.*|trig(?:ger)?s?.*|events?.*|labels?|class|target|y|annotations?"
            r"|stim.*|sti ?\d+|status|notes?|stage|state|seizures?|codes?|elements?|remarks?"
            r"|comments?|sync|(?:\w+ )?detection"
        ),
    ),
    (
        "quality",
        re.compile(
            r"(?:raw ?)?[ce]q(?: .*)?|(?:contact|signal) ?quality.*|quality.*|contacts?(?: .*)?"
            r"|hsi(?: .*)?|horseshoe.*|head ?band ?on|touching.*|is ?good.*"
            r"|(?:\w+ )?counter|interpolated|(?:packet|package|sequence|serial|device)\b.*"
            r"|bat(?:t.*)?|cnt|valid.*|delta ?time|adc .*|(?:n ?)?seq(?:uence)?|gyr(?: .*)?"
            r"|rssi|drl|cms|gnd|impedance.*|temp(?:erature)?|(?:\w+ )?aux\d*(?: .*)?"
            r"|analog\b.*|digital\b.*|others?|gyro.*|accel.*|acc(?:[xyz]| .*)?"
            r"|mag(?:[xyz]|neto.*| .*)?|mot(?:ion)?(?: .*)?|quaternion.*|q[0-3]|imu\b.*|ppg.*"
            r"|optics.*|(?:heart|pulse) ?rate|hr|bpm|sampl(?:e|ing) ?(?:rate|freq.*)|s ?freq|fs"
            r"|(?:low |high )?(?:delta|theta|alpha|beta|gamma)(?:[lh])?(?: .*)?"
            r"|(?:pow|power|met|pm|mc|fe|fac)(?: .*)?"
            r"|(?:epoch|trial|block|run|session|subject|participant|patient)"
            r"(?: ?(?:id|no|nr|num(?:ber)?|index))?|condition"
        ),
    ),
)
# Usual range of EEG in these units of voltage.
_SPREADS = (("V", 5e-7, 5e-4), ("mV", 5e-4, 0.5), ("uV", 0.5, 1000.0))

_BONN_SAMPLES = (4096, 4097)
_BONN_LABEL = re.compile(r"[ZONFSA-E][0-9]{3}", re.I)
_HEADSET_ELECTRODES = frozenset("AF3 F7 F3 FC5 T7 P7 O1 O2 P8 T8 FC6 F4 F8 AF4".split())
_HEADSET_STEPS_PER_UV = 1.95
_HEADSET_MIDDLE_UV = 8192 / _HEADSET_STEPS_PER_UV
_HEADSET_WORDS = re.compile(r"emotiv|epoc|insight|headset", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """Known facts about the text files of a recorder or data set.

    Attributes
    ----------
    name : str
        Of the recorder or data set.
    sampling_rate_hz : float or None
        If it is always the same.
    offset : float
        Mean of the stored microvolts.
    """

    name: str
    sampling_rate_hz: float | None = None
    offset: float = 0.0


def describe_columns(
    dialect: Dialect, header: Sequence[str], cells: Sequence[Sequence[str]]
) -> tuple[tuple[TextColumn, ...], list[NDArray[np.float64]]]:
    """Determine the role of each column, from its name if there are names, and its first cells.

    Returns
    -------
    tuple of TextColumn, list of ndarray of float64
        Columns and values, NaN for no number.
    """
    columns: list[TextColumn] = []
    values = [_values(column, dialect.decimal) for column in cells]
    most = len(cells) if header else stated_channels(dialect.remarks) or len(cells)
    n_signals = 0
    for index, column in enumerate(cells):
        name = header[index] if header else ""
        role = _role(name, column, values[index], is_first=index == 0, is_named=bool(header))
        if role == "index" and len(cells) == 1:
            role = "signal"
        if role in ("time", "index") and role in {c.role for c in columns}:
            role = "ignored"
        if role == "signal" and n_signals == most:
            role = "ignored"
        n_signals += role == "signal"
        label, unit = _label_and_unit(name, role)
        if dialect.units and not unit and len(dialect.units) == len(cells):
            unit = _unit_of(bare_unit(dialect.units[index]))
        columns.append(TextColumn(label=label or _unnamed(role, n_signals), role=role, unit=unit))
    return tuple(columns), values


def _values(cells: Sequence[str], decimal: str) -> NDArray[np.float64]:
    numbers = (parse_number(cell, decimal) for cell in cells)
    return np.array([np.nan if n is None else n for n in numbers], dtype=np.float64)


def _role(
    name: str, cells: Sequence[str], values: NDArray[np.float64], *, is_first: bool, is_named: bool
) -> Role:
    filled = [cell for cell in cells if not is_missing(cell)]
    if filled and sum(clock_seconds(cell) is not None for cell in filled) > 0.9 * len(filled):
        return "time"
    if parse_derivation(_label_and_unit(name, "signal")[0]) is not None:
        return "signal"
    named = _named_role(name, values)
    if named is not None:
        return named
    if not name:
        by_values = _role_of_values(values, is_first=is_first)
        if by_values is not None:
            return by_values
    if not filled or np.isfinite(values).sum() < 0.5 * len(filled):
        return "marker" if len(filled) < 0.5 * len(cells) else "ignored"
    return "ignored" if is_named and not name else "signal"


def _named_role(name: str, values: NDArray[np.float64]) -> Role | None:
    plain = _PREFIX.sub("", _label_and_unit(name, "time")[0])
    words = " ".join(re.split(r"[\s_.]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain))).casefold()
    for role, pattern in _NAMED:
        if pattern.fullmatch(words.strip()):
            if role == "time":
                return "time" if _mostly_rises(values) else "ignored"
            if role == "index":
                return "index" if _counts_up(values) else "ignored"
            return role
    return None


def _role_of_values(values: NDArray[np.float64], *, is_first: bool) -> Role | None:
    """Return the role of a column without name, None if its values do not tell."""
    steps = np.diff(values)
    if len(steps) < 2:
        return None
    if is_first and (steps >= 0).all() and _is_even(steps):
        return "index" if _counts_up(values) else "time"
    if _mostly_rises(values) and any(
        (values >= EPOCHS_S[0] * unit).all() and (values < EPOCHS_S[1] * unit).all()
        for unit in (1, 1e3, 1e6, 1e9)
    ):
        return "time"
    # The packet counter wraps around.
    is_counter = np.mean(steps == 1) > 0.9 and (steps[steps != 1] < 0).all()
    return "quality" if is_counter else None


def _mostly_rises(values: NDArray[np.float64]) -> bool:
    """Return whether values are times; if they run backwards, this is reported later."""
    known = values[np.isfinite(values)]
    steps = np.diff(known)
    return bool(len(steps) and steps.any() and np.mean(steps >= 0) > 0.9)


def _counts_up(values: NDArray[np.float64]) -> bool:
    """Return whether values are row numbers, with some possibly missing."""
    steps = np.diff(values[np.isfinite(values)])
    return bool(
        len(steps) and (steps >= 1).all() and (steps % 1 == 0).all() and np.median(steps) == 1
    )


def _is_even(steps: NDArray[np.float64]) -> bool:
    """Return whether values are so evenly spaced that they must be times."""
    usual = float(np.median(steps))
    return bool(usual > 0 and np.mean(np.abs(steps - usual) <= 0.5 * usual) > 0.95)


def _label_and_unit(name: str, role: Role) -> tuple[str, str]:
    """Return a name without unit and program prefix, and the unit."""
    label, unit = name.strip(), ""
    for pattern in (_BRACKETED, _TIME_APPENDED if role == "time" else _APPENDED):
        found = pattern.fullmatch(label)
        if found is not None and found["label"]:
            label, unit = found["label"].strip(), _unit_of(found["unit"])
            break
    bare = _PREFIX.sub("", label, count=1)
    return (bare if parse_derivation(bare) is not None else label), unit


def _unit_of(text: str) -> str:
    """Return the voltage unit in brackets, under a name, or as the rest of a name."""
    parts = [part.strip() for part in re.split("[,;@]", text)]
    voltage = next((part for part in parts if microvolts_per_unit(part) is not None), None)
    is_none = text.casefold().endswith("hz") or is_missing(text)
    return voltage or ("" if is_none else text.strip())


def _unnamed(role: Role, number: int) -> str:
    return f"Channel {number}" if role == "signal" else role.capitalize()


def known_text(
    columns: Sequence[TextColumn],
    values: Sequence[NDArray[np.float64]],
    remarks: Sequence[str],
    *,
    n_samples: Callable[[], int],
    file_stem: str,
) -> KnownText | None:
    """Recognise the recorder of a text by title lines, columns and values; None if unknown.

    `n_samples` is the number of samples per channel, `file_stem` the file name without suffixes.
    """
    signals = [i for i, column in enumerate(columns) if column.role == "signal"]
    labels = [columns[i].label for i in signals]
    numbers = [values[i] for i in signals]
    if _is_headset(columns, labels, numbers, remarks):
        return KnownText(name="EMOTIV headset", sampling_rate_hz=128.0, offset=_HEADSET_MIDDLE_UV)
    if any("OpenBCI" in line for line in remarks):
        return KnownText(name="OpenBCI GUI")
    if any(column.label.upper().startswith("HSI_TP") for column in columns):
        return KnownText(name="Mind Monitor app", sampling_rate_hz=256.0)
    names = labels if len(labels) > 1 else [*labels, file_stem]
    is_bonn = any(_BONN_LABEL.fullmatch(name) for name in names) and n_samples() in _BONN_SAMPLES
    if is_bonn and all((each == np.rint(each)).all() for each in numbers):
        return KnownText(name="Bonn data set", sampling_rate_hz=173.61)
    return None


def _is_headset(
    columns: Sequence[TextColumn],
    labels: Sequence[str],
    values: Sequence[NDArray[np.float64]],
    remarks: Sequence[str],
) -> bool:
    """Return whether electrodes are around the middle of EMOTIV's range."""
    if not labels or any(parse_derivation(label) is None for label in labels):
        return False
    n_contacts = sum(column.label.upper().startswith(("CQ_", "CQ.")) for column in columns)
    is_named = n_contacts >= 3 or any(_HEADSET_WORDS.search(line) for line in remarks)
    middles = np.array([np.nanmedian(each) if np.isfinite(each).any() else 0 for each in values])
    return bool(
        (is_named or set(labels) == _HEADSET_ELECTRODES)
        and (np.abs(middles / _HEADSET_MIDDLE_UV - 1) < 0.3).all()
    )


def with_units(
    columns: tuple[TextColumn, ...],
    values: Sequence[NDArray[np.float64]],
    remarks: Sequence[str],
    known: KnownText | None,
) -> tuple[tuple[TextColumn, ...], list[Finding]]:
    """Return the columns with units for all channels, and the assumptions made."""
    if all(column.unit for column in columns if column.role == "signal"):
        return columns, []
    findings = []
    unit = stated_unit(remarks)
    if not unit and known:
        unit = "uV"
        message = Message(
            "The file names no unit. It looks like a file of the {known_name}, so its values are "
            "taken as uV.",
            known_name=known.name,
        )
        findings.append(Finding.warning(message))
    elif not unit:
        unit, finding = _guessed_unit(_spread_of(columns, values))
        findings.append(finding)
    return tuple(
        replace(column, unit=unit) if column.role == "signal" and not column.unit else column
        for column in columns
    ), findings


def _spread_of(columns: Sequence[TextColumn], values: Sequence[NDArray[np.float64]]) -> float:
    """Return the typical distance of the electrodes' values from the middle; NaN if unknown.

    The median over channels named as electrodes, or else all that are not constant, of the median
    distance.
    """
    spreads: dict[bool, list[float]] = {True: [], False: []}
    for column, numbers in zip(columns, values, strict=True):
        known = numbers[np.isfinite(numbers)]
        if column.role == "signal" and len(known) and np.ptp(known) > 0:
            spread = float(np.median(np.abs(known - np.median(known))))
            spreads[parse_derivation(column.label) is not None].append(spread)
    chosen = spreads[True] or spreads[False]
    return float(np.median(chosen)) if chosen else float("nan")


def _guessed_unit(spread: float) -> tuple[str, Finding]:
    for unit, low, high in _SPREADS:
        if low <= spread < high:
            return unit, Finding.warning(
                "The file names no unit. Its values spread by about {spread:.3g}, as EEG "
                "does in {unit}, so {unit} is a guess. Correct it if you know better.",
                spread=spread,
                unit=unit,
            )
    return "", Finding.warning(
        "The file names no unit, and its values do not look like EEG in uV, mV or V: they "
        "stay as stored, without a unit. Give the unit, or how many uV one step is."
    )
