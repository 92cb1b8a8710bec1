"""Step 2: a network is built, checked and drawn while it is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.json_document import MAX_BYTES, JsonError, read_json
from seizure_core.recording import Finding
from training.data.store import list_datasets
from ui.drawings.network import network_html, network_svg
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import filled_table, grouped, tr
from ui.i18n.wording import NOTHING, TIMES
from ui.train.layers import (
    LayerData,
    LayerEditor,
    layer_choices,
    network_of_data,
    network_text,
    read_network,
)
from ui.train.network_comparison import NetworkComparison
from ui.train.network_start import FIRST_START, is_model, layers_of, start_choices, start_of
from ui.widgets import markup
from zoo.layers.network import check_network
from zoo.presets import PRESETS

_SHAPE = "{n_channels} channels \u00d7 {n_samples:,} samples"
_SHAPE_WITHOUT_DATASET = (
    "{n_channels} channels \u00d7 {n_samples:,} samples (n1Spool's: no dataset is chosen)"
)
_DOES_NOT_FIT = "does not fit"

# What a network is checked for as long as there is no dataset.
_DEFAULT_SHAPE = (23, 7680)

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

_SAVE_NETWORK = _SAVE.format(content="given[0]", kind="application/json", name="network.json")
_SAVE_DRAWING = _SAVE.format(
    content='document.querySelector("#network-drawing svg")?.outerHTML',
    kind="image/svg+xml",
    name="network.svg",
)


class NetworkStep:
    """The step.

    Parameters
    ----------
    demo : gr.Blocks
        The app, whose loading lists what one may begin from.
    dataset : gr.Dropdown
        Gives the input's shape.

    Attributes
    ----------
    start : gr.Dropdown
        What the network began from.
    with_weights : gr.Checkbox
        Whether with its weights.
    code : gr.Code
        The network as text.
    beginning : list
        What `begin_from` changes.
    """

    def __init__(self, demo: gr.Blocks, dataset: gr.Dropdown) -> None:
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=320):
                self._build_text()
            with gr.Column(scale=3, min_width=320):
                self._facts = gr.HTML("", elem_id="network-facts")
                self._editor = LayerEditor()
        with gr.Row(equal_height=True, elem_classes="heading-row"):
            gr.Markdown("### Drawing")
            save_drawing = gr.Button(
                "Save the drawing (SVG)", size="md", scale=0, min_width=210, elem_id="save-drawing"
            )
        self._drawing = gr.HTML("", elem_id="network-drawing")
        self._comparison = NetworkComparison()
        self.beginning = [self.start, self.with_weights, self.code, self._comparison.other]
        listen(save_drawing.click, None, js=_SAVE_DRAWING)
        listen(self._save.click, None, inputs=self.code, js=_SAVE_NETWORK)
        self._wire_start(demo)
        self._wire_check(demo, dataset)
        self._editor.wire(self.code)
        self._comparison.wire(demo, self.code)

    def _build_text(self) -> None:
        self.start = gr.Dropdown(
            choices=start_choices(), value=FIRST_START, label="Start from", elem_id="start-from"
        )
        self.with_weights = gr.Checkbox(
            label="With its weights (fine-tuning)",
            info="For a model of the zoo whose layers are left as they are.",
            visible=False,
            elem_id="with-weights",
        )
        self.code = gr.Code(
            network_text(PRESETS[0].layers),
            language="json",
            label="Network (JSON: paste, edit, copy)",
            wrap_lines=True,
            lines=1,
            max_lines=24,
            interactive=True,
            elem_id="network-code",
        )
        with gr.Row():
            self._load = gr.UploadButton(
                "Load from a file",
                file_types=[".json"],
                size="md",
                min_width=130,
                elem_id="load-network",
            )
            self._save = gr.Button(
                "Save as a file", size="md", min_width=130, elem_id="save-network"
            )

    def begin_from(self, model_id: str) -> Updates:
        """Begin with a model of the zoo and its weights.

        Raises
        ------
        UnknownModelError
            There is no such model any more.
        """
        start = start_of(model_id)
        return {
            self.start: gr.Dropdown(choices=start_choices(), value=start),
            self.with_weights: gr.Checkbox(visible=True, value=True),
            self.code: network_text(layers_of(start)),
            self._comparison.other: start,
        }

    def begin_with(self, layers: Sequence[LayerData]) -> Updates:
        """Begin with layers that have no weights."""
        return {self.with_weights: gr.Checkbox(value=False), self.code: network_text(layers)}

    def _wire_start(self, demo: gr.Blocks) -> None:
        def take(start: str) -> Updates:
            return {
                self.code: network_text(layers_of(start)),
                self.with_weights: gr.Checkbox(visible=is_model(start), value=is_model(start)),
                self._comparison.other: start,
            }

        def load(path: str) -> Updates:
            return self.begin_with(network_of_file(Path(path)))

        self.list_starts(demo.load)
        listen(self.start.input, take, inputs=self.start, outputs=self.beginning)
        listen(self._load.upload, load, inputs=self._load, outputs=self.beginning)

    def list_starts(self, trigger: Any) -> None:
        """Let an event list the models one may begin from as they are then."""
        listen(trigger, lambda: gr.Dropdown(choices=start_choices()), outputs=self.start)

    def _wire_check(self, demo: gr.Blocks, dataset: gr.Dropdown) -> None:
        def check(text: str, dataset_id: str | None) -> Updates:
            cards = [one for one in list_datasets() if one["dataset_id"] == dataset_id]
            return self.checked(text, cards[0] if cards else None)

        listen(
            [demo.load, self.code.change, dataset.change],
            check,
            inputs=[self.code, dataset],
            outputs=[self._facts, self._drawing, self._editor.table, self._editor.layer],
            trigger_mode="always_last",
            quiet=True,
        )

    def checked(self, text: str, card: dict[str, Any] | None) -> Updates:
        """Show what follows from a network, for the windows of a dataset if there is one."""
        try:
            layers = read_network(text)
        except ParameterError as error:
            return {
                self._facts: markup.findings([Finding.error(error.template, **error.values)]),
                self._drawing: markup.empty(
                    "The drawing appears when the text above is a network again."
                ),
                self._editor.table: filled_table(words.LAYER_COLUMNS, []),
                self._editor.layer: gr.Dropdown(choices=[]),
            }
        n_channels, n_samples = input_shape(card)
        rate_hz = card["settings"]["sampling_rate_hz"] if card else PRESETS[0].sampling_rate_hz
        report = check_network(layers, n_channels, n_samples).to_dict()
        name = tr("Drawing of the network")
        drawing = network_svg(
            layers,
            n_channels=n_channels,
            n_samples=n_samples,
            sampling_rate_hz=rate_hz,
            name=name,
        )
        return {
            self._facts: _facts(report, card, rate_hz),
            self._drawing: network_html(drawing, name),
            self._editor.table: filled_table(words.LAYER_COLUMNS, _rows(layers, report)),
            self._editor.layer: gr.Dropdown(choices=layer_choices(layers)),
        }


def input_shape(card: dict[str, Any] | None) -> tuple[int, int]:
    """Return channels and samples of a dataset's windows; n1Spool's without a dataset."""
    if card is None:
        return _DEFAULT_SHAPE
    settings = card["settings"]
    channels = settings["channels"]
    n_channels = (
        min(one["n_channels"] for one in card["recordings"]) if channels is None else len(channels)
    )
    return n_channels, round(settings["window_s"] * settings["sampling_rate_hz"])


def shape_words(card: dict[str, Any] | None) -> str:
    """Return what a network is checked for."""
    n_channels, n_samples = input_shape(card)
    template = _SHAPE_WITHOUT_DATASET if card is None else _SHAPE
    return tr(template, n_channels=n_channels, n_samples=n_samples)


def _facts(report: dict[str, Any], card: dict[str, Any] | None, rate_hz: float) -> str:
    reach = report["receptive_field_samples"]
    errors = [Finding.error(one["message"]) for one in report["errors"]]
    return markup.facts(
        [
            ("Input", shape_words(card)),
            ("Network", tr("fits" if report["valid"] else _DOES_NOT_FIT)),
            ("Parameters", grouped(report["n_parameters"])),
            (
                "Receptive field",
                tr("{seconds:.3g} s ({samples:,} samples)", seconds=reach / rate_hz, samples=reach),
            ),
            ("Multiply-adds a window", grouped(report["multiply_adds"])),
        ],
        lead=True,
    ) + markup.findings(errors)


def _rows(layers: Sequence[LayerData], report: dict[str, Any]) -> list[list[Any]]:
    known = {row["index"]: row for row in report["layers"]}
    bad = {one["index"] for one in report["errors"]}
    rows = []
    for index, layer in enumerate(layers):
        row = known.get(index)
        output = NOTHING if row is None else f" {TIMES} ".join(map(str, row["output_shape"]))
        rows.append(
            [
                index,
                str(layer.get("type", "?")),
                tr(_DOES_NOT_FIT) if index in bad else output,
                NOTHING if row is None else grouped(row["n_parameters"]),
                NOTHING if row is None else grouped(row["multiply_adds"]),
                ", ".join(f"{k} {json.dumps(v)}" for k, v in layer.items() if k != "type"),
            ]
        )
    return rows


def network_of_file(path: Path) -> list[LayerData]:
    """Return the network of a file.

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
        raise ParameterError("{file} is too big to be a network.", file=path.name)
    try:
        document = read_json(path)
    except JsonError as error:
        raise ParameterError("{file_name}: {error}", file_name=path.name, error=error) from None
    if isinstance(document, dict):
        document = document.get("network")
    return network_of_data(document)
