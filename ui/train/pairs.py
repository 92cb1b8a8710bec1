"""Recordings and references of a session, paired and corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from seizure_core.errors import ParameterError
from seizure_core.references.names import is_listing_name, pairing_key, reference_keys
from seizure_core.references.reading import role_of
from training.data.pairing import Pairing, SourceFile, pair_files
from training.patients import patient_of
from ui.i18n.translation import tr
from ui.opening.recordings import DATA_PREFIX, RecordingSources

_STATE_WORDS = {
    "paired": "used",
    "seizure-free": "used: seizure-free",
    "unknown": "left out",
}
_HOW_FOUND_WORDS = {
    "name": "by its name",
    "summary": "in a summary",
    "inside": "inside the recording",
    "chosen": "chosen by you",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedFile:
    """A recording that was looked at, and the seizures a person marked in it.

    Attributes
    ----------
    recording : Path
        The file.
    reference : Path
        A TSV of the marks; without seizures, the person said that there is none.
    """

    recording: Path
    reference: Path


@dataclass(frozen=True, kw_only=True, eq=False)
class Material:
    """Recordings with references, for a dataset or a test.

    Attributes
    ----------
    pairing : Pairing
        As found and corrected.
    references : tuple of SourceFile
        All that may be chosen.
    marked : tuple of MarkedFile
        Those of the recordings that came with a person's own marks.
    """

    pairing: Pairing
    references: tuple[SourceFile, ...]
    marked: tuple[MarkedFile, ...] = ()

    @property
    def questions(self) -> list[str]:
        """Names of the recordings without reference."""
        return [p.recording.file_name for p in self.pairing.pairs if not p.references]

    @property
    def said_free(self) -> list[str]:
        """Names of those that were said to have no seizure."""
        return [p.recording.file_name for p in self.pairing.pairs if p.state == "seizure-free"]

    def answered(self, seizure_free: Sequence[str]) -> Material:
        """Return it with the answer to the question which recordings have no seizure."""
        pairing = self.pairing
        for name in self.questions:
            pairing = pairing.with_seizure_free(name, name in seizure_free)
        return replace(self, pairing=pairing)

    def corrected(self, names: Sequence[str], reference: str | None, patient: str) -> Material:
        """Return it with a reference or a patient for some recordings.

        Parameters
        ----------
        names : sequence of str
            Of recordings.
        reference : str or None
            File name; "" takes the reference away, None changes nothing.
        patient : str
            Empty changes nothing.

        Raises
        ------
        DatasetError, ParameterError
            There is no such recording or reference.
        """
        pairing = self.pairing
        for name in names:
            if reference is not None:
                pairing = pairing.with_reference(name, self._named(reference))
            if patient.strip():
                pairing = pairing.with_patient(name, patient)
        return replace(self, pairing=pairing)

    def _named(self, reference: str) -> SourceFile | None:
        if not reference:
            return None
        for file in self.references:
            if file.file_name == reference:
                return file
        raise ParameterError(
            "There is no reference {reference!r} here. Add the file first.", reference=reference
        )

    def table(self) -> list[list[str]]:
        """Return a row for each recording: name, patient, what happens to it, reference."""
        return [
            [
                pair.recording.file_name,
                pair.patient,
                tr(_STATE_WORDS[pair.state]),
                ", ".join(
                    f"{source.file.file_name} ({tr(_HOW_FOUND_WORDS[source.how])})"
                    for source in pair.references
                ),
            ]
            for pair in self.pairing.pairs
        ]


def find_material(
    sources: RecordingSources,
    *,
    recordings: Sequence[str],
    references: Sequence[str],
    folder: Sequence[str],
    before: Material | None,
    marked: Sequence[MarkedFile] | None = None,
) -> Material | None:
    """Pair what was uploaded and chosen; what was corrected before stays.

    Parameters
    ----------
    sources : RecordingSources
        Where files may lie.
    recordings, references : sequence of str
        Uploads.
    folder : sequence of str
        Names of recordings in the server's folder.
    before : Material or None
        As it was.
    marked : sequence of MarkedFile, optional
        Recordings with a person's own marks; as they were before where omitted.

    Returns
    -------
    Material or None
        None without any recording.

    Raises
    ------
    DatasetError, ParameterError, FileNotFoundError
        Two recordings have one name, or a file is not where it may be.
    """
    files = [sources.path_of(name) for name in recordings]
    given = [sources.find_given({"path": name}, what="reference") for name in references]
    for name in folder:
        path = sources.path_of(f"{DATA_PREFIX}{name}")
        files.append(path)
        given += [file for file in _beside(sources, path) if file not in given]
    if marked is None:
        marked = before.marked if before is not None else ()
    files += [file.recording for file in marked]
    given += [file.reference for file in marked]
    if not files:
        return None
    pairing = pair_files(files, given)
    for file in marked:
        pairing = pairing.with_reference(file.recording.name, file.reference)
    if folder:
        # References of the folder were looked for; the user has not given them.
        asked = {Path(name).name for name in references}
        pairing = replace(pairing, unused=tuple(n for n in pairing.unused if n in asked))
    found = Material(
        pairing=pairing,
        references=tuple(SourceFile.of(file) for file in given),
        marked=tuple(marked),
    )
    return found if before is None else _with_corrections(found, before)


def _beside(sources: RecordingSources, recording: Path) -> list[Path]:
    root = sources.data_folder
    assert root is not None
    key = pairing_key(recording.name)
    found = []
    for path in sorted(recording.parent.iterdir()):
        fits = key in reference_keys(path.name) or is_listing_name(path.name)
        if fits and path != recording and path.is_file() and role_of(path) == "reference":
            relative = path.relative_to(root.resolve()).as_posix()
            found.append(sources.find_given(f"{DATA_PREFIX}{relative}", what="reference"))
    return found


def _with_corrections(found: Material, before: Material) -> Material:
    pairing = found.pairing
    names = {pair.recording.file_name for pair in pairing.pairs}
    here = {file.file_name for file in found.references}
    for pair in before.pairing.pairs:
        name = pair.recording.file_name
        if name not in names:
            continue
        if pair.patient != patient_of(name):
            pairing = pairing.with_patient(name, pair.patient)
        if pair.seizure_free:
            pairing = pairing.with_seizure_free(name)
        for source in pair.references:
            if source.how == "chosen" and source.file.file_name in here:
                pairing = pairing.with_reference(name, source.file)
    return replace(found, pairing=pairing)
