"""Files that a caller names by a web address, as MCP clients do: they have no other way.

An address of this app's own uploads is the file itself. Anything else is fetched as Gradio
fetches files for its clients: from public addresses only, never from the server's own network.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from gradio.processing_utils import ssrf_protected_download

from seizure_core.errors import ParameterError

_WEB = re.compile(r"https?://", re.IGNORECASE)
_BASE64 = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)
_OWN_FILES = "/gradio_api/file="


def is_web_address(text: str) -> bool:
    """Return whether a text names a file by a web address."""
    return _WEB.match(text) is not None


def is_file_as_text(text: str) -> bool:
    """Return whether a text is a whole file in base64, which bears no name."""
    return _BASE64.match(text) is not None


def fetch_file(address: str, cache: Path, *, what: str) -> Path:
    """Return where a file lies that was named by its web address.

    Parameters
    ----------
    address : str
        Where it is, beginning with http:// or https://.
    cache : Path
        Gradio's cache, into which other people's files are fetched.
    what : str
        What it is meant to be ("recording"), for messages.

    Raises
    ------
    ParameterError
        It cannot be fetched; the message does not repeat the address, which may hold a secret.
    """
    parts = urlsplit(address)
    before, own, place = parts.path.partition(_OWN_FILES)
    uploaded = Path(unquote(place))
    if own and not before and uploaded.resolve().is_relative_to(cache.resolve()):
        return uploaded
    try:
        return Path(ssrf_protected_download(address, str(cache)))
    except Exception as error:
        # Gradio and its HTTP library raise anything here, plain Exception included.
        raise ParameterError(
            "The {what} could not be fetched from its address. It must be one that anybody can "
            "reach over the internet; a file of your own is uploaded to this app first, and named "
            "by the address it gets there.",
            what=what,
        ) from error
