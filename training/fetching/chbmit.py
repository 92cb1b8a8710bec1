"""Download of CHB-MIT from PhysioNet or a mirror."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import httpx

from seizure_core.atomic import atomic_path
from seizure_core.messages import Message, sentences
from training.errors import FetchCancelledError, FetchError
from training.fetching.download import (
    CHECKSUM_FILE,
    Download,
    DownloadCallback,
    PublishedFile,
    download,
    is_whole,
    parse_checksums,
    wanted_files,
)

CHBMIT_URL = "https://physionet.org/files/chbmit/1.0.0/"
DEFAULT_CONNECTIONS = 4

_TIMEOUT = httpx.Timeout(60.0, connect=20.0)
# Disk space to leave free.
_SPARE_BYTES = 64 * 1024 * 1024
_MAX_LIST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPlan:
    """Files to download.

    Attributes
    ----------
    folder : Path
        Target folder.
    present : tuple of PublishedFile
        Existing files.
    missing_bytes : int
        Bytes to download.
    """

    folder: Path
    present: tuple[PublishedFile, ...]
    missing: tuple[PublishedFile, ...]
    missing_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """Options of the download.

    Attributes
    ----------
    base_url : str
        Address of the database.
    connections : int
        Number of parallel downloads.
    check_present : bool
        Verify checksums of existing files, not only their sizes.
    """

    base_url: str = CHBMIT_URL
    connections: int = DEFAULT_CONNECTIONS
    check_present: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.connections <= 16:
            raise FetchError(
                "Between 1 and 16 connections, not {connections}.", connections=self.connections
            )
        if not self.base_url.startswith(("https://", "http://")):
            raise FetchError(
                "{base_url!r} is no address of a database (https://...).", base_url=self.base_url
            )

    def url(self, path: str) -> str:
        """Return the address of a file of the database."""
        # Some servers read "+" in a path as a space.
        return f"{self.base_url.rstrip('/')}/{path.replace('+', '%2B')}"


class ChbmitFetcher:
    """A download of CHB-MIT; a context manager that keeps its connections open.

    Parameters
    ----------
    folder : Path
        Target folder: `folder/chb01/chb01_01.edf` ...
    """

    def __init__(self, folder: Path, options: FetchOptions | None = None) -> None:
        self._folder = folder
        self._options = options or FetchOptions()
        self.client = httpx.Client(
            timeout=_TIMEOUT,
            follow_redirects=True,
            limits=httpx.Limits(max_connections=self._options.connections),
        )
        self._stop = threading.Event()

    def __enter__(self) -> ChbmitFetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def plan(self, patients: Sequence[str] = ()) -> FetchPlan:
        """Return the files to download for some patients, with their size.

        Parameters
        ----------
        patients : sequence of str
            "1", "01" or "chb01"; empty for all 24 cases.

        Raises
        ------
        FetchError
            The list of files cannot be fetched, or there is no such patient.
        """
        files = wanted_files(parse_checksums(self._checksums()), patients)
        with ThreadPoolExecutor(self._options.connections) as pool:
            missing_bytes = list(pool.map(self._missing_bytes, files))
        missing = [(file, n) for file, n in zip(files, missing_bytes, strict=True) if n is not None]
        there = {file.path for file, _ in missing}
        return FetchPlan(
            folder=self._folder,
            present=tuple(file for file in files if file.path not in there),
            missing=tuple(file for file, _ in missing),
            missing_bytes=sum(n for _, n in missing),
        )

    def check_room(self, plan: FetchPlan) -> None:
        """Check that the missing files fit on the disk.

        Raises
        ------
        FetchError
            They do not fit, or the folder cannot be created.
        """
        try:
            plan.folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(plan.folder).free
        except OSError as error:
            raise FetchError(
                "{name} cannot be written ({strerror}). Choose another folder with --to.",
                name=plan.folder.name,
                strerror=error.strerror,
            ) from error
        if plan.missing_bytes + _SPARE_BYTES > free:
            raise FetchError(
                "{human_bytes} are to come and the disk has "
                "{human_bytes_2} left. Make room, take fewer --patients, or another --to.",
                human_bytes=human_bytes(plan.missing_bytes),
                human_bytes_2=human_bytes(free),
            )

    def fetch(self, plan: FetchPlan, report: Callable[[int, str], None]) -> None:
        """Download the files of a plan.

        Parameters
        ----------
        report : callable
            Called with the bytes received so far, and the name of a file just completed or ""; from
            several threads, one at a time.

        Raises
        ------
        FetchError
            Some files could not be fetched; the others are complete, and the next call continues.
        """
        done_bytes, lock = 0, threading.Lock()

        def came(n_bytes: int, file_name: str = "") -> None:
            nonlocal done_bytes
            with lock:
                done_bytes += n_bytes
                report(done_bytes, file_name)

        callback = DownloadCallback(on_bytes=came, cancelled=self._stop.is_set, pause=self._pause)
        failures: list[str] = []
        with ThreadPoolExecutor(self._options.connections) as pool:
            tasks = {
                pool.submit(download, self.client, self._download(file), callback): file
                for file in plan.missing
            }
            try:
                for task in as_completed(tasks):
                    error = task.exception()
                    if error is None:
                        came(0, tasks[task].path)
                    elif isinstance(error, FetchError):
                        failures.append(error.message)
                    else:
                        raise error
            except BaseException:
                self._stop.set()
                pool.shutdown(cancel_futures=True)
                raise
        if failures:
            raise FetchError(_failed_text(failures, len(plan.missing)))

    def _pause(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise FetchCancelledError(
                "The download was cancelled; the files received so far are kept."
            )

    def _checksums(self) -> str:
        """Return the published checksums; keep a copy for offline checks."""
        url = self._options.url(CHECKSUM_FILE)
        try:
            response = self.client.get(url)
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise FetchError(
                "The list of files cannot be fetched ({value}). Is there "
                "a network, and is the address right?",
                value=error or type(error).__name__,
            ) from error
        if len(response.content) > _MAX_LIST_BYTES:
            raise FetchError(
                "{checksum_file} is larger than any list of files of a database.",
                checksum_file=CHECKSUM_FILE,
            )
        files = response.text
        parse_checksums(files)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with atomic_path(self._folder / CHECKSUM_FILE) as temporary:
                temporary.write_bytes(response.content)
        except OSError as error:
            raise FetchError(
                "{name} cannot be written ({strerror}).",
                name=self._folder.name,
                strerror=error.strerror,
            ) from error
        return files

    def _missing_bytes(self, file: PublishedFile) -> int | None:
        """Return the remaining bytes of a file; None if it is complete."""
        wanted = self._download(file)
        if self._options.check_present and is_whole(wanted):
            return None
        size = self._published_size(file)
        if not self._options.check_present and wanted.target.is_file():
            # Files get their final name only after verification, so the size suffices.
            if wanted.target.stat().st_size == size:
                return None
        have = wanted.part.stat().st_size if wanted.part.is_file() else 0
        return max(size - have, 0)

    def _published_size(self, file: PublishedFile) -> int:
        url = self._options.url(file.path)
        try:
            response = self.client.head(url, headers={"Accept-Encoding": "identity"})
            response.raise_for_status()
            return int(response.headers.get("content-length", 0))
        except (httpx.HTTPError, ValueError):
            # An estimate only; the download itself retries and reports errors.
            return 0

    def _download(self, file: PublishedFile) -> Download:
        return Download(
            url=self._options.url(file.path),
            target=self._folder / file.path,
            sha256=file.sha256,
        )


def human_bytes(n: int) -> str:
    """Format a number of bytes."""
    value = float(n)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit in ("B", "kB") else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def _failed_text(failures: Sequence[str], n_wanted: int) -> str:
    missing = Message(
        "{n} of {n_wanted} files are missing still.", n=len(failures), n_wanted=n_wanted
    )
    n_more = len(failures) - 5
    more = Message("And {n} more.", n=n_more) if n_more > 0 else ""
    return sentences(missing, *failures[:5], more)
