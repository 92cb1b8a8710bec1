"""Endpoints that make datasets, train models and keep them.

This module must not postpone its annotations: see `ui.api`.
"""

from typing import Any

from gradio.data_classes import FileData

from seizure_core.json_document import JsonError, parse_json
from seizure_core.messages import Message
from training.data.builder import create_dataset
from training.data.pairing import Pairing, pair_files
from training.data.store import list_datasets
from training.runs.control import delete_dataset, delete_run, resume_run, start_run, stop_run
from training.runs.folder import list_runs, run_status, training_status
from training.saving import save_model
from training.trained_model import SaveOptions
from ui.api.files import Endpoints, find_all
from ui.arguments import (
    checked_flag,
    checked_list,
    checked_settings,
    checked_text,
    checked_texts,
    optional_number,
    plain_text,
)
from zoo.layers.network import NetworkReport, check_network


class TrainingEndpoints(Endpoints):
    """The functions from recordings to a model; each bears the name it is published under."""

    def create_dataset(
        self,
        recordings: list[FileData | str],
        references: list[FileData | str],
        window_s: float = 30.0,
        seizure_stride_s: float = 1.0,
        guard_s: float = 300.0,
        balance: float | None = 1.0,
        labelling: str = "half",
        seed: int = 0,
        seizure_free: list[str] = [],  # noqa: B006 - Gradio publishes it; it is never changed
        patients: dict[str, str] = {},  # noqa: B006 - as above
        settings: dict[str, Any] = {},  # noqa: B006 - as above
    ) -> dict[str, Any]:
        """Make a dataset of recordings and references, which are paired by their names.

        Parameters
        ----------
        recordings : list of FileData or str
            Recordings, each an uploaded file, `data:NAME` or a web address.
        references : list of FileData or str
            Files of expert annotations, each an uploaded file, `data:NAME` or a web address; they
            are paired with the recordings by their names.
        window_s : float
            Length of a window in seconds.
        seizure_stride_s : float
            Seconds between the starts of windows where there is a seizure.
        guard_s : float
            Seconds before and after each seizure from which no background is taken.
        balance : float, optional
            Background windows for each seizure window; null takes all.
        labelling : str
            When a window counts as seizure: "half" of it is ictal, it lies fully "inside" a
            seizure, or "any" of it is ictal.
        seed : int
            Seed of the random choice of background windows.
        seizure_free : list of str
            File names of recordings without reference that are known to have no seizure.
        patients : dict of str to str
            Patient of a recording by its file name, where the name does not tell it.
        settings : dict
            More settings by name, as the `settings` of another dataset show them; they count
            more than the arguments above.
        """
        pairing = self._paired(recordings, references)
        for name in checked_texts("seizure_free", seizure_free):
            pairing = pairing.with_seizure_free(name)
        for name, patient in checked_settings("patients", patients).items():
            pairing = pairing.with_patient(
                name, checked_text(Message("The patient of {name}", name=name), patient)
            )
        chosen = {
            "window_s": window_s,
            "seizure_stride_s": seizure_stride_s,
            "guard_s": guard_s,
            "balance": balance,
            "labelling": labelling,
            "seed": seed,
            # Last, so that the settings another dataset shows can be given back as they are.
            **checked_settings("settings", settings),
        }
        return create_dataset(pairing, chosen, progress=self._deadline().check)

    def list_datasets(self) -> list[dict[str, Any]]:
        """List the datasets, newest first."""
        return list_datasets()

    def delete_dataset(self, dataset_id: str) -> dict[str, Any]:
        """Delete a dataset; models and runs made from it stay.

        Parameters
        ----------
        dataset_id : str
            Id of the dataset, as /list_datasets names it.
        """
        delete_dataset(checked_text("dataset_id", dataset_id))
        return {"dataset_id": dataset_id, "deleted": True}

    def check_network(
        self, network: list[dict[str, Any]] | str, n_channels: int, n_samples: int
    ) -> dict[str, Any]:
        """Work out shapes, parameters and reach of a network, or what is wrong with which layer.

        Parameters
        ----------
        network : list of dict or str
            The layers in order, each {"type": ..., and its settings}; also as JSON text.
        n_channels : int
            Channels of a window.
        n_samples : int
            Samples of a window.
        """
        layers: Any = network
        if isinstance(network, str):
            try:
                layers = parse_json(network.encode())
            except (JsonError, UnicodeEncodeError) as error:
                fault = {
                    "index": None,
                    "message": Message("The network is not valid JSON: {error}", error=error),
                }
                return NetworkReport(valid=False).to_dict() | {"errors": [fault]}
        return check_network(layers, n_channels, n_samples).to_dict()

    def train(
        self,
        dataset_id: str,
        network: list[dict[str, Any]] | str,
        settings: dict[str, Any] = {},  # noqa: B006 - Gradio publishes it; it is never changed
    ) -> dict[str, Any]:
        """Train a list of layers, or go on from a model's id; answers its run_id at once.

        Parameters
        ----------
        dataset_id : str
            Id of the dataset, as /create_dataset answered it.
        network : list of dict or str
            The layers in order, or the id of a model to start from.
        settings : dict
            Settings of the training by name, such as {"epochs": 30, "split": "patient"}.
        """
        run = start_run(
            checked_text("dataset_id", dataset_id), network, checked_settings("settings", settings)
        )
        return {"run_id": run.run_id}

    def list_runs(self) -> list[dict[str, Any]]:
        """List the runs, newest first."""
        return list_runs()

    def delete_run(self, run_id: str) -> dict[str, Any]:
        """Delete a run that is not under way; a model saved from it stays.

        Parameters
        ----------
        run_id : str
            Id of the run, as /train answered it or /list_runs names it.
        """
        delete_run(checked_text("run_id", run_id))
        return {"run_id": run_id, "deleted": True}

    def training_status(self, run_id: str) -> dict[str, Any]:
        """Say where a run stands: state, epoch, time left, figures of every epoch.

        Parameters
        ----------
        run_id : str
            Id of the run, as /train answered it or /list_runs names it.
        """
        return training_status(checked_text("run_id", run_id))

    def stop_training(self, run_id: str) -> dict[str, Any]:
        """Stop a run and keep its best model.

        Parameters
        ----------
        run_id : str
            Id of the run, as /train answered it or /list_runs names it.
        """
        return run_status(stop_run(checked_text("run_id", run_id)))

    def resume_training(self, run_id: str) -> dict[str, Any]:
        """Let a run go on from where it was last saved.

        Parameters
        ----------
        run_id : str
            Id of the run, as /train answered it or /list_runs names it.
        """
        return run_status(resume_run(checked_text("run_id", run_id)))

    def save_model(
        self,
        run_id: str,
        model_id: str,
        title: str,
        authors: list[str] = ["unknown"],  # noqa: B006 - Gradio publishes it; it is never changed
        license: str = "unspecified",  # noqa: A002 - the name of the card's field
        notes: str = "",
        version: str = "1.0.0",
        threshold: float | None = None,
        calibrate: bool = True,
        replace: bool = False,
    ) -> dict[str, Any]:
        """Save the best model of a run to the zoo, ready for use; answers its card.

        Parameters
        ----------
        run_id : str
            Id of the run, as /train answered it or /list_runs names it.
        model_id : str
            Id the model gets: small letters, digits and hyphens.
        title : str
            Name of the model for people.
        authors : list of str
            Who made it.
        license : str
            Licence under which it may be used, such as "CC-BY-4.0".
        notes : str
            What else its card should say.
        version : str
            Version of the model, three numbers with points between them.
        threshold : float, optional
            Probability at which an event begins, 0 to 1; null takes the one chosen on the
            validation recordings.
        calibrate : bool
            Whether its probabilities are calibrated on the validation windows.
        replace : bool
            Whether a model of yours with the same id is replaced.
        """
        options = SaveOptions(
            title=plain_text("title", title),
            authors=tuple(checked_texts("authors", authors)),
            license=checked_text("license", license),
            notes=plain_text("notes", notes),
            version=checked_text("version", version),
            threshold=optional_number("threshold", threshold),
            calibrate=checked_flag("calibrate", calibrate),
            replace=checked_flag("replace", replace),
        )
        card = save_model(
            checked_text("run_id", run_id), checked_text("model_id", model_id), options
        )
        return card.to_document()

    def _paired(self, recordings: object, references: object) -> Pairing:
        sources = self._services.recordings
        return pair_files(
            find_all(sources, checked_list("recordings", recordings), what="recording"),
            find_all(sources, checked_list("references", references), what="reference"),
        )
