"""Lines out of text files of any size and encoding, a bounded piece at a time."""

from __future__ import annotations

import codecs
import io
import mmap
from collections.abc import Iterator

from seizure_core.errors import RecordingError
from seizure_core.formats.stored_file import StoredFile

MAX_TEXT_BYTES = 2 * 1024**3
MAX_LINE_CHARS = 64 * 1024**2
HEAD_BYTES = 256 * 1024
_CHUNK_BYTES = 1024**2


def check_size(file: StoredFile) -> None:
    """Refuse what is too large or empty.

    Raises
    ------
    RecordingError
        The file has no bytes, or more than `MAX_TEXT_BYTES`.
    """
    if not file.size:
        raise RecordingError(file.file_name, "the file is empty (0 bytes). Export it again.")
    if file.size > MAX_TEXT_BYTES:
        raise RecordingError(
            file.file_name,
            f"this text has {file.size / 1024**3:.1f} GiB; up to {MAX_TEXT_BYTES // 1024**3} GiB "
            "are read. Convert it to EDF, which takes a fraction of that.",
        )


def text_head(file: StoredFile) -> tuple[str, list[str], bool]:
    """Return encoding and first lines of a text, and whether these are all.

    Raises
    ------
    RecordingError
        It holds bytes that no text has.
    """
    with file.opened() as stream:
        raw = stream.read(HEAD_BYTES)
    encoding = _encoding(raw)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(raw)
    whole = len(raw) == file.size
    _check_characters(text, file.file_name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    elif not whole and len(lines) > 1:
        lines.pop()  # cut off by the end of the head
    return encoding, lines, whole


def count_lines(file: StoredFile) -> int:
    """Return about how many lines a file has (exactly, in encodings of one byte a letter)."""
    n_lines = 0
    last = b"\n"
    with file.opened() as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for start in range(0, file.size, _CHUNK_BYTES):
            chunk = content[start : start + _CHUNK_BYTES]
            n_lines += chunk.count(b"\n") or chunk.count(b"\r")
            last = chunk[-1:]
    return n_lines + (last not in (b"\n", b"\r", b"\x00"))


def line_chunks(file: StoredFile, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a text in chunks, each with the number of its first line, from 1.

    Raises
    ------
    RecordingError
        A line is longer than `MAX_LINE_CHARS`, or there are bytes that no text has.
    """
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding)(errors="replace"), translate=True
    )
    number = 1
    waiting: list[str] = []
    n_waiting = 0
    with file.opened() as stream:
        while raw := stream.read(_CHUNK_BYTES):
            text = decoder.decode(raw)
            _check_characters(text, file.file_name)
            cut = text.rfind("\n") + 1
            if cut:
                lines = "".join([*waiting, text[:cut]]).split("\n")[:-1]
                yield number, lines
                number += len(lines)
                waiting, n_waiting = [], 0
            waiting.append(text[cut:])
            n_waiting += len(waiting[-1])
            if n_waiting > MAX_LINE_CHARS:
                raise _too_long(file.file_name, number)
    rest = "".join(waiting) + decoder.decode(b"", final=True)
    if rest:
        yield number, rest.removesuffix("\n").split("\n")


def _too_long(file_name: str, number: int) -> RecordingError:
    return RecordingError(
        file_name,
        f"line {number} has more than {MAX_LINE_CHARS // 1024**2} million characters, which no "
        "recording has. Check that it is a text of numbers.",
    )


def _encoding(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(raw) >= 4 and not raw[1] and not raw[3] and raw[0] and raw[2]:
        return "utf-16-le"
    if len(raw) >= 4 and not raw[0] and not raw[2] and raw[1] and raw[3]:
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8-sig")().decode(raw)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8-sig"


def _check_characters(text: str, file_name: str) -> None:
    if "\x00" in text:
        raise RecordingError(
            file_name,
            "it holds zero bytes, so it is no text. If it is a recording of another format, "
            "convert it to EDF.",
        )
