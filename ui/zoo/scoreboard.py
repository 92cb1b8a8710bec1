"""The scoreboard that is shipped with the models: all of them measured in the same way.

What all rows of a data set share stands once, above them, so that the figures have room.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, ValidationError

from ui.i18n import words
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, count_words, number_words
from ui.widgets import markup
from ui.zoo.card.page import model_link
from ui.zoo.catalogue import Catalogue
from zoo.store.home import SHIPPED_FOLDER

SCOREBOARD_FILE = SHIPPED_FOLDER / "zoo" / "models" / "scoreboard.json"

# Columns of the file that say what was measured on.
_DATA_SET, _SEIZURES, _HOURS, _KIND = _SHARED = ("data set", "seizures", "hours", "data")

Cell = str | int | float | None


class Scoreboard(BaseModel):
    """The table; its file also holds figures in full, which cards quote and this tab leaves out.

    Attributes
    ----------
    about : str
        Protocol and data, and how to measure again.
    columns : tuple of str
        Their names; the first holds the model's id, or the name of a baseline.
    rows : tuple of tuple
        Numbers, texts, or None where a figure is undefined.
    """

    model_config = ConfigDict(extra="ignore")

    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def read_scoreboard(path: Path = SCOREBOARD_FILE) -> Scoreboard | None:
    """Return the shipped scoreboard; None where there is none that can be read."""
    try:
        board = Scoreboard.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    whole = tuple(row for row in board.rows if len(row) == len(board.columns))
    return board.model_copy(update={"rows": whole})


def scoreboard_html(board: Scoreboard | None, catalogue: Catalogue) -> str:
    """Return the table; the name of a model that is in the catalogue opens its card."""
    if board is None or not board.rows:
        return markup.empty(words.NO_SCOREBOARD)
    rows = [dict(zip(board.columns, row, strict=True)) for row in board.rows]
    kinds = {
        name: _kind([row[name] for row in rows]) for name in board.columns if name not in _SHARED
    }
    column = Markup('<th scope="col" class="{}">{}</th>')
    head = markup.joined(column.format(kind, tr(name)) for name, kind in kinds.items())
    order = list(dict.fromkeys(_shared(row) for row in rows))
    groups = groupby(sorted(rows, key=lambda row: order.index(_shared(row))), key=_shared)
    bodies = []
    for _, group in groups:
        members = list(group)
        lines = [_row_html(row, kinds, catalogue) for row in members]
        if _DATA_SET in board.columns:
            lines.insert(0, _heading_html(members[0], len(kinds)))
        bodies.append(markup.joined(lines))
    return markup.paragraph_with_code(board.about) + Markup(
        '<div class="scroll zoo-scoreboard" tabindex="0" role="group" aria-label="{}"><table>'
        "<thead><tr>{}</tr></thead>{}</table></div>"
    ).format(tr(words.PART_SCOREBOARD), head, markup.each("<tbody>{}</tbody>", bodies))


def _shared(row: dict[str, Cell]) -> tuple[Cell, ...]:
    return tuple(row.get(name) for name in _SHARED)


def _kind(cells: Sequence[Cell]) -> str:
    kinds = {type(cell) for cell in cells if cell is not None}
    return "number" if kinds and kinds <= {int, float} else "words"


def _row_html(row: dict[str, Cell], kinds: dict[str, str], catalogue: Catalogue) -> Markup:
    first, *others = kinds
    name = str(row[first])
    shown = model_link(name, name) if catalogue.find(name) else tr(name)
    cell = Markup('<td class="{}">{}</td>')
    cells = markup.joined(
        cell.format(kinds[at], NOTHING if row[at] is None else number_words(row[at]))
        for at in others
    )
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(shown, cells)


def _heading_html(row: dict[str, Cell], n_columns: int) -> Markup:
    """Return the line above the rows of a data set: what it is, and how much of it there is."""
    said = []
    if isinstance(n := row.get(_SEIZURES), int):
        said.append(count_words(n, "seizure"))
    if isinstance(hours := row.get(_HOURS), int | float):
        said.append(tr("{hours:g} h of EEG", hours=hours))
    if isinstance(kind := row.get(_KIND), str):
        said += [tr(one) for one in kind.split(", ")]
    return Markup(
        '<tr class="zoo-data"><th scope="rowgroup" colspan="{}">'
        "<div><strong>{}</strong> <span>{}</span></div></th></tr>"
    ).format(n_columns, str(row[_DATA_SET]), ", ".join(said))
