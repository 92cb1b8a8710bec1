"""Write the tables of README and `docs/` from their files of figures: `python -m scripts.readme`.

README has one line a model and five speeds; `docs/scoreboard.md` and `docs/benchmarks.md` have
all figures, `docs/other_hospitals.md` those that decide what a model is for. A test compares each
with `zoo/models/scoreboard.json`, the cards and `benchmarks/results.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.table import Row, read_json, table
from seizure_core.atomic import atomic_path
from training.evaluate.scoreboard import BOARD_FILE, markdown_table, read_board
from zoo.card.evidence import PEOPLE, WARDS, Evidence, teaching_reason
from zoo.card.history import Result
from zoo.card.schema import CARD_FILE, ArchitectureCard, read_card
from zoo.store.home import SHIPPED_FOLDER
from zoo.store.registry import Registry

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
SCOREBOARD = ROOT / "docs" / "scoreboard.md"
OTHER_HOSPITALS = ROOT / "docs" / "other_hospitals.md"
BENCHMARKS = ROOT / "docs" / "benchmarks.md"
RESULTS = ROOT / "benchmarks" / "results.json"

SIMULATED = "simulated recordings"
REAL = "CHB-MIT, held-out records of chb02 and chb03"

# Task and way in benchmarks/results.json, the way to compare with, and how README says it.
SPEEDS = (
    (
        "read 1 h, 23 channels, to float32",
        "Seizure Zoo",
        "MNE",
        "Read 1 h of EDF, 23 channels",
    ),
    (
        "all probabilities of n1spool-cnn, 1 h",
        "Seizure Zoo, from the closed file",
        "batches of 16, signal in memory",
        "All windows of 1 h, 30 s every second",
    ),
    (
        "n1spool-cnn, from the closed file to its events",
        "24 h",
        None,
        "24 h from the closed file to events",
    ),
    (
        "viewer in Chromium, 24 h, 23 channels",
        "turn a page of 30 s (fetched ahead)",
        "the same page of 30 s as a Plotly gr.Plot",
        "Turn a page of 30 s, 23 channels",
    ),
    (
        "start of the app to its first page",
        "Seizure Zoo",
        "a page of one text field in Gradio",
        "Start the app to its first page",
    ),
)


def models_table() -> str:
    """Return a line for each shipped model: what it is, and how well it does on two data sets."""
    board = read_board(SHIPPED_FOLDER / BOARD_FILE)
    results = {(one["model"], one["dataset"]): one for one in board["results"]}
    lines = [
        "| model | what it is | parameters | simulated EEG | real EEG, held out |",
        "|---|---|---:|---|---|",
    ]
    for entry in Registry.load():
        if entry.source != "shipped":
            continue
        card = read_card(SHIPPED_FOLDER / "zoo" / "models" / entry.model_id / CARD_FILE)
        simulated, real = (results[entry.model_id, name] for name in (SIMULATED, REAL))
        lines.append(
            f"| `{entry.model_id}` | {card.title} | {card.weights.n_parameters:,} "
            f"| {_found(simulated)} | {_found(real)} |"
        )
    return "\n".join(lines)


def _found(result: Mapping[str, Any]) -> str:
    metrics, n_seizures = result["metrics"], result["n_seizures"]
    n_found = round(metrics["sensitivity"]["value"] * n_seizures)
    n_alarms = round(metrics["n_false_alarms"]["value"])
    alarms = "1 false alarm" if n_alarms == 1 else f"{n_alarms} false alarms"
    return f"{n_found} of {n_seizures} seizures, {alarms} in {result['hours']:.2g} h"


def speeds_table() -> str:
    """Return five speeds, each with the one of the tool it is compared with."""
    _, parts = read_json(RESULTS)
    rows = {(row.task, row.way): row for part in parts.values() for row in part}
    lines = ["| | Seizure Zoo | compared with |", "|---|---:|---|"]
    for task, ours, theirs, words in SPEEDS:
        other = "" if theirs is None else f"{theirs}: {_time(rows[task, theirs])}"
        lines.append(f"| {words} | {_time(rows[task, ours])} | {other} |")
    return "\n".join(lines)


def _time(row: Row) -> str:
    if row.unit == "ms" and row.median >= 1000:
        return f"{row.median / 1000:.1f} s"
    return f"{row.median:.3g} {row.unit}"


def benchmarks_table() -> str:
    """Return all measurements, with the versions of what was measured."""
    machine, parts = read_json(RESULTS)
    versions = ", ".join(f"{name} {value}" for name, value in machine.items())
    rows = [row for part in parts.values() for row in part]
    return f"{table(rows)}\n\nMeasured with {versions}."


def scoreboard_table() -> str:
    """Return all figures of the scoreboard."""
    return markdown_table(read_board(SHIPPED_FOLDER / BOARD_FILE))


def other_hospitals_table() -> str:
    """Return for each shipped model what it finds in simulated people and in clips of wards."""
    lines = [
        "| model | people, hours | found | false alarms per 24 h | without second stage | event F1 "
        "| wards: found, alarms | label |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for entry in Registry.load():
        if entry.source == "shipped":
            cells = _in_hospitals(read_card(entry.path / CARD_FILE))
            lines.append(f"| {' | '.join([f'`{entry.model_id}`', *cells])} |")
    return "\n".join(lines)


def _in_hospitals(card: ArchitectureCard) -> list[str]:
    people, wards = (
        next(one for one in card.results if one.dataset == name) for name in (PEOPLE, WARDS)
    )
    found = people.figure("sensitivity_without_second_stage")
    alarms = people.figure("false_alarms_per_24h_without_second_stage")
    in_wards = Evidence.of([wards])
    return [
        f"{people.n_recordings}, {people.hours:.3g}",
        _bounded(people, "sensitivity", ".0%"),
        _bounded(people, "false_alarms_per_24h", ".0f"),
        "-" if found is None else f"{found:.0%} found, {alarms:.0f} alarms",
        _bounded(people, "f1", ".2f"),
        f"{in_wards.n_found} of {in_wards.n_seizures}, {in_wards.n_false_alarms}",
        "for teaching" if teaching_reason(card) else "-",
    ]


def _bounded(result: Result, name: str, form: str) -> str:
    metric = result.metrics[name]
    return f"{metric.value:{form}} [{metric.ci_low:{form}}, {metric.ci_high:{form}}]"


TABLES: dict[Path, Mapping[str, Callable[[], str]]] = {
    README: {"models": models_table, "speeds": speeds_table},
    SCOREBOARD: {"scoreboard": scoreboard_table},
    OTHER_HOSPITALS: {"other_hospitals": other_hospitals_table},
    BENCHMARKS: {"benchmarks": benchmarks_table},
}


def with_tables(path: Path) -> str:
    """Return a page's text with its tables as the files of figures have them now."""
    text = path.read_text(encoding="utf-8")
    for name, make in TABLES[path].items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"{path.name} has no place for the table '{name}'.")
        text = f"{before}{begin}\n{make()}\n{end}{after}"
    return text


def write_tables() -> None:
    """Write all pages that quote figures."""
    for path in TABLES:
        text = with_tables(path)
        with atomic_path(path) as temporary:
            temporary.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_tables()
