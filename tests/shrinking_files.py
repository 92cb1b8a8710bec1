"""Reads recordings in every way while another thread cuts them off and restores them.

Run as a process of its own: `python -m tests.shrinking_files FOLDER`. It ends with 0 if nothing
but errors meant for a user came up.
"""

from __future__ import annotations

import gzip
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.display.pages import page
from seizure_core.display.rows import recorded_row
from seizure_core.errors import SeizureZooError
from seizure_core.io.sequence import open_sequence
from seizure_core.recording import Recording
from seizure_core.stats.channel_statistics import channel_statistics
from tests.edf_files import build_edf
from training.data.builder import create_dataset
from training.data.pairing import pair_files
from zoo.loading import load_detector
from zoo.store.home import HOME_VARIABLE

LABELS = CHBMIT_23[:22]
RATE_HZ = 256
SECONDS = 200
ROUNDS = 4


def files(folder: Path) -> dict[str, list[Path]]:
    """Write recordings of each kind."""
    signals = np.random.default_rng(0).normal(scale=50, size=(len(LABELS), SECONDS * RATE_HZ))

    def edf(name: str, **more: object) -> Path:
        return build_edf(folder / name, signals, labels=LABELS, **more)  # type: ignore[arg-type]

    packed = folder / "packed.edf.gz"
    packed.write_bytes(gzip.compress(edf("packed.edf").read_bytes()))
    text = folder / "text.csv"
    rows = [",".join(f"{value:.1f}" for value in row) for row in signals[:, :5000].T]
    text.write_text(
        "\n".join(
            [",".join(["time", *LABELS])]
            + [f"{number / RATE_HZ:.6f},{row}" for number, row in enumerate(rows)]
        )
    )
    return {
        "EDF": [edf("plain.edf", annotations=[(9.0, 5.0, "seizure")])],
        "BDF": [edf("plain.bdf", bdf=True)],
        "packed": [packed],
        "text": [text],
        "sequence": [edf("one.edf"), edf("two.edf", start_time="10.00.00")],
    }


@contextmanager
def shrinking(paths: Sequence[Path]) -> Iterator[None]:
    """Cut files off and restore them, again and again, as a copy over them does."""
    contents = [path.read_bytes() for path in paths]
    ended, pauses = threading.Event(), random.Random(0)

    def shrink() -> None:
        while not ended.is_set():
            for path, content in zip(paths, contents, strict=True):
                os.truncate(path, len(content) // 3)
                time.sleep(0.001)
                path.write_bytes(content)
                time.sleep(pauses.uniform(0.0, 0.05))

    thread = threading.Thread(target=shrink)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def main() -> None:
    """Look at every kind of file in every way."""
    folder = Path(sys.argv[1])
    os.environ[HOME_VARIABLE] = str(folder / "home")
    detector = load_detector("n1spool-cnn")
    settings = {"channels": list(LABELS), "sampling_rate_hz": float(RATE_HZ), "preprocessing": []}

    def turn_page(recording: Recording) -> None:
        page(recording, [recorded_row(recording, 0)], start_s=5.0, length_s=200.0, n_columns=900)

    looks: list[Callable[[Recording], object]] = [
        turn_page,
        lambda recording: recording.read(),
        lambda recording: recording.annotations[:],
        channel_statistics,
        detector.detect,
    ]
    for kind, paths in files(folder).items():
        n_refused = 0
        with shrinking(paths):
            for number in range(ROUNDS * (len(looks) + 1)):
                look = number % (len(looks) + 1)
                try:
                    if look < len(looks):
                        looks[look](open_sequence(paths))
                    else:
                        create_dataset(pair_files(paths, []), settings)
                except SeizureZooError:
                    n_refused += 1
        print(f"{kind}: refused {n_refused} times", flush=True)


if __name__ == "__main__":
    main()
