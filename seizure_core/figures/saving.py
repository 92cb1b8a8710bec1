"""Figures as files: PNG, SVG or PDF, whole or not at all, with nothing of this machine in them."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.figure import Figure

from seizure_core.atomic import atomic_path
from seizure_core.errors import ParameterError
from seizure_core.figure_formats import FIGURE_FORMATS, FigureFormat
from seizure_core.figures.canvas import DEFAULT_DPI

# matplotlib would write the date of making; the same figure shall give the same file.
_METADATA: dict[FigureFormat, dict[str, str | None]] = {
    "png": {"Software": "Seizure Zoo"},
    "svg": {"Date": None, "Creator": "Seizure Zoo"},
    "pdf": {"CreationDate": None, "Creator": "Seizure Zoo", "Producer": None},
}


def figure_bytes(figure: Figure, file_format: FigureFormat, dpi: float = DEFAULT_DPI) -> bytes:
    """Return a figure as the bytes of a file.

    Parameters
    ----------
    figure : Figure
        Any.
    file_format : {"png", "svg", "pdf"}
        SVG and PDF stay sharp at any size.
    dpi : float
        Pixels an inch; counts for PNG only.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format=file_format, dpi=dpi, metadata=_METADATA[file_format])
    return buffer.getvalue()


def save_figure(figure: Figure, path: str | Path, dpi: float = DEFAULT_DPI) -> None:
    """Write a figure to a file, in the format that its suffix names.

    Raises
    ------
    ParameterError
        The suffix is none of .png, .svg and .pdf.
    """
    suffix = Path(path).suffix.lower().removeprefix(".")
    for file_format in FIGURE_FORMATS:
        if suffix == file_format:
            content = figure_bytes(figure, file_format, dpi)
            with atomic_path(path) as temporary:
                temporary.write_bytes(content)
            return
    raise ParameterError(
        "{name}: a figure is saved as .png, .svg or .pdf; give the file one of these endings.",
        name=Path(path).name,
    )
