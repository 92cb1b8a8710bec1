"""Write the published JSON schema of architecture cards: `python -m scripts.card_schema`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from zoo.card.schema import ArchitectureCard

PATH = Path(__file__).resolve().parents[1] / "zoo" / "card" / "card.schema.json"


def card_schema() -> dict[str, Any]:
    """Return the schema of a card, as JSON Schema 2020-12."""
    schema = ArchitectureCard.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Architecture card of Seizure Zoo",
    }


def schema_text() -> str:
    """Return the schema as it lies in the repository."""
    return json.dumps(card_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
    sys.stdout.write(f"wrote {PATH.name}\n")
