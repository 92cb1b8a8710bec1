"""Publishes the endpoints: under which names, in which queues, and to whom."""

from __future__ import annotations

import functools
from collections.abc import Callable, MutableSet
from pathlib import Path
from typing import Any

from gradio.data_classes import FileData
from gradio.events import api
from gradio.processing_utils import save_file_to_cache

from ui.api import answers, review_answers
from ui.api.detection import DetectionEndpoints
from ui.api.endpoint import Endpoint
from ui.api.recordings import RecordingEndpoints
from ui.api.reviews import ReviewEndpoints
from ui.api.scoring import ScoringEndpoints
from ui.api.training import TrainingEndpoints
from ui.api.zoo import SpaceZooEndpoints, ZooEndpoints
from ui.errors import for_api
from ui.gradio_compat import PartedBlocks, describe_endpoint
from ui.plain_data import without_undefined
from ui.resources import Services
from ui.server.access import for_writers
from ui.server.queues import DATASET_QUEUE, HUB_QUEUE, INFERENCE_QUEUE, PLACES, giving_way


def publish_endpoints(services: Services, blocks: PartedBlocks) -> None:
    """Publish every endpoint; to be called inside the blocks."""
    for endpoint in all_endpoints(services):
        function = endpoint.function
        if endpoint.writes or endpoint.private:
            function = for_writers(services.settings, function)
        if endpoint.queue == INFERENCE_QUEUE:
            function = giving_way(function)
        published = api(
            for_api(
                _answering(
                    function,
                    cache=services.recordings.upload_folder,
                    uploads=blocks.upload_file_set,
                )
            ),
            api_name=endpoint.name,
            api_description=endpoint.summary,
            concurrency_id=endpoint.queue,
            concurrency_limit=PLACES[endpoint.queue],
        )
        describe_endpoint(
            blocks,
            published,
            takes={parameter.name: parameter.description for parameter in endpoint.parameters},
            answers=endpoint.answers,
            complete=for_api(endpoint.completed),
        )


def _answering(
    function: Callable[..., Any], *, cache: Path, uploads: MutableSet[str]
) -> Callable[..., Any]:
    """Let an endpoint answer what JSON can say, and files that can be fetched.

    Gradio keeps files under a name made of their bytes, so a model that is exported and the
    same model that was imported before are one file to it, and uploaded files are not served:
    what the app has made itself is taken out of `uploads`, whatever anybody has uploaded.
    """

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        answer = function(*args, **kwargs)
        for part in answer if isinstance(answer, tuple) else (answer,):
            if isinstance(part, FileData):
                uploads.discard(save_file_to_cache(part.path, cache_dir=str(cache)))
        several = isinstance(answer, tuple)
        return tuple(map(without_undefined, answer)) if several else without_undefined(answer)

    return run


def all_endpoints(services: Services) -> tuple[Endpoint, ...]:
    """Return every function of the API."""
    recordings, detection = RecordingEndpoints(services), DetectionEndpoints(services)
    scoring, training = ScoringEndpoints(services), TrainingEndpoints(services)
    reviews = ReviewEndpoints(services)
    on_space = services.settings.on_space
    zoo = SpaceZooEndpoints(services) if on_space else ZooEndpoints(services)
    file = answers.FileLink

    def one(kind: Any) -> dict[str, Any]:
        return {"result": kind}

    found = {"result": answers.DetectionData, "events_file": file, "windows_file": file}
    return (
        Endpoint(recordings.describe_recording, one(answers.RecordingData)),
        Endpoint(recordings.view_recording, {"picture": file}),
        Endpoint(recordings.recording_statistics, one(answers.StatisticsData)),
        Endpoint(
            recordings.value_distribution,
            {"result": answers.ValueDistributionData, "picture": file},
        ),
        Endpoint(zoo.list_models, one(list[answers.ModelData])),
        Endpoint(zoo.model_card, one(answers.CardData)),
        # What computes for long shares one place in the queue with the Predict tab.
        Endpoint(detection.predict, found, queue=INFERENCE_QUEUE, mcp_defaults={"windows": False}),
        Endpoint(
            detection.predict_batch,
            {"result": answers.BatchData, "archive": file},
            queue=INFERENCE_QUEUE,
        ),
        Endpoint(scoring.score, one(answers.FileScoreData)),
        Endpoint(scoring.evaluate, one(answers.EvaluatedData), private=True, queue=INFERENCE_QUEUE),
        Endpoint(reviews.list_reviews, one(list[review_answers.ReviewStampData]), private=True),
        Endpoint(
            reviews.add_to_review,
            one(review_answers.ReviewData),
            writes=True,
            queue=INFERENCE_QUEUE,
        ),
        Endpoint(reviews.review_events, one(review_answers.ReviewData), private=True),
        Endpoint(reviews.decide, one(review_answers.ReviewedData), writes=True),
        Endpoint(reviews.mark_event, one(review_answers.ReviewItemData), writes=True),
        Endpoint(reviews.export_review, {"file": file}, private=True),
        Endpoint(reviews.compare_readers, one(review_answers.ComparedReadersData), private=True),
        Endpoint(
            reviews.delete_review, one(review_answers.DeletedReview), writes=True, destroys=True
        ),
        Endpoint(
            training.create_dataset, one(answers.DatasetData), writes=True, queue=DATASET_QUEUE
        ),
        Endpoint(training.list_datasets, one(list[answers.ListedDatasetData]), private=True),
        Endpoint(training.delete_dataset, one(answers.DeletedDataset), writes=True, destroys=True),
        Endpoint(training.check_network, one(answers.NetworkData)),
        Endpoint(training.train, one(answers.RunIdData), writes=True),
        Endpoint(training.list_runs, one(list[answers.ListedRunData]), private=True),
        Endpoint(training.delete_run, one(answers.DeletedRun), writes=True, destroys=True),
        Endpoint(training.training_status, one(answers.RunStatusData), private=True),
        Endpoint(training.stop_training, one(answers.RunStatusData), writes=True),
        Endpoint(training.resume_training, one(answers.RunStatusData), writes=True),
        Endpoint(training.save_model, one(answers.CardData), writes=True, queue=INFERENCE_QUEUE),
        # On a Space it changes nothing of the server's: visitors publish to their own account.
        Endpoint(
            zoo.publish_model, one(answers.PublishedData), writes=not on_space, queue=HUB_QUEUE
        ),
        Endpoint(zoo.pull_model, one(answers.PulledData), writes=True, queue=HUB_QUEUE),
        Endpoint(zoo.export_model, {"bundle": file}),
        Endpoint(zoo.import_model, one(answers.ModelIdData), writes=True),
        Endpoint(zoo.delete_model, one(answers.DeletedModel), writes=True, destroys=True),
        Endpoint(zoo.restore_model, one(answers.ModelIdData), writes=True),
    )
