"""A detector: a model with everything its card says on input and output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import ParameterError, RecordingTooShortError
from seizure_core.events.candidates import seconds_to_look_at
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.trace import ProbabilityTrace, trace_from_windows
from seizure_core.recording import Finding, Recording
from seizure_core.signals.blocks import Cancelled, Progress
from seizure_core.signals.model_input import ModelInput, prepare_input
from seizure_core.signals.quality import InputQuality
from seizure_core.signals.signs import RATE_HZ, Signs, signs_of_seconds
from seizure_core.signals.windows import WindowGrid
from zoo.card.output import CARD_POINT, USER_POINT
from zoo.inference.detection import Detection, grid_findings
from zoo.inference.window_rows import WindowRows, window_rows

if TYPE_CHECKING:
    import torch

    from zoo.card.schema import ArchitectureCard
    from zoo.card.sections import InputSection


@dataclass(frozen=True, kw_only=True, eq=False)
class Detector:
    """A loaded model, ready to run on recordings.

    Attributes
    ----------
    card : ArchitectureCard
        Defines input and operating points.
    network : torch.nn.Module
        In eval mode, ending in two logits.
    """

    card: ArchitectureCard
    network: torch.nn.Module

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the weights file."""
        return self.card.weights.sha256

    def detect(
        self,
        recording: Recording,
        *,
        threshold: float | None = None,
        stride_s: float | None = None,
        operating_point: str | PostProcessing | None = None,
        second_stage: bool = True,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> Detection:
        """Detect seizures in a recording of any length, in bounded memory.

        Parameters
        ----------
        threshold : float, optional
            Probability that starts an event, between 0 and 1; None takes the card's.
        stride_s : float, optional
            Step between windows; None takes the card's.
        operating_point : str or PostProcessing, optional
            Name of an operating point of the card ("sensitive", "balanced", "specific"), or own
            settings; None takes the card's default.
        second_stage : bool
            Let the card's second stage, if it has one, drop events that are no seizures.
        progress : callable, optional
            Called with the fraction done, 0 to 1.
        cancelled : callable, optional
            Called before every block; the detection stops when it returns True.

        Raises
        ------
        ParameterError
            Threshold or stride is out of its bounds, or the card has no such operating point.
        CoverageError
            The recording lacks too many of the model's channels.
        RecordingTooShortError
            The recording is shorter than one window.
        RecordingError
            The file cannot be read.
        WorkCancelledError
            `cancelled` returned True.
        """
        settings = self.post_processing(threshold, operating_point)
        stride_s = self._checked_stride(stride_s)
        contract = self.card.input
        if recording.duration_s < contract.window_s:
            raise RecordingTooShortError(
                recording.file_name, duration_s=recording.duration_s, window_s=contract.window_s
            )
        model_input = self.prepare(recording)
        grid = WindowGrid(
            n_samples=model_input.n_samples,
            window_samples=contract.window_samples,
            stride_samples=round(stride_s * contract.sampling_rate_hz),
        )
        if grid.n_windows == 0:
            raise RecordingTooShortError(
                recording.file_name, duration_s=recording.duration_s, window_s=contract.window_s
            )
        quality = InputQuality(model_input)
        rows = window_rows(
            self.network,
            model_input,
            grid,
            progress=progress,
            cancelled=cancelled,
            watch=quality.add,
        )
        return _judged(
            self.card,
            model_input,
            rows,
            stride_s=stride_s,
            settings=settings,
            operating_point=_point_name(threshold, operating_point),
            second_stage=second_stage,
            findings=(
                *recording.findings,
                *model_input.findings,
                *quality.findings(),
                *grid_findings(grid, contract.sampling_rate_hz, rows.probabilities),
            ),
        )

    def signs(self, recording: Recording, trace: ProbabilityTrace) -> Signs:
        """Return the signs of the EEG wherever there may be an event, for the second stage."""
        return _signs(self.card.input, recording, trace)

    def check_settings(
        self,
        *,
        threshold: float | None = None,
        stride_s: float | None = None,
        operating_point: str | PostProcessing | None = None,
    ) -> None:
        """Check threshold, stride and operating point without running the model.

        Raises
        ------
        ParameterError
            Threshold or stride is out of its bounds, or the card has no such operating point.
        """
        self.post_processing(threshold, operating_point)
        self._checked_stride(stride_s)

    def prepare(self, recording: Recording) -> ModelInput:
        """Return a recording as the model's input, exactly as training prepares it."""
        return _model_input(self.card.input, recording)

    def post_processing(
        self,
        threshold: float | None = None,
        operating_point: str | PostProcessing | None = None,
    ) -> PostProcessing:
        """Return the post-processing of an operating point, with another threshold if given.

        Raises
        ------
        ParameterError
            The threshold is out of its bounds, or the card has no such operating point.
        """
        if not isinstance(operating_point, PostProcessing):
            operating_point = self.card.output.at(operating_point)
        asked = operating_point.threshold if threshold is None else threshold
        # Written so that NaN is refused, too.
        if not 0.0 < asked < 1.0:
            raise ParameterError(
                "The threshold must lie between 0 and 1; {asked:g} was given.", asked=asked
            )
        return operating_point.with_threshold(threshold)

    def _checked_stride(self, stride_s: float | None) -> float:
        contract = self.card.input
        if stride_s is None:
            return contract.stride_s
        shortest_s = 1.0 / contract.sampling_rate_hz
        # Written so that NaN is refused, too.
        if not shortest_s <= stride_s <= contract.window_s:
            raise ParameterError(
                "The stride must be at least one sample ({shortest_s:.4g} s) and at most the "
                "window of the model ({window_s:g} s), or EEG would be left unseen; "
                "{stride_s:g} s was given.",
                shortest_s=shortest_s,
                window_s=contract.window_s,
                stride_s=stride_s,
            )
        return stride_s


def kept_detection(
    card: ArchitectureCard,
    recording: Recording,
    result: Mapping[str, Any],
    windows: tuple[NDArray[np.float64], NDArray[np.float32]],
) -> Detection:
    """Return the detection that `predict --out` has kept; the network does not run again.

    Parameters
    ----------
    result : mapping
        From `detection_json`, without the windows.
    windows : tuple of ndarray, each of shape (n_windows,)
        From `read_windows_csv`.

    Raises
    ------
    ParameterError
        The card is that of another model.
    """
    if card.weights.sha256 != result["weights_sha256"]:
        raise ParameterError(
            "This result is of {name} {version}, whose weights were others than those of the model "
            "that is in the zoo now. Search the recording again.",
            name=result["model_id"],
            version=result["model_version"],
        )
    starts_s, probabilities = windows
    rate_hz = card.input.sampling_rate_hz
    found = _judged(
        card,
        _model_input(card.input, recording),
        WindowRows(
            # The file has ten digits; windows begin with a sample.
            starts_s=np.round(starts_s * rate_hz) / rate_hz,
            length_s=float(result["window_s"]),
            probabilities=probabilities,
        ),
        stride_s=float(result["stride_s"]),
        settings=PostProcessing(
            threshold=result["threshold"],
            threshold_off=result["threshold_off"],
            smoothing_s=result["smoothing_s"],
            min_duration_s=result["min_duration_s"],
            merge_gap_s=result["merge_gap_s"],
        ),
        operating_point=result["operating_point"],
        second_stage="dropped_events" in result,
        findings=(),
    )
    # What the threshold makes of the probabilities is judged again when it is moved.
    of_output = {str(finding.message) for finding in found.findings}
    told = [
        Finding(severity=one["severity"], message=one["message"], is_caveat=one["caveat"])
        for one in result["findings"]
        if one["message"] not in of_output
    ]
    return replace(found, input_findings=tuple(told))


def _model_input(contract: InputSection, recording: Recording) -> ModelInput:
    """Return a recording as a model's input, exactly as training prepares it."""
    return prepare_input(
        recording,
        channels=contract.channels,
        sampling_rate_hz=contract.sampling_rate_hz,
        preprocessing=contract.preprocessing,
        min_coverage=contract.min_coverage,
        min_channels=contract.min_channels or 1,
    )


def _signs(contract: InputSection, recording: Recording, trace: ProbabilityTrace) -> Signs:
    """Return the signs of the EEG wherever there may be an event, for the second stage."""
    plain = prepare_input(
        recording,
        channels=contract.channels,
        sampling_rate_hz=RATE_HZ,
        min_coverage=contract.min_coverage,
        min_channels=contract.min_channels or 1,
    )
    return signs_of_seconds(plain, seconds_to_look_at(trace))


def _judged(
    card: ArchitectureCard,
    model_input: ModelInput,
    rows: WindowRows,
    *,
    stride_s: float,
    settings: PostProcessing,
    operating_point: str,
    second_stage: bool,
    findings: Sequence[Finding],
) -> Detection:
    """Return the events that probabilities give at an operating point, with all about them.

    Parameters
    ----------
    second_stage : bool
        Whether the card's second stage, if it has one, judges the events.
    findings : sequence of Finding
        About the recording and the model's input.
    """
    recording = model_input.recording
    trace = trace_from_windows(rows.centres_s, rows.probabilities, recording.duration_s)
    found = Detection(
        file_name=recording.file_name,
        start_time=recording.start_time,
        duration_s=recording.duration_s,
        model_id=card.model_id,
        model_version=card.version,
        weights_sha256=card.weights.sha256,
        post_processing=settings,
        stride_s=stride_s,
        window_s=rows.length_s,
        starts_s=rows.starts_s,
        times_s=rows.centres_s,
        probabilities=rows.probabilities,
        trace=trace,
        events=(),
        second_stage=card.output.second_stage,
        channels=model_input.plan.sources,
        coverage=model_input.plan.coverage,
        input_findings=tuple(findings),
    ).at(settings, operating_point)
    if not second_stage or card.output.second_stage is None:
        return found
    return replace(found, signs=_signs(card.input, recording, trace)).with_second_stage(True)


def _point_name(threshold: float | None, operating_point: str | PostProcessing | None) -> str:
    if threshold is not None or isinstance(operating_point, PostProcessing):
        return USER_POINT
    return operating_point or CARD_POINT
