"""Progress of batches, and their results in one table."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from seizure_core.atomic import atomic_path
from seizure_core.batch.ledger import LEDGER_FOLDER, Ended, Entry, Ledger, collector_paused
from seizure_core.batch.planning import PLAN_FILE
from seizure_core.errors import ParameterError
from seizure_core.json_document import read_json

RECENT_S = 900.0
"""The pace is that of the recordings that ended this long before the last one, or later."""

# What a summary holds as a list of rows, and which of its columns a table names first.
_TABLES = ("events", "channels")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStatus:
    """Progress of a batch.

    Attributes
    ----------
    kind : str
        Name of the job.
    n_started : int
        Recordings that a process works on, or ended with.
    hours_done : float
        Of recordings.
    hours_left : float or None
        Judged by the sizes of the files; None before the first is done.
    eta_s : float or None
        At the pace of the last quarter of an hour of work; None before the first is done.
    failed : tuple of (str, str)
        Names and reasons.
    """

    kind: str
    n_done: int
    n_failed: int
    n_left: int
    n_started: int
    hours_done: float
    hours_left: float | None
    eta_s: float | None
    failed: tuple[tuple[str, str], ...]


def ledgers_in(out: Path) -> list[Ledger]:
    """Return the ledgers of a folder of results.

    Raises
    ------
    ParameterError
        There is none.
    """
    found = sorted((out / LEDGER_FOLDER).glob(f"*/{PLAN_FILE}"))
    if not found:
        raise ParameterError("In {name} there are no results of a batch.", name=str(out))
    return [Ledger(folder=path.parent) for path in found]


class Planned(NamedTuple):
    """A recording of a plan, and how it ended if that was with the job that is planned now."""

    name: str
    bytes: int
    ended: Ended | None


@collector_paused()
def planned(ledger: Ledger) -> list[Planned]:
    """Compare the plan of a batch with its entries."""
    plan = read_json(ledger.folder / PLAN_FILE)
    ended, job = ledger.ended(), plan["job"]
    found = []
    for name, size in plan["recordings"]:
        one = ended.get(name)
        found.append(Planned(name, size, None if one is None or one.job != job else one))
    return found


def status_of(ledger: Ledger, recordings: Sequence[Planned] | None = None) -> BatchStatus:
    """Return how far a batch is, from its recordings if they are known already."""
    recordings = planned(ledger) if recordings is None else recordings
    ended = [one.ended for one in recordings if one.ended is not None]
    done = [one for one in ended if one.state == "done"]
    failed = [one for one in ended if one.state != "done"]
    bytes_left = sum(one.bytes for one in recordings if one.ended is None)
    hours_done = sum(one.duration_s for one in done) / 3600
    bytes_done = sum(one.bytes for one in done)
    return BatchStatus(
        kind=ledger.kind,
        n_done=len(done),
        n_failed=len(failed),
        n_left=len(recordings) - len(ended),
        n_started=ledger.n_started(),
        hours_done=hours_done,
        hours_left=hours_done / bytes_done * bytes_left if bytes_done else None,
        eta_s=_eta_s(ended, bytes_left),
        failed=tuple((one.name, one.message) for one in failed),
    )


def _eta_s(ended: Sequence[Ended], bytes_left: int) -> float | None:
    last = max((one.ended for one in ended), default=0.0)
    recent = [one for one in ended if one.ended > last - RECENT_S]
    n_bytes = sum(one.bytes for one in recent)
    if not n_bytes:
        return None
    began = min(one.ended - one.work_s for one in recent)
    return (last - began) / n_bytes * bytes_left


def merge(ledger: Ledger, folder: Path, *, form: str = "tsv") -> list[Path]:
    """Write the results of a batch as one table of recordings, and one of their events.

    Parameters
    ----------
    form : str
        "tsv" or "parquet".

    Returns
    -------
    list of Path
        `KIND_recordings` and, if the results have such rows, `KIND_events` or `KIND_channels`.

    Raises
    ------
    ParameterError
        Parquet is wanted, and pyarrow is not installed.
    """
    recordings: list[dict[str, Any]] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    for entry, summary in sorted(ledger.results(), key=lambda found: found[0].name):
        recordings.append(_recording_row(entry, summary))
        for table in _TABLES:
            inner = summary.get(table)
            if isinstance(inner, list):
                rows.setdefault(table, []).extend({"recording": entry.name} | row for row in inner)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, lines in {"recordings": recordings, **rows}.items():
        path = folder / f"{ledger.kind}_{name}.{form}"
        (_write_parquet if form == "parquet" else _write_tsv)(path, lines)
        written.append(path)
    return written


def _recording_row(entry: Entry, summary: Mapping[str, Any]) -> dict[str, Any]:
    facts = ("name", "state", "message", "reason", "duration_s", "work_s", "key")
    return {
        **{name: getattr(entry, name) for name in facts},
        **dict(_flat(summary, "")),
    }


def _flat(summary: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    """Yield single values of a summary, those of inner objects as "outer.inner"."""
    for name, value in summary.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        elif not isinstance(value, list | tuple) and name not in ("duration_s", "traceback"):
            yield f"{before}{name}", value


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _write_tsv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with atomic_path(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        columns = _columns(rows)
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(["n/a" if row.get(name) is None else row[name] for name in columns])


def _write_parquet(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ParameterError("Parquet needs pyarrow: pip install 'seizure-zoo[tables]'.") from None
    columns = {name: [row.get(name) for row in rows] for name in _columns(rows)}
    with atomic_path(path) as temporary:
        pyarrow.parquet.write_table(pyarrow.table(columns), temporary)
