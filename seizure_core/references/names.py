"""Matching of recording names in lists and file names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

_SUFFIXES = ".seizures .edf .bdf .rec .tsv .csv_bi .csv .tse_bi .tse .txt .asc .gz .json .events"
_TAILS = (
    "_events _event _annotations _annotation _annot -annotations -annotation -annot _ieeg _eeg "
    "_reference _ref _marks _reviewed"
)
_ENDINGS = (*_SUFFIXES.split(), *_TAILS.split())
_ANNOTATOR = re.compile(r"_a[0-9]+\.tsv$")  # SeizeIT1 has one file per annotator.
_LISTING = re.compile(r"^seizures?[-_ ]list.*\.txt$|summary\.txt$")
_ENDING = re.compile(r"\.(?:edf|bdf|rec|csv|txt|gz)$")
_MISTYPED_ZERO = re.compile(r"(?<=[a-z])o(?=[0-9])")
_NUMBERED_ONE = re.compile(r"[-_ ]0*1$")


class ListedNames:
    """The recordings that a list refers to, to be looked up by the names of files."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: list[dict[str, list[str]]] = [defaultdict(list) for _ in _STEPS]
        for name in names:
            for step, known in zip(_STEPS, self._names, strict=True):
                known[step(name)].append(name)

    def name_of(self, recording_name: str) -> str | None:
        """Return the name by which the list refers to a recording, None if it does not.

        Case and suffix are ignored. If there is no match, an O typed for zero is accepted, or a
        missing "-1" if the recording is unique.
        """
        for step, known in zip(_STEPS, self._names, strict=True):
            found = known.get(step(recording_name), [])
            if len(found) == 1 or (found and step is stem_of):
                return found[0]
        return None


def stem_of(name: str) -> str:
    """Return a file name without case and suffix, for packed files without both suffixes."""
    stem = name.strip().casefold()
    while (shorter := _ENDING.sub("", stem)) != stem and shorter:
        stem = shorter
    return stem


def plain_name(name: str) -> str:
    """Return a name without case, suffix and blanks, with mistyped O's as zeros."""
    return re.sub(r"\s+", "", _MISTYPED_ZERO.sub("0", stem_of(name)))


def _without_one(name: str) -> str:
    return _NUMBERED_ONE.sub("", plain_name(name)).rstrip("-_ ")


_STEPS: tuple[Callable[[str], str], ...] = (stem_of, plain_name, _without_one)


def pairing_key(file_name: str) -> str:
    """Return the common part of a recording's and its reference's name.

    "chb01_03.edf", "chb01_03.edf.seizures" and "chb01_03_events.tsv" give "chb01_03".
    """
    key = file_name.casefold()
    while (shorter := _without_ending(key)) != key:
        key = shorter
    return key


def reference_keys(file_name: str) -> tuple[str, ...]:
    """Return keys of the recordings a reference may belong to, most likely first."""
    by_annotator = _ANNOTATOR.sub(".tsv", file_name.casefold())
    return tuple(dict.fromkeys((pairing_key(file_name), pairing_key(by_annotator))))


def is_listing_name(file_name: str) -> bool:
    """Return whether a file is named like those that describe several recordings."""
    return _LISTING.search(file_name.casefold()) is not None


def _without_ending(key: str) -> str:
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) > len(ending):
            return key.removesuffix(ending)
    return key
