"""Reads recordings in every way while another thread cuts them off and restores them.

Run as a process of its own: `python -m tests.shrinking_files FOLDER ROUNDS`. It ends with 0 if
nothing but errors meant for a user came up. With one round only the core reads; detection and
datasets, which import torch, take part in more.
"""

from __future__ import annotations

import gzip
import importlib
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

Look = Callable[[Recording], object]

LABELS = CHBMIT_23[:22]
RATE_HZ = 256
SECONDS = 60


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


def looks() -> Iterator[Look]:
    """Yield every way in which the core reads."""
    rows = range(len(LABELS))
    shape = (len(LABELS), SECONDS * RATE_HZ // 2)

    def turn_page(recording: Recording) -> None:
        page(recording, [recorded_row(recording, 0)], start_s=5.0, length_s=50.0, n_columns=900)

    def scale(recording: Recording) -> None:
        out = np.empty(shape, dtype=np.float32)
        recording.read_scaled(rows, [2.0] * len(rows), 0, shape[1], out)

    yield from (turn_page, scale, Recording.read, channel_statistics)
    yield lambda recording: recording.annotations[:]


def long_looks(folder: Path, paths: Sequence[Path]) -> Iterator[Look]:
    """Yield the ways of the zoo and of training."""
    loading = importlib.import_module("zoo.loading")
    builder = importlib.import_module("training.data.builder")
    pairing = importlib.import_module("training.data.pairing")
    os.environ["SEIZURE_ZOO_HOME"] = str(folder / "home")
    settings = {"channels": list(LABELS), "sampling_rate_hz": float(RATE_HZ), "preprocessing": []}
    yield loading.load_detector("n1spool-cnn").detect
    yield lambda _: builder.create_dataset(pairing.pair_files(paths, []), settings)


def main() -> None:
    """Look at every kind of file in every way."""
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
    for kind, paths in files(folder).items():
        chosen = [*looks(), *(long_looks(folder, paths) if rounds > 1 else ())]
        n_refused = 0
        with shrinking(paths):
            for look in chosen * rounds:
                try:
                    look(open_sequence(paths))
                except SeizureZooError:
                    n_refused += 1
        print(f"{kind}: refused {n_refused} times", flush=True)


if __name__ == "__main__":
    main()
