"""Detection in many recordings; a failing file does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from seizure_core.errors import SeizureZooError
from seizure_core.io.opening import open_recording
from seizure_core.messages import Message
from zoo.detector import Detector
from zoo.inference.detection import Detection
from zoo.inference.results import write_detection
from zoo.inference.written_files import WrittenFiles, write_unless_equal


@dataclass(frozen=True, kw_only=True, eq=False)
class BatchRow:
    """Result for one recording.

    Attributes
    ----------
    message : str
        Reason of a failure, else empty.
    detection : Detection or None
        None on failure.
    files : tuple of Path
        Files with the result.
    is_new : bool
        False if the same files existed already.
    """

    file_name: str
    message: str = ""
    detection: Detection | None = None
    files: tuple[Path, ...] = ()
    is_new: bool = True

    @property
    def ok(self) -> bool:
        """Whether the detection succeeded."""
        return self.detection is not None


def detect_files(
    detector: Detector,
    paths: Sequence[Path],
    *,
    file_names: Sequence[str] | None = None,
    out: Path | None = None,
    threshold: float | None = None,
    stride_s: float | None = None,
    operating_point: str | None = None,
    second_stage: bool = True,
    overwrite: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Iterator[BatchRow]:
    """Detect seizures in one recording after another; yield each result at once.

    Parameters
    ----------
    file_names : sequence of str, optional
        Names to show and to derive output names from, if not those of the paths.
    out : Path, optional
        Folder for `STEM_events.tsv` and `STEM_windows.csv`; None writes nothing.
    threshold, stride_s : float, optional
        None takes the card's.
    second_stage : bool
        Let the card's second stage, if any, drop events.
    overwrite : bool
        Whether to replace different existing results; else their recordings fail.
    progress : callable, optional
        Called with the number of recordings done, a fraction for the current one included.

    Raises
    ------
    ParameterError
        Threshold or stride is out of bounds, or the card has no such operating point.
    """
    detector.check_settings(threshold=threshold, stride_s=stride_s, operating_point=operating_point)
    names = list(file_names or (path.name for path in paths))
    report = progress or _ignore_progress
    for number, (path, name, stem) in enumerate(
        zip(paths, names, distinct_stems(names), strict=True)
    ):
        report(number)
        try:
            recording = open_recording(path, file_name=name)
            detection = detector.detect(
                recording,
                threshold=threshold,
                stride_s=stride_s,
                operating_point=operating_point,
                second_stage=second_stage,
                progress=partial(_report_part, report, number),
            )
            written = WrittenFiles(files=(), is_new=True)
            if out is not None:
                write = partial(write_detection, stem=stem, detection=detection)
                written = write_unless_equal(out, write, overwrite=overwrite)
        except SeizureZooError as error:
            yield BatchRow(file_name=name, message=_named(name, error.message))
        except OSError as error:
            yield BatchRow(file_name=name, message=f"{name}: {error.strerror or 'cannot be read'}.")
        else:
            yield BatchRow(
                file_name=name,
                detection=detection,
                files=written.files,
                is_new=written.is_new,
            )


def _ignore_progress(_done: float) -> None:
    pass


def _report_part(report: Callable[[float], None], n_done: int, fraction: float) -> None:
    report(n_done + fraction)


def _named(name: str, message: str) -> str:
    """Prefix a message with the recording's name unless it starts with it."""
    return (
        message
        if message.startswith(name)
        else Message("{name}: {message}", name=name, message=message)
    )


def distinct_stems(names: Sequence[str]) -> list[str]:
    """Return stems of file names, numbered where they collide: "a", "a-2", "a-3"."""
    stems: list[str] = []
    taken: set[str] = set()
    for name in names:
        stem = candidate = Path(name).stem
        number = 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{stem}-{number}"
        taken.add(candidate.casefold())
        stems.append(candidate)
    return stems
