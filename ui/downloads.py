"""Files that the app offers for download."""

from __future__ import annotations

from pathlib import Path

from gradio.context import LocalContext
from gradio.processing_utils import save_file_to_cache


def offered(path: Path) -> str:
    """Return a file for a download button, served even if somebody has uploaded its like.

    Gradio keeps files under a name made of their bytes, so events that were downloaded and
    uploaded again as an expert's are one file to it, and uploaded files are not served.
    """
    blocks = LocalContext.blocks.get(None)
    if blocks is not None:
        blocks.upload_file_set.discard(save_file_to_cache(path, cache_dir=blocks.GRADIO_CACHE))
    return str(path)
