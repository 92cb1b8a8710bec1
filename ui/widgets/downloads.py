"""Files that the app offers for download."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import gradio as gr
from gradio.context import LocalContext
from gradio.processing_utils import save_file_to_cache

from seizure_core.atomic import atomic_path
from seizure_core.figure_formats import FIGURE_FORMATS
from ui.events import Updates, listen


def offered(path: Path) -> str:
    """Return a file for a download button, served even if its like was uploaded.

    Gradio keeps files under a name made of their bytes, so events that were downloaded and
    uploaded again as an expert's are one file to it, and uploaded files are not served.
    """
    blocks = LocalContext.blocks.get(None)
    if blocks is not None:
        blocks.upload_file_set.discard(save_file_to_cache(path, cache_dir=blocks.GRADIO_CACHE))
    return str(path)


def pack(paths: Sequence[Path], target: Path) -> None:
    """Pack files, without their folders, into a zip archive."""
    with (
        atomic_path(target) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for path in paths:
            archive.write(path, arcname=path.name)


def press(link: gr.DownloadButton) -> str:
    """Return a script that presses the link of a file just made, as soon as the page has it."""
    return (
        "() => {\n"
        "  const press = (tries) => {\n"
        f'    const link = document.querySelector("#{link.elem_id}");\n'
        '    const target = link?.closest("a") ?? link?.querySelector("a, button") ?? link;\n'
        "    if (target && !target.disabled) target.click();\n"
        "    else if (tries) setTimeout(() => press(tries - 1), 50);\n"
        "  };\n"
        "  setTimeout(() => press(40), 50);\n"
        "}"
    )


def save_after(made: gr.events.Dependency, link: gr.DownloadButton) -> None:
    """Let the browser save a file that an event has put into a hidden link."""
    listen(made.success, None, js=press(link))


class FigureFiles:
    """Buttons that hand over a figure in every format, hidden until there is one."""

    def __init__(self, label: str, elem_id: str) -> None:
        with gr.Row(visible=False) as self.row:
            self._buttons = {
                name: gr.DownloadButton(
                    f"{label} ({name.upper()})", elem_id=f"{elem_id}-{name}", size="md"
                )
                for name in FIGURE_FORMATS
            }
        self.outputs = [self.row, *self._buttons.values()]

    def offered(self, paths: Mapping[str, Path]) -> Updates:
        """Offer a figure's files, by format."""
        files = {button: str(paths[name]) for name, button in self._buttons.items()}
        return {self.row: gr.Row(visible=True), **files}

    def hidden(self) -> Updates:
        """Offer nothing."""
        return {self.row: gr.Row(visible=False)}
