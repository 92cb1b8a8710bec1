"""Parsing of channel labels: electrode and reference.

Labels are spelled in many ways: ``FP1-F7``, ``EEG Fp1-REF``, ``EEGFp1``, ``EEG.AF3``, ``Fp1/Ref``,
``T3``, ``T8-P8-0``. They are normalised to upper case, without prefix, with the newer 10-20 names
(T7, T8, P7, P8).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

UNNAMED_REFERENCE = ""
"""Reference of labels that are a bare electrode: unknown, but the same for all."""

_PREFIX = re.compile(r"^(?:(?:EEG|POL)[\s:._-]+)+")
# "EEGFP1", but not "EEG01", the first of numbered channels.
_JOINED_PREFIX = re.compile(r"^(?:EEG|POL)(?=[A-Z])")
# Hyphen, similar Unicode characters, and the colon of sleep laboratories.
_JOINT = re.compile("[-:\u2010-\u2015\u2212]")
# These join an electrode and a reference, but also other words, as in "FP1_QUALITY".
_LOOSE_JOINT = re.compile(r"[_/. ]+")
_REFERENCE = re.compile(
    r"REF(?:ERENCE)?[0-9]?|LE|LER|LINKED ?EARS|AV|AVE|AVG|AVERAGE|AR|CAR|AA|A1A2|A1\+A2|A12|"
    r"M1M2|M1\+M2|ORG|G[12]?|CS[12]?|[0-9]{1,2}"
)
_ATTACHED_REFERENCE = re.compile(r"(.*[0-9Z])(REF|LE|AVG|AVE)")
_SCALP = re.compile(
    r"(?:NZ|(?:A?FP|AF|AFF|F|FFC|FFT|FC|FT|FCC|FTT|C|T|CCP|TTP|CP|TP|CPP|TPP|P|PPO|PO|POO|O|OI|I)"
    r"(?:Z|[0-9]{1,2}H?))"
)
_EARS = frozenset({"A1", "A2", "M1", "M2"})
# Older 10-20 names, and O typed as zero, as in files of some recorders.
_MODERN_NAMES = {
    "T3": "T7",
    "T4": "T8",
    "T5": "P7",
    "T6": "P8",
    "01": "O1",
    "02": "O2",
    "0Z": "OZ",
}


@dataclass(frozen=True, slots=True, order=True)
class Derivation:
    """Voltage of an electrode against another one or a common reference.

    Attributes
    ----------
    plus : str
        Normalised electrode ("FP1").
    minus : str
        Electrode ("F7"), name of a common reference ("REF", "LE", "AVG", "CS2"), or
        `UNNAMED_REFERENCE`.
    """

    plus: str
    minus: str

    @property
    def is_scalp_pair(self) -> bool:
        """Whether both are electrodes on the scalp."""
        return is_scalp_electrode(self.plus) and is_scalp_electrode(self.minus)

    @property
    def is_referential(self) -> bool:
        """Whether the voltage is against a common reference, not another electrode."""
        return not _is_electrode(self.minus)

    @property
    def label(self) -> str:
        """Normalised label: "FP1-F7", or "FP1" against a common reference."""
        return self.plus if self.is_referential else f"{self.plus}-{self.minus}"


def is_scalp_electrode(name: str) -> bool:
    """Return whether a normalised name is a position of the 10-20, 10-10 or 10-5 system."""
    return _SCALP.fullmatch(name) is not None


def normalise_label(label: str) -> str:
    """Return the normalised spelling of a channel label.

    Ignores case, prefixes, reference suffixes, suffixes of repeated labels and older electrode
    names: "EEG Fp1-REF" is "FP1", "T8-P8-0" is "T8-P8", "EEG T3" is "T7", "01" is "O1". Other
    labels are returned in upper case with single spaces; the placeholders "-" and "." become "".
    """
    derivation = parse_derivation(label)
    if derivation is not None:
        return derivation.label
    text = _without_prefix(label)
    return text if text.strip("-.: ") else ""


@functools.lru_cache(maxsize=4096)  # The same few labels are parsed again and again.
def parse_derivation(label: str) -> Derivation | None:
    """Parse a label as an electrode against another one or a reference.

    Returns
    -------
    Derivation or None
        None for anything but scalp EEG: placeholders, ECG, VNS, eye and chin channels, and the two
        ears against each other.
    """
    parts = _parts(label)
    if not 1 <= len(parts) <= 2 or not _is_electrode(parts[0]):
        return None
    plus, minus = parts[0], parts[1] if len(parts) == 2 else UNNAMED_REFERENCE
    both_ears = plus in _EARS and minus in _EARS
    return None if both_ears or plus == minus else Derivation(plus, minus)


def _is_electrode(name: str) -> bool:
    return name in _EARS or is_scalp_electrode(name)


def _without_prefix(label: str) -> str:
    text = _PREFIX.sub("", " ".join(label.upper().split()))
    joined = _JOINED_PREFIX.sub("", text)
    if joined == text:
        return text
    first = _loose_parts(_modern_name(_JOINT.split(joined)[0]))[0]
    return joined if _is_electrode(first) else text


def _parts(label: str) -> list[str]:
    """Split a label into normalised names, without repeat suffixes and empty parts."""
    pieces = [_modern_name(piece) for piece in _JOINT.split(_without_prefix(label))]
    bare = [_modern_name(_without_prefix(piece)) for piece in pieces]
    parts = [name for piece in bare for name in _loose_parts(piece)]
    while len(parts) > 1 and (not parts[-1] or _is_repeat_suffix(parts)):
        parts.pop()
    return parts


def _loose_parts(text: str) -> list[str]:
    """Split "FP1_REF", "FP1/F7", "FP1 LE" or "FP1REF" if all after the electrode is a name."""
    attached = _ATTACHED_REFERENCE.fullmatch(text)
    if attached and _is_electrode(_modern_name(attached[1])):
        return [_modern_name(attached[1]), attached[2]]
    parts = [_modern_name(part) for part in _LOOSE_JOINT.split(text)]
    are_names = all(_is_electrode(part) or _REFERENCE.fullmatch(part) for part in parts)
    return parts if len(parts) > 1 and are_names else [text]


def _modern_name(part: str) -> str:
    name = part.strip(" .")
    return _MODERN_NAMES.get(name, name)


def _is_repeat_suffix(parts: list[str]) -> bool:
    return parts[-1].isascii() and parts[-1].isdigit()
