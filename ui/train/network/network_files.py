"""Networks as files: loaded into the editor, and saved from it by the browser itself."""

from __future__ import annotations

from pathlib import Path

from seizure_core.errors import ParameterError
from seizure_core.json_document import MAX_BYTES, JsonError, parse_json
from ui.i18n import train_text as words
from ui.train.network.layer_list import network_of_data, network_text

# The browser has the text and the drawing already: nothing is asked of the server.
_SAVE = """(...given) => {{
  const content = {content};
  if (!content) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], {{type: "{kind}"}}));
  link.download = "{name}";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}}"""

SAVE_NETWORK = _SAVE.format(content="given[0]", kind="application/json", name="network.json")
SAVE_DRAWING = _SAVE.format(
    content='document.querySelector("#network-drawing svg")?.outerHTML',
    kind="image/svg+xml",
    name="network.svg",
)


def network_of_file(path: Path) -> str:
    """Return the network of a file as text for the editor.

    Parameters
    ----------
    path : Path
        A list of layers, or a card, a `config.json` or an experiment that has a network.

    Raises
    ------
    ParameterError
        It is no such file.
    """
    if path.stat().st_size > MAX_BYTES:
        raise ParameterError(words.NETWORK_FILE_TOO_BIG.format(file=path.name))
    try:
        document = parse_json(path.read_bytes())
    except JsonError as error:
        raise ParameterError("{file_name}: {error}", file_name=path.name, error=error) from None
    if isinstance(document, dict):
        document = document.get("network")
    return network_text(network_of_data(document))
