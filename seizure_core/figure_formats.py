"""File formats of figures, without importing matplotlib."""

from __future__ import annotations

from typing import Literal

FigureFormat = Literal["png", "svg", "pdf"]
FIGURE_FORMATS: tuple[FigureFormat, ...] = ("png", "svg", "pdf")
