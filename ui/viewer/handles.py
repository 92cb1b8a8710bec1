"""Opened recordings under names that cannot be guessed.

A server function gets no session from Gradio: a handle alone gives access. So handles
are long, random, known to one page only, and forgotten with its session, unless that page is
reloaded: then it gets another handle for the same recording.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from seizure_core.display.montages import BUILT_IN, Montage, MontageFit, fit_montage
from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.events.types import EventType
from seizure_core.recording import Recording
from seizure_core.review.page import NO_REVIEW, Review
from ui.viewer.envelopes import EnvelopeShelf
from ui.viewer.requests import ViewerRequest
from ui.viewer.review_queue import QueuedRecording, ReviewQueue
from ui.viewer.trend_lanes import TrendJob
from zoo.card.output import CARD_POINT, USER_POINT
from zoo.inference.detection import Detection

MAX_OWN_MONTAGES = 20
MAX_PER_SESSION = 8
PARKED_S = 3600.0
"""How long a recording is kept for a page to take back after its session has ended."""
_BUILDERS = 2


class UnknownHandleError(SeizureZooError):
    """A page asks for a recording that is not open (any more)."""

    def __init__(self) -> None:
        super().__init__(
            "This recording is no longer open on the server: its session has ended or other "
            "recordings took its place. Open it again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlays:
    """Events of experts and of a model.

    Attributes
    ----------
    references : tuple of Event
        What an expert marked.
    predictions : tuple of Event
        What a model found. They can be accepted, rejected and shifted.
    trace : ProbabilityTrace or None
        The model's output.
    threshold : float or None
        Where the model's events begin.
    title : str
        Name of the model.
    found : Detection or None
        The result that these show, where its threshold can be moved in the viewer.
    default : PostProcessing or None
        The operating point of the model's card, to which one can go back.
    """

    references: tuple[Event, ...] = ()
    predictions: tuple[Event, ...] = ()
    trace: ProbabilityTrace | None = None
    threshold: float | None = None
    title: str = ""
    found: Detection | None = None
    default: PostProcessing | None = None

    def showing(self, found: Detection, default: PostProcessing) -> Overlays:
        """Return these with a result in place of what another run found."""
        return replace(
            self,
            predictions=found.events,
            trace=found.trace,
            threshold=found.threshold,
            title=f"{found.model_id} {found.model_version}",
            found=found,
            default=default,
        )

    def at(self, settings: PostProcessing, operating_point: str = USER_POINT) -> Overlays:
        """Return these with the events at another operating point.

        Raises
        ------
        ParameterError
            They show no result whose threshold can be moved.
        """
        if self.found is None or self.default is None:
            raise ParameterError("There is no result whose threshold could be moved.")
        name = CARD_POINT if settings == self.default else operating_point
        return self.showing(self.found.at(settings, name), self.default)

    def with_second_stage(self, on: bool) -> Overlays:
        """Return these with the second stage of their result, if any, switched on or off."""
        if self.found is None or self.default is None:
            return self
        return self.showing(self.found.with_second_stage(on), self.default)

    def at_threshold(self, threshold: float | None) -> Overlays:
        """Return these with the events at another threshold; None means the card's point.

        Raises
        ------
        ParameterError
            They show no result whose threshold can be moved.
        """
        if self.found is None or self.default is None:
            raise ParameterError("There is no result whose threshold could be moved.")
        if threshold is None:
            return self.at(self.default)
        return self.at(self.found.post_processing.with_threshold(threshold))

    def without_result(self) -> Overlays:
        """Return what experts marked alone."""
        return Overlays(references=self.references)


NO_OVERLAYS = Overlays()


class ViewedFile:
    """A recording in a visitor's viewer, with its overlays, review and montages.

    Parameters
    ----------
    recording : Recording
        The file.
    overlays : Overlays
        Drawn with the signals.
    turn : Semaphore
        Bounds the envelopes built at a time.
    session : str
        Whose it is.
    """

    def __init__(
        self, recording: Recording, overlays: Overlays, turn: threading.Semaphore, session: str
    ) -> None:
        self.recording = recording
        self.session = session
        self.envelopes = EnvelopeShelf(recording, turn)
        self.trends = TrendJob(recording, turn)
        self.overlays = overlays
        self.review: Review = NO_REVIEW
        self.queued: QueuedRecording | None = None
        self._montages = {montage.montage_id: montage for montage in BUILT_IN}
        self._fits: dict[str, MontageFit] = {}
        self._lock = threading.Lock()

    def mark_bad(self, channels: Sequence[int]) -> None:
        """Leave channels out of what is derived from now on; the others are good again."""
        with self._lock:
            self.recording = self.recording.with_bad_channels(channels)
            self._fits.clear()
            montages = list(self._montages)
        for montage_id in montages:
            self.envelopes.forget(montage_id)

    def join(self, queue: ReviewQueue, recording_id: str) -> None:
        """Show the candidates of a review; what is decided from now on goes into its log."""
        page = queue.page(recording_id)
        self.queued = QueuedRecording(queue=queue, page=page)
        self.overlays = Overlays(predictions=page.events)
        self.review = page.load()

    def refresh_review(self) -> None:
        """Take in what was decided in other windows."""
        if self.queued is not None:
            self.review = self.queued.page.load()

    @property
    def types(self) -> tuple[EventType, ...]:
        """The own types of the review this is part of."""
        return () if self.queued is None else tuple(self.queued.queue.review.state.types.values())

    def move(self, overlays: Overlays) -> None:
        """Show what the same result is at another operating point; decisions go along."""
        self.review = self.review.carried(self.overlays.predictions, overlays.predictions)
        self.overlays = overlays

    def take_review(self, request: ViewerRequest) -> None:
        """Take the marks and decisions of a page.

        They may be about the events of the threshold that the page was at when it sent them.

        Raises
        ------
        ParameterError
            The page sent what cannot be.
        """
        now = self.overlays
        seen_at = request.optional_number("seen_at", minimum=0.0, maximum=1.0)
        is_other = now.found is not None and seen_at not in (None, now.threshold)
        seen = now.at_threshold(seen_at) if is_other else now
        review = request.review(
            duration_s=self.recording.duration_s,
            predictions=seen.predictions,
            own_kinds={one.code for one in self.types},
        )
        review = replace(review, past=self.review.past)
        review = review.carried(seen.predictions, now.predictions) if is_other else review
        if self.queued is not None:
            self.queued.page.keep(self.review, review)
        self.review = review

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
                    montage_id=montage_id,
                )
            if montage_id not in self._fits:
                self._fits[montage_id] = fit_montage(self.recording, self._montages[montage_id])
            return self._fits[montage_id]


class HandleStore:
    """All recordings that are open in viewers of this server."""

    def __init__(self) -> None:
        self._opened: dict[str, ViewedFile] = {}
        self._parked: dict[str, tuple[float, ViewedFile]] = {}
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
            Drawn with the signals.
        """
        return self._add(ViewedFile(recording, overlays, self._turn, session))

    def resume(self, handle: str, *, session: str) -> str:
        """Give what was open under a handle to another session, under a new handle.

        For a page that was reloaded: the old handle opens nothing from then on.

        Raises
        ------
        UnknownHandleError
            Nothing was open under it for the last `PARKED_S`.
        """
        opened = self.left(handle)
        fresh = ViewedFile(opened.recording, opened.overlays, self._turn, session)
        fresh.review, fresh.queued = opened.review, opened.queued
        fresh.refresh_review()
        for montage in opened.montages[len(BUILT_IN) :]:
            fresh.add_montage(montage)
        resumed = self._add(fresh)
        self.close(handle)
        return resumed

    def left(self, handle: str) -> ViewedFile:
        """Return what is open under a handle, or was until its page went.

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
        return opened

    def _add(self, opened: ViewedFile) -> str:
        handle = secrets.token_urlsafe(24)
        with self._lock:
            self._opened[handle] = opened
        for too_old in self._handles_of(opened.session)[:-MAX_PER_SESSION]:
            self._drop(too_old)
        return handle

    def _handles_of(self, session: str) -> list[str]:
        with self._lock:
            return [h for h, opened in self._opened.items() if opened.session == session]

    def open_queued(self, queue: ReviewQueue, recording_id: str, *, session: str) -> str:
        """Return the handle of a recording of a queue, which is opened if it is not open."""
        with queue.lock:
            known = queue.handles.get(recording_id, "")
            with self._lock:
                if known in self._opened:
                    self._opened[known] = self._opened.pop(known)  # the session's youngest
                    return known
            place = queue.review.places()[recording_id]
            handle = self.open(queue.opener(place), session=session)
            self.get(handle).join(queue, recording_id)
            queue.handles[recording_id] = handle
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
        self._drop(handle)

    def close_session(self, session: str) -> None:
        """Close all recordings of a session that has ended; `resume` can have them back."""
        self._forget_old()
        handles = self._handles_of(session)
        with self._lock:
            now = time.monotonic()
            self._parked |= {h: (now, self._opened[h]) for h in handles if h in self._opened}
        for handle in handles:
            self._drop(handle)

    def _forget_old(self) -> None:
        oldest = time.monotonic() - PARKED_S
        with self._lock:
            self._parked = {h: kept for h, kept in self._parked.items() if kept[0] >= oldest}

    def _drop(self, handle: str) -> None:
        with self._lock:
            opened = self._opened.pop(handle, None)
        if opened is not None:
            opened.envelopes.close()
            opened.trends.close()
