"""Figures of spectra, trends and distributions: axes say what and in what unit; files are whole."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.figure import Figure

from seizure_core.events.event import Event
from seizure_core.figure_formats import FigureFormat
from seizure_core.figures import (
    amplitude_figure,
    band_power_figure,
    distribution_figure,
    figure_bytes,
    psd_figure,
    spectrogram_figure,
)
from seizure_core.figures.histogram import smoothed_density
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.stats.amplitude import amplitude_trends
from seizure_core.stats.distribution import value_distribution
from seizure_core.stats.spectra import power_spectra
from seizure_core.stats.spectrogram import spectrogram
from tests.eeg_files import eeg_file
from tests.memory_recording import memory_recording

Made = Callable[[Recording, list[int]], Figure]
EVENTS = (Event(onset_s=2.0, duration_s=3.0),)
FIGURES: dict[str, tuple[Made, str, str]] = {
    "psd": (lambda r, c: psd_figure(power_spectra(r, c)), "Frequency (Hz)", "µV²/Hz"),
    "psd, linear": (
        lambda r, c: psd_figure(power_spectra(r, c), decibels=False, max_hz=30),
        "Frequency (Hz)",
        "Power density (µV²/Hz)",
    ),
    "spectrogram": (
        lambda r, c: spectrogram_figure(spectrogram(r, c), events=EVENTS),
        "Time from start (s)",
        "Frequency (Hz)",
    ),
    "bands": (
        lambda r, c: band_power_figure(spectrogram(r, c), events=EVENTS),
        "Time from start (s)",
        "Power (µV²)",
    ),
    "bands, parts": (
        lambda r, c: band_power_figure(spectrogram(r, c), relative=True),
        "Time from start (s)",
        "Part of the power (%)",
    ),
    "amplitude": (
        lambda r, c: amplitude_figure(amplitude_trends(r, c[:1]), events=EVENTS),
        "Time from start (s)",
        "(µV)",
    ),
    "distribution": (
        lambda r, c: distribution_figure(value_distribution(r, c[0])),
        "Value (µV)",
        "Samples",
    ),
    "distribution, log": (
        lambda r, c: distribution_figure(value_distribution(r, c[0]), log=True),
        "Value (µV)",
        "Samples",
    ),
}


def _texts(figure: Figure) -> str:
    return "\n".join(
        t.get_text() for t in figure.findobj(lambda artist: hasattr(artist, "get_text"))
    )


@pytest.mark.parametrize("name", FIGURES)
def test_axes_are_labelled_with_units(name: str) -> None:
    make, x_label, y_label = FIGURES[name]
    recording = open_recording(eeg_file("chbmit/chb03/chb03_02_ictal_s741-751.edf"))
    figure = make(recording, [2, 5, 9])
    axes = figure.axes[0]
    assert axes.get_xlabel().startswith(x_label)
    assert y_label in axes.get_ylabel()
    assert figure_bytes(figure, "png", dpi=40).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("kind", ["nothing but gaps", "flat", "one sample", "odd label and unit"])
def test_strange_channels_are_drawn_without_a_warning(name: str, kind: str) -> None:
    signals = {
        "nothing but gaps": np.full(2560, np.nan),
        "flat": np.zeros(2560),
        "one sample": np.ones(1),
        "odd label and unit": np.random.default_rng(0).normal(size=2560),
    }
    odd = kind == "odd label and unit"
    recording = memory_recording(
        ["$x_" if odd else "A"], [signals[kind]], units="$\u4e2d" if odd else "uV"
    )
    figure = FIGURES[name][0](recording, [0])
    assert figure_bytes(figure, "png", dpi=40).startswith(b"\x89PNG")


def test_lines_of_a_spectrum_are_its_numbers() -> None:
    recording = open_recording(eeg_file("chbmit/chb02/chb02_16_ictal_s140-150.edf"))
    spectra = power_spectra(recording, [1, 2])
    axes = psd_figure(spectra).axes[0]
    drawn = {line.get_label(): line for line in axes.lines if len(line.get_xdata()) > 2}
    assert set(drawn) == {"F7-T7", "T7-P7"}
    line = drawn["T7-P7"]
    at_10 = np.flatnonzero(np.asarray(line.get_xdata()) == 10.0)[0]
    expected = spectra[1].density[spectra[1].frequencies_hz == 10.0]
    assert 10 ** (np.asarray(line.get_ydata())[at_10] / 10) == pytest.approx(expected[0])


def test_a_distribution_shows_quantiles_and_a_density_of_area_one() -> None:
    x = np.random.default_rng(0).normal(scale=30, size=100_000)
    distribution = value_distribution(memory_recording(["A"], [x]), 0)
    for got, fraction in zip(
        distribution.quantiles([0.05, 0.5, 0.95]), [0.05, 0.5, 0.95], strict=True
    ):
        width = distribution.bin_edges[1] - distribution.bin_edges[0]
        assert got == pytest.approx(np.quantile(x, fraction), abs=width)
    widths = np.diff(distribution.bin_edges)
    assert (distribution.density * widths).sum() == pytest.approx(1)
    smooth = smoothed_density(distribution)
    assert (smooth * widths).sum() == pytest.approx(1, rel=1e-3)
    assert smooth.max() == pytest.approx(1 / (30 * np.sqrt(2 * np.pi)), rel=0.05)
    words = _texts(distribution_figure(distribution))
    assert {"median", "5 %", "95 %", "Density (1/µV)"} <= set(words.split("\n"))


def test_amplitudes_of_many_channels_are_cut_and_said_so() -> None:
    recording = memory_recording([f"C{i}" for i in range(11)], duration_s=20.0)
    figure = amplitude_figure(amplitude_trends(recording))
    assert len(figure.axes) == 8
    assert "3 more not drawn" in _texts(figure)


@pytest.mark.parametrize(
    ("file_format", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_the_same_figure_is_the_same_file(file_format: FigureFormat, start: bytes) -> None:
    figure = psd_figure(power_spectra(memory_recording(["A"], duration_s=20.0)))
    one, two = (figure_bytes(figure, file_format) for _ in range(2))
    assert one.startswith(start)
    assert re.sub(rb'(id="|#)[^"]*?[0-9a-f]{10}', b"", one) == re.sub(
        rb'(id="|#)[^"]*?[0-9a-f]{10}', b"", two
    )
