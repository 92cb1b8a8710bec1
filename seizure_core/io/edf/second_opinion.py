"""The second reader: pyedflib, an independent one, behind one lock.

pyedflib is not thread-safe, refuses to open a path twice and knows about 64 handles a
process. So each call here opens the file, does one thing and closes it, and all calls of the
process wait for each other.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyedflib
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.io.edf.decoding import decode
from seizure_core.io.edf.header import EdfHeader
from seizure_core.io.edf.layout import RecordLayout, StoredSignal
from seizure_core.io.edf.mapped import common_samples_per_record, empty_samples
from seizure_core.io.stored_file import StoredFile
from seizure_core.recording import Finding

PYEDFLIB_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class PyedflibReader:
    """Reads stored integers through pyedflib; a `SignalReader` for files without gaps.

    Attributes
    ----------
    file : StoredFile
        The file.
    header : EdfHeader
        What its header says.
    layout : RecordLayout
        Where its signals lie.
    """

    file: StoredFile
    header: EdfHeader
    layout: RecordLayout

    def read_samples(
        self, channel_indices: Sequence[int], start: int, stop: int
    ) -> NDArray[np.float32]:
        """Return samples `[start, stop)`; see `SignalReader.read_samples`.

        Raises
        ------
        RecordingError
            pyedflib refuses the file, the channels differ in their rate, or the file changed.
        """
        common_samples_per_record(self.layout, channel_indices, self.file.file_name)
        values = empty_samples(len(channel_indices), stop - start, self.file.file_name)
        if start == stop:
            return values
        with self.file.opened(), _opened(self.file) as edf:
            for row, index in enumerate(channel_indices):
                number = _number(self.header, self.layout.signals[index])
                integers = edf.readSignal(number, start, stop - start, digital=True)
                decode(integers, self.layout.signals[index], values[row])
        return values


def _number(header: EdfHeader, signal: StoredSignal) -> int:
    """Return pyedflib's number of a signal: it hides annotation signals of EDF+ only."""
    before = header.signals[: signal.position] if header.is_plus else ()
    return signal.position - sum(other.is_annotation for other in before)


def second_opinion(
    file: StoredFile, header: EdfHeader, layout: RecordLayout
) -> tuple[Finding, ...]:
    """Compare a header with what pyedflib makes of the same file.

    Returns
    -------
    tuple of Finding
        Empty where both agree. A refusal is told too: stricter programs may not open the file.
    """
    if header.is_discontinuous or not layout.signals:
        return ()
    try:
        with _opened(file) as edf:
            return tuple(_differences(edf, header, layout))
    except RecordingError as error:
        # Another part of the process has it open through pyedflib: that says nothing about it.
        if "already been opened" in error.reason:
            return ()
        return (
            Finding.info(
                "Strict programs may refuse this file. EDFlib, which many of them use, "
                "says: {reason}",
                reason=error.reason,
            ),
        )


@contextmanager
def _opened(file: StoredFile) -> Iterator[Any]:
    """Open a file with pyedflib under the lock and close it; without its annotations."""
    with PYEDFLIB_LOCK:
        try:
            edf = pyedflib.EdfReader(
                str(file.location), annotations_mode=pyedflib.DO_NOT_READ_ANNOTATIONS
            )
        except (OSError, ValueError) as error:
            reason = str(error).rsplit(": ", maxsplit=1)[-1]
            raise RecordingError(file.file_name, "{reason}.", reason=reason) from error
        try:
            yield edf
        finally:
            edf.close()


def _differences(edf: Any, header: EdfHeader, layout: RecordLayout) -> Iterator[Finding]:
    numbers = [_number(header, signal) for signal in layout.signals]
    if edf.signals_in_file <= max(numbers):
        yield _difference("signals", len(numbers), edf.signals_in_file)
        return
    counts = edf.getNSamples()
    for number, signal in zip(numbers, layout.signals, strict=True):
        label = signal.header.label
        n_samples = signal.samples_per_record * layout.n_records
        if int(counts[number]) != n_samples:
            yield _difference(f"samples of {label}", n_samples, int(counts[number]))
        if signal.header.kind != "values":
            continue
        for name, ours, theirs in (
            ("physical maximum", signal.header.physical_maximum, edf.getPhysicalMaximum(number)),
            ("physical minimum", signal.header.physical_minimum, edf.getPhysicalMinimum(number)),
        ):
            if abs(float(ours) - theirs) > 1e-6 * max(1.0, abs(theirs)):
                yield _difference(f"{name} of {label}", float(ours), theirs)


def _difference(what: str, ours: float, theirs: float) -> Finding:
    return Finding.warning(
        "A second reader (EDFlib) does not agree on this file: {what}: {ours:g} here, "
        "{theirs:g} there. Check the file.",
        what=what,
        ours=ours,
        theirs=theirs,
    )
