"""Which words mean a seizure, in codes and in annotators' remarks.

Only whole remarks count, never parts of them: "Seizure 2" is a seizure, "no seizure",
"post-seizure slowing" and "pre-ictal" are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from seizure_core.events import BACKGROUND, SEIZURE

Role = Literal["whole", "start", "end"]

# Temple University's labels and their SzCORE codes.
TUSZ_CODES = {
    "seiz": SEIZURE,
    "fnsz": "sz_foc",
    "gnsz": "sz_gen",
    "spsz": "sz_foc_a",
    "cpsz": "sz_foc_ia",
    "absz": "sz_gen_nm",
    "tnsz": "sz_gen_m_tonic",
    "cnsz": "sz_gen_m_clonic",
    "tcsz": "sz_gen_m_tonicClonic",
    "atsz": "sz_gen_m_atonic",
    "mysz": "sz_gen_nm_myoclonic",
}
SEIZURE_WORDS = {
    "sz": SEIZURE,
    "seizure": SEIZURE,
    "seizures": SEIZURE,
    "ictal": SEIZURE,
    "epileptic seizure": SEIZURE,
    "electrographic seizure": SEIZURE,
    "electroclinical seizure": SEIZURE,
    "clinical seizure": SEIZURE,
    "subclinical seizure": SEIZURE,
    "focal seizure": "sz_foc",
    "generalized seizure": "sz_gen",
    "generalised seizure": "sz_gen",
    "crisi": SEIZURE,
    "crisi epilettica": SEIZURE,
    "crisi elettrica": SEIZURE,
    "crisi elettroclinica": SEIZURE,
    "crisi clinica": SEIZURE,
    "crisi focale": "sz_foc",
    "crisi generalizzata": "sz_gen",
}
"""Remarks that count as a seizure, in small letters; a number may follow ("Crisi 2")."""

START_WORDS = frozenset({"start", "starts", "onset", "begin", "begins", "inizio"})
END_WORDS = frozenset({"end", "ends", "offset", "stop", "stops", "fine"})
_LINKS = frozenset({"of", "the", "della", "di", "n", "nr"})  # "no" would turn the sense
_BACKGROUND = frozenset({BACKGROUND, "background", "interictal", "normal", "none", "n/a", ""})
_YES, _NO = frozenset({"1", "true", "yes"}), frozenset({"0", "false"})
_CODE = re.compile(r"sz(?:[_-][a-z][a-z0-9]*)*", re.IGNORECASE)
_SUSPICIOUS = re.compile(r"seiz|ictal|crisi|\bsz|sz\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SeizureMark:
    """What a remark says about a seizure.

    Attributes
    ----------
    code : str
        SzCORE code of the kind of seizure.
    role : str
        "whole" for the seizure itself, "start" or "end" for one of its ends.
    """

    code: str
    role: Role


def seizure_code(text: str) -> str | None:
    """Return the SzCORE code a type means, None where it is no seizure.

    Parameters
    ----------
    text : str
        A cell of a type column: a SzCORE code with underscores or hyphens ("sz-gen"), a
        label of the Temple corpus ("fnsz"), a word of `SEIZURE_WORDS`, or "1" / "true".
    """
    cleaned = text.strip().rstrip(":")
    if cleaned.casefold() in TUSZ_CODES:
        return TUSZ_CODES[cleaned.casefold()]
    if cleaned.casefold() in _YES:
        return SEIZURE
    if _CODE.fullmatch(cleaned):
        code = cleaned.replace("-", "_")
        return SEIZURE + code[len(SEIZURE) :]
    mark = read_remark(cleaned)
    return mark.code if mark is not None and mark.role == "whole" else None


def is_background(text: str) -> bool:
    """Return whether a type says in so many words that there is no seizure."""
    return text.strip().casefold() in _BACKGROUND | _NO


def read_remark(text: str) -> SeizureMark | None:
    """Return what an annotation's text says about a seizure, None if nothing.

    Parameters
    ----------
    text : str
        The annotation; case, numbers and punctuation around words do not count.
    """
    stripped = text.strip()
    if stripped.casefold() in TUSZ_CODES:
        return SeizureMark(TUSZ_CODES[stripped.casefold()], "whole")
    if re.search(r"[_-]", stripped) and _CODE.fullmatch(stripped):
        return SeizureMark(SEIZURE + stripped[len(SEIZURE) :].replace("-", "_"), "whole")
    words = [word.strip(".,:;!#()[]") for word in re.split(r"[\s_]+", stripped.casefold())]
    words = [word for word in words if word and not word.isdigit() and word not in _LINKS]
    role: Role = "whole"
    for position in (0, -1):
        if len(words) > 1 and words[position] in START_WORDS | END_WORDS:
            role = "start" if words.pop(position) in START_WORDS else "end"
            break
    code = SEIZURE_WORDS.get(" ".join(words))
    return None if code is None else SeizureMark(code, role)


def sounds_like_seizure(text: str) -> bool:
    """Return whether a text that does not count as a seizure should be shown to the user."""
    return _SUSPICIOUS.search(text) is not None


def writable_code(event_type: str) -> str:
    """Return a seizure's code as strict readers want it: underscores, or plain "sz"."""
    code = event_type.replace("-", "_")
    return code if _CODE.fullmatch(code) and code.startswith(SEIZURE) else SEIZURE
