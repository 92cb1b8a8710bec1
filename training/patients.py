"""Patient ids from file names."""

from __future__ import annotations

import re

# CHB-MIT "chb01_03", BIDS "sub-01_ses-...", TUSZ "aaaaaaac_s001_t000", eegmat "Subject00_1",
# SeizeIT1 "P_ID64_r1".
_PATTERNS = (
    re.compile(r"(?P<patient>chb[0-9]{2})(?:[_.].*)?", re.I),
    re.compile(r"(?P<patient>sub-[a-z0-9]+)(?:[_.].*)?", re.I),
    re.compile(r"(?P<patient>[a-z]{8})_s[0-9]{3}_t[0-9]{3}(?:[_.].*)?", re.I),
    re.compile(r"(?P<patient>p_id[0-9]+)(?:[_.].*)?", re.I),
    re.compile(r"(?P<patient>(?:subject|patient|pat|pn)[-_]?[0-9]+)(?:[-_.].*)?", re.I),
)

# CHB-MIT: case 21 is the same girl as case 1, a year and a half later.
_SAME_PERSON = {"chb21": "chb01"}


def patient_of(file_name: str) -> str:
    """Return the patient's id in a file name: "chb01" of "chb01_03.edf", else the stem."""
    file_name = re.sub(r"(?i)\.gz$", "", file_name)
    stem = file_name.rsplit(".", maxsplit=1)[0] if "." in file_name else file_name
    for pattern in _PATTERNS:
        match = pattern.fullmatch(stem)
        if match is not None:
            return match["patient"]
    return stem or file_name


def public_name(patient: str, number: int) -> str:
    """Return a patient's id for publication.

    Ids of public databases are kept; others become "patient 1" ...
    """
    known = any(pattern.fullmatch(patient) for pattern in _PATTERNS)
    return patient if known else f"patient {number}"


def person_of(patient: str) -> str:
    """Return the id of the person, equal for all recordings of one human being."""
    return _SAME_PERSON.get(patient.casefold(), patient.casefold())
