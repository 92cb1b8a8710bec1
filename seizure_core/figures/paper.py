"""PDF documents of A4 sheets in landscape, with headings, tables and figures."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import matplotlib as mpl
from fpdf import FPDF
from fpdf.fonts import FontFace, TTFFont
from matplotlib.figure import Figure

from seizure_core.figures.canvas import EVENT, FAINT, FONT, INK, MUTED, drawable, figure_svg

MARGIN_IN = 0.4
FOOT_IN = 0.4
"""Height of the footer above the margin."""

_LINE_IN = 0.18
_TEXT_PT, _HEADING_PT, _TITLE_PT = 9.0, 11.0, 17.0
_ROOM_BELOW_HEADING_IN = 1.2  # Space to require below a heading.
_MAX_CHARACTERS = 800  # Of a cell: a row must fit on a sheet.
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


class Paper(FPDF):
    """Sheets that are filled from top to bottom; a new one starts when necessary.

    Characters that the font lacks become boxes.

    Parameters
    ----------
    title : str
        Also in the file's properties.
    foot : str
        Footer of each sheet, before its number.
    made : datetime, optional
        Creation date in the file's properties; None gives equal files for equal contents.
    """

    def __init__(self, *, title: str, foot: str, made: datetime | None = None) -> None:
        super().__init__(orientation="landscape", unit="in", format="A4")
        self._foot = foot
        self.set_title(title)
        self.set_creator("Seizure Zoo")
        self.set_producer("")
        self.set_creation_date(made or _UNDATED)
        self.set_margin(MARGIN_IN)
        self.set_auto_page_break(True, margin=MARGIN_IN + FOOT_IN)
        self.c_margin = 0.0
        fonts = Path(mpl.get_data_path(), "fonts", "ttf")
        self.add_font(FONT, fname=fonts / "DejaVuSans.ttf")
        self.add_font(FONT, "B", fonts / "DejaVuSans-Bold.ttf")
        self.add_page()
        self._write(title, size_pt=_TITLE_PT, line_in=0.36)

    def close(self) -> None:
        """Close the font files, which the library leaves open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    @property
    def room_in(self) -> float:
        """Space left on the sheet."""
        return float(self.page_break_trigger - self.get_y())

    def footer(self) -> None:
        """Write the footer; called by the library for every sheet."""
        self.set_y(-MARGIN_IN - 0.1)
        self._write(f"{self._foot}, sheet {self.page_no()} of {{nb}}", size_pt=8, color=MUTED)

    def heading(self, words: str) -> None:
        """Write a heading; it is never the last line of a sheet."""
        if self.room_in < _ROOM_BELOW_HEADING_IN:
            self.add_page()
        self.ln(0.1)
        self._write(words, size_pt=_HEADING_PT, bold=True, line_in=0.26)

    def paragraph(self, words: str, *, warning: bool = False) -> None:
        """Write a paragraph."""
        self._write(words, color=EVENT if warning else INK)
        self.ln(0.04)

    def facts(
        self, words: str, facts: Iterable[tuple[str, str]], *, left_in: float, width_in: float
    ) -> None:
        """Write names and values below a heading, in a column of the sheet."""
        self.set_left_margin(MARGIN_IN + left_in)
        self._write(words, size_pt=_HEADING_PT, bold=True, line_in=0.26)
        for name, value in facts:
            self.set_x(self.l_margin)
            top_in = self.get_y()
            self._write(name, color=MUTED, width_in=1.5)
            below_in = self.get_y()
            self.set_xy(self.l_margin + 1.5, top_in)
            self._write(value, width_in=width_in - 1.6)
            self.set_y(max(self.get_y(), below_in))
        self.set_left_margin(MARGIN_IN)

    def grid(
        self, header: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]
    ) -> None:
        """Write a table, with its header repeated on every sheet."""
        self._style(INK, _TEXT_PT)
        with self.table(
            borders_layout="NONE",
            cell_fill_color=FAINT,
            cell_fill_mode="EVEN_ROWS",
            col_widths=widths,
            headings_style=FontFace(color=MUTED, emphasis=""),
            line_height=_LINE_IN,
            padding=(0, 0.1, 0, 0.04),
            text_align="LEFT",
        ) as table:
            for row in (header, *rows):
                table.row([drawable(cell, _MAX_CHARACTERS) for cell in row])

    def figure(self, figure: Figure) -> None:
        """Draw a figure in its own size, as vector graphics."""
        # For text sizes, the library takes a pixel as 1/96 inch.
        drawn = io.BytesIO(figure_svg(figure).replace("px;", "pt;").encode("utf-8"))
        self.image(drawn, x=MARGIN_IN, w=figure.get_figwidth(), h=figure.get_figheight())

    def _style(self, color: str, size_pt: float, *, bold: bool = False) -> None:
        self.set_font(FONT, style="B" if bold else "", size=size_pt)
        self.set_text_color(color)

    def _write(
        self,
        words: str,
        *,
        color: str = INK,
        size_pt: float = _TEXT_PT,
        bold: bool = False,
        line_in: float = _LINE_IN,
        width_in: float = 0.0,
    ) -> None:
        """Write wrapped text and start a new line."""
        self._style(color, size_pt, bold=bold)
        text = drawable(words, 100_000)
        self.multi_cell(width_in, line_in, text, align="L", new_x="LMARGIN", new_y="NEXT")
