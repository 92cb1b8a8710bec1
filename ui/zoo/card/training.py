"""Where a model comes from: its training data, learning curves, versions and relatives."""

from __future__ import annotations

import html
from collections.abc import Sequence

from seizure_core.recording import Finding
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, number_words
from ui.train.curves import curves_html
from ui.widgets import markup
from ui.zoo.catalogue import Catalogue
from zoo.card.history import Parent, TrainingData
from zoo.card.schema import ArchitectureCard


def training_html(card: ArchitectureCard) -> str:
    """Return what the model was trained on, how it was split, and how the training went."""
    training, split = card.training, card.training.split
    warnings = [Finding.warning(tr(words.LEAK_WARNING))] if split.leaks else []
    curves = markup.paragraph(words.NO_CURVES_KEPT)
    if training.history:
        curves = f"<h4>{html.escape(tr(words.CURVES))}</h4>{curves_html(training.history)}"
    settings = [
        (words.SPLIT, tr(words.LEAKS, method=split.method) if split.leaks else split.method),
        (words.SEED, str(training.seed)),
        *(
            (name.replace("_", " ").capitalize(), number_words(value))
            for name, value in training.settings.items()
        ),
        *training.software.items(),
    ]
    return (
        markup.table(words.DATA_COLUMNS, (_data_row(data) for data in training.data))
        + markup.bullets(f"{data.name}: {data.note}" for data in training.data if data.note)
        + markup.findings(warnings)
        + "".join(markup.paragraph(said) for said in (split.description, training.note) if said)
        + curves
        + markup.folded(words.TRAINING_SETTINGS, markup.facts(settings))
    )


def history_html(card: ArchitectureCard, catalogue: Catalogue) -> str:
    """Return the versions of a model and the models it descends from or that descend from it."""
    versions = [
        (one.version, one.created, one.note) for one in reversed(card.training.versions)
    ] or [(card.version, card.created, tr(words.FIRST_VERSION))]
    lines = markup.bullets(
        tr(words.VERSION_LINE, version=version, created=created, note=note)
        for version, created, note in versions
    )
    parent = markup.paragraph(words.FROM_SCRATCH)
    if card.parent is not None:
        parent = _line(words.PARENT, [_parent_html(card.parent, catalogue)])
    children = [
        net_link(one.model_id, one.model_id)
        for one in catalogue.models
        if one.card.parent is not None and one.card.parent.model_id == card.model_id
    ]
    return lines + parent + (_line(words.CHILDREN, children) if children else "")


def net_link(model_id: str, said: str) -> str:
    """Return words that open the card of a model when they are pressed."""
    return (
        f'<button type="button" class="zoo-link" data-net="{html.escape(model_id, quote=True)}">'
        f"{html.escape(said)}</button>"
    )


def _parent_html(parent: Parent, catalogue: Catalogue) -> str:
    if catalogue.find(parent.model_id) is None:
        said = tr(words.PARENT_ABSENT, model_id=parent.model_id, version=parent.version)
        return html.escape(said)
    return net_link(parent.model_id, f"{parent.model_id} {parent.version}")


def _line(name: str, trusted_items: Sequence[str]) -> str:
    return f"<p>{html.escape(tr(name))}: {', '.join(trusted_items)}</p>"


def _data_row(data: TrainingData) -> tuple[str, ...]:
    windows = [data.n_seizure_windows, data.n_background_windows]
    has_windows = any(one is not None for one in windows)
    return (
        data.name,
        _count(data.n_recordings),
        _count(data.n_seizures),
        NOTHING if data.hours is None else f"{data.hours:.3g}",
        " + ".join(map(_count, windows)) if has_windows else NOTHING,
        ", ".join(data.subjects) or NOTHING,
    )


def _count(number: int | None) -> str:
    return NOTHING if number is None else f"{number:,}"
