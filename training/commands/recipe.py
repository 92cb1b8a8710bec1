"""`python -m training recipe NAME`: train a shipped model, or run a protocol."""

from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path
from typing import Any

from seizure_core.command_line import DONE, argument, command, say, warn, write
from seizure_core.errors import ParameterError
from training.commands.fetch import database_folder
from training.recipes import recipe_names
from zoo.store.home import home_folder

# Protocols on the full CHB-MIT; --data is the folder of `fetch chbmit`.
CHBMIT_RECIPES = ("chbmit-p1", "chbmit-p2", "chbmit-n1spool")
RECIPES = (*recipe_names(), *CHBMIT_RECIPES)
RENAMED = {"chbmit-seed": "chbmit-n1spool"}


@command(
    "recipe",
    "Train a shipped model by its recipe, or measure it again.",
    argument(
        "name",
        choices=(*RECIPES, *RENAMED),
        metavar="NAME",
        help=f"Name of the recipe: {', '.join(RECIPES)}.",
    ),
    argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="Folder with chbmit and eegmat; for chbmit-... that of the database itself. "
        "Default: SEIZURE_ZOO_DATA, or the folder of `fetch chbmit`.",
    ),
    argument(
        "--to",
        type=Path,
        metavar="DIR",
        help="Folder of the model. Default: recipes/models/NAME in SEIZURE_ZOO_HOME.",
    ),
    argument(
        "--work",
        type=Path,
        metavar="DIR",
        help="Folder for prepared EEG and checkpoints, to resume from. "
        "Default: recipes in SEIZURE_ZOO_HOME.",
    ),
    argument(
        "--measure",
        action="store_true",
        exclusive=True,
        help="Do not train; measure the model in DIR on held-out data and print the figures.",
    ),
    argument(
        "--look-at-test",
        action="store_true",
        exclusive=True,
        help="Do not train; measure the model in DIR on the test-only files and add the figures to "
        "its card. Note every look in the training log.",
    ),
    argument(
        "--miniature",
        action="store_true",
        help="Run everything once in seconds, as a test; the model is useless.",
    ),
    examples=("recipe n1spool-cnn --data recordings", "recipe chbmit-p1 --miniature"),
)
def recipe(arguments: argparse.Namespace) -> int:
    """Run the recipe."""
    if arguments.name in RENAMED:
        warn(arguments, f"{arguments.name} is now called {RENAMED[arguments.name]}.")
        arguments.name = RENAMED[arguments.name]
    if arguments.name in CHBMIT_RECIPES:
        return _run_protocol(arguments)
    from training.errors import TrainingError
    from training.recipes.held_out import FULL, MINIATURE
    from training.recipes.making import make_model
    from training.recipes.measuring import add_test_results, measure_held_out
    from training.recipes.settings import recipe_settings
    from zoo.loading import load_folder

    data = arguments.data or Path(os.environ.get("SEIZURE_ZOO_DATA", ""))
    if not (data / "chbmit").is_dir():
        raise TrainingError(
            "The recipe needs real EEG: name the folder that holds chbmit and eegmat with --data."
        )
    folder = _folder(arguments)
    amounts = MINIATURE if arguments.miniature else FULL
    if arguments.measure:
        _show(arguments, measure_held_out(load_folder(folder), data, amounts=amounts))
        return DONE
    if arguments.look_at_test:
        card = add_test_results(folder, data)
    else:
        settings = recipe_settings(arguments.name)
        card = make_model(
            settings.in_miniature() if arguments.miniature else settings,
            data=data,
            folder=folder,
            work=arguments.work or home_folder() / "recipes",
            amounts=amounts,
            report=partial(say, arguments),
        )
    _show(arguments, [result.model_dump(mode="json") for result in card.results])
    return DONE


def _folder(arguments: argparse.Namespace) -> Path:
    return Path(arguments.to or home_folder() / "recipes" / "nets" / arguments.name)


def _run_protocol(arguments: argparse.Namespace) -> int:
    from training.errors import TrainingError
    from training.protocols.recipes import CHBMIT_RECIPES as PROTOCOLS
    from training.protocols.recipes import FULL, MINIATURE

    data = arguments.data or database_folder("chbmit")
    if not data.is_dir():
        raise TrainingError(
            "There is no CHB-MIT in {data}. Fetch it with `seizure-zoo fetch chbmit`, or "
            "name its folder with --data.",
            data=data,
        )
    if arguments.measure or arguments.look_at_test:
        raise ParameterError(
            "{arguments_name} measures whatever it trains: leave the option out.",
            arguments_name=arguments.name,
        )
    options = MINIATURE if arguments.miniature else FULL
    card = PROTOCOLS[arguments.name](data, _folder(arguments), options, partial(say, arguments))
    _show(arguments, [result.model_dump(mode="json") for result in card.results])
    return DONE


def _show(arguments: argparse.Namespace, results: list[dict[str, Any]]) -> None:
    lines = []
    for result in results:
        figures = ", ".join(f"{name} {value['value']}" for name, value in result["metrics"].items())
        lines.append(f"{result['dataset']} ({result['n_recordings']} recordings): {figures}")
    write(arguments, results, lines)
