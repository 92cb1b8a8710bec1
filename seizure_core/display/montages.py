"""Montages for display, built in or from JSON, and how they fit a recording."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seizure_core.bounds import MAX_CHANNELS, MAX_DRAWN_CHANNELS
from seizure_core.channels.labels import parse_derivation
from seizure_core.channels.montages import DOUBLE_BANANA_18, ELECTRODES_10_20
from seizure_core.channels.plan import source_finder
from seizure_core.channels.sources import ChannelSource, SourceFinder
from seizure_core.display.rows import (
    DisplayRow,
    derived_row,
    group_of,
    recorded_row,
    side_of,
    side_of_electrodes,
)
from seizure_core.display.sums import weights_of
from seizure_core.errors import SeizureZooError
from seizure_core.messages import Message
from seizure_core.recording import Recording

AVERAGE = "AVG"
"""Reference name in rows such as "FP1-AVG": the mean of the recording's 10-20 electrodes."""

SCHEMA_VERSION = 1
MAX_TEXT = 60


class MontageError(SeizureZooError):
    """A montage written by a user is not valid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MontageRow:
    """One trace: a derivation in any spelling, or a sum such as "C3-(A1+A2)/2", and its group."""

    derivation: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Montage:
    """An ordered list of traces; without rows, the channels as recorded.

    Attributes
    ----------
    rows : tuple of MontageRow
        From top to bottom.
    """

    montage_id: str
    name: str
    rows: tuple[MontageRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MontageFit:
    """Traces of a montage that a recording can show.

    Attributes
    ----------
    rows : tuple of DisplayRow
        Available traces, then the recording's other channels (ECG, ...).
    missing : tuple of str
        Derivations that are not available.
    n_left_out : int
        Channels of the recording without a row, because there are `MAX_CHANNELS` already.
    """

    rows: tuple[DisplayRow, ...]
    missing: tuple[str, ...]
    n_left_out: int = 0

    @classmethod
    def of(cls, rows: Sequence[DisplayRow], missing: Sequence[str] = ()) -> MontageFit:
        """Return the traces up to the bound."""
        shown = tuple(rows[:MAX_CHANNELS])
        return cls(rows=shown, missing=tuple(missing), n_left_out=len(rows) - len(shown))


def _montage(montage_id: str, name: str, groups: Mapping[str, Sequence[str]]) -> Montage:
    rows = [MontageRow(derivation=d, group=group) for group, ds in groups.items() for d in ds]
    return Montage(montage_id=montage_id, name=name, rows=tuple(rows))


def _referred_to(reference: str) -> dict[str, list[str]]:
    """Return electrodes against one reference: left, midline and right."""
    groups: dict[str, list[str]] = {"left": [], "midline": [], "right": []}
    for electrode in ELECTRODES_10_20:
        if electrode != reference:
            groups[side_of(parse_derivation(electrode))].append(f"{electrode}-{reference}")
    return groups


BUILT_IN: tuple[Montage, ...] = (
    Montage(montage_id="recorded", name="As recorded"),
    Montage(
        montage_id="longitudinal",
        name="Longitudinal bipolar (double banana)",
        rows=tuple(
            MontageRow(derivation=d, group=group_of(parse_derivation(d))) for d in DOUBLE_BANANA_18
        ),
    ),
    _montage(
        "transverse",
        "Transverse bipolar",
        {
            "frontopolar": ("F7-FP1", "FP1-FP2", "FP2-F8"),
            "frontal": ("F7-F3", "F3-FZ", "FZ-F4", "F4-F8"),
            "central": ("T7-C3", "C3-CZ", "CZ-C4", "C4-T8"),
            "parietal": ("P7-P3", "P3-PZ", "PZ-P4", "P4-P8"),
            "occipital": ("P7-O1", "O1-O2", "O2-P8"),
        },
    ),
    _montage("average", "Average reference", _referred_to(AVERAGE)),
    _montage("cz", "Cz reference", _referred_to("CZ")),
)
"""Built-in montages. The transverse one runs from left to right, front to back."""


def fit_montage(recording: Recording, montage: Montage) -> MontageFit:
    """Find the traces of a montage in a recording, by labels only.

    Parameters
    ----------
    montage : Montage
        Built in, or from `montage_from_json`.

    Returns
    -------
    MontageFit
        May have no rows.
    """
    recorded = tuple(recorded_row(recording, i) for i in range(len(recording.channels)))
    if not montage.rows:
        return MontageFit.of(recorded)
    finder = source_finder(recording)
    sums = _Sums(recording, finder)
    rows: list[DisplayRow] = []
    missing: list[str] = []
    sources = finder.sources([row.derivation for row in montage.rows])
    for wanted, source in zip(montage.rows, sources, strict=True):
        row = _row(recording, wanted, source) if source.terms else sums.row(wanted)
        if row is not None:
            rows.append(row)
        else:
            missing.append(wanted.derivation)
    used = {index for row in rows for index, _ in row.terms}
    rows += [
        row
        for row in recorded
        if row.side == "other" and not row.is_dummy and row.terms[0][0] not in used
    ]
    return MontageFit.of(rows, missing)


def _row(recording: Recording, wanted: MontageRow, source: ChannelSource) -> DisplayRow:
    return derived_row(
        recording,
        wanted.derivation,
        source.terms,
        how=source.how,
        source=source.source,
        group=wanted.group,
    )


def montage_to_json(montage: Montage) -> str:
    """Return a montage as JSON text, as `montage_from_json` reads it."""
    rows = [{"derivation": row.derivation, "group": row.group} for row in montage.rows]
    return json.dumps(
        {"schema_version": SCHEMA_VERSION, "name": montage.name, "rows": rows},
        indent=2,
        ensure_ascii=False,
    )


def montage_from_json(text: str) -> Montage:
    """Parse a montage written or saved by a user.

    Parameters
    ----------
    text : str
        JSON: `{"schema_version": 1, "name": ..., "rows": [{"derivation", "group"}]}`; a row may
        also be only the text of the derivation. "*-AVG" is a row for each 10-20 electrode.

    Returns
    -------
    Montage
        Its id is "own:" and the name.

    Raises
    ------
    MontageError
        The text is not such JSON, or a value is out of bounds.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MontageError(
            "The montage is not valid JSON ({error}). Save a montage to see the format.",
            error=error,
        ) from None
    if not isinstance(data, dict):
        raise MontageError('A montage is a JSON object with "name" and "rows".')
    unknown = sorted(set(data) - {"schema_version", "name", "rows"})
    if unknown:
        raise MontageError(
            "The montage has keys it should not have: {unknown}.", unknown=", ".join(unknown[:5])
        )
    if data.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION:
        raise MontageError(
            "The montage has schema_version {data!r}; this program reads {schema_version}.",
            data=data["schema_version"],
            schema_version=SCHEMA_VERSION,
        )
    name = _text(data.get("name"), "name of the montage")
    rows = data.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_DRAWN_CHANNELS:
        raise MontageError(
            '"rows" of the montage must be a list of 1 to {max_rows} derivations.',
            max_rows=MAX_DRAWN_CHANNELS,
        )
    return Montage(
        montage_id=f"own:{name}",
        name=name,
        rows=tuple(
            made
            for number, row in enumerate(rows, start=1)
            for made in _expanded(_row_from_json(row, number))
        ),
    )


def _row_from_json(row: object, number: int) -> MontageRow:
    if isinstance(row, str):
        row = {"derivation": row}
    if not isinstance(row, dict) or set(row) - {"derivation", "group"}:
        raise MontageError(
            'Row {number} of the montage must be a text such as "FP1-F7" or an object with '
            '"derivation" and "group".',
            number=number,
        )
    derivation = _text(row.get("derivation"), Message("derivation of row {number}", number=number))
    group = row.get("group", "")
    parsed = parse_derivation(derivation)
    return MontageRow(
        derivation=derivation,
        group=_text(group, Message("group of row {number}", number=number))
        if group
        else group_of(parsed)
        if parsed
        else "",
    )


def _expanded(row: MontageRow) -> list[MontageRow]:
    """Return a row, or, where "*" stands in for the electrode, one of each 10-20 electrode."""
    if not row.derivation.startswith("*"):
        return [row]
    rest = row.derivation[1:]
    named, _ = _by_kind(weights_of(f"0*CZ{rest}") or {})
    return [
        MontageRow(derivation=f"{electrode}{rest}", group=row.group)
        for electrode in ELECTRODES_10_20
        if electrode not in named
    ]


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= MAX_TEXT:
        raise MontageError(
            "The {what} must be a text of 1 to {max_text} characters.", what=what, max_text=MAX_TEXT
        )
    return value.strip()


class _Sums:
    """Rows that are weighted sums of electrodes and channels, "AVG" the mean of the 10-20 ones.

    Weights of electrodes add up to 0: against whichever of them they are taken, the voltage is
    the same.
    """

    def __init__(self, recording: Recording, finder: SourceFinder) -> None:
        self._recording = recording
        self._finder = finder
        self._linked: list[str] = []

    def row(self, wanted: MontageRow) -> DisplayRow | None:
        """Return the row of a sum; None if it is none, or its electrodes are not available."""
        weights = weights_of(wanted.derivation) or {}
        electrodes, channels = _by_kind(weights)
        seen_at = [name for name, weight in electrodes.items() if weight > 0 and name != AVERAGE]
        average = electrodes.pop(AVERAGE, 0.0)
        if average:
            mean = dict.fromkeys(self._electrodes(), average / len(self._electrodes()))
            electrodes = {e: electrodes.get(e, 0.0) + mean.get(e, 0.0) for e in electrodes | mean}
        terms = self._terms(electrodes, channels)
        if not terms:
            return None
        source = (
            f"minus the mean of {len(self._electrodes())} electrodes"
            if average
            else self._formula(terms)
        )
        return derived_row(
            self._recording,
            wanted.derivation,
            terms,
            how="average" if average else "combined",
            source=source,
            group=wanted.group,
            side=side_of_electrodes(seen_at) if seen_at else None,
        )

    def _terms(
        self, electrodes: dict[str, float], channels: dict[str, float]
    ) -> tuple[tuple[int, float], ...]:
        """Return channels and weights of a sum; empty if it is not available."""
        if abs(sum(electrodes.values())) > 1e-6:
            return ()
        root = next(iter(electrodes), "")
        parts = {f"{e}-{root}": weight for e, weight in electrodes.items() if e != root} | channels
        sources = self._finder.sources(list(parts))
        found: dict[int, float] = {}
        for source, weight in zip(sources, parts.values(), strict=True):
            if not source.terms:
                return ()
            for index, sign in source.terms:
                found[index] = found.get(index, 0.0) + weight * sign
        if len({self._recording.channels[index].sampling_rate_hz for index in found}) != 1:
            return ()
        return tuple((i, weight) for i, weight in sorted(found.items()) if abs(weight) > 1e-9)

    def _formula(self, terms: Sequence[tuple[int, float]]) -> str:
        labels = self._recording.labels
        return " ".join(f"{weight:+.3g} ({labels[index]})" for index, weight in terms)

    def _electrodes(self) -> list[str]:
        """Return the 10-20 electrodes that the channels link to each other."""
        if not self._linked:
            linked = (self._linked_to(root) for root in ELECTRODES_10_20)
            self._linked = max(linked, key=len)
        return self._linked

    def _linked_to(self, root: str) -> list[str]:
        others = [e for e in ELECTRODES_10_20 if e != root]
        sources = self._finder.sources([f"{electrode}-{root}" for electrode in others])
        return [root, *(e for e, s in zip(others, sources, strict=True) if s.terms)]


def _by_kind(weights: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Return the weights of electrodes, and those of channels that are named as they are."""
    electrodes: dict[str, float] = {}
    channels: dict[str, float] = {}
    for name, weight in weights.items():
        derivation = parse_derivation(name)
        if name.upper() == AVERAGE:
            electrodes[AVERAGE] = weight
        elif derivation is None or derivation.minus:
            channels[name] = weight
        else:
            electrodes[derivation.plus] = electrodes.get(derivation.plus, 0.0) + weight
    return electrodes, channels
