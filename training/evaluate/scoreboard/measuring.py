"""Measures every shipped net and every baseline on every data set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seizure_core.events.event import clip_events, seizures_of
from training.evaluate.baselines.constant import AlwaysAlarm, NeverAlarm
from training.evaluate.baselines.gotman import GotmanLike
from training.evaluate.baselines.line_length import LineLength, line_length_trace
from training.evaluate.explorer import TracedFile
from training.evaluate.operating_points import choose_operating_points
from training.patients import patient_of
from training.recipes.measure.event_figures import (
    Finder,
    FoundEvents,
    NetFinder,
    card_result,
    find_all,
)
from training.recipes.measure.model_measuring import (
    FULL,
    Amounts,
    DataSet,
    detector_of,
    pieces_set,
    simulated_set,
    test_only_sets,
    validation_groups,
)
from training.recipes.measure.points import GRID
from training.recipes.measure.shortcuts import shortcut_results
from zoo.store.model_folder import load_net

Report = Callable[[str], None]

# Less is no work on the EEG, only the call.
_LEAST_SECONDS = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class Entrant:
    """What is measured: a net or a baseline.

    Attributes
    ----------
    name : str
        Id of the net, or what the baseline is called.
    finder : Finder
    folder : Path or None
        Of the net; None for baselines.
    """

    name: str
    finder: Finder
    folder: Path | None = None


def all_sets(data: Path, amounts: Amounts = FULL) -> list[DataSet]:
    """Return the data sets in the order of the table: test-only ones first."""
    return [*test_only_sets(data), pieces_set(data), simulated_set(amounts)]


def baselines(data: Path, amounts: Amounts = FULL) -> list[Entrant]:
    """Return the detectors without a net; line length's numbers are chosen as nets' are."""
    return [
        Entrant(name="always alarm", finder=AlwaysAlarm()),
        Entrant(name="never alarm", finder=NeverAlarm()),
        Entrant(name="line length", finder=_line_length(data, amounts)),
        Entrant(name="Gotman-like", finder=GotmanLike()),
    ]


def net_entrants(folders: Sequence[Path]) -> Iterator[Entrant]:
    """Yield nets by their folders, loaded with every check."""
    for folder in folders:
        yield Entrant(name=folder.name, finder=NetFinder(detector_of(folder)), folder=folder)


def measure_entrants(
    entrants: Sequence[Entrant],
    sets: Sequence[DataSet],
    data: Path,
    *,
    amounts: Amounts = FULL,
    report: Report = print,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Measure everything on everything.

    Returns
    -------
    results, nets : list of dict
        For `board_document`.
    """
    results: list[dict[str, Any]] = []
    facts: list[dict[str, Any]] = []
    for entrant in entrants:
        report(f"measuring {entrant.name} ...")
        rows: dict[str, list[FoundEvents]] = {}
        for one in sets:
            rows[one.name] = find_all(entrant.finder, one.recordings())
            result = card_result(rows[one.name], dataset=one.name, split=one.split, note=one.note)
            results.append({"net": entrant.name, **result})
        if entrant.folder is not None:
            checks = shortcut_results(load_net(entrant.folder), data, n_pairs=amounts.n_pairs)
            results += [{"net": entrant.name, **one} for one in checks]
        facts.append(_facts(entrant, [row for some in rows.values() for row in some]))
    return results, facts


def _facts(entrant: Entrant, rows: Sequence[FoundEvents]) -> dict[str, Any]:
    weights: Mapping[str, Any] = {"version": None, "weights_sha256": None, "n_parameters": None}
    if entrant.folder is not None:
        card = load_net(entrant.folder).card
        weights = {
            "version": card.version,
            "weights_sha256": card.weights.sha256,
            "n_parameters": card.weights.n_parameters,
        }
    # The quickest recording was disturbed least by whatever else the machine did.
    quickest = min(row.took_s / row.duration_s for row in rows) * 3600.0
    seconds = float(f"{quickest:.2g}") if quickest >= _LEAST_SECONDS else None
    return {"net": entrant.name, **weights, "seconds_per_hour": seconds}


def _line_length(data: Path, amounts: Amounts) -> LineLength:
    traced = [
        [
            TracedFile(
                file_name=recording.file_name,
                patient=patient_of(recording.file_name),
                trace=line_length_trace(recording),
                reference=clip_events(seizures_of(events), recording.duration_s),
            )
            for recording, events in group
        ]
        for group in validation_groups(data, amounts)
    ]
    points = choose_operating_points(traced, grid=GRID)
    assert points is not None, "the validation recordings hold seizures"
    return LineLength(settings=points.balanced.settings)
