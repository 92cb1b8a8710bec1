"""Published files of a database with SHA-256, and selection of the wanted ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from training.errors import FetchError

CHECKSUM_FILE = "SHA256SUMS.txt"

_LINE = re.compile(r"(?P<sha256>[0-9a-f]{64})\s+\*?(?P<path>\S.*)")
# Names become local paths, which must not lead out of the folder.
_SAFE_PATH = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9_+.-]*/)?[A-Za-z0-9][A-Za-z0-9_+.-]*")
_CASE = re.compile(r"(?:chb)?0*(?P<number>[1-9][0-9]?)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """One file of a database.

    Attributes
    ----------
    path : str
        Relative to the database, with "/".
    """

    path: str
    sha256: str

    @property
    def case(self) -> str | None:
        """Patient folder of the file; None for general files."""
        folder, slash, _ = self.path.partition("/")
        return folder if slash else None


def parse_checksums(text: str) -> tuple[PublishedFile, ...]:
    """Parse a list of checksums in the format of `sha256sum`.

    Raises
    ------
    FetchError
        A line is not a checksum and a path, or the path leads out of the database.
    """
    files: dict[str, PublishedFile] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None or not _SAFE_PATH.fullmatch(match["path"]):
            raise FetchError(
                "Line {number} of {checksum_file} is not a SHA-256 with a file of the database. "
                "The address may show something else, such as a login page.",
                number=number,
                checksum_file=CHECKSUM_FILE,
            )
        files[match["path"]] = PublishedFile(path=match["path"], sha256=match["sha256"])
    if not files:
        raise FetchError(
            "{checksum_file} is empty: there is nothing to fetch.", checksum_file=CHECKSUM_FILE
        )
    return tuple(sorted(files.values(), key=lambda one: one.path))


def case_name(patient: str) -> str:
    """Return the folder of a patient: "chb01" for "1", "01" and "chb01".

    Raises
    ------
    FetchError
        Not a patient number.
    """
    match = _CASE.fullmatch(patient.strip())
    if match is None:
        raise FetchError(
            "{patient!r} is not a patient of CHB-MIT. Write 1, 01 or chb01.", patient=patient
        )
    return f"chb{int(match['number']):02d}"


def wanted_files(
    published: Iterable[PublishedFile], patients: Sequence[str]
) -> tuple[PublishedFile, ...]:
    """Return the files of some patients, and the general ones.

    Parameters
    ----------
    patients : sequence of str
        Empty for all.

    Raises
    ------
    FetchError
        There is no such patient.
    """
    files = tuple(published)
    cases = sorted({file.case for file in files if file.case is not None})
    wanted = {case_name(patient) for patient in patients} or set(cases)
    missing = sorted(wanted - set(cases))
    if missing:
        raise FetchError(
            "The database has no patient {missing}. It has: {cases}.",
            missing=", ".join(missing),
            cases=", ".join(cases),
        )
    return tuple(file for file in files if file.case is None or file.case in wanted)
