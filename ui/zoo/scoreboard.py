"""The scoreboard that is shipped with the nets: all of them measured in the same way."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ui import markup
from ui import zoo_text as words
from ui.i18n import tr
from ui.wording import NOTHING, number_words
from ui.zoo.card_training import net_link
from ui.zoo.catalogue import Catalogue
from zoo.registry import SHIPPED_FOLDER

SCOREBOARD_FILE = SHIPPED_FOLDER / "zoo" / "models" / "scoreboard.json"

Cell = str | int | float | None


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
    rows: tuple[tuple[Cell, ...], ...]


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
    head = "".join(f'<th scope="col">{html.escape(tr(name))}</th>' for name in board.columns)
    body = "".join(_row_html(row, catalogue) for row in board.rows)
    return (
        f"{markup.paragraph(board.about)}"
        f'<div class="scroll zoo-scoreboard" tabindex="0" role="group" '
        f'aria-label="{html.escape(tr(words.PART_SCOREBOARD), quote=True)}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row_html(row: Sequence[Cell], catalogue: Catalogue) -> str:
    name = str(row[0])
    first = html.escape(name) if catalogue.find(name) is None else net_link(name, name)
    cells = "".join(
        f'<td class="{"number" if isinstance(cell, int | float) else "words"}">'
        f"{html.escape(NOTHING if cell is None else number_words(cell))}</td>"
        for cell in row[1:]
    )
    return f'<tr><th scope="row">{first}</th>{cells}</tr>'
