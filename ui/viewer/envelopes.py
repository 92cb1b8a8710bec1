"""Envelopes of one opened recording, built in the background and kept while they are used."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from seizure_core.display.envelope import Envelope
from seizure_core.display.filters import DisplayFilters
from seizure_core.display.rows import DisplayRow
from seizure_core.errors import RecordingError
from seizure_core.recording import Recording

MAX_ENVELOPES = 3

EnvelopeKey = tuple[str, DisplayFilters]
"""Id of a montage, and the filters it is seen through."""


class EnvelopeJob:
    """One envelope and the thread that fills it.

    Parameters
    ----------
    envelope : Envelope
        Still empty.
    turn : Semaphore
        Bounds how many envelopes a server builds at a time.
    """

    def __init__(self, envelope: Envelope, turn: threading.Semaphore) -> None:
        self.envelope = envelope
        self.error: RecordingError | None = None
        self._turn = turn
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._build, name="eeg-envelope", daemon=True)

    def start(self) -> None:
        """Begin to build."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask the thread to end; it does before its next block."""
        self._stop.set()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end of building; return whether the envelope is complete."""
        self._thread.join(timeout_s)
        return self.envelope.fraction_built >= 1.0

    def _build(self) -> None:
        with self._turn:
            try:
                self.envelope.build(cancelled=self._stop.is_set)
            except RecordingError as error:  # told to the user with the next page
                self.error = error


class EnvelopeShelf:
    """The envelopes of one recording, the least used dropped first.

    Parameters
    ----------
    recording : Recording
        What is enveloped.
    turn : Semaphore
        See `EnvelopeJob`.
    """

    def __init__(self, recording: Recording, turn: threading.Semaphore) -> None:
        self._recording = recording
        self._turn = turn
        self._jobs: OrderedDict[EnvelopeKey, EnvelopeJob] = OrderedDict()
        self._lock = threading.Lock()
        self._is_closed = False

    def get(self, key: EnvelopeKey, rows: Sequence[DisplayRow]) -> Envelope:
        """Return an envelope, complete or being built; the first call begins to build it.

        Raises
        ------
        RecordingError
            The file could not be read while it was built.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = EnvelopeJob(Envelope(self._recording, rows, filters=key[1]), self._turn)
                self._jobs[key] = job
                if not self._is_closed:
                    job.start()
            self._jobs.move_to_end(key)
            while len(self._jobs) > MAX_ENVELOPES:
                _, oldest = self._jobs.popitem(last=False)
                oldest.cancel()
        if job.error is not None:
            raise job.error
        return job.envelope

    def forget(self, montage_id: str) -> None:
        """Drop the envelopes of a montage that has changed."""
        with self._lock:
            for key in [key for key in self._jobs if key[0] == montage_id]:
                self._jobs.pop(key).cancel()

    def wait(self, timeout_s: float) -> bool:
        """Wait until all envelopes asked for are complete; for tests and benchmarks."""
        with self._lock:
            jobs = list(self._jobs.values())
        return all(job.wait(timeout_s) for job in jobs)

    def close(self) -> None:
        """Stop building and forget everything."""
        with self._lock:
            self._is_closed = True
            for job in self._jobs.values():
                job.cancel()
            self._jobs.clear()
