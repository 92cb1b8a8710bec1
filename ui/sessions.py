"""The one recording a browser session looks at: kept, shown in viewers, and given up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import gradio as gr

from seizure_core.errors import ParameterError
from ui import text
from ui.recordings import OpenRecording, RecordingSources
from ui.stopping import WorkStops
from ui.viewer.handles import HandleStore


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
    """

    sources: RecordingSources
    store: HandleStore
    stops: WorkStops

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
        return replace(opened, handle=handle)

    def release(self, opened: OpenRecording | None) -> None:
        """Give up a recording that is no longer looked at."""
        if opened is not None:
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
        raise ParameterError(text.CHOOSE_RECORDING)
    return current
