"""`python -m training recipe NAME`: a net from nothing, by a recipe of the project."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

NAME = "recipe"
HELP = "train a net by a recipe of the project, or measure it again"

# The protocols on the full CHB-MIT; --data names the folder that `fetch chbmit` filled.
CHBMIT_RECIPES = ("chbmit-p1", "chbmit-p2", "chbmit-seed")
RECIPES = ("n1spool-cnn", *CHBMIT_RECIPES)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("name", choices=RECIPES, metavar="NAME", help=", ".join(RECIPES))
    parser.add_argument(
        "--data",
        type=Path,
        help="folder that holds chbmit and eegmat; for chbmit-... the database itself "
        "(default: SEIZURE_ZOO_DATA)",
    )
    parser.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="folder of the net to be written"
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--measure",
        action="store_true",
        help="train nothing: measure the net in DIR on held-out data and show the figures",
    )
    mode.add_argument(
        "--look-at-test",
        action="store_true",
        help="train nothing: measure the net in DIR on the test-only files and write the figures "
        "into its card; every look belongs into the training log",
    )
    parser.add_argument(
        "--miniature", action="store_true", help="everything once, in seconds; the net is useless"
    )


def run(arguments: argparse.Namespace) -> int:
    """Carry the recipe out."""
    if arguments.name in CHBMIT_RECIPES:
        return _run_protocol(arguments)
    from training.errors import TrainingError
    from training.recipes.n1spool_cnn import train
    from training.recipes.n1spool_measuring import add_test_results, measure_held_out
    from training.recipes.n1spool_settings import MINIATURE, RecipeSettings

    data = arguments.data or Path(os.environ.get("SEIZURE_ZOO_DATA", ""))
    if not (data / "chbmit").is_dir():
        raise TrainingError(
            "The recipe needs real EEG: name the folder that holds chbmit and eegmat with --data."
        )
    settings = MINIATURE if arguments.miniature else RecipeSettings()
    if arguments.measure:
        _show(measure_held_out(arguments.to, data, settings=settings))
    elif arguments.look_at_test:
        card = add_test_results(arguments.to, data)
        _show([one.model_dump(mode="json") for one in card.results])
    else:
        card = train(data, arguments.to, settings=settings, report=print)
        _show([one.model_dump(mode="json") for one in card.results])
    return 0


def _run_protocol(arguments: argparse.Namespace) -> int:
    from training.errors import TrainingError
    from training.protocols.recipes import CHBMIT_RECIPES as PROTOCOLS
    from training.protocols.recipes import FULL, MINIATURE

    data = arguments.data or os.environ.get("SEIZURE_ZOO_DATA")
    if not data:
        raise TrainingError("Name the folder of the database with --data.")
    if arguments.measure or arguments.look_at_test:
        raise TrainingError(f"{arguments.name} measures whatever it trains: leave the option out.")
    options = MINIATURE if arguments.miniature else FULL
    card = PROTOCOLS[arguments.name](Path(data), arguments.to, options, print)
    _show([one.model_dump(mode="json") for one in card.results])
    return 0


def _show(results: list[dict[str, object]]) -> None:
    for one in results:
        metrics = one["metrics"]
        assert isinstance(metrics, dict)
        figures = ", ".join(f"{name} {metric['value']}" for name, metric in metrics.items())
        print(f"{one['dataset']} ({one['n_recordings']} recordings): {figures}")
