"""Sources of recordings: the browser, a caller of the API, the server's folder, the demo."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from seizure_core.demo import demo_recording
from seizure_core.errors import ParameterError, shown
from seizure_core.io.opening import PACKED_SUFFIX, TEXT_SUFFIXES, open_recording
from seizure_core.io.refusal import RefusalReport, repair
from seizure_core.io.sequence import open_files
from seizure_core.io.text.layout import TextLayout
from seizure_core.messages import MAX_QUOTED_CHARS, Message, near_names
from seizure_core.recording import Recording
from ui.server.file_addresses import fetch_file, is_file_as_text, is_web_address
from ui.server.work_folders import WorkFolders

DATA_PREFIX = "data:"
MAX_NAMES_COMPARED = 5000
MAX_LISTED = 5000
_SUFFIXES = (".edf", ".bdf", *TEXT_SUFFIXES)
_MAKING_DEMO = threading.Lock()


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenRecording:
    """The recording a browser session looks at.

    Attributes
    ----------
    recording : Recording
        The opened file.
    folder : Path or None
        The session's private folder that holds it; None for the demo, which all share, and
        for files of the server's folder.
    files : tuple of Path
        Where its files lie; more than one for a sequence.
    layout : TextLayout or None
        How it was read, if it is a text; of several, the first text.
    report : RefusalReport or None
        What its bytes say; None for texts and for several files.
    handle : str
        Under which viewers ask for its signals; "" while no viewer shows it.
    """

    recording: Recording
    folder: Path | None
    files: tuple[Path, ...]
    layout: TextLayout | None = None
    report: RefusalReport | None = None
    handle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSources:
    """Opens recordings, and refuses files that a visitor may not read.

    Attributes
    ----------
    upload_folder : Path
        Gradio's cache: the only place from which uploaded files are taken.
    data_folder : Path or None
        Folder of recordings that may be named as `data:NAME`.
    work : WorkFolders
        Private folders, outside Gradio's cache.
    demo_folder : Path
        Where the demo recording is kept once it has been made.
    """

    upload_folder: Path
    data_folder: Path | None
    work: WorkFolders
    demo_folder: Path

    def open_given(self, recording: object) -> Recording:
        """Open what a caller of the API gave: an uploaded file, or `data:NAME`.

        Raises
        ------
        ParameterError
            It is neither, or there is no such file where it may be.
        RecordingError
            The file is no recording.
        """
        path = self.find_given(recording, what="recording")
        return open_recording(path, file_name=shown_name(path.name))

    def find_given(self, given: object, *, what: str) -> Path:
        """Return where a file lies that a caller of the API gave.

        Parameters
        ----------
        given : object
            An uploaded file as Gradio hands it over, a text `data:NAME`, or a web address.
        what : str
            What it is meant to be ("recording"), for messages.

        Raises
        ------
        ParameterError
            It is none of these, or there is no such file where it may be.
        FileNotFoundError
            It was uploaded, and deleted meanwhile.
        """
        if isinstance(given, str) and is_web_address(given):
            return self._inside_uploads(fetch_file(given, self.upload_folder, what=what))
        if isinstance(given, str) and is_file_as_text(given):
            raise ParameterError(
                "A {what} is not taken as a base64 text, which bears no name: upload the file "
                "and name the address it gets.",
                what=what,
            )
        if isinstance(given, str) and given.startswith(DATA_PREFIX):
            return self._named(given.removeprefix(DATA_PREFIX), what)
        uploaded = given.get("path") if isinstance(given, dict) else None
        if not isinstance(uploaded, str):
            raise ParameterError(
                "A {what} must be an uploaded file (gradio_client.handle_file), a text "
                "'data:NAME' for a file in the server's data folder, or a web address; "
                "{given} is none of these.",
                what=what,
                given=shown(given, 80),
            )
        return self._inside_uploads(uploaded)

    def take(self, given: Sequence[str], *, text_layout: TextLayout | None = None) -> OpenRecording:
        """Open for a browser session one file, or several that follow each other as one recording.

        What is named as `data:NAME` is opened where it lies. Of an upload the session gets a link
        of its own: the file in Gradio's cache is left where it is, since two sessions that upload
        the same bytes share it, and it is deleted when it is old.

        Parameters
        ----------
        given : sequence of str
            Paths of uploads, or `data:NAME`; where they give no time, their order counts.
        text_layout : TextLayout, optional
            How to read those that are texts, as a user corrected it.

        Raises
        ------
        RecordingError
            A file is no recording, or they cannot be parts of one; no file is left on the disk.
        ParameterError, FileNotFoundError
            There is no such file where it may be.
        """
        paths = [self.path_of(name) for name in given]
        is_upload = [not name.startswith(DATA_PREFIX) for name in given]
        if not any(is_upload):
            return _opened(tuple(paths), None, text_layout)
        with self.work.filled() as folder:
            files = tuple(
                _linked(path, folder / str(number)) if linked else path
                for number, (path, linked) in enumerate(zip(paths, is_upload, strict=True))
            )
            return _opened(files, folder, text_layout)

    def path_of(self, given: str) -> Path:
        """Return where an upload, or `data:NAME`, lies; raises as `take` does."""
        is_named = given.startswith(DATA_PREFIX)
        return self.find_given(given if is_named else {"path": given}, what="recording")

    def repaired(self, given: str) -> tuple[OpenRecording, Path]:
        """Open a repaired copy of an upload or of `data:NAME`, and return where it lies.

        Raises
        ------
        RecordingError
            There is nothing to repair, or it cannot be repaired.
        ParameterError, FileNotFoundError
            There is no such file where it may be.
        """
        source = self.path_of(given)
        with self.work.filled() as folder:
            target = folder / f"{source.stem}_repaired{source.suffix}"
            repair(source, target)
            return _opened((target,), folder), target

    def demo(self) -> OpenRecording:
        """Open the simulated demo recording; it is made at the first call."""
        with _MAKING_DEMO:
            path = demo_recording(self.demo_folder)
        return _opened((path,), None)

    def release(self, opened: OpenRecording | None) -> None:
        """Delete the private folder of a recording that is no longer looked at."""
        if opened is not None and opened.folder is not None:
            self.work.delete(opened.folder)

    def _inside_uploads(self, uploaded: str | Path) -> Path:
        given = Path(os.path.abspath(uploaded))  # noqa: PTH100 - links must not be followed
        real = given.resolve()
        if not real.is_relative_to(self.upload_folder.resolve()):
            raise ParameterError(
                "{given_name} was not uploaded to this server: upload it first.",
                given_name=given.name,
            )
        if not real.is_file():
            raise FileNotFoundError(given.name)
        return real

    def _named(self, name: str, what: str) -> Path:
        if self.data_folder is None:
            raise ParameterError(
                "This server offers no data folder: upload the {what}, or start the app with "
                "SEIZURE_ZOO_DATA set to the folder of the recordings.",
                what=what,
            )
        root = self.data_folder.resolve()
        try:
            path = (root / name).resolve(strict=True)
        except (OSError, ValueError):
            path = root
        # One answer for what is missing and for what lies outside: it must not reveal more.
        if not path.is_relative_to(root) or not path.is_file():
            raise ParameterError(
                "There is no {what} {name} in the data folder.{near}",
                what=what,
                name=shown(name, 80),
                near=_near(root, name),
            )
        return path


def _opened(
    files: tuple[Path, ...], folder: Path | None, text_layout: TextLayout | None = None
) -> OpenRecording:
    opened = open_files(files, text_layout=text_layout)
    return OpenRecording(
        recording=opened.recording,
        folder=folder,
        files=files,
        layout=opened.layout,
        report=opened.report,
    )


def shown_name(name: str, instead: str = "recording") -> str:
    """Return what to call an upload: browsers' programs name what has no name "blob"."""
    return instead if Path(name).stem.lower() == "blob" else name


def _linked(source: Path, folder: Path) -> Path:
    folder.mkdir()
    target = folder / source.name
    _link_or_copy(source, target)
    return target


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def _near(root: Path, name: str) -> str:
    ending = Path(name[-MAX_QUOTED_CHARS:]).suffix.casefold()
    names = (one for one in _names_in(root) if one.casefold().endswith(ending))
    near = near_names(name, islice(names, MAX_NAMES_COMPARED), cutoff=0.5)
    return Message(" Near names: {near}.", near=", ".join(near)) if near else ""


def recording_names(root: Path) -> list[str]:
    """Return the names of files that may be recordings, as `data:NAME` takes them, sorted.

    Parameters
    ----------
    root : Path
        The folder; its subfolders are looked through, links to places outside are not.
        At most `MAX_LISTED` files are listed.
    """
    names = (
        name
        for name in _names_in(root)
        if name.casefold().removesuffix(PACKED_SUFFIX).endswith(_SUFFIXES)
    )
    return sorted(islice(names, MAX_LISTED), key=str.casefold)


def _names_in(root: Path) -> Iterator[str]:
    """Yield the files below a folder, without hidden ones and links to places outside."""
    real_root = root.resolve()
    for folder, below, files in os.walk(real_root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for path in (Path(folder) / file for file in sorted(files) if not file.startswith(".")):
            if path.resolve().is_relative_to(real_root):
                yield path.relative_to(real_root).as_posix()
