"""Measures all shipped models again and writes what quotes them: `python -m scripts.scoreboard`.

The file of figures is `zoo/models/scoreboard.json`; the cards' results and the tables of README and
`docs/scoreboard.md` are taken from it. `--quote` measures nothing and only writes the tables from
the figures. Measuring unchanged models on test-only files is no look in the training log's sense:
no choice follows.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.readme import write_tables
from seizure_core.json_document import write_json
from training.detectors import with_results
from training.evaluate.baselines import BASELINES
from training.evaluate.scoreboard import (
    BOARD_FILE,
    board_document,
    read_board,
    results_of,
)
from training.recipes.scoreboard_measuring import (
    all_sets,
    baseline_entrants,
    measure_entrants,
    model_entrants,
)
from zoo.card.evidence import PEOPLE, RECORDERS
from zoo.card.schema import CARD_FILE, read_card
from zoo.store.home import SHIPPED_FOLDER
from zoo.store.registry import Registry
from zoo.store.registry_file import RegistryEntry
from zoo.store.sealing import ship_model

Rows = list[dict[str, Any]]


def measure(data: Path, only: Sequence[str] = ()) -> None:
    """Measure the shipped models and the baselines; write the file, the cards and the registry.

    Parameters
    ----------
    data : Path
        Folder that holds `chbmit` and `eegmat`.
    only : sequence of str
        Ids of models and names of baselines to measure; the figures of all others stay. Empty
        means everything.
    """
    import torch

    torch.set_num_threads(1)
    models = [model for model in Registry.load() if model.source == "shipped"]
    unknown = set(only) - {model.model_id for model in models} - set(BASELINES)
    if unknown:
        raise SystemExit(f"No shipped model or baseline: {', '.join(sorted(unknown))}.")
    chosen = [model for model in models if not only or model.model_id in only]
    entrants = model_entrants([model.path for model in chosen])
    entrants += [one for one in baseline_entrants() if not only or one.name in only]
    results, facts = measure_entrants(entrants, all_sets(data), data)
    results += _measured_in_people(chosen)
    if only:
        former = read_board(SHIPPED_FOLDER / BOARD_FILE)
        results += [one for one in former["results"] if one["model"] not in only]
        facts += [one for one in former["models"] if one["model"] not in only]
    document = board_document(*_in_order(results, facts, [model.model_id for model in models]))
    for model in chosen:
        with_results(model.path, results_of(document, model.model_id))
        ship_model(model.model_id)
    _take_hashes(document, [model.path for model in models])
    write_json(SHIPPED_FOLDER / BOARD_FILE, document)


def _measured_in_people(models: Sequence[RegistryEntry]) -> Rows:
    """Return what `scripts.measure_people` measured of models and their cards say."""
    return [
        {"model": model.model_id, **one}
        for model in models
        for one in read_card(model.path / CARD_FILE).to_document()["results"]
        if one["dataset"] in (PEOPLE, RECORDERS)
    ]


def _in_order(results: Rows, facts: Rows, model_ids: Sequence[str]) -> tuple[Rows, Rows]:
    """Return both lists with models in the registry's order and baselines behind them."""
    places = {model_id: place for place, model_id in enumerate(model_ids)}

    def place(one: dict[str, Any]) -> int:
        return places.get(one["model"], len(places))

    return sorted(results, key=place), sorted(facts, key=place)


def _take_hashes(document: dict[str, Any], folders: Sequence[Path]) -> None:
    """Set the hashes that the weights' files have since their cards hold these figures."""
    hashes = {folder.name: read_card(folder / CARD_FILE).weights.sha256 for folder in folders}
    for one in document["models"]:
        one["weights_sha256"] = hashes.get(one["model"])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write, or only write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder that holds chbmit and eegmat")
    parser.add_argument("--quote", action="store_true", help="only write the tables")
    parser.add_argument("models", nargs="*", help="measure only these models")
    given = parser.parse_args(arguments)
    if given.quote:
        former = read_board(SHIPPED_FOLDER / BOARD_FILE)
        write_json(SHIPPED_FOLDER / BOARD_FILE, board_document(former["results"], former["models"]))
    else:
        data = given.data or Path(os.environ.get("SEIZURE_ZOO_DATA", "../shared/data"))
        measure(data, given.models)
    write_tables()


if __name__ == "__main__":
    main()
