"""A comparison of models as people read it, from `zoo.inference.compare_files`.

On one recording, models are strips over the whole file: a click on one asks for its EEG.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from seizure_core.recording import Finding
from ui.i18n import words
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, clock_words, count_words, duration_words, figure_words
from ui.widgets import markup
from ui.zoo.catalogue import read_catalogue

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


_COMPARED_COLUMNS = ("Model", "Channels", "Rate", "Window", "Threshold", "Events", "Time in events")
_SCORE_COLUMNS = (
    "Seizures found",
    "Sensitivity",
    "Precision",
    "F1",
    "False alarms",
    "False alarms per 24 h",
    "F1 by second",
)
_AGREEMENT_COLUMNS = (
    "Models",
    "Agreement",
    "Overlap of the events",
    "Kappa",
    "Both find a seizure",
    "Only the first",
    "Only the second",
    "First alarm, difference",
)

Rows = list[list[Any]]

# A table of more pairs is folded.
_MAX_PAIRS = 3


def comparison_html(data: Data, references: Mapping[str, str]) -> str:
    """Return a comparison.

    Parameters
    ----------
    data : mapping
        From `comparison_json`.
    references : mapping of str to str
        Where the reference of a recording comes from, by file name.
    """
    names = model_names(data["nets"])
    several = len(data["recordings"]) > 1
    models = _models_html(data["nets"], data["overall"]["nets"], names)
    shown = []
    for recording in data["recordings"]:
        title = f"{recording['file_name']}, {duration_words(recording['duration_s'])}"
        inner = _recording_html(recording, names, references.get(recording["file_name"]))
        shown.append(markup.folded(title, inner) if several else markup.heading(title) + inner)
    parts = [_failed_html(data["failed"]), *shown, models]
    if several:
        heading = markup.heading(tr("All {n} recordings together", n=len(shown)))
        pairs = _agreement_html(data["overall"]["agreement"], names)
        parts = [parts[0], heading, models, pairs, *shown]
    return Markup('<div class="zoo-comparison">{}</div>').format(markup.joined(parts))


def model_names(models: Sequence[Data]) -> list[str]:
    """Return what the models are called, and at which threshold where one stands there twice."""
    catalogue = read_catalogue()
    ids = [model["model_id"] for model in models]
    listed = {model_id: catalogue.find(model_id) for model_id in ids}
    names = [model.name for model in listed.values() if model is not None]
    called = {
        model_id: model_id if one is None else one.name if names.count(one.name) == 1 else one.label
        for model_id, one in listed.items()
    }
    return [
        called[model["model_id"]]
        if ids.count(model["model_id"]) == 1
        else tr(
            "{name} at {threshold:g}",
            name=called[model["model_id"]],
            threshold=model["threshold"],
        )
        for model in models
    ]


def vote_rows(data: Data) -> Rows:
    """Return the stretches of the first recording in which a model finds a seizure."""
    names = model_names(data["nets"])
    n_models = sum(model["ok"] for file in data["recordings"][:1] for model in file["nets"])
    return [
        [
            round(vote["onset_s"], 1),
            round(vote["duration_s"], 1),
            tr(words.SOME_OF, some=len(vote["seizure"]), all=n_models),
            ", ".join(names[number] for number in vote["seizure"]),
            ", ".join(names[number] for number in vote["background"]),
        ]
        for recording in data["recordings"][:1]
        for vote in recording["votes"]
    ]


def _failed_html(failed: Sequence[Data]) -> str:
    return markup.findings(
        Finding.error("{file_name}: {message}", file_name=row["file_name"], message=row["message"])
        for row in failed
    )


def _models_html(models: Sequence[Data], overall: Sequence[Data], names: Sequence[str]) -> str:
    scored = any(scores["event"] is not None for scores in overall)
    header = _COMPARED_COLUMNS + (_SCORE_COLUMNS if scored else ())
    rows = []
    for number, (model, found) in enumerate(zip(models, overall, strict=True)):
        cells = [
            tr(words.ANY_MONTAGE) if model["n_channels"] is None else str(model["n_channels"]),
            tr(words.HERTZ, hz=model["sampling_rate_hz"]),
            tr(words.SECONDS, s=model["window_s"]),
            f"{model['threshold']:g}",
            str(found["n_events"]),
            duration_words(found["seizure_s"]),
            *(_score_cells(found) if scored else ()),
        ]
        rows.append((_key(number, names[number]), cells))
    table = markup.keyed_table(header, rows)
    return table + markup.paragraph(words.HOW_COUNTED) if scored else table


def _score_cells(found: Data) -> list[str]:
    event, sample = found["event"], found["sample"]
    if event is None:
        return [NOTHING] * len(_SCORE_COLUMNS)
    return [
        tr(words.SOME_OF, some=event["n_detected"], all=event["n_reference"]),
        *(figure_words(event[name], ".2f") for name in ("sensitivity", "precision", "f1")),
        str(event["n_false_alarms"]),
        figure_words(event["false_alarms_per_24h"]),
        figure_words(sample["f1"], ".2f"),
    ]


def _recording_html(recording: Data, names: Sequence[str], reference: str | None) -> Markup:
    events = recording["reference"]
    said = tr(
        "There is no reference to score by: nothing in the recording says where seizures are."
    )
    if events is not None:
        seizures = count_words(len(events), "seizure")
        source = reference or tr("the reference")
        said = tr("Scored against {seizures} by {source}.", seizures=seizures, source=source)
    return (
        markup.findings(_said_of_models(recording["nets"], names))
        + strips_html(recording, names)
        + markup.paragraph(said)
        + _agreement_html(recording["agreement"], names)
    )


def _said_of_models(models: Sequence[Data], names: Sequence[str]) -> Iterator[Finding]:
    """Yield why a model has no result, or what makes its result doubtful as a whole."""
    for name, model in zip(names, models, strict=True):
        if not model["ok"]:
            yield Finding.error("{name}: {message}", name=name, message=model["message"])
        for finding in model["findings"]:
            if finding["caveat"]:
                yield Finding.warning("{name}: {message}", name=name, message=finding["message"])


def _agreement_html(pairs: Sequence[Data], names: Sequence[str]) -> Markup:
    if not pairs:
        return Markup()
    table = markup.table(_AGREEMENT_COLUMNS, (_agreement_row(pair, names) for pair in pairs))
    title = markup.subheading("Where they agree")
    if len(pairs) > _MAX_PAIRS:
        return title + markup.folded(tr("{n} pairs of models", n=len(pairs)), table)
    return title + table


def _agreement_row(pair: Data, names: Sequence[str]) -> list[str]:
    later_s = pair.get("first_alarm_difference_s")
    return [
        tr("{first} and {second}", first=names[pair["first"]], second=names[pair["second"]]),
        _share(pair["agreement"]),
        _share(pair["overlap"]),
        figure_words(pair["kappa"], ".2f"),
        *(duration_words(pair[name]) for name in ("n_both", "n_first_only", "n_second_only")),
        NOTHING if later_s is None else f"{later_s:+.1f} s",
    ]


def _key(number: int, name: str) -> Markup:
    color = COLOURS[number % len(COLOURS)]
    return Markup('<span class="zoo-key" style="border-color: {}">{}</span>').format(color, name)


def _share(value: float | None) -> str:
    if value is None:
        return NOTHING
    # 100 % is kept for what is equal, not for what nearly is.
    return "100 %" if value == 1 else f"{min(100 * value, 99.99):.2f} %"
