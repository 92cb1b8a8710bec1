"""The scoreboard that is shipped with the models: all of them measured in the same way.

What all rows of a data set share stands once, above them, so that the figures have room.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from markupsafe import Markup

from seizure_core.json_document import JsonError, read_json
from ui.i18n import words
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, count_words, figure_words, number_words
from ui.widgets import markup
from ui.zoo.card.page import model_link
from ui.zoo.catalogue import Catalogue
from zoo.store.home import SHIPPED_FOLDER

SCOREBOARD_FILE = SHIPPED_FOLDER / "zoo" / "models" / "scoreboard.json"

# Columns of the file that say what was measured on.
_DATA_SET, _SEIZURES, _HOURS, _KIND = _SHARED = ("data set", "seizures", "hours", "data")
_F1 = "F1"

# What is best in the columns where something is.
_BEST: Mapping[str, Callable[[Sequence[float]], float]] = {
    "sensitivity": max,
    "precision": max,
    _F1: max,
    "false alarms per 24 h": min,
    "F1 by seconds": max,
    "calibration error": min,
}

Row = dict[str, str | int | float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoreboard:
    """The table.

    Attributes
    ----------
    about : str
        Protocol and data, and how to measure again.
    rows : tuple of dict
        Cells by column: numbers, texts, or None where a figure is undefined. The first holds the
        model's id, or the name of a baseline.
    """

    about: str
    rows: tuple[Row, ...]


def read_scoreboard(path: Path = SCOREBOARD_FILE) -> Scoreboard | None:
    """Return the shipped scoreboard; None where there is none that can be read."""
    try:
        board: Any = read_json(path)
        columns = [str(name) for name in board["columns"]]
        rows = tuple(
            dict(zip(columns, row, strict=True))
            for row in board["rows"]
            if len(row) == len(columns)
        )
        return Scoreboard(about=str(board["about"]), rows=rows)
    except (OSError, JsonError, LookupError, TypeError):
        return None


def scoreboard_html(board: Scoreboard | None, catalogue: Catalogue) -> str:
    """Return the table; the name of a model that is in the catalogue opens its card."""
    if board is None or not board.rows:
        return markup.empty(words.NO_SCOREBOARD)
    kinds = {
        name: _kind([row.get(name) for row in board.rows])
        for name in board.rows[0]
        if name not in _SHARED
    }
    column = Markup('<th scope="col" class="{}">{}</th>')
    head = markup.joined(column.format(kind, tr(name)) for name, kind in kinds.items())
    order = list(dict.fromkeys(map(_shared, board.rows)))
    # What cannot rank stands below what can.
    rows = sorted(board.rows, key=lambda row: (_is_little(row), order.index(_shared(row))))
    groups = [list(group) for _, group in groupby(rows, key=_shared)]
    bodies = markup.joined(_group_html(group, kinds, catalogue) for group in groups)
    table = Markup(
        '<div class="scroll zoo-scoreboard" tabindex="0" role="group" aria-label="{}"><table>'
        "<thead><tr>{}</tr></thead>{}</table></div>"
    ).format(tr(words.PART_SCOREBOARD), head, bodies)
    return (
        _summary_html(groups, catalogue)
        + table
        + markup.folded("How it was measured", markup.paragraph_with_code(board.about))
    )


def _summary_html(groups: Sequence[Sequence[Row]], catalogue: Catalogue) -> Markup:
    said = []
    for group in groups:
        best = _best(group, _F1)
        leaders = [row for row in group if best is not None and _number(row[_F1]) == best]
        if leaders and not _is_little(group[0]):
            said.append(
                tr(
                    "Highest F1 on {dataset} ({amount}): {names}, {f1}.",
                    dataset=tr(str(group[0][_DATA_SET])),
                    amount=_amount_words(group[0]),
                    names=", ".join(_name(row, catalogue) for row in leaders),
                    f1=leaders[0][_F1],
                )
            )
    if any(_is_little(group[0]) for group in groups):
        said.append(tr("Grey rows rest on few data: too little to rank models by."))
    return Markup('<p class="zoo-verdict">{}</p>').format(" ".join(said))


def _group_html(group: Sequence[Row], kinds: Mapping[str, str], catalogue: Catalogue) -> Markup:
    first, is_little = group[0], _is_little(group[0])
    best = {name: None if is_little else _best(group, name) for name in kinds}
    by_f1 = sorted(group, key=lambda row: (not _is_model(row), -(_number(row.get(_F1)) or 0)))
    lines = [_row_html(row, kinds, best, catalogue) for row in (group if is_little else by_f1)]
    if _DATA_SET in first:
        lines.insert(0, _heading_html(first, len(kinds)))
    return Markup('<tbody class="{}">{}</tbody>').format(
        "little" if is_little else "", markup.joined(lines)
    )


def _row_html(
    row: Row, kinds: Mapping[str, str], best: Mapping[str, float | None], catalogue: Catalogue
) -> Markup:
    first, *others = kinds
    model_id, name = str(row[first]), _name(row, catalogue)
    shown = model_link(model_id, name) if catalogue.find(model_id) else name
    cells = markup.joined(
        Markup('<td class="{}{}">{}</td>').format(
            kinds[at],
            " best" if _is_model(row) and _number(row[at]) == best[at] is not None else "",
            NOTHING if row[at] is None else number_words(row[at]),
        )
        for at in others
    )
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(shown, cells)


def _heading_html(row: Row, n_columns: int) -> Markup:
    """Return the line above the rows of a data set: what it is, and how much of it there is."""
    said = [_amount_words(row)]
    if isinstance(kind := row.get(_KIND), str):
        said += [tr(word) for word in kind.split(", ")]
    return Markup(
        '<tr class="zoo-data"><th scope="rowgroup" colspan="{}">'
        "<div><strong>{}</strong> <span>{}</span></div></th></tr>"
    ).format(n_columns, tr(str(row[_DATA_SET])), ", ".join(filter(None, said)))


def _amount_words(row: Row) -> str:
    said = []
    if isinstance(n := row.get(_SEIZURES), int):
        said.append(count_words(n, "seizure"))
    if isinstance(hours := row.get(_HOURS), int | float):
        said.append(tr("{hours} h of EEG", hours=figure_words(hours)))
    return ", ".join(said)


def _name(row: Row, catalogue: Catalogue) -> str:
    first = str(next(iter(row.values())))
    model = catalogue.find(first)
    return tr(first) if model is None else model.name


def _shared(row: Row) -> tuple[str | int | float | None, ...]:
    return tuple(row.get(name) for name in _SHARED)


def _is_little(row: Row) -> bool:
    return "few data" in str(row.get(_KIND))


def _is_model(row: Row) -> bool:
    """Return whether a row is of a model: baselines have no parameters."""
    return row.get("parameters") is not None


def _best(group: Sequence[Row], name: str) -> float | None:
    """Return the best figure of the models in a column; None where nothing is best."""
    values = [_number(row.get(name)) for row in group if _is_model(row)]
    known = [value for value in values if value is not None]
    return _BEST[name](known) if known and name in _BEST else None


def _number(cell: object) -> float | None:
    """Return the figure at the beginning of a cell such as "88 % [73 %, 100 %]"."""
    found = re.match(r"[+-]?\d+(\.\d+)?", str(cell))
    return None if found is None else float(found[0])


def _kind(cells: Sequence[object]) -> str:
    kinds = {type(cell) for cell in cells if cell is not None}
    return "number" if kinds and kinds <= {int, float} else "words"
