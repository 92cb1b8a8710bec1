"""Pairing of recordings with references: found by name, then corrected by the user.

A recording without reference stays so until the user states its contents; it is never assumed to be
free of seizures.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from seizure_core.errors import RecordingError, ReferenceFileError
from seizure_core.references.names import ListedNames, pairing_key, reference_keys
from seizure_core.references.readers.edf_annotations import read_edf_annotations
from seizure_core.references.reading import listed_names
from training.errors import DatasetError
from training.patients import patient_of

How = Literal["name", "summary", "inside", "chosen"]
PairState = Literal["paired", "seizure-free", "unknown"]

_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file and the name to show for it.

    Attributes
    ----------
    location : Path
        Path on disk; not shown.
    file_name : str
        Without folder.
    """

    location: Path
    file_name: str

    @classmethod
    def of(cls, path: str | Path | SourceFile) -> SourceFile:
        """Return the file of a path, with its own name."""
        if isinstance(path, SourceFile):
            return path
        location = Path(path)
        return cls(location=location, file_name=location.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSource:
    """A reference of a recording.

    Attributes
    ----------
    file : SourceFile
        The recording itself for annotations inside it.
    how : str
        How it was found: by "name", in a "summary", "inside" the recording, or "chosen".
    """

    file: SourceFile
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A recording and its references.

    Attributes
    ----------
    references : tuple of ReferenceSource
        The first one counts, the others are compared with it.
    seizure_free : bool
        Whether the user stated that it has no seizure.
    """

    recording: SourceFile
    references: tuple[ReferenceSource, ...]
    patient: str
    seizure_free: bool = False

    @property
    def state(self) -> PairState:
        """Whether the contents of the recording are known."""
        if self.references:
            return "paired"
        return "seizure-free" if self.seizure_free else "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Recordings with their references.

    Attributes
    ----------
    pairs : tuple of Pair
        One per recording, in the order given.
    unused : tuple of str
        Names of references that match no recording.
    """

    pairs: tuple[Pair, ...]
    unused: tuple[str, ...] = ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of the recordings without reference or statement."""
        return tuple(p.recording.file_name for p in self.pairs if p.state == "unknown")

    def with_reference(self, recording: str, reference: str | Path | SourceFile | None) -> Pairing:
        """Return the pairing with another reference for a recording; None removes it.

        Raises
        ------
        DatasetError
            There is no such recording.
        """
        sources: tuple[ReferenceSource, ...] = ()
        if reference is not None:
            sources = (ReferenceSource(file=SourceFile.of(reference), how="chosen"),)
        return self._changed(recording, references=sources)

    def with_seizure_free(self, recording: str, seizure_free: bool = True) -> Pairing:
        """Return the pairing with a recording declared free of seizures, or not."""
        return self._changed(recording, seizure_free=seizure_free)

    def with_patient(self, recording: str, patient: str) -> Pairing:
        """Return the pairing with another patient for a recording.

        Raises
        ------
        DatasetError
            There is no such recording, or the patient's name is empty.
        """
        if not patient.strip():
            raise DatasetError("The patient of {recording} needs a name.", recording=recording)
        return self._changed(recording, patient=patient.strip())

    def _changed(self, recording: str, **changes: Any) -> Pairing:
        if all(pair.recording.file_name != recording for pair in self.pairs):
            names = ", ".join(pair.recording.file_name for pair in self.pairs[:20])
            raise DatasetError(
                "There is no recording {recording!r} here. There are: {names}.",
                recording=recording,
                names=names,
            )
        return replace(
            self,
            pairs=tuple(
                replace(pair, **changes) if pair.recording.file_name == recording else pair
                for pair in self.pairs
            ),
        )


def pair_files(
    recordings: Sequence[str | Path | SourceFile], references: Sequence[str | Path | SourceFile]
) -> Pairing:
    """Find the references of recordings: by name, in summaries, and inside the recordings.

    Parameters
    ----------
    recordings : sequence of path or SourceFile
        EEG files; only headers and annotations are read.
    references : sequence of path or SourceFile
        SzCORE TSV, BIDS events, TUSZ csv, CHB-MIT `.seizures` and summaries, Siena lists, SeizeIT1
        and MNE annotations, EDF+ annotation files, CSV.

    Returns
    -------
    Pairing
        For review by the user.

    Raises
    ------
    DatasetError
        There are no recordings, or two have the same name.
    """
    files = [SourceFile.of(recording) for recording in recordings]
    if not files:
        raise DatasetError("Choose at least one recording.")
    twice = [name for name, n in Counter(file.file_name for file in files).items() if n > 1]
    if twice:
        raise DatasetError(
            "Two recordings are called {twice}. Rename one, or leave one out if they are the same.",
            twice=twice[0],
        )
    given = [SourceFile.of(reference) for reference in references]
    listings = [(file, ListedNames(names)) for file in given if (names := _listed(file))]
    lists = {id(file) for file, _ in listings}
    others = [file for file in given if id(file) not in lists]
    by_name = _matches(files, others)
    used: set[str] = set()
    pairs = []
    for index, file in enumerate(files):
        sources = [ReferenceSource(file=file, how="name") for file in by_name[index]]
        listed = [
            ReferenceSource(file=listing, how="summary")
            for listing, names in listings
            if names.name_of(file.file_name) is not None
        ]
        sources = sorted([*sources, *listed], key=_rank)
        if not sources and _marks_seizures(file):
            sources = [ReferenceSource(file=file, how="inside")]
        used.update(source.file.file_name for source in sources)
        pairs.append(
            Pair(recording=file, references=tuple(sources), patient=patient_of(file.file_name))
        )
    unused = tuple(file.file_name for file in given if file.file_name not in used)
    return Pairing(pairs=tuple(pairs), unused=unused)


def _matches(
    recordings: Sequence[SourceFile], references: Iterable[SourceFile]
) -> list[list[SourceFile]]:
    """Return the references of each recording: by exact name, else by letters and digits only."""
    exact: dict[str, list[int]] = defaultdict(list)
    plain: dict[str, list[int]] = defaultdict(list)
    for index, recording in enumerate(recordings):
        key = pairing_key(recording.file_name)
        exact[key].append(index)
        plain[_PLAIN.sub("", key)].append(index)
    found: list[list[SourceFile]] = [[] for _ in recordings]
    for reference in references:
        hits: list[int] = []
        for key in reference_keys(reference.file_name):
            # Uploads may lose characters such as "+" in their names.
            bare = _PLAIN.sub("", key)
            hits = hits or exact.get(key, []) or (plain.get(bare, []) if bare else [])
        if len(hits) == 1:
            found[hits[0]].append(reference)
    return found


def _rank(source: ReferenceSource) -> int:
    """Order references of a recording: the user's own before those of a database."""
    if source.how == "summary":
        return 1
    return 2 if source.file.file_name.casefold().endswith(".seizures") else 0


def _listed(file: SourceFile) -> tuple[str, ...]:
    """Return the recordings that a list or summary describes."""
    if not file.file_name.casefold().endswith(".txt"):
        return ()
    return listed_names(file.location, file.file_name)


def _marks_seizures(file: SourceFile) -> bool:
    """Return whether a recording has seizures among its own annotations."""
    try:
        return bool(read_edf_annotations(file.location, file.file_name).events)
    except (RecordingError, ReferenceFileError):
        return False
