"""Every error of the core that a user can cause or meet.

Messages are plain sentences: what is wrong, in which file, with the value and
the bound, and what to do. No markup, no machine paths: file *names* only.
"""

from __future__ import annotations

import reprlib
from collections.abc import Sequence

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


class SeizureZooError(Exception):
    """Root of all errors whose message is meant to be read by a user.

    Parameters
    ----------
    message : str
        Cut where it is longer than anybody reads.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(shortened(message, _LONGEST_MESSAGE))


class RecordingError(SeizureZooError):
    """A recording cannot be opened or read.

    Parameters
    ----------
    file_name : str
        Name of the file, without its folder.
    reason : str
        What is wrong and what to do, as sentences.
    """

    def __init__(self, file_name: str, reason: str) -> None:
        super().__init__(f"{file_name}: {reason}")
        self.file_name = file_name
        self.reason = reason


class ReferenceFileError(SeizureZooError):
    """A file of expert annotations cannot be read.

    Parameters
    ----------
    file_name : str
        Name of the file, without its folder.
    reason : str
        What is wrong, where, and what to do.
    """

    def __init__(self, file_name: str, reason: str) -> None:
        super().__init__(f"{file_name}: {reason}")
        self.file_name = file_name
        self.reason = reason


class CoverageError(SeizureZooError):
    """A recording lacks too many of the channels a net needs.

    Parameters
    ----------
    file_name : str
        Name of the recording's file.
    missing : sequence of str
        Derivations that could not be had.
    n_wanted : int
        Number of channels the net needs.
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
        empty = ", ".join(without_value)
        super().__init__(
            f"{file_name}: only {found} of the {n_wanted} channels this net needs can be had "
            f"(it accepts {min_coverage:.0%} or more). Missing: {', '.join(missing)}. "
            + (f"In the file, but no voltages: {no_voltages}. " if no_voltages else "")
            + (f"No value from start to end in {empty}. " if empty else "")
            + "Choose a net for another montage, or check the channel names."
        )
        self.file_name = file_name
        self.missing = tuple(missing)
        self.coverage = found / n_wanted if n_wanted else 0.0
        self.min_coverage = min_coverage


class RecordingTooShortError(RecordingError):
    """A recording is shorter than one window of the net.

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
            f"the recording lasts {duration_s:g} s but the net looks at windows of {window_s:g} s. "
            "Choose a net with shorter windows, or a longer recording.",
        )
        self.duration_s = duration_s
        self.window_s = window_s


class ParameterError(SeizureZooError, ValueError):
    """A value given by the caller is out of its bounds; the message names both."""
