"""Models on one recording as strips over the whole file: a click on one asks for its EEG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from ui.i18n import words
from ui.i18n.translation import tr
from ui.i18n.wording import clock_words, count_words
from ui.widgets import markup

Data = Mapping[str, Any]

SCRIPT: Final = Path(__file__).with_name("strips.js").read_text(encoding="utf-8")
"""Asks for the EEG at the place that was clicked."""

COLOURS: Final = (
    *("#0d9488", "#d97706", "#7c5cf0", "#dc2660", "#3b82f6", "#65a30d"),
    *("#b45309", "#0891b2", "#c026d3", "#94a3b8", "#ef4444", "#16a34a"),
)
_AGREEMENT_COLOUR, _EXPERT_COLOUR = "var(--body-text-color)", "#15803d"

# The drawing's units, however wide it is shown.
_WIDTH, _HEIGHT, _BAR = 1000, 40, 6
_MIN_BAR = 1.5
_N_TICKS = 5

_STRIP = Markup(
    '<div class="zoo-strip" style="--strip: {color}"><div>{name}<small>{said}</small></div>'
    '<svg viewBox="0 0 1000 40" preserveAspectRatio="none" role="img"><title>{title}</title>'
    "{inner}</svg></div>"
)
_BOX = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')


def strips_html(recording: Data, names: Sequence[str]) -> Markup:
    """Return a strip a model, how many of them agree, and what an expert says.

    Parameters
    ----------
    recording : mapping
        Of the recordings in `comparison_json`.
    names : sequence of str
        The models', in its order.
    """
    strips = markup.joined(_strips(recording, names))
    marks = [step / (_N_TICKS - 1) for step in range(_N_TICKS)]
    ticks = markup.each(
        "<span>{}</span>", (clock_words(share * recording["duration_s"]) for share in marks)
    )
    return Markup(
        '<div class="zoo-strips" data-duration="{}">{}'
        '<div class="zoo-strip"><div></div><p class="zoo-ticks">{}</p></div></div>'
    ).format(recording["duration_s"], strips, ticks)


def _strips(recording: Data, names: Sequence[str]) -> Iterator[Markup]:
    duration_s = recording["duration_s"]
    for number, (name, model) in enumerate(zip(names, recording["nets"], strict=True)):
        if not model["ok"]:
            continue
        curve = Markup('<polygon points="{}"/>').format(_outline(model["trace"], duration_s))
        yield _STRIP.format(
            color=COLOURS[number % len(COLOURS)],
            name=name,
            said=_events_words(model),
            title=name,
            inner=curve + _bars(model["events"], duration_s, height=_BAR),
        )
    n_models = sum(model["ok"] for model in recording["nets"])
    if n_models > 1:
        steps = markup.joined(
            _box(vote, duration_s, height=_HEIGHT * len(vote["seizure"]) / n_models)
            for vote in recording["votes"]
        )
        yield _STRIP.format(
            color=_AGREEMENT_COLOUR,
            name=tr("Agreement"),
            said=_most_words(recording["votes"], n_models),
            title=tr("Agreement"),
            inner=steps,
        )
    if recording["reference"] is not None:
        yield _STRIP.format(
            color=_EXPERT_COLOUR,
            name=tr("Reference"),
            said=count_words(len(recording["reference"]), "seizure"),
            title=tr("Reference"),
            inner=_bars(recording["reference"], duration_s, height=_HEIGHT / 2),
        )


def _outline(trace: Data, duration_s: float) -> str:
    """Return a probability as the corners of an area; where there is none it is 0."""
    step = _WIDTH * trace["step_s"] / max(duration_s, 1e-3)
    corners = [
        f"{min((index + 0.5) * step, _WIDTH):.1f},{_HEIGHT - (_HEIGHT - _BAR) * (value or 0):.1f}"
        for index, value in enumerate(trace["probabilities"])
    ]
    return " ".join([f"0,{_HEIGHT}", *corners, f"{_WIDTH},{_HEIGHT}"])


def _bars(events: Sequence[Data], duration_s: float, *, height: float) -> Markup:
    return markup.joined(_box(event, duration_s, height=height, top=0.0) for event in events)


def _box(event: Data, duration_s: float, *, height: float, top: float | None = None) -> Markup:
    scale = _WIDTH / max(duration_s, 1e-3)
    width = max(event["duration_s"] * scale, _MIN_BAR)
    return _BOX.format(
        event["onset_s"] * scale, _HEIGHT - height if top is None else top, width, height
    )


def _events_words(model: Data) -> str:
    said, first_s = count_words(model["n_events"], "event"), model["first_alarm_s"]
    if first_s is None:
        return said
    return tr("{events}, the first at {time}", events=said, time=clock_words(first_s))


def _most_words(votes: Sequence[Data], n_models: int) -> str:
    """Return where most models agree on a seizure."""
    most = max(votes, key=lambda vote: (len(vote["seizure"]), vote["duration_s"]), default=None)
    if most is None:
        return tr("no model finds a seizure")
    said = tr(words.SOME_OF, some=len(most["seizure"]), all=n_models)
    return tr("{models} at {time}", models=said, time=clock_words(most["onset_s"]))
