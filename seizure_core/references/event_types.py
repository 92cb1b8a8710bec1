"""Recognition of seizures in event codes and annotation texts.

Only whole texts count: "Seizure 2" is a seizure; "no seizure", "post-seizure slowing" and
"pre-ictal" are not; "seizure?" is uncertain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from seizure_core.events.event import BACKGROUND, SEIZURE

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
    "anfall": SEIZURE,
    "epileptischer anfall": SEIZURE,
    "fokaler anfall": "sz_foc",
    "generalisierter anfall": "sz_gen",
    "crise": SEIZURE,
    "crise épileptique": SEIZURE,
    "crise epileptique": SEIZURE,
    "crise epilepsie": SEIZURE,
    "crise epiléptica": SEIZURE,
    "crise focale": "sz_foc",
    "crise généralisée": "sz_gen",
    "crisis": SEIZURE,
    "crisis epiléptica": SEIZURE,
    "crisis epileptica": SEIZURE,
    "crisis focal": "sz_foc",
    "crisis generalizada": "sz_gen",
    "aanval": SEIZURE,
    "epileptische aanval": SEIZURE,
}
"""Texts that count as a seizure, in lower case; a number may follow ("Crisi 2")."""

START_WORDS = frozenset(
    "start starts started onset begin begins beginning inizio beginn anfang début debut inicio "
    "início comienzo".split()
)
END_WORDS = frozenset(
    "end ends ended ending offset stop stops stopped fine ende fin fim final einde eind".split()
)
_TIMES = {  # Words that are written as one.
    "anfallsbeginn": ("anfall", "start"),
    "anfallsende": ("anfall", "end"),
    "krampfbeginn": ("anfall", "start"),
    "krampfende": ("anfall", "end"),
}
# Words that may occur in addition; "no" would invert the meaning.
_LINKS = frozenset("of the a della di la de d del da des der n nr van".split())
_BACKGROUND = frozenset({BACKGROUND, "background", "interictal", "normal", "none", "n/a", ""})
# Said of stretches without a verdict, or that experts disagree on.
_UNJUDGED = frozenset({"unlabelled", "unlabeled"})
_YES, _NO = frozenset({"1", "true", "yes"}), frozenset({"0", "false"})
_CODE = re.compile(r"sz(?:[_-][a-z][a-z0-9]*)*", re.IGNORECASE)
_SUSPICIOUS = re.compile(
    r"seiz|ictal|crisi|\bcrises?\b|\bszs?(?![a-z])|[a-z]{2}sz\b|anf(?:a|ä|ae)ll|aanval|convuls|krampf|"
    r"status epilepticus|tonic.?clonic|\bf?b?gtcs?\b|\bfbtcs?\b|\babsences?\b(?! of)|"
    r"\bassenz[ae]\b|\bfias\b|\bspasms?\b|\b(?:tonic|clonic|atonic|myoclonic)\b|\bauras?\b|"
    r"\bepileptic (?:event|episode|attack)|"
    # Start and end of an unnamed event.
    r"\b(?:eeg|clinical|electro\w*)[\s_-]*(?:onset|offset|start|end)\b|^\s*(?:onset|offset)\s*$",
    re.IGNORECASE,
)
# Phrases with a seizure word that denote none.
_BESIDE = re.compile(
    r"\b(?:inter|pre|post|non|anti|pseudo|before|after|prima|dopo|vor|nach|avant|après|sans|ohne|"
    r"senza|without|sin|sem)[\s_-]*(?:the\s|la\s|dem\s|a\s)?"
    r"(?:ictal\w*|seiz\w*|sz\b|crisi\w*|crises?\b|anf\w*|critic\w*|krampf\w*|convuls\w*)|"
    r"\bseiz\w*[\s_-]*free\b|\banfallsfrei\w*",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:no(?!\.?\s*[0-9])|not|non|never|without|denie[sd]|nessuna?|senza|mai|keine?[nr]?|nicht|"
    r"ohne|pas|sans|aucune?|sin|ninguna|sem|nenhuma|geen)\b[^.;:,]*$",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\?|\b(?:sure|unsure|maybe|may|might|poss?ib\w*|prob\w*|suspect\w*|forse|sicur\w*|dubbi\w*|"
    r"vielleicht|sicher|fraglich|peut|sûr|quiz\w*|seguro)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SeizureMark:
    """Meaning of a text that marks a seizure.

    Attributes
    ----------
    code : str
        SzCORE code.
    role : str
        "whole" for a seizure, "start" or "end" for one of its ends.
    """

    code: str
    role: Role


def seizure_code(text: str) -> str | None:
    """Return the SzCORE code of an event type, None if it is not a seizure.

    Parameters
    ----------
    text : str
        A SzCORE code with underscores or hyphens ("sz-gen"), a label of the Temple corpus ("fnsz"),
        one of `SEIZURE_WORDS`, or "1" / "true".
    """
    mark = read_type(text)
    return mark.code if mark is not None and mark.role == "whole" else None


def read_type(text: str) -> SeizureMark | None:
    """Return the meaning of a cell in a type column, None if it is not a seizure."""
    cleaned = text.strip().rstrip(":")
    if cleaned.casefold() in TUSZ_CODES:
        return SeizureMark(TUSZ_CODES[cleaned.casefold()], "whole")
    if cleaned.casefold() in _YES:
        return SeizureMark(SEIZURE, "whole")
    mark = read_annotation(cleaned)
    if mark is None and _CODE.fullmatch(cleaned):
        mark = SeizureMark(SEIZURE + cleaned[len(SEIZURE) :].replace("-", "_"), "whole")
    return mark


def is_background(text: str) -> bool:
    """Return whether a type explicitly denotes background."""
    return text.strip().casefold() in _BACKGROUND | _NO


def read_annotation(text: str) -> SeizureMark | None:
    """Return the meaning of an annotation text, None if it is not a seizure.

    Parameters
    ----------
    text : str
        Case, numbers and punctuation are ignored.
    """
    stripped = text.strip()
    if stripped.casefold() in TUSZ_CODES:
        return SeizureMark(TUSZ_CODES[stripped.casefold()], "whole")
    words = [word.strip(".,:;!#()[]") for word in re.split(r"[\s_'\u2019-]+", stripped.casefold())]
    words = [word.rstrip("0123456789") for word in words if word not in _LINKS]
    words = [word for word in words if word]
    words = [part for word in words for part in _TIMES.get(word, (word,))]
    is_code = re.search(r"[_-]", stripped) is not None and _CODE.fullmatch(stripped) is not None
    if is_code and not START_WORDS.union(END_WORDS).intersection(words):
        return SeizureMark(SEIZURE + stripped[len(SEIZURE) :].replace("-", "_"), "whole")
    role: Role = "whole"
    for position in (0, -1):
        if len(words) > 1 and words[position] in START_WORDS | END_WORDS:
            role = "start" if words.pop(position) in START_WORDS else "end"
            break
    code = SEIZURE_WORDS.get(" ".join(words))
    return None if code is None else SeizureMark(code, role)


def split_link(text: str) -> tuple[str, tuple[str, ...]]:
    """Return an EDF+ annotation's text and the channels it refers to: "TEXT@@CHANNEL".

    Source: EDF+ (Kemp and Olivan 2003), section 3.3 of the standard texts.
    """
    said, *channels = (part.strip() for part in text.split("@@"))
    return said, tuple(channel for channel in channels if channel)


def names_seizure(text: str) -> bool:
    """Return whether a text contains a word for a seizure, even negated."""
    return _SUSPICIOUS.search(text) is not None


def sounds_like_seizure(text: str) -> bool:
    """Return whether a text that does not count as a seizure may still denote one."""
    if text.strip().casefold() in _UNJUDGED:
        return True
    rest = text if _DOUBT.search(text) else _BESIDE.sub(" ", text)
    found = _SUSPICIOUS.search(rest)
    if found is None:
        return False
    return bool(_DOUBT.search(text)) or _NEGATION.search(rest[: found.start()]) is None


def writable_code(event_type: str) -> str:
    """Return a seizure code for strict readers: with underscores, or plain "sz"."""
    code = event_type.replace("-", "_")
    return code if _CODE.fullmatch(code) and code.startswith(SEIZURE) else SEIZURE
