"""Publishes the endpoints: under which names, in which queues, and to whom."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gradio.context import Context
from gradio.events import api

from ui.api.detection import DetectionEndpoints
from ui.api.files import with_fetchable_files
from ui.api.recordings import RecordingEndpoints
from ui.api.scoring import ScoringEndpoints
from ui.api.training import TrainingEndpoints
from ui.api.zoo import SpaceZooEndpoints, ZooEndpoints
from ui.errors import for_api
from ui.resources import Services
from ui.server.queues import DATASET_QUEUE, HUB_QUEUE, INFERENCE_QUEUE, PLACES, QUICK_QUEUE
from ui.server.settings import for_writers


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A function of the API.

    Attributes
    ----------
    function : callable
        It bears the name it is published under; its docstring is its description.
    writes : bool
        Whether it changes something that is kept on the server.
    queue : str
        Where calls wait.
    """

    function: Callable[..., Any]
    writes: bool = False
    queue: str = QUICK_QUEUE


def publish_endpoints(services: Services) -> None:
    """Publish every endpoint inside the current Blocks context."""
    blocks = Context.root_block
    assert blocks is not None
    for endpoint in all_endpoints(services):
        function = endpoint.function
        if endpoint.writes:
            function = for_writers(services.settings, function)
        function = with_fetchable_files(
            function, cache=services.recordings.upload_folder, uploads=blocks.upload_file_set
        )
        api(
            for_api(function),
            api_name=endpoint.function.__name__,
            api_description=inspect.getdoc(endpoint.function),
            concurrency_id=endpoint.queue,
            concurrency_limit=PLACES[endpoint.queue],
        )


def all_endpoints(services: Services) -> tuple[Endpoint, ...]:
    """Return every function of the API."""
    recordings, detection = RecordingEndpoints(services), DetectionEndpoints(services)
    scoring, training = ScoringEndpoints(services), TrainingEndpoints(services)
    on_space = services.settings.on_space
    zoo = SpaceZooEndpoints(services) if on_space else ZooEndpoints(services)
    return (
        Endpoint(recordings.describe_recording),
        Endpoint(recordings.view_recording),
        Endpoint(recordings.recording_statistics),
        Endpoint(recordings.value_distribution),
        Endpoint(zoo.list_models),
        Endpoint(zoo.model_card),
        # What computes for long shares one place in the queue with the Predict tab.
        Endpoint(detection.predict, queue=INFERENCE_QUEUE),
        Endpoint(detection.predict_batch, queue=INFERENCE_QUEUE),
        Endpoint(scoring.score),
        Endpoint(scoring.evaluate, queue=INFERENCE_QUEUE),
        Endpoint(training.create_dataset, writes=True, queue=DATASET_QUEUE),
        Endpoint(training.list_datasets),
        Endpoint(training.delete_dataset, writes=True),
        Endpoint(training.check_network),
        Endpoint(training.train, writes=True),
        Endpoint(training.list_runs),
        Endpoint(training.delete_run, writes=True),
        Endpoint(training.training_status),
        Endpoint(training.stop_training, writes=True),
        Endpoint(training.resume_training, writes=True),
        Endpoint(training.save_model, writes=True, queue=INFERENCE_QUEUE),
        # On a Space it changes nothing of the server's: visitors publish to their own account.
        Endpoint(zoo.publish_model, writes=not on_space, queue=HUB_QUEUE),
        Endpoint(zoo.pull_model, writes=True, queue=HUB_QUEUE),
        Endpoint(zoo.export_model),
        Endpoint(zoo.import_model, writes=True),
        Endpoint(zoo.delete_model, writes=True),
        Endpoint(zoo.restore_model, writes=True),
    )
