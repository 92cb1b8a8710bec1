"""Measures models on unseen simulated people: `python -m scripts.measure_people --hours 100`.

Some hours on two cores. It may be stopped at any time and goes on where it stopped, as every person
is simulated once for all models and what they find is kept. With `--fit` each model's second stage
is trained first, as `make zoo` does it; with `--keep` second stage and figures go to the cards.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seizure_core.json_document import write_json
from training.detectors import with_card_changes
from training.evaluate.scoreboard import BOARD_FILE, board_document, read_board
from training.recipes.found_in_people import (
    MEASURING_PEOPLE,
    PERSON_S,
    TRAINING_PEOPLE,
    VALIDATION_PEOPLE,
    FoundInPerson,
    found_in_people,
    pooled,
)
from training.recipes.held_out import FULL
from training.recipes.stage_making import people_result, reasons_of, second_stage_of
from zoo.card.evidence import PEOPLE
from zoo.card.second_stage import SecondStage
from zoo.detector import Detector
from zoo.loading import load_detector
from zoo.store.home import SHIPPED_FOLDER, home_folder
from zoo.store.registry import Registry
from zoo.store.sealing import ship_model


def main(arguments: Sequence[str] | None = None) -> None:
    """Collect, train if asked for, measure and print."""
    import torch

    torch.set_num_threads(1)
    given = _parser().parse_args(arguments)
    work = given.work or home_folder() / "recipes"
    shipped = [model.model_id for model in Registry.load() if model.source == "shipped"]
    detectors = [load_detector(model_id) for model_id in given.models or shipped]
    stages = [detector.card.output.second_stage for detector in detectors]
    if given.fit:
        training, validation = (
            _collected(detectors, range(first, first + n), work)
            for first, n in (
                (TRAINING_PEOPLE, given.people),
                (VALIDATION_PEOPLE, given.people // 2),
            )
        )
        stages = [second_stage_of(*both) for both in zip(training, validation, strict=True)]
    n_people = round(given.hours * 3600 / PERSON_S)
    measured = _collected(detectors, range(MEASURING_PEOPLE, MEASURING_PEOPLE + n_people), work)
    for detector, stage, people in zip(detectors, stages, measured, strict=True):
        print(_summary(detector, stage, people), flush=True)
        if given.keep:
            _keep(detector, stage, people)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", help="only these; all shipped ones if none is named")
    parser.add_argument("--hours", type=float, default=100.0, help="of unseen people (default 100)")
    parser.add_argument(
        "--people", type=int, default=FULL.n_people, help="for training, with --fit"
    )
    parser.add_argument("--work", type=Path, help="where unfinished things are kept")
    parser.add_argument("--fit", action="store_true", help="train the second stages first")
    parser.add_argument("--keep", action="store_true", help="write the cards of shipped models")
    return parser


def _collected(
    detectors: Sequence[Detector], seeds: Sequence[int], work: Path
) -> list[list[FoundInPerson]]:
    """Return what each model finds in people."""
    by_person = list(found_in_people(detectors, seeds, work))
    return [[row[index] for row in by_person] for index in range(len(detectors))]


def _summary(detector: Detector, stage: SecondStage | None, people: list[FoundInPerson]) -> str:
    before, after = (pooled(people, one).event for one in (None, stage))
    lines = [
        f"{detector.card.model_id}, {len(people) * PERSON_S / 3600:.1f} h, "
        f"{after.n_reference} seizures:"
    ]
    for name, event in (("without", before), ("with", after)):
        lines.append(
            f"  {name} second stage: {event.n_detected} found, {event.n_false_alarms} false alarms "
            f"({event.false_alarms_per_24h:.1f} per 24 h), F1 {event.f1 or 0:.2f}"
        )
    if stage is not None:
        shares = reasons_of(people, stage)
        lines.append("  dropped: " + ", ".join(f"{n} {s:.0%}" for n, s in shares.items()))
    return "\n".join(lines)


def _keep(detector: Detector, stage: SecondStage | None, people: list[FoundInPerson]) -> None:
    model = Registry.load().get(detector.card.model_id)
    if model.source != "shipped":
        raise SystemExit(f"{model.model_id} is not shipped: its card is not changed.")
    results = [one for one in detector.card.to_document()["results"] if one["dataset"] != PEOPLE]
    changes: dict[str, Any] = {"results": [*results, people_result(people, stage)]}
    if stage is not None:
        output = detector.card.to_document()["output"]
        output["second_stage"] = stage.model_dump(mode="json")
        changes |= {"schema_version": 2, "output": output}
    with_card_changes(model.path, changes)
    ship_model(model.model_id)
    _quote(model.model_id, changes["results"])


def _quote(model_id: str, results: list[dict[str, Any]]) -> None:
    """Take a card's results over into the scoreboard, which cards quote to the letter."""
    path = SHIPPED_FOLDER / BOARD_FILE
    board = read_board(path)
    others = [one for one in board["results"] if one["net"] != model_id]
    place = next(i for i, one in enumerate(board["results"]) if one["net"] == model_id)
    others[place:place] = [{"net": model_id, **one} for one in results]
    for facts in board["nets"]:
        if facts["net"] == model_id:
            facts["weights_sha256"] = load_detector(model_id).weights_sha256
    write_json(path, board_document(others, board["nets"]))


if __name__ == "__main__":
    main()
