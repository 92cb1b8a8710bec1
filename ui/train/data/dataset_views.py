"""Datasets as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seizure_core.recording import Finding
from ui.i18n import train_text as words
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, count_words, duration_words
from ui.widgets import markup

# The seed's: what a network is checked for as long as there is no dataset.
DEFAULT_SHAPE = (23, 7680)


def dataset_choices(cards: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return (name shown, id) of every dataset."""
    return [(_name(card), card["dataset_id"]) for card in cards]


def dataset_table(cards: Sequence[dict[str, Any]]) -> list[list[str | int | float]]:
    """Return a row for each dataset, as `train_text.DATASET_COLUMNS` names them."""
    return [
        [
            card["dataset_id"],
            card.get("title") or "",
            len(card["recordings"]),
            len(card["patients"]),
            round(card["hours"], 2),
            card["n_seizures"],
            card["n_seizure_windows"],
            card["n_background_windows"],
        ]
        for card in cards
    ]


def dataset_html(card: dict[str, Any]) -> str:
    """Return a dataset's card: counts, warnings, what became of every second, recordings."""
    settings = card["settings"]
    refused = card["refused"]
    return (
        markup.facts(
            [
                (words.DATASET, _name(card)),
                ("Seizure windows", f"{card['n_seizure_windows']:,}"),
                ("Background windows", f"{card['n_background_windows']:,}"),
                (
                    "Recordings",
                    tr(
                        words.DATASET_RECORDINGS,
                        used=len(card["recordings"]),
                        refused=len(refused),
                    ),
                ),
                ("Patients", str(len(card["patients"]))),
                ("Seizures", str(card["n_seizures"])),
                (words.RECORDED, duration_words(card["hours"] * 3600)),
                (
                    words.WINDOW,
                    tr(
                        words.WINDOW_SHAPE,
                        window_s=settings["window_s"],
                        rate_hz=settings["sampling_rate_hz"],
                    ),
                ),
            ],
            lead=True,
        )
        + markup.findings(Finding.warning(one) for one in card["warnings"])
        + _ledger_html(card.get("ledger"))
        + markup.folded("Recordings", _recordings_table(card["recordings"]))
    )


def input_shape(card: dict[str, Any] | None) -> tuple[int, int]:
    """Return channels and samples of a dataset's windows; the seed's without a dataset."""
    if card is None:
        return DEFAULT_SHAPE
    settings = card["settings"]
    channels = settings["channels"]
    n_channels = (
        min(one["n_channels"] for one in card["recordings"]) if channels is None else len(channels)
    )
    return n_channels, round(settings["window_s"] * settings["sampling_rate_hz"])


def shape_words(card: dict[str, Any] | None) -> str:
    """Return what a network is checked for."""
    n_channels, n_samples = input_shape(card)
    template = words.SHAPE_WITHOUT_DATASET if card is None else words.SHAPE
    return tr(template, n_channels=n_channels, n_samples=n_samples)


def _name(card: dict[str, Any]) -> str:
    title = card.get("title")
    return f"{title} ({card['dataset_id']})" if title else str(card["dataset_id"])


def _ledger_html(ledger: dict[str, Any] | None) -> str:
    if ledger is None:
        return ""
    total = ledger["total"]
    whole = total["duration_s"] or 1.0
    return markup.heading(words.LEDGER) + markup.table(
        words.LEDGER_COLUMNS,
        [
            (tr(name), duration_words(total[key]), f"{total[key] / whole:.1%}")
            for key, name in words.LEDGER_PARTS.items()
        ],
    )


def _recordings_table(rows: Sequence[dict[str, Any]]) -> str:
    return markup.table(
        words.DATASET_RECORDING_COLUMNS,
        [
            (
                row["file_name"],
                row["patient"],
                duration_words(row["duration_s"]),
                count_words(row["n_seizures"], "seizure"),
                str(row["n_seizure_windows"]),
                str(row["n_background_windows"]),
                row["reference"] or NOTHING,
            )
            for row in rows
        ],
    )
