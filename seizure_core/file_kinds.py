"""Recognition of files that are not recordings, by their first bytes."""

from __future__ import annotations

from seizure_core.messages import Message, sentences

_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive (or an Office file)", "Unpack it first."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it first."),
    (b"Rar!", "a RAR archive", "Unpack it first."),
    (b"%PDF", "a PDF document", ""),
    (b"GDF ", "a GDF recording", "Convert it to EDF first."),
    (b"Brain Vision", "the header of a BrainVision recording", "Convert it to EDF first."),
    (b"\x89HDF", "an HDF5 or MATLAB file", "Export it as EDF first."),
    (b"MATLAB", "a MATLAB file", "Export it as EDF first."),
    (b"\x89PNG", "a PNG picture", ""),
    (b"\xff\xd8\xff", "a JPEG picture", ""),
    (b"SQLite", "a SQLite database", ""),
)
_N_BYTES_LOOKED_AT = 512


def describe_kind(start: bytes) -> str:
    """Return what a file seems to be and what to do, as sentences; empty if unknown.

    Parameters
    ----------
    start : bytes
        The first few hundred bytes.
    """
    for signature, kind, advice in _SIGNATURES:
        if start.startswith(signature):
            return sentences(Message("It looks like {kind}.", kind=kind), advice)
    head = start[:_N_BYTES_LOOKED_AT]
    if head.lstrip()[:1] == b"<":
        return "It looks like a web page or an XML file."
    if head and all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head):
        return "It looks like a text file."
    return ""
