"""Progress of a search over many recordings, and each recording as a row."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from seizure_core.batch.ledger import Ledger
from seizure_core.batch.status import BatchStatus, Planned
from ui.i18n import words
from ui.i18n.translation import grouped, tr, tr_message
from ui.i18n.wording import NOTHING, duration_words
from ui.widgets import markup
from ui.widgets.paged_table import PAGE_ROWS, Listing
from ui.widgets.views import Cell, Rows

COLUMNS = ("Recording", "State", "Candidates", "Duration", "Remark")
STATES = {"done": "done", "failed": "failed", "left": "waiting"}


def progress_html(status: BatchStatus, state: str = "") -> str:
    """Return how far a search is: a bar, its state, counts, time searched, time left."""
    n_all = status.n_done + status.n_failed + status.n_left
    bar = Markup('<progress value="{}" max="{}"></progress>').format(n_all - status.n_left, n_all)
    facts = [
        *([(words.STATE, state)] if state else []),
        ("Done", tr(words.OF, done=grouped(status.n_done), total=grouped(n_all))),
        ("Failed", grouped(status.n_failed)),
        ("Waiting", grouped(status.n_left)),
        ("Begun", grouped(status.n_started)),
        ("EEG searched", duration_words(3600 * status.hours_done)),
    ]
    if status.n_left:
        facts.append(
            (
                "Ready in about",
                NOTHING if status.eta_s is None else duration_words(round(status.eta_s)),
            )
        )
    return bar + markup.facts(facts)


def listing_of(ledger: Ledger, recordings: Sequence[Planned], state: str) -> Listing:
    """Return the recordings in pages, all or those of a state."""
    chosen = [one for one in recordings if not state or _state(one) == state]

    def rows(first: int, most: int) -> Rows:
        return [_row(ledger, one) for one in chosen[first : first + min(most, PAGE_ROWS)]]

    return Listing(n_rows=len(chosen), rows=rows)


def _state(recording: Planned) -> str:
    return "left" if recording.ended is None else recording.ended.state


def _row(ledger: Ledger, recording: Planned) -> list[Cell]:
    ended, n, length = recording.ended, NOTHING, NOTHING
    if ended is not None and ended.state == "done":
        n = grouped(len(ledger.result(recording.name)[1].get("events", ())))
        length = duration_words(ended.duration_s)
    remark = "" if ended is None else tr_message(ended.message)
    return [recording.name, tr(STATES[_state(recording)]), n, length, remark]
