"""What grows with a number in a file or a call is refused or cut before it costs much."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from seizure_core import bounds, messages
from seizure_core.bounds import MAX_ANNOTATION_CHARS, MAX_CHANNELS, MAX_DRAWN_CHANNELS, MAX_WINDOWS
from seizure_core.display.montages import BUILT_IN, fit_montage
from seizure_core.display.pages import page
from seizure_core.errors import ParameterError
from seizure_core.figures import page_figure
from seizure_core.io.opening import open_recording
from seizure_core.messages import MAX_QUOTED_CHARS, near_names
from seizure_core.signals.windows import WindowGrid
from seizure_core.stats.channel_statistics import recording_statistics
from tests.edf_files import build_edf, random_signals
from tests.memory_recording import memory_recording
from zoo.layers import base, network

MOST_EDF_CHANNELS = 9999

# The most memory a process has had, before the work and after it.
MEASURED = """
import json, resource, sys
from seizure_core.errors import ParameterError
from seizure_core.io.opening import open_recording
from seizure_core.stats.channel_statistics import recording_statistics
import scipy.signal

def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

before, message = peak_mb(), ""
recording = open_recording(sys.argv[1])
try:
    recording_statistics(recording)
except ParameterError as error:
    message = str(error)
recording_statistics(recording, range(256))
print(json.dumps({"grown_mb": peak_mb() - before, "message": message}))
"""


@pytest.fixture(scope="module")
def widest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an EDF of a minute with as many channels as its header can count."""
    path = tmp_path_factory.mktemp("widest") / "widest.edf"
    return build_edf(path, random_signals(MOST_EDF_CHANNELS, 60), sampling_rate_hz=1)


def test_the_widest_file_takes_little_memory(widest: Path) -> None:
    command = [sys.executable, "-c", MEASURED, str(widest)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert f"At most {MAX_CHANNELS} channels" in found["message"]
    assert found["grown_mb"] < 200


def test_pages_of_the_widest_file_show_its_first_channels(widest: Path) -> None:
    recording = open_recording(widest)
    for montage in BUILT_IN:
        fit = fit_montage(recording, montage)
        assert len(fit.rows) == MAX_CHANNELS
        assert fit.n_left_out == MOST_EDF_CHANNELS - MAX_CHANNELS
    shown = page(recording, fit.rows, start_s=0, length_s=10, n_columns=100)
    assert len(shown.rows) == MAX_CHANNELS
    with pytest.raises(ParameterError, match=f"there are {MAX_CHANNELS + 1}"):
        page(recording, [*fit.rows, fit.rows[0]], start_s=0, length_s=10, n_columns=100)
    with pytest.raises(ParameterError, match=f"At most {MAX_DRAWN_CHANNELS} .* drawn"):
        page_figure(recording)


def test_statistics_do_not_depend_on_how_many_channels_are_measured(tmp_path: Path) -> None:
    signals = random_signals(70, 3000)
    signals[69] = signals[3]
    recording = open_recording(build_edf(tmp_path / "a.edf", signals))
    all_of_them = recording_statistics(recording).channels
    for index in (3, 66, 69):
        alone = recording_statistics(recording, [index]).channels[0]
        assert alone.median == all_of_them[index].median
        assert alone.percentile_95 == all_of_them[index].percentile_95
    assert all_of_them[69].equal_to == (4,)


def test_floating_point_signals_beyond_the_first_ones_are_ranked_too() -> None:
    signals = random_signals(70, 6000, seed=1).astype(np.float32)
    recording = memory_recording([f"E{number}" for number in range(70)], [*signals])
    found = recording_statistics(recording).channels
    for index in (0, 69):
        assert found[index].median == np.median(signals[index].astype(np.float64))


def test_texts_without_end_are_cut_in_annotations(tmp_path: Path) -> None:
    tals = [[b"+0\x14\x14\x00+1\x14" + b"x" * 5000 + b"\x14\x00"]]
    (annotation,) = open_recording(build_edf(tmp_path / "a.edf", tals=tals)).annotations
    assert len(annotation.text) == MAX_ANNOTATION_CHARS


@pytest.mark.parametrize("stride", [1, 2])
def test_a_stride_that_makes_too_many_windows_is_refused(stride: int) -> None:
    n_samples = (MAX_WINDOWS + 1) * stride
    with pytest.raises(ParameterError, match="Choose a longer one"):
        WindowGrid(n_samples=n_samples, window_samples=stride, stride_samples=stride)
    WindowGrid(n_samples=n_samples - stride, window_samples=stride, stride_samples=stride)


def test_messages_repeat_only_the_beginning_of_what_was_sent() -> None:
    sent = "x" * 1_000_000
    error = ParameterError("There is no {name!r}, only {known}.", name=sent, known=[sent, "a"])
    assert len(str(error)) < 2000
    assert str(error).startswith("There is no '" + "x" * (MAX_QUOTED_CHARS - 3) + "...', only")
    assert error.template
    assert near_names(sent, ["x" * 70, "y"]) == ["x" * 70]


def test_the_page_about_bounds_has_the_numbers_of_the_code() -> None:
    page = (Path(__file__).parents[2] / "docs" / "bounds.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"\(`(MAX_\w+)`\) \| ([0-9]+) \|", page))
    code = {**vars(bounds), **vars(base), **vars(network), **vars(messages)}
    assert told == {name: str(code[name]) for name in told}
    assert {name for name in vars(bounds) if name.startswith("MAX_")} <= told.keys()
