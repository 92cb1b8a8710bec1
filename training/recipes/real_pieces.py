"""Selection of real EEG for recipes.

The folder has `chbmit/chbNN/*.edf`, `eegmat/SubjectNN_K.edf`, `eegmmidb/*.edf` and `iiic/*.edf`.
Test-only files are listed by functions of their own, so that training code cannot use them by
accident.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

from seizure_core.errors import RecordingError
from training.fit.pool import RealFile

TRAINING_PATIENTS = ("chb02", "chb03")
VALIDATION_RECORDS = ("chb02_16plus", "chb03_03", "chb03_35")
"""Records whose pieces are used for validation instead of training."""

TRAINING_SUBJECTS = range(15)
MOVING_FOLDER = "eegmmidb"
TEST_PATIENT = "chb01"
TEST_SUBJECTS = range(15, 20)

_PIECE = re.compile(r"(?P<record>chb\d\d_\w+?)_(?P<kind>ictal|preictal)_s\d+-\d+\.edf")


def seizure_pieces(data: Path, *, held_out: bool | None = None) -> list[RealFile]:
    """Return ten-second pieces of the training patients, sorted by name.

    Their kind is "ictal" or "preictal": completely inside a seizure, or before its onset.

    Parameters
    ----------
    data : Path
        Folder with `chbmit` and `eegmat`.
    held_out : bool, optional
        Select the pieces of validation records, or the others; None selects all.

    Raises
    ------
    RecordingError
        There are none.
    """
    pieces = [
        RealFile(path=path, kind=match["kind"], patient=patient, record=match["record"])
        for patient in TRAINING_PATIENTS
        for path in sorted((data / "chbmit" / patient).glob("*.edf"))
        if (match := _PIECE.fullmatch(path.name)) is not None
    ]
    if not pieces:
        _missing("chbmit/chb02 and chbmit/chb03")
    return [piece for piece in pieces if held_out in (None, piece.record in VALIDATION_RECORDS)]


def resting_files(data: Path, *, moving: bool = False) -> list[RealFile]:
    """Return files of healthy adults for training, of kind "resting", sorted by name.

    Parameters
    ----------
    data : Path
        Folder with `eegmat`, whose training subjects are taken.
    moving : bool
        Whether to take the person of `eegmmidb`, who moves and blinks, too.

    Raises
    ------
    RecordingError
        There are none.
    """
    files = _eegmat_files(data, TRAINING_SUBJECTS, "resting") or _missing("eegmat")
    if not moving:
        return files
    runs = sorted((data / MOVING_FOLDER).glob("*.edf")) or _missing(MOVING_FOLDER)
    return files + [RealFile(path=path, kind="resting") for path in runs]


def ward_files(data: Path) -> list[RealFile]:
    """Return the iiic clips that experts agreed on, sorted by name, for choosing only.

    Clips without a verdict count neither as seizures nor as free of them; empty if there are none.
    """
    found = []
    for path in sorted((data / "iiic").glob("*.edf")):
        said = path.with_name(f"{path.stem}_events.tsv").read_text(encoding="utf-8")
        if "\tsz\t" in said or "\tunlabelled\t" not in said:
            found.append(RealFile(path=path, kind="ward"))
    return found


def test_only_files(data: Path) -> list[RealFile]:
    """Return the test-only files by kind, for the final measurement only.

    Raises
    ------
    RecordingError
        There is nothing.
    """
    files = [
        RealFile(
            path=path, kind="chb01 seizure" if "_seizure_" in path.name else "chb01 interictal"
        )
        for path in sorted((data / "chbmit" / TEST_PATIENT).glob("*.edf"))
    ]
    files += _eegmat_files(data, TEST_SUBJECTS, "eegmat 15-19")
    return files or _missing("chbmit/chb01 and eegmat")


def _eegmat_files(data: Path, subjects: range, kind: str) -> list[RealFile]:
    return [
        RealFile(path=path, kind=kind)
        for subject in subjects
        for path in sorted((data / "eegmat").glob(f"Subject{subject:02d}_[12].edf"))
    ]


def _missing(what: str) -> NoReturn:
    raise RecordingError(
        what, "no such files in the data folder. Name the folder that holds them with --data."
    )
