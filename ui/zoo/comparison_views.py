"""A comparison of models as people read it, from `zoo.inference.compare_files`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from seizure_core.recording import Finding
from ui.i18n import words
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, count_words, duration_words, figure_words
from ui.widgets import markup
from ui.zoo.catalogue import read_catalogue
from ui.zoo.strips import COLOURS, strips_html

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

Data = Mapping[str, Any]
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
