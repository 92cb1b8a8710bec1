"""Measures models on unseen simulated people: `python -m scripts.measure_people --hours 100`.

Some of them are then shown to the models again as other recorders would have stored them. Some
hours on two cores. It may be stopped at any time and goes on where it stopped, as every person is
simulated once for all models and what they see is kept. With `--fit` each model's second stage
and operating points are made first, as `make zoo` does it; with `--keep` they and the figures go to
the cards.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.readme import write_tables
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.json_document import write_json
from training.detectors import with_card_changes
from training.evaluate.scoreboard import BOARD_FILE, board_document, read_board
from training.recipes.choosing import chosen_output, people_seen_by, traced_groups
from training.recipes.found_in_people import (
    MEASURING_PEOPLE,
    PERSON_S,
    TracedPerson,
    pooled,
    traced_people,
)
from training.recipes.held_out import FULL
from training.recipes.measuring import validation_groups
from training.recipes.other_recorders import N_PEOPLE, people_as_recorded, recorders_result
from training.recipes.stage_making import people_result, reasons_of
from zoo.card.evidence import PEOPLE, RECORDERS
from zoo.card.output import OutputSection
from zoo.card.second_stage import SecondStage
from zoo.detector import Detector
from zoo.loading import load_detector
from zoo.store.home import SHIPPED_FOLDER, home_folder
from zoo.store.registry import Registry
from zoo.store.sealing import ship_model


def main(arguments: Sequence[str] | None = None) -> None:
    """Choose if asked to, measure and print."""
    import torch

    torch.set_num_threads(1)
    given = _parser().parse_args(arguments)
    work = given.work or home_folder() / "recipes"
    shipped = [model.model_id for model in Registry.load() if model.source == "shipped"]
    detectors = [load_detector(model_id) for model_id in given.models or shipped]
    changes: list[dict[str, Any]] = [{} for _ in detectors]
    if given.fit:
        groups = validation_groups(given.data)
        seen = people_seen_by(detectors, work, given.people)
        changes = [
            chosen_output(detector.card.to_document(), traced_groups(detector, groups), people)
            for detector, people in zip(detectors, seen, strict=True)
        ]
    n_people = round(given.hours * 3600 / PERSON_S)
    seeds = range(MEASURING_PEOPLE, MEASURING_PEOPLE + n_people)
    measured = list(traced_people(detectors, seeds, work))
    recorded = people_as_recorded(detectors, work, n_people=min(n_people, N_PEOPLE))
    for index, (detector, change) in enumerate(zip(detectors, changes, strict=True)):
        people = [row[index] for row in measured]
        output = OutputSection.model_validate(
            change.get("output", detector.card.to_document()["output"])
        )
        settings, stage = output.at(None), output.second_stage
        print(_summary(detector, settings, stage, people), flush=True)
        if given.keep:
            results = [
                people_result(people, settings, stage),
                recorders_result(recorded[index], settings, stage),
            ]
            _keep(detector, change, results)
    if given.keep:
        write_tables()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", help="only these; all shipped ones if none is named")
    parser.add_argument("--hours", type=float, default=100.0, help="of unseen people (default 100)")
    parser.add_argument(
        "--people", type=int, default=FULL.n_people, help="for training, with --fit"
    )
    data = Path(os.environ.get("SEIZURE_ZOO_DATA", "../shared/data"))
    parser.add_argument("--data", type=Path, default=data, help="folder of recipes, with --fit")
    parser.add_argument("--work", type=Path, help="where unfinished things are kept")
    parser.add_argument("--fit", action="store_true", help="make stages and points first")
    parser.add_argument("--keep", action="store_true", help="write the cards of shipped models")
    return parser


def _summary(
    detector: Detector,
    settings: PostProcessing,
    stage: SecondStage | None,
    people: list[TracedPerson],
) -> str:
    lines = [f"{detector.card.model_id}, {len(people) * PERSON_S / 3600:.1f} h:"]
    for name, judge in (("without", None), ("with", stage)):
        event = pooled(people, settings, judge).event
        lines.append(
            f"  {name} second stage: {event.n_detected} of {event.n_reference} found, "
            f"{event.n_false_alarms} false alarms "
            f"({event.false_alarms_per_24h:.1f} per 24 h), F1 {event.f1 or 0:.2f}"
        )
    if stage is not None:
        shares = reasons_of(people, settings, stage)
        lines.append("  dropped: " + ", ".join(f"{n} {s:.0%}" for n, s in shares.items()))
    return "\n".join(lines)


def _keep(
    detector: Detector, changes: Mapping[str, Any], measured: Sequence[dict[str, Any]]
) -> None:
    model = Registry.load().get(detector.card.model_id)
    if model.source != "shipped":
        raise SystemExit(f"{model.model_id} is not shipped: its card is not changed.")
    former = detector.card.to_document()["results"]
    results = [one for one in former if one["dataset"] not in (PEOPLE, RECORDERS)]
    results += measured
    with_card_changes(model.path, {**changes, "results": results})
    ship_model(model.model_id)
    _quote(model.model_id, results)


def _quote(model_id: str, results: list[dict[str, Any]]) -> None:
    """Take a card's results over into the scoreboard, which cards quote to the letter."""
    path = SHIPPED_FOLDER / BOARD_FILE
    board = read_board(path)
    others = [one for one in board["results"] if one["model"] != model_id]
    place = next(i for i, one in enumerate(board["results"]) if one["model"] == model_id)
    others[place:place] = [{"model": model_id, **one} for one in results]
    for facts in board["models"]:
        if facts["model"] == model_id:
            facts["weights_sha256"] = load_detector(model_id).weights_sha256
    write_json(path, board_document(others, board["models"]))


if __name__ == "__main__":
    main()
