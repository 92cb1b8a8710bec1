"""Opened recordings under names nobody can guess.

A server function gets no session from Gradio: whoever knows a handle may look. So handles
are long, random, known to one page only, and forgotten with its session, unless that page is
loaded anew: then it gets another handle for the same recording.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Sequence

from seizure_core.display.montages import (
    BUILT_IN,
    Montage,
    MontageFit,
    fit_montage,
)
from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.events.review import NO_REVIEW, Review
from seizure_core.recording import Recording
from ui.viewer.envelopes import EnvelopeShelf
from ui.viewer.overlays import NO_OVERLAYS, Overlays

MAX_OWN_MONTAGES = 20
MAX_PER_SESSION = 8
PARKED_S = 3600.0
"""How long what a session looked at can be had back once it has ended, as by a reload."""
_BUILDERS = 2


class UnknownHandleError(SeizureZooError):
    """A page asks for a recording that is not open (any more)."""

    def __init__(self) -> None:
        super().__init__(
            "This recording is no longer open on the server: its session has ended or other "
            "recordings took its place. Open it again."
        )


class ViewedFile:
    """A recording in somebody's viewer, with everything that belongs to looking at it.

    Parameters
    ----------
    recording : Recording
        The file.
    overlays : Overlays
        Drawn beside the signals.
    turn : Semaphore
        Bounds the envelopes built at a time.
    """

    def __init__(self, recording: Recording, overlays: Overlays, turn: threading.Semaphore) -> None:
        self.recording = recording
        self.envelopes = EnvelopeShelf(recording, turn)
        self.overlays = overlays
        self.review: Review = NO_REVIEW
        self._montages = {montage.montage_id: montage for montage in BUILT_IN}
        self._fits: dict[str, MontageFit] = {}
        self._lock = threading.Lock()

    @property
    def montages(self) -> tuple[Montage, ...]:
        """The built-in montages, then the user's own."""
        with self._lock:
            return tuple(self._montages.values())

    def add_montage(self, montage: Montage) -> None:
        """Offer a montage of the user's own; one of the same name is replaced.

        Raises
        ------
        ParameterError
            There are too many already.
        """
        with self._lock:
            n_own = len(self._montages) - len(BUILT_IN)
            if montage.montage_id not in self._montages and n_own >= MAX_OWN_MONTAGES:
                raise ParameterError(
                    "A recording can have {max_own_montages} montages of your own at a time.",
                    max_own_montages=MAX_OWN_MONTAGES,
                )
            self._montages[montage.montage_id] = montage
            self._fits.pop(montage.montage_id, None)
        self.envelopes.forget(montage.montage_id)

    def fit(self, montage_id: str) -> MontageFit:
        """Return the rows of a montage.

        Raises
        ------
        ParameterError
            There is no such montage.
        """
        with self._lock:
            if montage_id not in self._montages:
                raise ParameterError(
                    "There is no montage {montage_id!r} for this recording.",
                    montage_id=montage_id[:80],
                )
            if montage_id not in self._fits:
                self._fits[montage_id] = fit_montage(self.recording, self._montages[montage_id])
            return self._fits[montage_id]

    def close(self) -> None:
        """Stop what runs in the background."""
        self.envelopes.close()

    def anew(self, turn: threading.Semaphore) -> ViewedFile:
        """Return the recording for another session, with all that was shown, marked and decided."""
        fresh = ViewedFile(self.recording, self.overlays, turn)
        fresh.review = self.review
        for montage in self.montages[len(BUILT_IN) :]:
            fresh.add_montage(montage)
        return fresh


class HandleStore:
    """All recordings that are open in viewers of this server."""

    def __init__(self) -> None:
        self._opened: dict[str, ViewedFile] = {}
        self._parked: dict[str, tuple[float, ViewedFile]] = {}
        self._sessions: dict[str, list[str]] = {}
        self._lock = threading.Lock()
        self._turn = threading.BoundedSemaphore(_BUILDERS)

    def open(self, recording: Recording, *, session: str, overlays: Overlays = NO_OVERLAYS) -> str:
        """Take in a recording and return its handle.

        Parameters
        ----------
        recording : Recording
            The file.
        session : str
            Whose it is (Gradio's session hash). Beyond `MAX_PER_SESSION` recordings the
            session's oldest is closed.
        overlays : Overlays
            Drawn beside the signals.
        """
        return self._add(ViewedFile(recording, overlays, self._turn), session)

    def resume(self, handle: str, *, session: str) -> str:
        """Give what was open under a handle to another session, under a new handle.

        For a page that was loaded anew: the old handle opens nothing from then on.

        Raises
        ------
        UnknownHandleError
            Nothing was open under it for the last `PARKED_S`.
        """
        self._forget_old()
        with self._lock:
            _, opened = self._parked.get(handle, (0.0, self._opened.get(handle)))
        if opened is None:
            raise UnknownHandleError
        fresh = self._add(opened.anew(self._turn), session)
        self.close(handle)
        return fresh

    def _add(self, opened: ViewedFile, session: str) -> str:
        handle = secrets.token_urlsafe(24)
        with self._lock:
            self._opened[handle] = opened
            handles = self._sessions.setdefault(session, [])
            handles.append(handle)
            too_old = handles[:-MAX_PER_SESSION]
        self._close(too_old, session)
        return handle

    def get(self, handle: str) -> ViewedFile:
        """Return what is open under a handle.

        Raises
        ------
        UnknownHandleError
            Nothing is.
        """
        opened = self._opened.get(handle)
        if opened is None:
            raise UnknownHandleError
        return opened

    def close(self, handle: str) -> None:
        """Close one recording; closing twice does nothing."""
        with self._lock:
            self._parked.pop(handle, None)
            sessions = [s for s, handles in self._sessions.items() if handle in handles]
        for session in sessions:
            self._close([handle], session)

    def close_session(self, session: str) -> None:
        """Close all recordings of a session that has ended; `resume` can have them back."""
        self._forget_old()
        with self._lock:
            handles = list(self._sessions.get(session, ()))
            now = time.monotonic()
            self._parked |= {handle: (now, self._opened[handle]) for handle in handles}
        self._close(handles, session)

    def _forget_old(self) -> None:
        oldest = time.monotonic() - PARKED_S
        with self._lock:
            self._parked = {h: kept for h, kept in self._parked.items() if kept[0] >= oldest}

    def _close(self, handles: Sequence[str], session: str) -> None:
        with self._lock:
            gone = [self._opened.pop(handle, None) for handle in handles]
            left = [h for h in self._sessions.get(session, ()) if h not in handles]
            if left:
                self._sessions[session] = left
            else:
                self._sessions.pop(session, None)
        for opened in gone:
            if opened is not None:
                opened.close()
