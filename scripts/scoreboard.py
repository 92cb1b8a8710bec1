"""Writes the README's table of nets from their cards: `python -m scripts.scoreboard`.

Figures are only ever quoted from the cards, where the recipe that measured them put them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seizure_core.atomic import atomic_path
from zoo.card import ArchitectureCard
from zoo.card_history import Result
from zoo.registry import Registry

README = Path(__file__).resolve().parents[1] / "README.md"
START, END = "<!-- scoreboard -->", "<!-- end of scoreboard -->"
HEAD = (
    "| net | measured on | seizures in hours | found | false alarms | precision | note |\n"
    "|---|---|---|---|---|---|---|"
)


def scoreboard() -> str:
    """Return the table of all shipped nets as Markdown."""
    rows = [row for net in Registry.load() if net.source == "shipped" for row in _rows(net.card())]
    return "\n".join([HEAD, *rows])


def with_scoreboard(readme: str) -> str:
    """Return a README with the table between its two marks."""
    before, rest = readme.split(START)
    after = rest.split(END)[1]
    return f"{before}{START}\n\n{scoreboard()}\n\n{END}{after}"


def _rows(card: ArchitectureCard) -> Iterator[str]:
    for result in card.results:
        if "false_alarms_per_24h" in result.metrics:
            yield _row(card, result)


def _row(card: ArchitectureCard, result: Result) -> str:
    n_events, n_false = _number(result, "n_events"), _number(result, "n_false_alarms")
    sensitivity = _number(result, "sensitivity")
    cells = (
        f"`{card.model_id}`",
        result.dataset,
        f"{result.n_seizures} in {result.hours:.2g} h",
        "no seizure to find" if sensitivity is None else f"{sensitivity:.0%}",
        "-" if n_false is None else f"{n_false:.0f}",
        f"{(n_events - n_false) / n_events:.0%}" if n_events and n_false is not None else "-",
        result.split,
    )
    return f"| {' | '.join(cells)} |"


def _number(result: Result, name: str) -> float | None:
    metric = result.metrics.get(name)
    return None if metric is None else metric.value


def main() -> None:
    """Rewrite the README's table."""
    text = with_scoreboard(README.read_text(encoding="utf-8"))
    with atomic_path(README) as temporary:
        temporary.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
