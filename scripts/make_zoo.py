"""Trains all shipped models from nothing and measures them: `python -m scripts.make_zoo`.

Some hours on two cores. It may be stopped at any time: prepared EEG, trainings and what models see
in simulated people are kept and go on where they stopped. Test-only files are read at the end
alone, by the scoreboard; models that came out other than those in the training log have a first
look there that belongs into it.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from scripts import measure_people, scoreboard
from training.recipes import recipe_names
from training.recipes.making import make_model
from training.recipes.settings import recipe_settings
from zoo.store.home import SHIPPED_FOLDER, home_folder
from zoo.store.sealing import SHIPPED_MODELS, ship_model


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, ship and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder that holds chbmit and eegmat")
    parser.add_argument("--work", type=Path, help="where unfinished things are kept")
    parser.add_argument("models", nargs="*", help="only these; all if none is named")
    given = parser.parse_args(arguments)
    data = given.data or Path(os.environ.get("SEIZURE_ZOO_DATA", "../shared/data"))
    work = given.work or home_folder() / "recipes"
    names = given.models or recipe_names()
    for name in names:
        print(f"--- {name}", flush=True)
        folder = SHIPPED_FOLDER / SHIPPED_MODELS / name
        make_model(recipe_settings(name), data=data, folder=folder, work=work)
        ship_model(name)
    scoreboard.main(["--data", str(data)])
    measure_people.main(["--keep", "--work", str(work), *names])


if __name__ == "__main__":
    main()
