"""Exceptions of the core with messages for users.

Messages are plain sentences: what is wrong, in which file, value and bound, what to do. They
contain file names, but no paths and no markup.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seizure_core.messages import Message, sentences, shortened

# Longer texts are not read to the end.
_LONGEST_MESSAGE = 3000

_SHORT = reprlib.Repr()
_SHORT.maxlevel = 3
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = 6
_SHORT.maxstring = _SHORT.maxother = 120


def shown(value: object, longest: int = 60) -> str:
    """Return a value as text for a message, shortened."""
    if isinstance(value, int) and value.bit_length() > 64:
        # Python refuses to format integers of thousands of digits.
        return "a number of more than 64 bits"
    return shortened(_SHORT.repr(value), longest)


class MessageError(Exception):
    """An error with a message of template and values."""

    def __init__(self, template: str = "", /, **values: Any) -> None:
        message = Message(template, **values)
        if len(message) > _LONGEST_MESSAGE:
            message = Message(shortened(message, _LONGEST_MESSAGE))
        super().__init__(message)
        self.message = message

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (type(self), self.args), self.__dict__

    @property
    def template(self) -> str:
        """Template of the message, with placeholders."""
        return self.message.template

    @property
    def values(self) -> Mapping[str, Any]:
        """Values of the placeholders."""
        return self.message.values


class SeizureZooError(MessageError):
    """Base of all errors with a message for users."""


class FileError(SeizureZooError):
    """An error about one file, whose name starts the message.

    `file_name` is without folder; the template says what is wrong and what to do.
    """

    def __init__(self, file_name: str, template: str, /, **values: Any) -> None:
        reason = Message(template, **values)
        super().__init__("{file_name}: {reason}", file_name=file_name, reason=reason)
        self.file_name = file_name
        self.reason = reason


class RecordingError(FileError):
    """A recording cannot be opened or read."""


class ReferenceFileError(FileError):
    """A file of expert annotations cannot be read."""


class CoverageError(FileError):
    """A recording lacks too many of the channels of a model.

    Parameters
    ----------
    missing : sequence of str
        Missing derivations.
    n_wanted : int
        Number of channels of the model.
    min_coverage : float
        Minimum fraction, 0 to 1.
    no_voltages : str
        Channels named like EEG that are not voltages, with their units.
    without_value : sequence of str
        Channels left out because they have no signal.
    """

    def __init__(
        self,
        file_name: str,
        *,
        missing: Sequence[str],
        n_wanted: int,
        min_coverage: float,
        no_voltages: str = "",
        without_value: Sequence[str] = (),
    ) -> None:
        found = n_wanted - len(missing)
        reason = sentences(
            Message(
                "only {found} of the {n_wanted} channels of this model are available (it needs "
                "{min_coverage:.0%} or more). Missing: {missing}.",
                found=found,
                n_wanted=n_wanted,
                min_coverage=min_coverage,
                missing=list(missing),
            ),
            *unusable_channels(no_voltages, without_value),
            Message("Choose a model for another montage, or check the channel names."),
        )
        super().__init__(file_name, reason)
        self.missing = tuple(missing)
        self.coverage = found / n_wanted if n_wanted else 0.0
        self.min_coverage = min_coverage


def unusable_channels(no_voltages: str, without_value: Sequence[str]) -> Iterator[Message]:
    """Describe channels that may be EEG but cannot be used, as sentences."""
    if no_voltages:
        yield Message("In the file, but not voltages: {channels}.", channels=no_voltages)
    if without_value:
        channels = list(without_value)
        yield Message("No value from start to end in {channels}.", channels=channels)


class RecordingTooShortError(RecordingError):
    """A recording is shorter than one window of the model."""

    def __init__(self, file_name: str, *, duration_s: float, window_s: float) -> None:
        super().__init__(
            file_name,
            "the recording lasts {duration_s:g} s but the model looks at windows of {window_s:g} "
            "s. Choose a model with shorter windows, or a longer recording.",
            duration_s=duration_s,
            window_s=window_s,
        )
        self.duration_s = duration_s
        self.window_s = window_s


class ParameterError(SeizureZooError, ValueError):
    """A value given by the caller is out of bounds."""


class OtherResultsError(SeizureZooError):
    """Output files exist already and hold other results."""

    def __init__(self, file_names: Sequence[str]) -> None:
        super().__init__(
            "{file_names}: there are files of these names with other results already. Choose "
            "another folder, or replace them with --overwrite."
            if len(file_names) > 1
            else "{file_names}: there is a file of this name with other results already. Choose "
            "another folder, or replace it with --overwrite.",
            file_names=list(file_names),
        )


def _unpickled(kind: type[MessageError], args: tuple[Any, ...]) -> MessageError:
    """Return an unpickled error without calling its own constructor."""
    return kind.__new__(kind, *args)
