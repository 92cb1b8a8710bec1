"""One model over many recordings: a bad file is named and the others are still done."""

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
    """What became of one recording.

    Attributes
    ----------
    file_name : str
        Its name without folder.
    message : str
        Why it failed; empty if it did not.
    detection : Detection or None
        None if it failed.
    files : tuple of Path
        Where its result lies.
    is_new : bool
        Whether they were written now; False where the same result lay there already.
    """

    file_name: str
    message: str = ""
    detection: Detection | None = None
    files: tuple[Path, ...] = ()
    is_new: bool = True

    @property
    def ok(self) -> bool:
        """Whether it was done."""
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
    overwrite: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Iterator[BatchRow]:
    """Detect in one recording after the other and yield each result as soon as it is there.

    Parameters
    ----------
    detector : Detector
        The model.
    paths : sequence of Path
        The recordings.
    file_names : sequence of str, optional
        Names to show and to call the results by, where they differ from the stored ones.
    out : Path, optional
        Folder for `STEM_events.tsv` and `STEM_windows.csv`; None writes nothing.
    threshold, stride_s : float, optional
        Instead of the card's.
    operating_point : str, optional
        Name of one of the card's operating points.
    overwrite : bool
        Whether other results that lie in `out` are replaced; else their recordings fail.
    progress : callable, optional
        Told how many recordings are done, with the part of the one under way.

    Raises
    ------
    ParameterError
        Threshold or stride is out of its bounds, or the card has no such operating point; no
        recording would be done.
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
    """Return a message that says which recording it is about."""
    return (
        message
        if message.startswith(name)
        else Message("{name}: {message}", name=name, message=message)
    )


def distinct_stems(names: Sequence[str]) -> list[str]:
    """Return names without suffix, numbered where they would meet: "a", "a-2", "a-3"."""
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
