"""What a card says in short. Card texts may hold anything and are shown as text."""

from __future__ import annotations

from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.widgets import markup
from ui.zoo.card.results import result_line
from zoo.card.schema import ArchitectureCard


def input_words(card: ArchitectureCard) -> list[tuple[str, str]]:
    """Return what a net needs, as names and values."""
    contract = card.input
    channels = (
        tr(words.CHANNELS_ANY, n=contract.min_channels)
        if contract.channels is None
        else tr(words.CHANNELS_FIXED, n=len(contract.channels), share=contract.min_coverage)
    )
    return [
        (tr(words.MONTAGE), channels),
        (tr(words.RATE), tr(words.RATE_RESAMPLED, hz=contract.sampling_rate_hz)),
        (tr(words.WINDOW), tr(words.WINDOW_STRIDE, s=contract.window_s, stride=contract.stride_s)),
    ]


def output_words(card: ArchitectureCard) -> list[tuple[str, str]]:
    """Return what a net gives and how events are made of it, as names and values."""
    output = card.output
    return [
        (
            tr(words.OUTPUT),
            tr(words.ONE_A_WINDOW)
            if output.step_s is None
            else tr(words.EVERY_STEP, s=output.step_s),
        ),
        (
            tr(words.THRESHOLD),
            tr(words.THRESHOLDS, on=output.threshold, off=output.threshold_off),
        ),
        (tr(words.SMOOTHING), tr(words.SECONDS, s=output.smoothing_s)),
        (tr(words.SHORTEST), tr(words.SECONDS, s=output.min_duration_s)),
        (tr(words.MERGED), tr(words.SECONDS, s=output.merge_gap_s)),
    ]


def summary_html(card: ArchitectureCard) -> str:
    """Return a card in short: what the net needs, how well it does, where not to use it."""
    return (
        '<div class="card-summary">'
        + markup.facts([*input_words(card), (tr(words.THRESHOLD), f"{card.output.threshold:g}")])
        + markup.heading(tr(words.HOW_WELL))
        + (markup.bullets(result_line(result) for result in card.results) or "")
        + ("" if card.results else markup.paragraph(tr(words.NOT_MEASURED)))
        + markup.heading(tr(words.LIMITS))
        + markup.paragraph(card.limitations)
        + "</div>"
    )
