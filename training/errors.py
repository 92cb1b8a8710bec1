"""What can go wrong with datasets, runs and evaluations, in words for the user."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.messages import Message, either


class DatasetError(SeizureZooError):
    """A dataset cannot be made, read or used; the message says why and what to do."""


class DatasetSettingsError(DatasetError, ParameterError):
    """A setting of a dataset is unknown or out of its bounds."""


class SplitError(DatasetError):
    """The windows cannot be split that way; the message says which way is possible."""


class TrainingError(SeizureZooError):
    """A training cannot be started or go on; the message says why and what to do."""


class TrainSettingsError(TrainingError, ParameterError):
    """A setting of a training is unknown or out of its bounds."""


class DivergedError(TrainingError):
    """The loss became NaN or infinite."""


class RunError(SeizureZooError):
    """A run folder is damaged or the run is not in a state for what was asked."""


class EvaluationError(SeizureZooError):
    """Nothing could be evaluated; the message says why."""


class UnknownIdError(SeizureZooError):
    """No dataset or run has this id.

    Parameters
    ----------
    kind : str
        "dataset" or "run".
    asked : str
        What was asked for.
    known : iterable of str
        Ids that exist.
    """

    def __init__(self, kind: str, asked: str, known: Iterable[str]) -> None:
        ids = sorted(known)
        shown = asked if len(asked) <= 80 else f"{asked[:77]}..."
        near = get_close_matches(shown, ids, n=3, cutoff=0.4)
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
    """A database cannot be downloaded; the message says why and what is kept."""


class FetchCancelledError(FetchError):
    """A download was stopped by the user; what came so far is kept."""
