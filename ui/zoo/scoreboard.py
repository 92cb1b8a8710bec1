"""The scoreboard that is shipped with the nets: all of them measured in the same way.

What all rows of a data set share stands once, above them, so that the figures have room.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, count_words, number_words
from ui.widgets import markup
from ui.zoo.card.training import net_link
from ui.zoo.catalogue import Catalogue
from zoo.store.home import SHIPPED_FOLDER

SCOREBOARD_FILE = SHIPPED_FOLDER / "zoo" / "models" / "scoreboard.json"

# Columns of the file that say what was measured on.
_DATA_SET, _SEIZURES, _HOURS, _KIND = _TOLD = ("data set", "seizures", "hours", "data")

Cell = str | int | float | None
Row = tuple[Cell, ...]


class _Document(BaseModel):
    """The file; it also holds figures in full, which cards quote and nobody shows."""

    model_config = ConfigDict(extra="ignore")

    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoreboard:
    """The table.

    Attributes
    ----------
    about : str
        Protocol and data, and how to measure again.
    columns : tuple of str
        Their names; the first holds the net's id, or the name of a baseline.
    rows : tuple of tuple
        Numbers, texts, or None where a figure is undefined.
    """

    about: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_scoreboard(path: Path = SCOREBOARD_FILE) -> Scoreboard | None:
    """Return the shipped scoreboard; None where there is none that can be read."""
    try:
        read = _Document.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    rows = tuple(row for row in read.rows if len(row) == len(read.columns))
    return Scoreboard(about=read.about, columns=read.columns, rows=rows)


def scoreboard_html(board: Scoreboard | None, catalogue: Catalogue) -> str:
    """Return the table; a net's name opens its card.

    Parameters
    ----------
    board : Scoreboard or None
        What was read.
    catalogue : Catalogue
        The nets there are.
    """
    if board is None or not board.rows:
        return markup.empty(tr(words.NO_SCOREBOARD))
    told = [board.columns.index(name) for name in _TOLD if name in board.columns]
    shown = tuple(at for at in range(len(board.columns)) if at not in told)
    table = _Table(board=board, shown=shown, catalogue=catalogue)
    return (
        f"{markup.paragraph_with_code(board.about)}"
        f'<div class="scroll zoo-scoreboard" tabindex="0" role="group" '
        f'aria-label="{html.escape(tr(words.PART_SCOREBOARD), quote=True)}"><table>'
        f"{table.head()}{''.join(table.group(one) for one in _groups(board, told))}</table></div>"
    )


def _groups(board: Scoreboard, told: Sequence[int]) -> Iterable[Sequence[Row]]:
    """Return the rows measured on the same data together, in the order the data come in."""
    groups: dict[Row, list[Row]] = {}
    for row in board.rows:
        groups.setdefault(tuple(row[at] for at in told), []).append(row)
    return groups.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """The columns that are `shown`, of rows that are given."""

    board: Scoreboard
    shown: tuple[int, ...]
    catalogue: Catalogue

    def head(self) -> str:
        cells = "".join(
            f'<th scope="col" class="{self._kind(at)}">'
            f"{html.escape(tr(self.board.columns[at]))}</th>"
            for at in self.shown
        )
        return f"<thead><tr>{cells}</tr></thead>"

    def group(self, rows: Sequence[Row]) -> str:
        first = dict(zip(self.board.columns, rows[0], strict=True))
        heading = _heading_html(first, len(self.shown)) if _DATA_SET in first else ""
        return f"<tbody>{heading}{''.join(map(self._row, rows))}</tbody>"

    def _row(self, row: Row) -> str:
        at, *others = self.shown
        name = str(row[at])
        known = self.catalogue.find(name) is not None
        first = net_link(name, name) if known else html.escape(tr(name))
        cells = "".join(
            f'<td class="{self._kind(at)}">'
            f"{html.escape(NOTHING if row[at] is None else number_words(row[at]))}</td>"
            for at in others
        )
        return f'<tr><th scope="row">{first}</th>{cells}</tr>'

    def _kind(self, at: int) -> str:
        cells = {type(row[at]) for row in self.board.rows} - {type(None)}
        return "number" if cells and cells <= {int, float} else "words"


def _heading_html(row: dict[str, Cell], n_columns: int) -> str:
    """Return the line above the rows of a data set: what it is, and how much of it there is."""
    said = []
    if isinstance(n := row.get(_SEIZURES), int):
        said.append(count_words(n, "seizure"))
    if isinstance(hours := row.get(_HOURS), int | float):
        said.append(tr(words.BOARD_HOURS, hours=hours))
    if isinstance(kind := row.get(_KIND), str):
        said += [tr(one) for one in kind.split(", ")]
    return (
        f'<tr class="zoo-data"><th scope="rowgroup" colspan="{n_columns}">'
        f"<div><strong>{html.escape(str(row[_DATA_SET]))}</strong> "
        f"<span>{html.escape(', '.join(said))}</span></div></th></tr>"
    )
