"""The stored integers of a recording: what stays the same when only its header changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.io.edf.decoding import stored_integers
from seizure_core.io.edf.reader import examine_edf
from seizure_core.io.opening import open_recording
from seizure_core.io.stored_file import StoredFile, find_file
from seizure_core.io.unpacking import unpacked
from seizure_core.recording import Recording

_FEWEST_SAMPLES = 256
_EDF_STARTS = (b"0       ", b"\xffBIOSEMI")


def digital_samples(path: Path) -> Iterator[NDArray[np.int32]]:
    """Yield the stored integers of each channel, wholly, in the order of the file.

    Files of other formats than EDF and BDF yield the bits of their values.

    Raises
    ------
    RecordingError
        The file cannot be read.
    """
    with unpacked(find_file(path, path.name)) as file:
        with file.opened() as stream:
            is_edf = stream.read(8) in _EDF_STARTS
        if is_edf:
            yield from _stored_samples(file)
        else:
            yield from samples_of(open_recording(path))


def _stored_samples(file: StoredFile) -> Iterator[NDArray[np.int32]]:
    found = examine_edf(file)
    layout = found.layout
    for signal in layout.signals:
        if signal.holds_codes or signal.samples_per_record * layout.n_records < _FEWEST_SAMPLES:
            continue
        with file.mapped() as content:
            records = layout.records(content)
            integers = stored_integers(
                records, signal, layout.sample_bytes, 0, signal.samples_per_record
            )
            del records, content
        yield integers.astype(np.int32, copy=False)


def samples_of(recording: Recording) -> Iterator[NDArray[np.int32]]:
    """Yield the bits of the values of each channel of a recording that has no integers."""
    for index, channel in enumerate(recording.channels):
        if channel.n_samples < _FEWEST_SAMPLES:
            continue
        values = recording.read_samples([index], 0, channel.n_samples)[0]
        yield np.ascontiguousarray(values, dtype=np.float32).view(np.int32)
