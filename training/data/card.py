"""The card of a dataset: contents, what was left out, warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.plan import ChannelPlan
from seizure_core.intervals import covered
from seizure_core.json_document import canonical_json, sha256_of
from seizure_core.messages import Message, some
from training.data.labelled_recordings import LabelledRecording, RefusedFile, refusals
from training.data.labelling import SEIZURE_LABEL, RecordingSpans
from training.data.ledger import ledger_document
from training.data.settings import DatasetSettings
from training.data.signal_hashes import Recognition
from training.patients import person_of

SCHEMA_VERSION = 1
_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DatasetEntry:
    """A recording whose signals are stored.

    Attributes
    ----------
    plan : ChannelPlan
        Sources of its channels.
    n_samples : int
        At the model's sampling rate.
    sha256 : str
        Of its stored signals.
    """

    labelled: LabelledRecording
    plan: ChannelPlan
    n_samples: int
    spans: RecordingSpans
    sha256: str

    @property
    def file_name(self) -> str:
        """Name of the recording."""
        return self.labelled.recording.file_name


def dataset_card(
    *,
    dataset_id: str,
    created: str,
    app_version: str,
    settings: DatasetSettings,
    recordings: Sequence[DatasetEntry],
    refused: Sequence[RefusedFile],
    windows: NDArray[np.void],
    ledger: list[dict[str, Any]],
    salt: str,
    hashes: Sequence[NDArray[np.void]],
    doubtful: frozenset[int],
    unused_references: Sequence[str],
) -> dict[str, Any]:
    """Return a dataset's card as plain data."""
    rows = [_recording_row(index, recording, windows) for index, recording in enumerate(recordings)]
    document = settings.model_dump(mode="json")
    identity = {
        "settings": {key: value for key, value in document.items() if key != "title"},
        "recordings": [
            [row["file_name"], row["patient"], row["sha256"], row["ictal_samples"]] for row in rows
        ],
        "windows": sha256_of(windows.tobytes()),
    }
    used = windows[windows["used"]]
    n_seizure = int((used["label"] == SEIZURE_LABEL).sum())
    warnings = [
        # What matters most comes first.
        *_class_warnings(windows, settings, rows),
        *refusals(refused, window_s=settings.window_s),
        *_reference_warnings(recordings, unused_references),
        *_short_seizure_warnings(recordings, windows, settings),
        *_montage_warnings(recordings),
        *_duplicate_warnings(recordings, hashes),
        *_clock_warnings(recordings, doubtful),
    ]
    return {
        "schema_version": SCHEMA_VERSION,
        "dataset_id": dataset_id,
        "title": settings.title,
        "created": created,
        "app_version": app_version,
        "sha256": sha256_of(canonical_json(identity)),
        "n_seizure_windows": n_seizure,
        "n_background_windows": len(used) - n_seizure,
        "n_background_candidates": int((windows["label"] != SEIZURE_LABEL).sum()),
        "n_seizures": sum(row["n_seizures"] for row in rows),
        "hours": sum(row["duration_s"] for row in rows) / 3600.0,
        "recordings": rows,
        "patients": list(_patient_rows(rows)),
        "refused": [
            {name: getattr(one, name) for name in ("file_name", "reason", "duration_s")}
            for one in refused
        ],
        "ledger": ledger_document(ledger),
        "warnings": warnings,
        "settings": document,
        "salt": salt,
    }


def public_card(card: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dataset's card for users, without sample numbers and salt."""
    inner = ("ictal_samples", "gap_samples", "n_samples", "sha256")
    recordings = [
        {key: value for key, value in row.items() if key not in inner}
        for row in card.get("recordings", [])
    ]
    shown = {key: value for key, value in card.items() if key != "salt"}
    return {**shown, "recordings": recordings} if "recordings" in card else shown


def _recording_row(index: int, entry: DatasetEntry, windows: NDArray[np.void]) -> dict[str, Any]:
    mine = windows[(windows["recording"] == index) & windows["used"]]
    n_seizure = int((mine["label"] == SEIZURE_LABEL).sum())
    pair = entry.labelled.pair
    return {
        "file_name": entry.file_name,
        "patient": pair.patient,
        "person": person_of(pair.patient),
        "duration_s": entry.labelled.recording.duration_s,
        "n_seizures": len(entry.labelled.events),
        "n_seizure_windows": n_seizure,
        "n_background_windows": len(mine) - n_seizure,
        "reference": pair.references[0].file.file_name if pair.references else None,
        "references": [source.file.file_name for source in pair.references],
        "reference_found": pair.references[0].how if pair.references else "said to be seizure-free",
        "n_channels": len(entry.plan.sources),
        "coverage": entry.plan.coverage,
        "missing": list(entry.plan.missing),
        "n_samples": entry.n_samples,
        "events": [[event.onset_s, event.duration_s] for event in entry.labelled.events],
        "uncertain": [[event.onset_s, event.duration_s] for event in entry.labelled.uncertain],
        "findings": list(entry.labelled.messages),
        "ictal_samples": entry.spans.ictal.tolist(),
        "gap_samples": entry.spans.gaps.tolist(),
        "sha256": entry.sha256,
    }


def _patient_rows(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for patient in dict.fromkeys(row["patient"] for row in rows):
        mine = [row for row in rows if row["patient"] == patient]
        counts = ("n_seizures", "n_seizure_windows", "n_background_windows")
        yield {
            "patient": patient,
            "n_recordings": len(mine),
            "hours": sum(row["duration_s"] for row in mine) / 3600.0,
            **{name: sum(row[name] for row in mine) for name in counts},
        }


def _reference_warnings(
    recordings: Sequence[DatasetEntry],
    unused_references: Sequence[str],
) -> Iterator[str]:
    yield from by_recording(
        (recording.file_name, recording.labelled.messages) for recording in recordings
    )
    if unused_references:
        yield Message(
            "These references belong to none of the recordings: {names}.",
            names=some(unused_references),
        )


def by_recording(found: Iterable[tuple[str, Sequence[str]]]) -> Iterator[str]:
    """Yield each finding once, with the recordings it concerns."""
    names: dict[str, list[str]] = {}
    for name, messages in found:
        for message in messages:
            names.setdefault(message, []).append(name)
    for message, files in names.items():
        yield Message("{files}: {message}", files=some(files), message=message)


def _class_warnings(
    windows: NDArray[np.void], settings: DatasetSettings, rows: Sequence[dict[str, Any]]
) -> Iterator[str]:
    used = windows[windows["used"]]
    n_seizure = int((used["label"] == SEIZURE_LABEL).sum())
    n_background = len(used) - n_seizure
    if not n_seizure:
        yield "There is no seizure window: no model can be trained to detect seizures with this."
    if not n_background:
        yield Message(
            "There is no background window: add recordings without seizures, or make the guard "
            "of {guard_s:g} s shorter.",
            guard_s=settings.guard_s,
        )
    elif n_seizure and settings.balance is not None:
        wanted = round(settings.balance * n_seizure)
        if n_background < wanted:
            yield Message(
                "Only {n_background} of the {wanted} background windows that the balance asks for "
                "could be found. Add recordings, or shorten the guard or the background stride.",
                n_background=n_background,
                wanted=wanted,
            )
    with_seizures = {row["person"] for row in rows if row["n_seizure_windows"]}
    if len(with_seizures) == 1:
        patient = next(row["patient"] for row in rows if row["n_seizure_windows"])
        yield Message(
            "All seizures are from one patient ({patient}): how the model does on others cannot "
            "be told from this.",
            patient=patient,
        )


def _short_seizure_warnings(
    recordings: Sequence[DatasetEntry], windows: NDArray[np.void], settings: DatasetSettings
) -> Iterator[str]:
    short, lost, total = [], 0, 0
    for index, recording in enumerate(recordings):
        starts = windows["start"][
            (windows["recording"] == index) & (windows["label"] == SEIZURE_LABEL)
        ]
        for start, stop in recording.spans.ictal:
            total += 1
            if stop - start < settings.window_samples:
                short.append(recording.file_name)
            span = np.array([[start, stop]], dtype=np.int64)
            lost += not bool((covered(starts, settings.window_samples, span) > 0).any())
    if short:
        yield Message(
            "{n_short} of {total} seizures are shorter than a window of {window_s:g} s ({names}).",
            n_short=len(short),
            total=total,
            window_s=settings.window_s,
            names=some(list(dict.fromkeys(short))),
        )
    if lost:
        yield Message(
            "{lost} of {total} seizures give no window by the labelling "
            "'{labelling}': choose another labelling or shorter windows to use them.",
            lost=lost,
            total=total,
            labelling=settings.labelling,
        )


def _montage_warnings(recordings: Sequence[DatasetEntry]) -> Iterator[str]:
    lacking = [recording for recording in recordings if recording.plan.missing]
    if lacking:
        names = list(dict.fromkeys(name for entry in lacking for name in entry.plan.missing))
        yield Message(
            "{n_lacking} of {n_recordings} recordings lack some channels, which are zero "
            "there: {names} ({files}).",
            n_lacking=len(lacking),
            n_recordings=len(recordings),
            names=some(names),
            files=some([entry.file_name for entry in lacking]),
        )
    counts = sorted({len(recording.plan.sources) for recording in recordings})
    if len(counts) > 1:
        yield Message(
            "The recordings have different montages, of {counts} to {counts_2} channels: "
            "only models of any montage can be trained with them.",
            counts=counts[0],
            counts_2=counts[-1],
        )


def _duplicate_warnings(
    recordings: Sequence[DatasetEntry], hashes: Sequence[NDArray[np.void]]
) -> Iterator[str]:
    blocks = [np.unique(of_one["hash"]) for of_one in hashes]
    for (j, i), n_shared in sorted(_shared(blocks).items(), key=lambda found: found[0][::-1]):
        if Recognition(n_blocks=len(blocks[i]), n_known=n_shared).is_known:
            yield Message(
                "{file_name} and {file_name_2} share signals: one may be a copy or a part "
                "of the other. Leave one out, or they leak from training into validation.",
                file_name=recordings[i].file_name,
                file_name_2=recordings[j].file_name,
            )


def _shared(blocks: Sequence[NDArray[np.uint64]]) -> Counter[tuple[int, int]]:
    """Return how many hashes two recordings share, for each pair that shares some."""
    hashes = np.concatenate(blocks)
    owners = np.repeat(np.arange(len(blocks)), [len(of_one) for of_one in blocks])
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    starts = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1]))
    lengths = np.diff(np.append(starts, len(hashes)))
    shared: Counter[tuple[int, int]] = Counter()
    for start, length in zip(starts[lengths > 1], lengths[lengths > 1], strict=True):
        shared.update(combinations(owners[start : start + length].tolist(), 2))
    return shared


def _clock_warnings(recordings: Sequence[DatasetEntry], doubtful: frozenset[int]) -> Iterator[str]:
    if doubtful:
        names = [recordings[index].file_name for index in sorted(doubtful)]
        yield Message(
            "{n_names} recordings overlap in time with another one of their patient, so that their "
            "start times cannot be true ({names}): their guards do not reach into other files.",
            n_names=len(names),
            names=some(names),
        )
