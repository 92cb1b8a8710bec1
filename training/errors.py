"""Exceptions of datasets, runs, evaluations and downloads."""

from __future__ import annotations

from collections.abc import Iterable

from seizure_core.errors import FileError, ParameterError, SeizureZooError
from seizure_core.messages import MAX_QUOTED_CHARS, Message, either, near_names, shortened


class DatasetError(SeizureZooError):
    """A dataset cannot be created, read or used."""


class DatasetSettingsError(DatasetError, ParameterError):
    """A setting of a dataset is unknown or out of bounds."""


class SplitError(DatasetError):
    """The windows cannot be split this way."""


class TrainingError(SeizureZooError):
    """A training cannot be started or continued."""


class TrainSettingsError(TrainingError, ParameterError):
    """A setting of a training is unknown or out of bounds."""


class DivergedError(TrainingError):
    """The loss became NaN or infinite."""


class RunError(SeizureZooError):
    """A run folder is damaged, or the run's state does not permit the action."""


class RefusedRecordingError(FileError):
    """A recording cannot be evaluated, or not be put into a dataset."""


class SeenInTrainingError(RefusedRecordingError):
    """The model was trained on a recording."""


class EvaluationError(SeizureZooError):
    """Nothing could be evaluated."""


class UnknownIdError(SeizureZooError):
    """There is no dataset or run of this id.

    Parameters
    ----------
    kind : str
        "dataset" or "run".
    known : iterable of str
        Existing ids, for suggestions.
    """

    def __init__(self, kind: str, asked: str, known: Iterable[str]) -> None:
        ids = sorted(known)
        shown = shortened(asked, MAX_QUOTED_CHARS)
        near = near_names(shown, ids, cutoff=0.4)
        if near:
            hint = Message("Did you mean {models}?", models=either(near))
        elif ids:
            hint = Message("There are: {known}.", known=ids[-10:])
        elif kind == "run":
            hint = Message("There is no run yet.")
        else:
            hint = Message("There is no dataset yet.")
        super().__init__(
            "There is no run {shown!r}. {hint}"
            if kind == "run"
            else "There is no dataset {shown!r}. {hint}",
            shown=shown,
            hint=hint,
        )
        self.suggestions = tuple(near)


class FetchError(SeizureZooError):
    """A database cannot be downloaded; files fetched so far are kept."""


class FetchCancelledError(FetchError):
    """The user cancelled a download; files fetched so far are kept."""
