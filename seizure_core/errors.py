"""Every error of the core that a user can cause or meet.

Messages are plain sentences: what is wrong, in which file, with the value and
the bound, and what to do. No markup, no machine paths: file *names* only.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seizure_core.messages import Message, sentences

# What nobody reads to its end; a message may quote what a file or a caller holds.
_LONGEST_MESSAGE = 3000

_SHORT = reprlib.Repr()
_SHORT.maxlevel = 3
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = 6
_SHORT.maxstring = _SHORT.maxother = 120


def shown(value: object, longest: int = 60) -> str:
    """Return a value as it may stand in a message: short, whatever was sent, however deep."""
    if isinstance(value, int) and value.bit_length() > 64:
        # Python refuses to write integers of thousands of digits.
        return "a number of more than 64 bits"
    return shortened(_SHORT.repr(value), longest)


def shortened(words: str, longest: int) -> str:
    """Return a text of at most so many characters."""
    return words if len(words) <= longest else f"{words[: longest - 3]}..."


class MessageError(Exception):
    """An error that says what is wrong as a message: a template and its values."""

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
        """What the message was made of: a sentence with placeholders."""
        return self.message.template

    @property
    def values(self) -> Mapping[str, Any]:
        """What the placeholders were filled in with."""
        return self.message.values


class SeizureZooError(MessageError):
    """Root of all errors whose message is meant to be read by a user."""


class FileError(SeizureZooError):
    """Something is wrong with one file, which the message names first.

    `file_name` is without its folder; the template says what is wrong and what to do.
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
    """A recording lacks too many of the channels a model needs.

    Parameters
    ----------
    file_name : str
        Name of the recording's file.
    missing : sequence of str
        Derivations that could not be had.
    n_wanted : int
        Number of channels the model needs.
    min_coverage : float
        Lowest acceptable fraction, 0 to 1.
    no_voltages : str
        Channels of the file that are named as EEG but are no voltages, with their units.
    without_value : sequence of str
        Channels of the file that hold nothing and were left out.
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
                "only {found} of the {n_wanted} channels this model needs can be had (it accepts "
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
    """Say which channels of a file might be EEG and cannot be used, as sentences."""
    if no_voltages:
        yield Message("In the file, but no voltages: {channels}.", channels=no_voltages)
    if without_value:
        channels = list(without_value)
        yield Message("No value from start to end in {channels}.", channels=channels)


class RecordingTooShortError(RecordingError):
    """A recording is shorter than one window of the model.

    Parameters
    ----------
    file_name : str
        Name of the recording's file.
    duration_s, window_s : float
        Both lengths, in seconds.
    """

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
    """A value given by the caller is out of its bounds; the message names both."""


def _unpickled(kind: type[MessageError], args: tuple[Any, ...]) -> MessageError:
    """Return an error as it was, whatever its own constructor takes."""
    return kind.__new__(kind, *args)
