"""Endpoints about the nets of the zoo.

This module must not postpone its annotations: see `ui.api`.
"""

from typing import Any

from ui.arguments import checked_text
from ui.models import card_data, model_rows
from ui.plain_data import without_undefined


class ZooEndpoints:
    """The functions about nets; each bears the name it is published under."""

    def list_models(self) -> list[dict[str, Any]]:
        """List the nets of the zoo with the facts one chooses by."""
        return without_undefined(model_rows())

    def model_card(self, model_id: str) -> dict[str, Any]:
        """Return the whole card of a net: input, network, operating point, results, limits."""
        return without_undefined(card_data(checked_text("model_id", model_id)))
