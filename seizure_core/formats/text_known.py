"""Texts of recorders and data sets that do not say their own rate and unit, but are known.

Facts, with their sources:

- The Bonn sets (Andrzejak et al. 2001, Phys Rev E 64, 061907): segments of 4097 values at
  173.61 Hz, in microvolts, named by set and number (Z001, O001, N001, F001, S001).
- EMOTIV's 14-channel headset: 128 Hz. The maker says that its exports are microvolts
  around an offset of about 4200, from unsigned 14-bit numbers. The step of such files is
  1/1.95 uV, so the middle of the range is 8192 / 1.95 = 4201.03 uV.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.formats.text_layout import TextColumn

_BONN_SAMPLES = (4096, 4097)
_BONN_LABEL = re.compile(r"[ZONFSA-E][0-9]{3}", re.I)
_HEADSET_ELECTRODES = frozenset("AF3 F7 F3 FC5 T7 P7 O1 O2 P8 T8 FC6 F4 F8 AF4".split())
_HEADSET_STEPS_PER_UV = 1.95
_HEADSET_MIDDLE = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """What is known about a kind of text beyond what it says.

    Attributes
    ----------
    name : str
        Of the recorder or data set.
    sampling_rate_hz : float
        Rows a second.
    offset : float
        What the stored microvolts lie around.
    """

    name: str
    sampling_rate_hz: float
    offset: float = 0.0


def known_text(
    columns: Sequence[TextColumn],
    values: Sequence[NDArray[np.float64]],
    *,
    n_samples: int,
    file_stem: str,
) -> KnownText | None:
    """Recognise a text by its columns and values; None where it is not known.

    Parameters
    ----------
    columns : sequence of TextColumn
        As detected.
    values : sequence of ndarray of float64
        First values of each.
    n_samples : int
        Values of each channel in the whole file.
    file_stem : str
        Name of the file without suffixes.
    """
    signals = [i for i, column in enumerate(columns) if column.role == "signal"]
    labels = [columns[i].label for i in signals]
    if _is_headset(columns, labels, [values[i] for i in signals]):
        return KnownText(
            name="EMOTIV 14-channel headset",
            sampling_rate_hz=128.0,
            offset=_HEADSET_MIDDLE / _HEADSET_STEPS_PER_UV,
        )
    names = labels if len(labels) > 1 else [*labels, file_stem]
    is_named = any(_BONN_LABEL.fullmatch(name) for name in names)
    if is_named and n_samples in _BONN_SAMPLES and _are_integers([values[i] for i in signals]):
        return KnownText(name="Bonn data set", sampling_rate_hz=173.61)
    return None


def _is_headset(
    columns: Sequence[TextColumn], labels: Sequence[str], values: Sequence[NDArray[np.float64]]
) -> bool:
    n_contacts = sum(column.label.upper().startswith("CQ_") for column in columns)
    if not _HEADSET_ELECTRODES.issuperset(labels) or not labels or n_contacts < 3:
        return False
    steps = np.concatenate(values) * _HEADSET_STEPS_PER_UV
    steps = steps[np.isfinite(steps)]
    return bool(
        len(steps)
        and np.abs(steps - np.rint(steps)).max() < 1e-3
        and 0 <= steps.min()
        and steps.max() < 2 * _HEADSET_MIDDLE
        and np.abs(steps / _HEADSET_STEPS_PER_UV % 1).max() > 1e-3
    )


def _are_integers(values: Sequence[NDArray[np.float64]]) -> bool:
    numbers = np.concatenate(values)
    return bool((numbers == np.rint(numbers)).all())
