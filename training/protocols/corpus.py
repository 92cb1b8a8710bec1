"""Recordings of a CHB-MIT copy in order, paired with their references."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seizure_core.errors import ReferenceFileError
from seizure_core.references.readers.chbmit import read_summary
from training.commands.files import paired
from training.data.pairing import Pair, Pairing
from training.errors import DatasetError
from training.patients import person_of

_CASE_FOLDER = re.compile(r"chb[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusRecording:
    """A recording of the database.

    Attributes
    ----------
    case, person : str
        Case of the database, and person: two cases are the same girl.
    n_seizures : int
        From the case's summary.
    """

    pair: Pair
    case: str
    person: str
    n_seizures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Recordings for a protocol.

    Attributes
    ----------
    recordings : tuple of CorpusRecording
        By case, then by time.
    left_out : tuple of str
        Recordings without a summary, whose seizures are unknown.
    """

    recordings: tuple[CorpusRecording, ...]
    left_out: tuple[str, ...]

    @property
    def cases(self) -> tuple[str, ...]:
        """All cases, in order."""
        return tuple(dict.fromkeys(recording.case for recording in self.recordings))

    @property
    def persons(self) -> tuple[str, ...]:
        """All persons, in order."""
        return tuple(dict.fromkeys(recording.person for recording in self.recordings))

    def of_cases(self, cases: Sequence[str]) -> Corpus:
        """Return the recordings of some cases."""
        return Corpus(
            recordings=tuple(recording for recording in self.recordings if recording.case in cases),
            left_out=self.left_out,
        )


def read_corpus(folder: Path) -> Corpus:
    """Find recordings and references in a copy of the database.

    Parameters
    ----------
    folder : Path
        Contains `chb01/chb01-summary.txt`, `chb01/chb01_01.edf` ...; cases may be missing.

    Raises
    ------
    DatasetError
        There are no recordings, or a summary is missing or unreadable.
    """
    cases = sorted(
        entry
        for entry in (folder.iterdir() if folder.is_dir() else ())
        if _CASE_FOLDER.fullmatch(entry.name) and any(entry.glob("*.[eE][dD][fF]"))
    )
    if not cases:
        raise DatasetError(
            "{value} holds no case of CHB-MIT (chb01 with its .edf files). "
            "`python -m training fetch chbmit --to DIR` downloads them.",
            value=folder.name or folder,
        )
    recordings: list[CorpusRecording] = []
    left_out: list[str] = []
    for case in cases:
        found, unknown = _case_recordings(case)
        recordings += found
        left_out += unknown
    return Corpus(recordings=tuple(recordings), left_out=tuple(left_out))


def pairing_of(recordings: Sequence[CorpusRecording]) -> Pairing:
    """Return recordings as a pairing for datasets and evaluations."""
    return Pairing(pairs=tuple(recording.pair for recording in recordings))


def _case_recordings(case: Path) -> tuple[list[CorpusRecording], list[str]]:
    try:
        summary = read_summary(case / f"{case.name}-summary.txt")
    except ReferenceFileError as error:
        raise DatasetError(
            "The summary of {case_name} is needed: {error}", case_name=case.name, error=error
        ) from error
    described = {recording.file_name: len(recording.events) for recording in summary.recordings}
    pairs = {pair.recording.file_name: pair for pair in paired([case], [], []).pairs}
    recordings = [
        CorpusRecording(
            pair=pairs[name],
            case=case.name,
            person=person_of(case.name),
            n_seizures=n_seizures,
        )
        for name, n_seizures in described.items()
        if name in pairs
    ]
    return recordings, sorted(set(pairs) - set(described))
