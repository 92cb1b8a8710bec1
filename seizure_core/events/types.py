"""Types of events that a reader marks, each with a key and its name in HED-SCORE."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from seizure_core.errors import ParameterError
from seizure_core.events.event import is_seizure_kind
from seizure_core.messages import near_names

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MAX_TITLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """A type of events.

    Attributes
    ----------
    code : str
        Stored and exported: a SzCORE code that starts with "sz" for seizures.
    hotkey : str
        A digit, or a letter to be pressed with Shift; empty if it has none.
    hed : str
        Tag of the HED library schema SCORE (version 2.1.0); empty where it has none.
    title : str
        Name on the screen; empty for types that the app itself names in every language.
    """

    code: str
    hotkey: str = ""
    hed: str = ""
    title: str = ""


SEIZURE_TYPES = (
    EventType(code="sz", hotkey="1", hed="Epileptic-seizure"),
    EventType(code="sz_foc", hotkey="2", hed="Focal-onset-epileptic-seizure"),
    EventType(code="sz_foc_a", hotkey="3", hed="Aware-focal-onset-epileptic-seizure"),
    EventType(code="sz_foc_ia", hotkey="4", hed="Impaired-awareness-focal-onset-epileptic-seizure"),
    EventType(
        code="sz_foc_f2b",
        hotkey="5",
        hed="Focal-to-bilateral-tonic-clonic-focal-onset-epileptic-seizure",
    ),
    EventType(code="sz_gen", hotkey="6", hed="Generalized-onset-epileptic-seizure"),
    EventType(code="sz_gen_m_tonicClonic", hotkey="7", hed="Generalized-onset-epileptic-seizure"),
    EventType(code="sz_gen_nm", hotkey="8", hed="Generalized-onset-epileptic-seizure"),
    EventType(code="sz_uo", hotkey="9", hed="Unknown-onset-epileptic-seizure"),
)
"""Seizures that a viewer offers; other codes that start with "sz" are kept."""

OTHER_TYPES = (
    EventType(code="spike", hotkey="K", hed="Spike"),
    EventType(code="sharp_wave", hotkey="W", hed="Sharp-wave"),
    EventType(code="lpd", hotkey="L", hed="Lateralized-periodic-discharges"),
    EventType(code="gpd", hotkey="G", hed="Generalized-periodic-discharges"),
    EventType(code="lrda", hotkey="D", hed="Rhythmic-delta-activity"),
    EventType(code="grda", hotkey="R", hed="Rhythmic-delta-activity"),
    EventType(code="artefact", hotkey="A", hed="Artifact"),
    EventType(code="artefact_muscle", hotkey="M", hed="EMG-artifact"),
    EventType(code="artefact_eye", hotkey="E", hed="Eye-movement-artifact"),
    EventType(code="artefact_blink", hotkey="B", hed="Eye-blink-artifact"),
    EventType(code="artefact_chewing", hotkey="C", hed="Chewing-artifact"),
    EventType(code="artefact_movement", hotkey="T", hed="Movement-artifact"),
    EventType(code="artefact_electrode", hotkey="P", hed="Electrode-pops-artifact"),
    EventType(code="artefact_line", hotkey="H", hed="Line-noise-artifact"),
    EventType(code="artefact_ecg", hotkey="Y", hed="ECG-artifact"),
    EventType(code="wake", hotkey="U"),
    EventType(code="sleep_n1", hotkey="Q", hed="Sleep-stage-N1"),
    EventType(code="sleep_n2", hotkey="S", hed="Sleep-stage-N2"),
    EventType(code="sleep_n3", hotkey="Z", hed="Sleep-stage-N3"),
    EventType(code="sleep_rem", hotkey="J", hed="Sleep-stage-REM"),
    EventType(code="eyes_open", hotkey="O", hed="Manual-eye-opening"),
    EventType(code="eyes_closed", hotkey="I", hed="Manual-eye-closure"),
    EventType(code="hyperventilation", hotkey="V", hed="Hyperventilation"),
    EventType(code="photic", hotkey="F", hed="Intermittent-photic-stimulation"),
    EventType(code="note", hotkey="N"),
)
"""Types that are not seizures."""

EVENT_TYPES = (*SEIZURE_TYPES, *OTHER_TYPES)
OTHER_CODES = frozenset(one.code for one in OTHER_TYPES)


def own_type(
    code: str, *, title: str, hotkey: str = "", hed: str = "", taken: Iterable[EventType] = ()
) -> EventType:
    """Return a type of the user's own list.

    Parameters
    ----------
    taken : iterable of EventType
        The user's other types.

    Raises
    ------
    ParameterError
        The code or the key is not one, or another type has it.
    """
    known = (*EVENT_TYPES, *taken)
    if not _CODE.fullmatch(code) or code.startswith("sz") or code == "bckg":
        raise ParameterError(
            "A type's code has up to 40 small letters, digits and underscores and does not start "
            "with sz; {code!r} was given.",
            code=code,
        )
    if not 0 < len(title.strip()) <= _MAX_TITLE:
        raise ParameterError(
            "A type's name must have 1 to {longest} characters.", longest=_MAX_TITLE
        )
    if hotkey and not (len(hotkey) == 1 and "A" <= hotkey <= "Z"):
        raise ParameterError("A type's key is a letter from A to Z, not {key!r}.", key=hotkey)
    for other in known:
        if other.code == code:
            raise ParameterError("There is a type {code!r} already.", code=code)
        if hotkey and other.hotkey == hotkey:
            raise ParameterError(
                "The key {key} belongs to {code}. Choose another one.", key=hotkey, code=other.code
            )
    return EventType(code=code, hotkey=hotkey, hed=hed.strip()[:_MAX_TITLE], title=title.strip())


def check_type(code: str, own: Iterable[str] = ()) -> str:
    """Return a code of an event type, after checking that it is one.

    Parameters
    ----------
    own : iterable of str
        Codes of the user's own types.

    Raises
    ------
    ParameterError
        It is none.
    """
    if is_seizure_kind(code) and len(code) <= _MAX_TITLE:
        return code
    if code not in OTHER_CODES and code not in (known_own := list(own)):
        names = [*(one.code for one in EVENT_TYPES), *known_own]
        near = near_names(code, names, most=1)
        raise ParameterError(
            "There is no type of events {code!r}. Did you mean {near}?"
            if near
            else "There is no type of events {code!r}.",
            code=code,
            **({"near": near[0]} if near else {}),
        )
    return code
