"""Where a net comes from: its training data, learning curves, versions and relatives."""

from __future__ import annotations

import html
from collections.abc import Sequence

from seizure_core.recording import Finding
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, number_words
from ui.train.runs.curves import curves_html
from ui.widgets import markup
from ui.zoo.catalogue import Catalogue
from zoo.card.history import Parent, TrainingData
from zoo.card.schema import ArchitectureCard


def training_html(card: ArchitectureCard) -> str:
    """Return what the net was trained on, how it was split, and how the training went."""
    training, split = card.training, card.training.split
    warnings = [Finding.warning(tr(words.LEAK_WARNING))] if split.leaks else []
    return (
        markup.table(words.DATA_COLUMNS, (_data_row(data) for data in training.data))
        + markup.bullets(f"{data.name}: {data.note}" for data in training.data if data.note)
        + markup.findings(warnings)
        + "".join(markup.paragraph(said) for said in (split.description, training.note) if said)
        + _curves_html(card)
        + markup.folded(words.TRAINING_SETTINGS, markup.facts(_settings(card)))
    )


def history_html(card: ArchitectureCard, catalogue: Catalogue) -> str:
    """Return the versions of a net and the nets it descends from or that descend from it."""
    versions = [
        tr(words.VERSION_LINE, version=one.version, created=one.created, note=one.note)
        for one in reversed(card.training.versions)
    ] or [
        tr(
            words.VERSION_LINE,
            version=card.version,
            created=card.created,
            note=tr(words.FIRST_VERSION),
        )
    ]
    children = [one.model_id for one in catalogue.nets if one.parent_id == card.model_id]
    return (
        markup.bullets(versions)
        + (
            markup.paragraph(words.FROM_SCRATCH)
            if card.parent is None
            else _line(tr(words.PARENT), [_parent_html(card.parent, catalogue)])
        )
        + (_line(tr(words.CHILDREN), [net_link(one, one) for one in children]) if children else "")
    )


def net_link(model_id: str, said: str) -> str:
    """Return words that open the card of a net when they are pressed."""
    return (
        f'<button type="button" class="zoo-link" data-net="{html.escape(model_id, quote=True)}">'
        f"{html.escape(said)}</button>"
    )


def _parent_html(parent: Parent, catalogue: Catalogue) -> str:
    if catalogue.find(parent.model_id) is None:
        return html.escape(
            tr(words.PARENT_ABSENT, model_id=parent.model_id, version=parent.version)
        )
    return net_link(parent.model_id, f"{parent.model_id} {parent.version}")


def _line(name: str, trusted_items: Sequence[str]) -> str:
    return f"<p>{html.escape(name)}: {', '.join(trusted_items)}</p>"


def _curves_html(card: ArchitectureCard) -> str:
    history = card.training.history
    if not history:
        return markup.paragraph(words.NO_CURVES_KEPT)
    return f"<h4>{html.escape(tr(words.CURVES))}</h4>{curves_html(history)}"


def _settings(card: ArchitectureCard) -> list[tuple[str, str]]:
    training = card.training
    method = training.split.method
    return [
        (tr(words.SPLIT), tr(words.LEAKS, method=method) if training.split.leaks else method),
        (tr(words.SEED), str(training.seed)),
        *((_setting_name(name), number_words(value)) for name, value in training.settings.items()),
        *training.software.items(),
    ]


def _setting_name(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _data_row(data: TrainingData) -> tuple[str, ...]:
    windows = [data.n_seizure_windows, data.n_background_windows]
    return (
        data.name,
        _count(data.n_recordings),
        _count(data.n_seizures),
        NOTHING if data.hours is None else f"{data.hours:.3g}",
        " + ".join(_count(one) for one in windows)
        if any(w is not None for w in windows)
        else NOTHING,
        ", ".join(data.subjects) or NOTHING,
    )


def _count(number: int | None) -> str:
    return NOTHING if number is None else f"{number:,}"
