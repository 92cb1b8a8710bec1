"""The numbers of an operating point as fields; an empty one keeps a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events.postprocessing import PostProcessing
from ui.arguments import optional_number

_OWN_FIELDS = {
    "threshold": "Threshold, 0 to 1",
    "threshold_off": "An event ends below",
    "smoothing_s": "Smoothing (s)",
    "min_duration_s": "Shortest event (s)",
    "merge_gap_s": "Merged within (s)",
}


def build_point_fields(prefix: str, *, interactive: bool = True) -> list[gr.Textbox]:
    """Build the fields in the current Blocks context; ids begin with `prefix`."""
    names, fields = list(_OWN_FIELDS), []
    for of_a_row in (names[:2], names[2:]):
        with gr.Row():
            # No gr.Number: one that is empty comes as 0.
            fields += [
                gr.Textbox(
                    label=_OWN_FIELDS[name],
                    max_lines=1,
                    min_width=110,
                    interactive=interactive,
                    elem_id=f"{prefix}-{name.replace('_', '-')}",
                )
                for name in of_a_row
            ]
    return fields


def written(settings: PostProcessing) -> list[str]:
    """Return what stands in the fields for numbers."""
    return [
        f"{settings.threshold:g}",
        f"{settings.lower_threshold:g}",
        f"{settings.smoothing_s:g}",
        f"{settings.min_duration_s:g}",
        f"{settings.merge_gap_s:g}",
    ]


def read_fields(values: Sequence[str]) -> dict[str, float | None]:
    """Return the numbers by name; None for an empty field.

    Raises
    ------
    ParameterError
        One of them is no number.
    """
    return {
        name: optional_number(label, value)
        for (name, label), value in zip(_OWN_FIELDS.items(), values, strict=True)
    }


def changed(settings: PostProcessing, values: Sequence[str]) -> PostProcessing:
    """Return numbers with what stands in the fields instead.

    Raises
    ------
    ParameterError
        A field holds no number, or one that is out of its bounds.
    """
    given = {name: value for name, value in read_fields(values).items() if value is not None}
    moved = replace(settings, **given)
    if not 0.0 < moved.threshold < 1.0:
        raise ParameterError(
            "The threshold must lie between 0 and 1; {threshold:g} was given.",
            threshold=moved.threshold,
        )
    return moved
