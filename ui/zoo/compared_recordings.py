"""The recordings that models are compared on, with the best available reference for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seizure_core.demo import DEMO_FILE_NAME, DEMO_SEIZURES
from seizure_core.errors import SeizureZooError
from seizure_core.events.event import Event, clip_events, seizure_events, seizures_of
from seizure_core.io.opening import open_recording
from seizure_core.recording import Finding, Recording
from seizure_core.references import read_reference
from seizure_core.references.readers.edf_annotations import marks_of_annotations
from training.data.labelled_recordings import RefusedFile, open_labelled
from training.data.pairing import Pair
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.train.pairs import Material
from ui.viewer.handles import HandleStore
from zoo.inference.compare_files import FailedFile


@dataclass(frozen=True, kw_only=True, eq=False)
class ComparisonFile:
    """A recording, and its seizures as far as they are known.

    Attributes
    ----------
    recording : Recording
        What the models look at.
    reference : tuple of Event or None
        The seizures; None if they are not known.
    source : str
        Who says so.
    uncertain : tuple of Event
        Stretches that count neither way.
    findings : tuple of str
        What is odd about recording and reference.
    """

    recording: Recording
    reference: tuple[Event, ...] | None
    source: str
    uncertain: tuple[Event, ...] = ()
    findings: tuple[str, ...] = ()


def open_with_reference(
    store: HandleStore, opened: OpenRecording, uploaded: Path | None
) -> ComparisonFile:
    """Return the open recording with the best that is known of its seizures.

    An uploaded file counts before the expert's events of the Predict tab, those before the
    person's own marks, and those before the annotations in the recording itself.

    Raises
    ------
    ReferenceFileError
        The uploaded file is no reference.
    """
    recording = opened.recording
    if uploaded is not None:
        read = read_reference(uploaded, recording=recording)
        return _known(recording, read.events, read.file_name, read.uncertain, read.findings)
    viewed = store.get(opened.handle)
    marked = seizure_events(viewed.review.marks)
    for events, source in (
        (viewed.overlays.references, "the expert's events"),
        (marked, "your marks"),
    ):
        if seizures_of(events):
            return _known(recording, events, tr(source))
    inside = marks_of_annotations(recording.annotations)
    if inside.events:
        said = tr("the annotations in the file")
        return _known(recording, inside.events, said, inside.uncertain, inside.findings)
    is_demo = opened.folder is None and recording.file_name == DEMO_FILE_NAME
    return simulated(recording) if is_demo else _known(recording, None, "")


def simulated(demo: Recording) -> ComparisonFile:
    """Return the demo recording with the seizures that were put into it."""
    events = [Event(onset_s=mark.onset_s, duration_s=mark.duration_s) for mark in DEMO_SEIZURES]
    return _known(demo, events, tr("the simulation"))


def of_files(material: Material) -> tuple[list[ComparisonFile], list[FailedFile]]:
    """Return the recordings of a material, and those that cannot be opened with the reason.

    One without reference is compared all the same: models can agree there too.
    """
    known, failed = [], []
    for pair in material.pairing.pairs:
        try:
            known.append(_of_pair(pair))
        except SeizureZooError as error:
            failed.append(FailedFile(file_name=pair.recording.file_name, message=error.message))
    return known, failed


def _of_pair(pair: Pair) -> ComparisonFile:
    labelled = open_labelled(pair)
    if isinstance(labelled, RefusedFile):
        recording = open_recording(pair.recording.location, file_name=pair.recording.file_name)
        return _known(recording, None, "")
    said = ", ".join(reference.file.file_name for reference in pair.references[:1])
    return _known(
        labelled.recording,
        labelled.events,
        said or tr("the person who said that it has none"),
        labelled.uncertain,
        labelled.findings,
    )


def _known(
    recording: Recording,
    events: Sequence[Event] | None,
    source: str,
    uncertain: Sequence[Event] = (),
    findings: Sequence[Finding] = (),
) -> ComparisonFile:
    reference = None if events is None else clip_events(seizures_of(events), recording.duration_s)
    found = [*recording.findings, *findings]
    odd = dict.fromkeys(finding.message for finding in found if finding.severity != "info")
    return ComparisonFile(
        recording=recording,
        reference=reference,
        source=source,
        uncertain=tuple(uncertain),
        findings=tuple(odd),
    )
