"""The one recording a browser session looks at: kept, shown in viewers, and given up."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import gradio as gr

from seizure_core.errors import ParameterError
from ui.opening.recordings import OpenRecording, RecordingSources
from ui.stopping import WorkStops
from ui.viewer.handles import HandleStore, UnknownHandleError

_NOT_KEPT = "This page was reloaded, and its recording is no longer on the server. Open it again."


class KeptRecordings:
    """The open recordings by handle and visitor, for pages that are reloaded.

    A page's old handle stays known in addition to the new one: a page that is reloaded again
    before it has heard of its new handle comes with the old one once more.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str | None, OpenRecording]] = {}
        self._lock = threading.Lock()

    def keep(self, opened: OpenRecording, visitor: str | None, *, before: str = "") -> None:
        """Take in what a visitor (None without login) has opened, or has back by a handle."""
        with self._lock:
            self._kept |= {name: (visitor, opened) for name in (opened.handle, before) if name}

    def take(self, handle: str, visitor: str | None) -> OpenRecording | None:
        """Return and forget what was opened under a handle; None if it was another visitor."""
        with self._lock:
            owner, opened = self._kept.get(handle, (None, None))
            if opened is None or owner != visitor:
                return None
            self._drop(opened.handle)
            return opened

    def forget(self, handle: str) -> bool:
        """Forget what is open under a handle; return whether it was still here."""
        with self._lock:
            return self._drop(handle)

    def _drop(self, handle: str) -> bool:
        others = {name: kept for name, kept in self._kept.items() if kept[1].handle != handle}
        is_here = len(others) < len(self._kept)
        self._kept = others
        return is_here


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Puts one recording in place of another.

    Attributes
    ----------
    sources : RecordingSources
        Where recordings come from and whose folders are given back.
    store : HandleStore
        What viewers may ask for.
    stops : WorkStops
        Long work, which ends with the recording it is about.
    kept : KeptRecordings
        The recordings that a reloaded page can have back.
    """

    sources: RecordingSources
    store: HandleStore
    stops: WorkStops
    kept: KeptRecordings = field(default_factory=KeptRecordings)

    def exchange(
        self, before: OpenRecording | None, opened: OpenRecording, request: gr.Request
    ) -> OpenRecording:
        """Let viewers show a recording just opened, and give up the one before.

        Parameters
        ----------
        before : OpenRecording or None
            What the session has looked at so far.
        opened : OpenRecording
            From `RecordingSources`.
        request : gr.Request
            Whose session it is.

        Returns
        -------
        OpenRecording
            With its handle.
        """
        session = request.session_hash or ""
        self.stops.stop_session(session)
        handle = self.store.open(opened.recording, session=session)
        self.release(before)
        shown = replace(opened, handle=handle)
        self.kept.keep(shown, request.username)
        return shown

    def resume(self, handle: str, request: gr.Request) -> OpenRecording:
        """Give a reloaded page the recording it had open, with its marks.

        Parameters
        ----------
        handle : str
            The page's handle from before, which only that page knows; viewers get nothing by it
            any more.
        request : gr.Request
            The page's new session.

        Raises
        ------
        ParameterError
            It is no longer on the server, or it was another visitor's.
        """
        opened = self.kept.take(handle, request.username)
        if opened is None:
            raise ParameterError(_NOT_KEPT)
        try:
            fresh = self.store.resume(opened.handle, session=request.session_hash or "")
        except UnknownHandleError:
            self.sources.release(opened)
            raise ParameterError(_NOT_KEPT) from None
        shown = replace(opened, handle=fresh)
        self.kept.keep(shown, request.username, before=handle)
        return shown

    def release(self, opened: OpenRecording | None) -> None:
        """Give up a recording that is no longer looked at; not one that a page has back."""
        if opened is not None and self.kept.forget(opened.handle):
            self.store.close(opened.handle)
            self.sources.release(opened)


def looked_at(current: OpenRecording | None) -> OpenRecording:
    """Return the session's recording.

    Raises
    ------
    ParameterError
        None is open.
    """
    if current is None:
        raise ParameterError("Open a recording first: drop a file into the box, or take the demo.")
    return current
