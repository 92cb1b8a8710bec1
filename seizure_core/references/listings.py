"""Files that describe several recordings: summaries of CHB-MIT, seizure lists of Siena."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

from seizure_core.errors import ReferenceFileError
from seizure_core.recording import Recording
from seizure_core.references.model import Reference, make_reference
from seizure_core.references.names import listed_as
from seizure_core.references.readers.chbmit_summary import is_summary, parse_summary
from seizure_core.references.readers.siena import is_siena, parse_siena
from seizure_core.references.text_files import decode, read_bytes


def parse_listing(
    text: str, file_name: str, recording: Recording | None = None
) -> dict[str, Reference] | None:
    """Return what a text says of each recording, by the name it gives it; None if it is no list.

    Raises
    ------
    ReferenceFileError
        It is one, and cannot be understood.
    """
    if is_siena(text):
        return parse_siena(text, file_name, recording)
    if not is_summary(text):
        return None
    summary = parse_summary(text, file_name)
    return {
        one.file_name: make_reference(
            file_name,
            "CHB-MIT summary",
            one.events,
            duration_s=one.duration_s,
            findings=[f for f in summary.findings if f.message.startswith(one.file_name + " ")],
        )
        for one in summary.recordings
    }


def listed_names(path: Path, file_name: str) -> tuple[str, ...]:
    """Return the recordings that a file lists; none if it is no list or cannot be read."""
    try:
        listing = parse_listing(decode(read_bytes(path, file_name), file_name), file_name)
    except ReferenceFileError:
        return ()
    return tuple(listing or ())


def from_listing(
    listing: Mapping[str, Reference], recording_name: str | None, file_name: str
) -> Reference:
    """Return what a list says of one recording.

    Raises
    ------
    ReferenceFileError
        The recording is not in it, or none was named and there are several.
    """
    names = list(listing)
    if recording_name is None:
        if len(names) == 1:
            return listing[names[0]]
        raise ReferenceFileError(
            file_name,
            "it describes {n_names} recordings, {names} to {names_2}: say which is meant.",
            n_names=len(names),
            names=names[0],
            names_2=names[-1],
        )
    found = listed_as(recording_name, names)
    if found is not None:
        return listing[found]
    near = difflib.get_close_matches(recording_name, names[:2000], n=3)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    raise ReferenceFileError(
        file_name,
        "it does not describe {recording_name}.{hint}",
        recording_name=recording_name,
        hint=hint,
    )
