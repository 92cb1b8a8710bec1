"""Answers of the endpoints as JSON: their keys and types, from which the schemas are made.

An answer may hold more keys than these. A class of the core stands for its fields.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias

from typing_extensions import TypedDict

from seizure_core.events.scoring import EventScore, SampleScore
from zoo.layers.base import LayerReport
from zoo.store.registry_file import Source


class FileLink(TypedDict):
    """A file that the app has made; it can be fetched from its address for some hours."""

    file_name: str
    url: str


class FindingData(TypedDict):
    """Something to know about a file; a caveat makes the whole result doubtful."""

    severity: Literal["info", "warning", "error"]
    message: str
    caveat: NotRequired[bool]


class ChannelData(TypedDict):
    """A channel as the header describes it."""

    label: str
    unit: str
    stored_unit: str
    sampling_rate_hz: float
    n_samples: int


class AnnotationData(TypedDict):
    """An annotation stored in a recording."""

    onset_s: float
    duration_s: float | None
    text: str


class SegmentData(TypedDict):
    """A stretch without a gap."""

    start_s: float
    duration_s: float


class RecordingData(TypedDict):
    """The header of a recording."""

    file_name: str
    format: str
    duration_s: float
    start_time: str | None
    sampling_rates_hz: list[float]
    n_channels: int
    channels: list[ChannelData]
    annotations: list[AnnotationData]
    segments: list[SegmentData]
    findings: list[FindingData]


class StatisticsData(TypedDict):
    """A dict of numbers for each channel; `units` says in what they are."""

    file_name: str
    app_version: str
    duration_s: float
    units: dict[str, str]
    channels: list[dict[str, Any]]
    findings: list[FindingData]


class ValueDistributionData(TypedDict):
    """A histogram: the number of samples between each two edges."""

    channel: str
    unit: str
    bin_edges: list[float]
    counts: list[int]
    n_missing: int


class ModelData(TypedDict):
    """The facts one chooses a model by; `n_channels` is null for any montage."""

    model_id: str
    title: str
    version: str
    source: Source
    license: str
    n_parameters: int
    window_s: float
    stride_s: float
    sampling_rate_hz: float
    n_channels: int | None


class CardData(TypedDict):
    """The card of a model; `zoo/card/card.schema.json` describes every field."""

    schema_version: int
    model_id: str
    title: str
    version: str
    license: str
    intended_use: str
    limitations: str
    input: dict[str, Any]
    network: list[dict[str, Any]]
    output: dict[str, Any]
    training: dict[str, Any]
    results: list[dict[str, Any]]
    golden: dict[str, Any]
    weights: dict[str, Any]


class FoundEventData(TypedDict):
    """A seizure that a model has found; its confidence is the largest probability in it."""

    onset_s: float
    duration_s: float
    confidence: float | None


class DroppedEventData(FoundEventData):
    """An event that a model's second stage holds for no seizure, and what for."""

    reason: str


class WindowData(TypedDict):
    """A step of a model's output, before post-processing."""

    start_s: float
    stop_s: float
    probability: float | None
    seizure: bool


class DetectionStatisticsData(TypedDict):
    """Counts and summary numbers."""

    n_windows: int
    n_seizure_windows: int
    seizure_fraction: float | None
    mean_probability: float | None
    max_probability: float | None
    n_events: int
    seizure_s: float


class ChannelSourceData(TypedDict):
    """The source of a channel of the model."""

    target: str
    source: str
    how: str


class DetectionData(TypedDict):
    """The result of a model on a recording, with the settings used."""

    file_name: str
    model_id: str
    model_version: str
    weights_sha256: str
    app_version: str
    operating_point: str | None
    threshold: float
    threshold_off: float
    smoothing_s: float
    min_duration_s: float
    merge_gap_s: float
    stride_s: float
    window_s: float
    duration_s: float
    windows: NotRequired[list[WindowData]]
    events: list[FoundEventData]
    dropped_events: NotRequired[list[DroppedEventData]]
    statistics: DetectionStatisticsData
    channels: list[ChannelSourceData]
    coverage: float
    findings: list[FindingData]


class BatchRowData(TypedDict):
    """The result of one of several recordings, or the reason why there is none."""

    file_name: str
    ok: bool
    message: str
    findings: list[FindingData]
    duration_s: float | None
    n_events: int | None
    seizure_s: float | None


class BatchData(TypedDict):
    """A row for each recording, in the order given."""

    model_id: str
    model_version: str
    weights_sha256: str
    app_version: str
    recordings: list[BatchRowData]


class ScoreData(TypedDict):
    """Agreement by event and by second."""

    event: EventScore
    sample: SampleScore


class FileScoreData(ScoreData):
    """Agreement of two files, with what always or never alarming would reach."""

    hypothesis_file_name: str
    reference_file_name: str
    recording_duration_s: float
    uncertain_s: float
    latency_s: list[float]
    baselines: dict[Literal["always", "never"], ScoreData]
    findings: list[FindingData]


class EvaluatedRowData(TypedDict):
    """The score of one recording, or why there is none."""

    file_name: str
    ok: bool
    message: str
    event: EventScore | None
    sample: SampleScore | None
    latency_s: list[float]


class FailureData(TypedDict):
    """A recording that could not be scored."""

    file_name: str
    message: str


class OverallData(ScoreData):
    """The score of all recordings together."""

    latency_s: list[float]
    baselines: dict[Literal["always", "never", "line_length"], ScoreData]
    patients: dict[str, ScoreData]


class EvaluatedData(TypedDict):
    """The score of a model on recordings with references."""

    model_id: str
    model_version: str
    weights_sha256: str
    app_version: str
    recordings: list[EvaluatedRowData]
    overall: OverallData
    failed: list[FailureData]
    n_scored: int
    n_failed: int
    warnings: list[str]


class LayerFault(TypedDict):
    """An error in a layer, or in the network as a whole where `index` is null."""

    index: int | None
    message: str


class NetworkData(TypedDict):
    """Facts about a list of layers, or the reasons why it is no network."""

    valid: bool
    layers: list[LayerReport]
    n_parameters: int
    multiply_adds: int
    receptive_field_samples: int
    output_shape: list[int] | None
    errors: list[LayerFault]


class ListedDatasetData(TypedDict):
    """A dataset in the list; a damaged one has only its id and a message."""

    dataset_id: str
    message: NotRequired[str]
    title: NotRequired[str]
    created: NotRequired[str]
    n_seizure_windows: NotRequired[int]
    n_background_windows: NotRequired[int]
    recordings: NotRequired[list[dict[str, Any]]]
    warnings: NotRequired[list[str]]
    settings: NotRequired[dict[str, Any]]


class DatasetData(TypedDict):
    """A dataset that was made; `ledger` says what became of every second."""

    dataset_id: str
    n_seizure_windows: int
    n_background_windows: int
    recordings: list[dict[str, Any]]
    ledger: dict[str, Any]
    warnings: list[str]
    settings: dict[str, Any]


class DeletedDataset(TypedDict):
    """A dataset that is gone."""

    dataset_id: str
    deleted: Literal[True]


class RunIdData(TypedDict):
    """The id of a run that waits or trains."""

    run_id: str


class DeletedRun(RunIdData):
    """A run that is gone."""

    deleted: Literal[True]


RunState: TypeAlias = Literal["queued", "running", "stopped", "interrupted", "done", "failed"]


class ListedRunData(RunIdData):
    """The state of a run."""

    state: RunState
    epoch: int
    epochs: int | None
    eta_s: float | None
    message: str
    title: str
    created: str | None
    dataset_id: str | None
    can_resume: bool
    can_save: bool


class RunStatusData(ListedRunData):
    """The state of a run, with the figures of every epoch and the end of its log."""

    history: list[dict[str, Any]]
    log: list[str]


class PublishedData(TypedDict):
    """The address of a published model on the Hub."""

    repo_id: str
    revision: str
    url: str


class ModelIdData(TypedDict):
    """A model that is in the zoo now."""

    model_id: str


class PulledData(ModelIdData):
    """A model taken from the Hub at a commit."""

    repo_id: str
    revision: str


class DeletedModel(TypedDict):
    """A model that is gone; `undo` brings it back for some days."""

    model_id: str
    deleted: Literal[True]
    undo: str
