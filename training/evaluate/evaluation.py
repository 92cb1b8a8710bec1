"""Evaluation of a detector on recordings with references."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from seizure_core.errors import SeizureZooError
from seizure_core.events.line_length import line_length_events
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.score_summary import ScoreSummary, pool_scores, summarise_scores
from seizure_core.events.scoring import RecordingScore, Score
from seizure_core.signals.blocks import Cancelled, WorkCancelledError
from training.data.labelled_recordings import RefusedFile, open_labelled
from training.data.pairing import Pair, Pairing
from training.data.signal_hashes import KnownSignals
from training.errors import EvaluationError
from training.evaluate.explorer import TracedFile, explore
from training.patients import person_of
from zoo.detector import Detector
from zoo.inference.detection import Detection, all_seizure_findings

_SEEN = "It was in the training of this model: the score says nothing about new recordings."
_SEEN_REFUSED = (
    "it was in the training of this model, or a part of it was (recognised by its signals), so "
    "that a score would say nothing about new recordings"
)

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvaluatedRecording:
    """One recording that was scored.

    Attributes
    ----------
    traced : TracedFile
        Trace and reference, to try other post-processing without the model.
    score : RecordingScore
        At the operating point used.
    line_length : Score
        Score of the line-length baseline.
    settings : PostProcessing
        The operating point.
    input_caveats, notes : tuple of str
        Reasons to doubt every result on it, and further notes.
    in_training : bool
        Whether the model was trained on it, so that the score does not tell about new recordings.
    """

    traced: TracedFile
    score: RecordingScore
    line_length: Score
    settings: PostProcessing
    input_caveats: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    in_training: bool = False

    @property
    def doubts(self) -> tuple[str, ...]:
        """Reasons to doubt the result at this operating point."""
        trace = self.traced.trace
        of_output = all_seizure_findings(
            trace,
            self.traced.events(self.settings),
            trace.probabilities,
            self.settings.threshold,
        )
        return (*(finding.message for finding in of_output), *self.input_caveats)

    @property
    def findings(self) -> tuple[str, ...]:
        """All findings, caveats first."""
        return tuple(dict.fromkeys((*self.doubts, *self.notes)))

    @property
    def message(self) -> str:
        """All findings as one text."""
        return " ".join(self.findings)


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """Results of a model on several recordings.

    Attributes
    ----------
    recordings : tuple of EvaluatedRecording
        Scored recordings.
    failed : tuple of RefusedFile
        Recordings that could not be scored, with reasons.
    """

    detector: Detector
    settings: PostProcessing
    recordings: tuple[EvaluatedRecording, ...]
    failed: tuple[RefusedFile, ...]

    @property
    def traced(self) -> list[TracedFile]:
        """Traces and references, to try other thresholds."""
        return [recording.traced for recording in self.recordings]

    @property
    def pooled(self) -> Score:
        """Pooled score of all recordings."""
        return pool_scores([recording.score.score for recording in self.recordings])

    def summary(self, *, n_draws: int = 1000) -> ScoreSummary:
        """Pooled and per-patient scores with bootstrap intervals over patients."""
        return summarise_scores(
            [
                (person_of(recording.traced.patient), recording.score.score)
                for recording in self.recordings
            ],
            n_draws=n_draws,
        )

    def at(self, settings: PostProcessing) -> Evaluation:
        """Return the evaluation with another post-processing, without running the model again."""
        _, scores = explore(self.traced, settings)
        return Evaluation(
            detector=self.detector,
            settings=settings,
            recordings=tuple(
                replace(recording, score=score, settings=settings)
                for recording, score in zip(self.recordings, scores, strict=True)
            ),
            failed=self.failed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """A model and the settings it is evaluated with.

    Attributes
    ----------
    threshold, stride_s : float or None
        None takes the card's.
    known : KnownSignals or None
        Signals the model was trained on, if its card has them.
    allow_training_data : bool
        Whether recordings the model was trained on are scored, too.
    """

    detector: Detector
    threshold: float | None
    stride_s: float | None
    known: KnownSignals | None
    allow_training_data: bool

    @classmethod
    def of(
        cls,
        detector: Detector,
        *,
        threshold: float | None = None,
        stride_s: float | None = None,
        allow_training_data: bool = False,
    ) -> Evaluator:
        """Return the evaluator of a model; see `evaluate_detector`.

        Raises
        ------
        ParameterError
            Threshold or stride is out of bounds.
        """
        detector.check_settings(threshold=threshold, stride_s=stride_s)
        section = detector.card.training.signals
        return cls(
            detector=detector,
            threshold=threshold,
            stride_s=stride_s,
            known=None if section is None else KnownSignals.of_section(section),
            allow_training_data=allow_training_data,
        )

    @property
    def settings(self) -> PostProcessing:
        """The operating point."""
        return self.detector.post_processing(self.threshold)

    def evaluate(
        self,
        pair: Pair,
        progress: Callable[[float], None] | None = None,
        cancelled: Cancelled | None = None,
    ) -> EvaluatedRecording | RefusedFile:
        """Run the model on a recording and score it.

        Raises
        ------
        WorkCancelledError
            `cancelled` returned True.
        """
        opened = open_labelled(pair)
        if isinstance(opened, RefusedFile):
            return opened
        name, duration_s = opened.recording.file_name, opened.recording.duration_s
        try:
            seen = self.known is not None and self.known.recognise(pair.recording.location).is_known
            if seen and not self.allow_training_data:
                return RefusedFile(
                    file_name=name, reason=_SEEN_REFUSED, duration_s=duration_s, in_training=True
                )
            detection = self.detector.detect(
                opened.recording,
                stride_s=self.stride_s,
                operating_point=self.settings,
                progress=progress,
                cancelled=cancelled,
            )
            traced = TracedFile(
                file_name=name,
                patient=pair.patient,
                trace=detection.trace,
                reference=opened.events,
                uncertain=opened.uncertain,
                second_stage=detection.second_stage,
                signs=detection.signs,
            )
            score = traced.score(self.settings)
            line_length = traced.plain_score_of(line_length_events(opened.recording))
        except WorkCancelledError:
            raise
        except SeizureZooError as error:
            return RefusedFile.because(error, file_name=name, duration_s=duration_s)
        return EvaluatedRecording(
            traced=traced,
            score=score,
            line_length=line_length,
            settings=self.settings,
            input_caveats=_input_caveats(detection),
            notes=(*((_SEEN,) if seen else ()), *opened.messages),
            in_training=seen,
        )


def evaluate_detector(
    detector: Detector,
    pairing: Pairing,
    *,
    threshold: float | None = None,
    stride_s: float | None = None,
    allow_training_data: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Evaluate a model on recordings with known seizures.

    Parameters
    ----------
    threshold, stride_s : float, optional
        None takes the card's.
    allow_training_data : bool
        Score recordings the model was trained on, too; their messages say so.
    progress : callable, optional
        Called with the fraction done and the current recording.

    Returns
    -------
    Evaluation
        Recordings that could not be scored are in `failed`.

    Raises
    ------
    ParameterError
        Threshold or stride is out of bounds.
    """
    evaluator = Evaluator.of(
        detector, threshold=threshold, stride_s=stride_s, allow_training_data=allow_training_data
    )
    scored: list[EvaluatedRecording] = []
    failed: list[RefusedFile] = []
    for index, pair in enumerate(pairing.pairs):
        if progress is not None:
            progress(index / len(pairing.pairs), pair.recording.file_name)
        result = evaluator.evaluate(pair)
        if isinstance(result, RefusedFile):
            failed.append(result)
        else:
            scored.append(result)
    return Evaluation(
        detector=detector,
        settings=evaluator.settings,
        recordings=tuple(scored),
        failed=tuple(failed),
    )


def require_any(evaluation: Evaluation) -> Evaluation:
    """Return the evaluation; raise an error if it scored nothing.

    Raises
    ------
    EvaluationError
        No recording could be scored; the message lists the reasons.
    """
    if evaluation.recordings:
        return evaluation
    reasons = "; ".join(
        f"{failure.file_name}: {failure.reason}" for failure in evaluation.failed[:8]
    )
    raise EvaluationError("None of the recordings could be scored. {reasons}", reasons=reasons)


def _input_caveats(detection: Detection) -> tuple[str, ...]:
    """Return the caveats that hold at every operating point."""
    of_output = all_seizure_findings(
        detection.trace, detection.events, detection.probabilities, detection.threshold
    )
    return tuple(caveat.message for caveat in detection.caveats if caveat not in of_output)
