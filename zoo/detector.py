"""A detector: a model with everything its card says on input and output."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seizure_core.errors import ParameterError, RecordingTooShortError
from seizure_core.events.candidates import seconds_to_look_at
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.trace import ProbabilityTrace, trace_from_windows
from seizure_core.recording import Recording
from seizure_core.signals.blocks import Cancelled, Progress
from seizure_core.signals.model_input import ModelInput, prepare_input
from seizure_core.signals.quality import InputQuality
from seizure_core.signals.signs import RATE_HZ, Signs, signs_of_seconds
from seizure_core.signals.windows import WindowGrid
from zoo.card.output import CARD_POINT, USER_POINT
from zoo.inference.detection import Detection, grid_findings
from zoo.inference.window_rows import window_rows

if TYPE_CHECKING:
    import torch

    from zoo.card.schema import ArchitectureCard


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
        trace = trace_from_windows(rows.centres_s, rows.probabilities, recording.duration_s)
        found = Detection(
            file_name=recording.file_name,
            start_time=recording.start_time,
            duration_s=recording.duration_s,
            model_id=self.card.model_id,
            model_version=self.card.version,
            weights_sha256=self.weights_sha256,
            post_processing=settings,
            stride_s=stride_s,
            window_s=rows.length_s,
            starts_s=rows.starts_s,
            times_s=rows.centres_s,
            probabilities=rows.probabilities,
            trace=trace,
            events=(),
            second_stage=self.card.output.second_stage,
            channels=model_input.plan.sources,
            coverage=model_input.plan.coverage,
            input_findings=(
                *recording.findings,
                *model_input.findings,
                *quality.findings(),
                *grid_findings(grid, contract.sampling_rate_hz, rows.probabilities),
            ),
        )
        found = found.at(settings, _point_name(threshold, operating_point))
        if not second_stage or self.card.output.second_stage is None:
            return found
        return replace(found, signs=self.signs(recording, trace)).with_second_stage(True)

    def signs(self, recording: Recording, trace: ProbabilityTrace) -> Signs:
        """Return the signs of the EEG wherever there may be an event, for the second stage."""
        contract = self.card.input
        plain = prepare_input(
            recording,
            channels=contract.channels,
            sampling_rate_hz=RATE_HZ,
            min_coverage=contract.min_coverage,
            min_channels=contract.min_channels or 1,
        )
        return signs_of_seconds(plain, seconds_to_look_at(trace))

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
        contract = self.card.input
        return prepare_input(
            recording,
            channels=contract.channels,
            sampling_rate_hz=contract.sampling_rate_hz,
            preprocessing=contract.preprocessing,
            min_coverage=contract.min_coverage,
            min_channels=contract.min_channels or 1,
        )

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


def _point_name(threshold: float | None, operating_point: str | PostProcessing | None) -> str:
    if threshold is not None or isinstance(operating_point, PostProcessing):
        return USER_POINT
    return operating_point or CARD_POINT
