"""Reading small text files of unknown origin: bounded, decoded, numbers checked."""

from __future__ import annotations

import math
import re
from pathlib import Path

from seizure_core.errors import ReferenceFileError

MAX_BYTES = 16 * 1024 * 1024
MAX_SECONDS = 1e9  # 31 years: nothing recorded is longer, and sums stay finite

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_LINE_END = re.compile(r"\r\n|\r|\n")


def read_bytes(path: Path, file_name: str, *, first: int | None = None) -> bytes:
    """Return a file's content, or only its first bytes.

    Parameters
    ----------
    path : Path
        Where it is.
    file_name : str
        For messages.
    first : int, optional
        How many bytes; all where omitted.

    Raises
    ------
    ReferenceFileError
        It does not exist, cannot be read, or is larger than `MAX_BYTES`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1 if first is None else first)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise ReferenceFileError(
            file_name, "it cannot be read ({reason}).", reason=reason
        ) from error
    except ValueError as error:  # a name no file system knows, such as one with a zero byte
        raise ReferenceFileError(file_name, "no file can have this name.") from error
    if len(content) > MAX_BYTES:
        raise ReferenceFileError(
            file_name,
            "it is larger than {max_bytes} MiB, which no reference is. "
            "Check that it is a file of annotations.",
            max_bytes=MAX_BYTES // 1024**2,
        )
    return content


def decode(content: bytes, file_name: str) -> str:
    """Return a file's text: UTF-8 with or without mark, UTF-16 with mark, else Latin-1.

    Raises
    ------
    ReferenceFileError
        It holds zero bytes, so it is no text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("latin-1")
    if "\0" in text:
        raise ReferenceFileError(
            file_name, "it is neither a text nor a known file of annotations. Check the file."
        )
    return text


def split_lines(text: str) -> list[str]:
    """Return the lines of a text; only line feeds and carriage returns end a line."""
    return _LINE_END.split(text)


def parse_seconds(text: str) -> float | None:
    """Return a finite, plausible number of seconds, None where the text is none."""
    if not _NUMBER.fullmatch(text.strip()):
        return None
    value = float(text)
    return value if math.isfinite(value) and abs(value) <= MAX_SECONDS else None
