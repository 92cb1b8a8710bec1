"""The spectra of a stretch for a viewer."""

from __future__ import annotations

from typing import Any

from seizure_core.stats.stretch_spectra import row_spectra
from ui.viewer.encoding import decibels, encode
from ui.viewer.handles import ViewedFile
from ui.viewer.requests import ViewerRequest


def spectrum_answer(opened: ViewedFile, request: ViewerRequest) -> dict[str, Any]:
    """Return the spectra of rows over a stretch, in decibels above 1 uV^2/Hz."""
    fit = opened.fit(request.text("montage"))
    wanted = request.positions("rows", below=len(fit.rows))
    longest = max(opened.recording.duration_s, 1.0)
    spectra = row_spectra(
        opened.recording,
        [fit.rows[i] for i in wanted],
        start_s=request.number("start_s", minimum=0.0, maximum=longest),
        length_s=request.number("length_s", minimum=0.001, maximum=longest),
        filters=request.filters(),
    )
    return {
        "spectra": [
            {
                "row": wanted[spectrum.row],
                "step_hz": spectrum.step_hz,
                "density": encode([decibels(spectrum.density)]),
            }
            for spectrum in spectra
        ]
    }
