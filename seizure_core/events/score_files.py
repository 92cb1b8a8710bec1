"""Scoring of a file of detected events against a reference file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from seizure_core.errors import ParameterError, ReferenceFileError
from seizure_core.events.event import clip_events
from seizure_core.events.scoring import Score, score_recording
from seizure_core.references import read_reference
from seizure_core.references.model import Reference

# Tolerance for the duration of a recording, which both files may have rounded.
_LENGTH_TOLERANCE_S = 1.0


def score_files(
    hypothesis: str | Path,
    reference: str | Path,
    *,
    recording_duration_s: float | None = None,
    hypothesis_name: str | None = None,
    reference_name: str | None = None,
) -> dict[str, Any]:
    """Score two event files of one recording by SzCORE's rules.

    Parameters
    ----------
    hypothesis, reference : str or Path
        Detected and expert events, in any format of `read_reference`.
    recording_duration_s : float, optional
        None takes it from the files.
    hypothesis_name, reference_name : str, optional
        Names to show, if not those of the paths.

    Returns
    -------
    dict
        `event`, `sample`, `latency_s`, `baselines` (always and never alarm),
        `recording_duration_s`, `uncertain_s` (seconds excluded from the score) and `findings`;
        undefined numbers are None.

    Raises
    ------
    ReferenceFileError
        A file cannot be read, or the files do not agree on the duration of the recording, or
        neither states it.
    ParameterError
        The duration is out of bounds.
    """
    found = read_reference(hypothesis, file_name=hypothesis_name)
    expert = read_reference(reference, file_name=reference_name)
    duration_s = _duration(found, expert, recording_duration_s)
    # Uncertain intervals of a detector are no statement about the recording.
    score = score_recording(
        expert.events, found.events, duration_s=duration_s, uncertain=expert.uncertain
    )
    findings = [
        {"severity": finding.severity, "message": f"{source.file_name}: {finding.message}"}
        for source in (found, expert)
        for finding in source.findings
    ]
    return {
        "hypothesis_file_name": found.file_name,
        "reference_file_name": expert.file_name,
        "recording_duration_s": duration_s,
        "uncertain_s": sum(event.duration_s for event in clip_events(expert.uncertain, duration_s)),
        **score_json(score.score),
        "latency_s": list(score.latency_s),
        "baselines": {"always": score_json(score.always), "never": score_json(score.never)},
        "findings": findings,
    }


def score_json(score: Score) -> dict[str, Any]:
    """Return event and sample scores as plain data."""
    return {"event": asdict(score.event), "sample": asdict(score.sample)}


def _duration(found: Reference, expert: Reference, given_s: float | None) -> float:
    if given_s is not None:
        if not given_s > 0:
            raise ParameterError(
                "The recording's duration must be more than 0 s; {given_s:g} was given.",
                given_s=given_s,
            )
        return given_s
    lengths = [events.duration_s for events in (expert, found) if events.duration_s is not None]
    if not lengths:
        raise ReferenceFileError(
            expert.file_name,
            "neither this file nor the detected events say how long the recording is. "
            "Give its duration in seconds.",
        )
    if abs(lengths[0] - lengths[-1]) > _LENGTH_TOLERANCE_S:
        raise ReferenceFileError(
            found.file_name,
            "it belongs to a recording of {lengths:g} s, but {name} to one of "
            "{lengths_2:g} s. Choose two files of the same recording, or give its duration.",
            lengths=lengths[-1],
            name=expert.file_name,
            lengths_2=lengths[0],
        )
    return lengths[0]
