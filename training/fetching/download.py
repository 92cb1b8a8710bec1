"""Download of published files, resumable and verified by checksum.

The bytes go to a hidden file next to the target. A partial one is continued by HTTP range requests,
and it gets its final name only if its SHA-256 is the published one.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from training.errors import FetchCancelledError, FetchError

# Consecutive attempts without any bytes.
_MAX_IDLE_TRIES = 6
_MAX_WRONG_COPIES = 2
_MAX_PAUSE_S = 60.0
_RETRIED_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """One file to be downloaded.

    Attributes
    ----------
    target : Path
        Exists only when complete and verified.
    """

    url: str
    target: Path
    sha256: str

    @property
    def part(self) -> Path:
        """Hidden file with the bytes so far."""
        return self.target.with_name(f".{self.target.name}.part")


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadCallback:
    """Callbacks during a download.

    Attributes
    ----------
    on_bytes : callable
        Called with the number of bytes received.
    cancelled : callable
        Returns whether to stop.
    pause : callable
        Waits for some seconds before a retry.
    """

    on_bytes: Callable[[int], None]
    cancelled: Callable[[], bool]
    pause: Callable[[float], None] = time.sleep


def download(client: httpx.Client, file: Download, callback: DownloadCallback) -> None:
    """Download a file, continuing a partial one.

    Parameters
    ----------
    client : httpx.Client
        May be shared by threads.

    Raises
    ------
    FetchError
        The server refuses, cannot be reached, or has other bytes than published, or the disk is
        full. A partial file is kept.
    FetchCancelledError
        Cancelled by the callback; a partial file is kept.
    """
    file.target.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(_MAX_WRONG_COPIES):
        _receive_all(client, file, callback)
        if _sha256(file.part) == file.sha256:
            file.part.replace(file.target)
            return
        callback.on_bytes(-file.part.stat().st_size)
        file.part.unlink()
    raise FetchError(
        "{name} came {max_wrong_copies} times with other bytes than published "
        "(its SHA-256 differs). Nothing of it is kept. Try again later, or from another mirror.",
        name=file.target.name,
        max_wrong_copies=_MAX_WRONG_COPIES,
    )


def is_whole(file: Download) -> bool:
    """Return whether the target exists with the right checksum."""
    return file.target.is_file() and _sha256(file.target) == file.sha256


def _receive_all(client: httpx.Client, file: Download, callback: DownloadCallback) -> None:
    """Receive all bytes, over as many connections as necessary."""
    idle = 0
    while True:
        have = _size(file.part)
        pause_s = min(2.0**idle, _MAX_PAUSE_S)
        try:
            answer = _receive(client, file, callback)
            if answer is None:
                return
            pause_s = max(pause_s, answer)
            why = "the server is busy"
        except httpx.TransportError as error:
            why = str(error) or type(error).__name__
        idle = 0 if _size(file.part) > have else idle + 1
        if idle >= _MAX_IDLE_TRIES:
            raise FetchError(
                "{name} could not be fetched: {why} ({max_idle_tries} tries without "
                "a byte). {size:,} bytes are kept: the same command goes on there.",
                name=file.target.name,
                why=why,
                max_idle_tries=_MAX_IDLE_TRIES,
                size=_size(file.part),
            )
        if idle:
            callback.pause(pause_s)


def _receive(client: httpx.Client, file: Download, callback: DownloadCallback) -> float | None:
    """Receive from one connection; return None when complete, else the requested pause."""
    have = _size(file.part)
    # Compressed responses cannot be continued.
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with client.stream("GET", file.url, headers=headers) as response:
        if response.status_code in _RETRIED_STATUS:
            return _asked_pause_s(response)
        if response.status_code == 416:  # No bytes left; the checksum decides.
            return None
        if response.status_code not in (200, 206):
            raise FetchError(
                "The server refuses {name} (HTTP {status_code}). Is the "
                "address right, and is the database open to everybody?",
                name=file.target.name,
                status_code=response.status_code,
            )
        goes_on = response.status_code == 206 and _range_start(response) == have
        if have and not goes_on:
            callback.on_bytes(-have)
        if response.status_code == 206 and not goes_on:
            file.part.unlink()
            return 0.0
        _store(response, file, callback, append=goes_on)
    return None


def _store(
    response: httpx.Response, file: Download, callback: DownloadCallback, *, append: bool
) -> None:
    try:
        with file.part.open("ab" if append else "wb") as part:
            for chunk in response.iter_raw():
                part.write(chunk)
                callback.on_bytes(len(chunk))
                if callback.cancelled():
                    raise FetchCancelledError(
                        "{name} was left at {tell:,} B.", name=file.target.name, tell=part.tell()
                    )
    except OSError as error:
        raise FetchError(
            "{name} cannot be written ({strerror}). Make room, or choose "
            "another folder with --to; what came so far is kept.",
            name=file.target.name,
            strerror=error.strerror,
        ) from error


def _range_start(response: httpx.Response) -> int:
    """Return the first byte of a partial response; -1 if the server does not say."""
    unit, _, rest = response.headers.get("content-range", "").partition(" ")
    start = rest.partition("-")[0]
    return int(start) if unit == "bytes" and start.isdigit() else -1


def _asked_pause_s(response: httpx.Response) -> float:
    asked = response.headers.get("retry-after", "").strip()
    if asked.isdigit():
        return min(float(asked), _MAX_PAUSE_S)
    try:
        return min(max(parsedate_to_datetime(asked).timestamp() - time.time(), 0.0), _MAX_PAUSE_S)
    except (TypeError, ValueError):
        return 0.0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


CHECKSUM_FILE = "SHA256SUMS.txt"

_LINE = re.compile(r"(?P<sha256>[0-9a-f]{64})\s+\*?(?P<path>\S.*)")
# Names become local paths, which must not lead out of the folder.
_SAFE_PATH = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9_+.-]*/)?[A-Za-z0-9][A-Za-z0-9_+.-]*")
_CASE = re.compile(r"(?:chb)?0*(?P<number>[1-9][0-9]?)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """One file of a database.

    Attributes
    ----------
    path : str
        Relative to the database, with "/".
    """

    path: str
    sha256: str

    @property
    def case(self) -> str | None:
        """Patient folder of the file; None for general files."""
        folder, slash, _ = self.path.partition("/")
        return folder if slash else None


def parse_checksums(text: str) -> tuple[PublishedFile, ...]:
    """Parse a list of checksums in the format of `sha256sum`.

    Raises
    ------
    FetchError
        A line is not a checksum and a path, or the path leads out of the database.
    """
    files: dict[str, PublishedFile] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None or not _SAFE_PATH.fullmatch(match["path"]):
            raise FetchError(
                "Line {number} of {checksum_file} is not a SHA-256 with a file of the database. "
                "The address may show something else, such as a login page.",
                number=number,
                checksum_file=CHECKSUM_FILE,
            )
        files[match["path"]] = PublishedFile(path=match["path"], sha256=match["sha256"])
    if not files:
        raise FetchError(
            "{checksum_file} is empty: there is nothing to fetch.", checksum_file=CHECKSUM_FILE
        )
    return tuple(sorted(files.values(), key=lambda one: one.path))


def case_name(patient: str) -> str:
    """Return the folder of a patient: "chb01" for "1", "01" and "chb01".

    Raises
    ------
    FetchError
        Not a patient number.
    """
    match = _CASE.fullmatch(patient.strip())
    if match is None:
        raise FetchError(
            "{patient!r} is not a patient of CHB-MIT. Write 1, 01 or chb01.", patient=patient
        )
    return f"chb{int(match['number']):02d}"


def wanted_files(
    published: Iterable[PublishedFile], patients: Sequence[str]
) -> tuple[PublishedFile, ...]:
    """Return the files of some patients, and the general ones.

    Parameters
    ----------
    patients : sequence of str
        Empty for all.

    Raises
    ------
    FetchError
        There is no such patient.
    """
    files = tuple(published)
    cases = sorted({file.case for file in files if file.case is not None})
    wanted = {case_name(patient) for patient in patients} or set(cases)
    missing = sorted(wanted - set(cases))
    if missing:
        raise FetchError(
            "The database has no patient {missing}. It has: {cases}.",
            missing=", ".join(missing),
            cases=", ".join(cases),
        )
    return tuple(file for file in files if file.case is None or file.case in wanted)
