"""Which real EEG a recipe may use, and for what.

The folder is laid out as `chbmit/chbNN/*.edf` and `eegmat/SubjectNN_K.edf`. What is test
only is listed by functions of its own, so that no training code can meet it by accident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from seizure_core.errors import RecordingError

TRAINING_PATIENTS = ("chb02", "chb03")
VALIDATION_RECORDS = ("chb02_16plus", "chb03_03", "chb03_35")
"""Records whose pieces are kept from training and used for choices."""

TRAINING_SUBJECTS = range(15)
TEST_PATIENT = "chb01"
TEST_SUBJECTS = range(15, 20)

_PIECE = re.compile(r"(?P<record>chb\d\d_\w+?)_(?P<kind>ictal|preictal)_s\d+-\d+\.edf")


@dataclass(frozen=True, slots=True, kw_only=True)
class RealPiece:
    """Ten seconds of CHB-MIT, wholly ictal or wholly before the onset."""

    path: Path
    patient: str
    record: str
    ictal: bool

    @property
    def is_validation(self) -> bool:
        """Whether its record is kept from training."""
        return self.record in VALIDATION_RECORDS


def seizure_pieces(data: Path) -> list[RealPiece]:
    """Return the pieces of the training patients, sorted by name.

    Parameters
    ----------
    data : Path
        Folder that holds `chbmit` and `eegmat`.

    Raises
    ------
    RecordingError
        There are none.
    """
    pieces = []
    for patient in TRAINING_PATIENTS:
        for path in sorted((data / "chbmit" / patient).glob("*.edf")):
            match = _PIECE.fullmatch(path.name)
            if match is not None:
                ictal = match["kind"] == "ictal"
                pieces.append(
                    RealPiece(path=path, patient=patient, record=match["record"], ictal=ictal)
                )
    if not pieces:
        raise _missing("chbmit/chb02 and chbmit/chb03")
    return pieces


def resting_files(data: Path) -> list[Path]:
    """Return the eegmat files of the training subjects, sorted by name.

    Raises
    ------
    RecordingError
        There are none.
    """
    files = list(_eegmat_files(data, TRAINING_SUBJECTS))
    if not files:
        raise _missing("eegmat")
    return files


@dataclass(frozen=True, slots=True, kw_only=True)
class TestFile:
    """A file for the final measurement only, with its reference where it has one."""

    group: str
    path: Path
    reference: Path | None


def test_only_files(data: Path) -> list[TestFile]:
    """Return what is kept for the final measurement; no choice may rest on it.

    Raises
    ------
    RecordingError
        There is nothing.
    """
    files = []
    for path in sorted((data / "chbmit" / TEST_PATIENT).glob("*.edf")):
        reference = path.with_name(f"{path.stem}_events.tsv")
        group = "chb01 seizure" if "_seizure_" in path.name else "chb01 interictal"
        files.append(TestFile(group=group, path=path, reference=reference))
    for path in _eegmat_files(data, TEST_SUBJECTS):
        files.append(TestFile(group="eegmat 15-19", path=path, reference=None))
    if not files:
        raise _missing("chbmit/chb01 and eegmat")
    return files


def _eegmat_files(data: Path, subjects: range) -> Iterator[Path]:
    for subject in subjects:
        yield from sorted((data / "eegmat").glob(f"Subject{subject:02d}_[12].edf"))


def _missing(what: str) -> RecordingError:
    return RecordingError(
        what, "no such files in the data folder. Name the folder that holds them with --data."
    )
