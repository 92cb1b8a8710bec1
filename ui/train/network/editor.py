"""Step 2: a network is built layer by layer, checked and drawn meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.json_document import MAX_BYTES, JsonError, read_json
from seizure_core.recording import Finding
from training.data.store import list_datasets
from ui.drawings.network import network_html, network_svg
from ui.drawings.network_nodes import nodes_of
from ui.events import Updates, listen
from ui.i18n.translation import grouped, tr
from ui.train.network.comparison import NetworkComparison, compared_choices
from ui.train.network.layer_forms import build_layer_list, layers_html, value_of_field
from ui.train.network.layers import (
    FIRST_START,
    LayerData,
    edited,
    is_model,
    layers_of,
    network_of_data,
    network_text,
    read_network,
    start_choices,
    start_of,
)
from ui.train.progress import NETWORK, TRAIN, StepButtons
from ui.train.remembering import Kept
from ui.widgets import markup
from zoo.layers.network import NetworkReport, check_network
from zoo.presets import PRESETS

_DRAWING_SCRIPT = Path(__file__).with_name("drawing.js")
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
    listing, showing : list
        What `listed` and `checked` change.
    buttons : StepButtons
        What leads on.
    """

    def __init__(self, dataset: gr.Dropdown) -> None:
        with gr.Row(equal_height=False):
            with gr.Column(scale=1, min_width=320):
                self._build_start()
                self._facts = gr.HTML("", elem_id="network-facts")
                self._layers = build_layer_list()
            with gr.Column(scale=1, min_width=320):
                with gr.Row(equal_height=True, elem_classes="heading-row"):
                    gr.HTML(markup.heading("Drawing"), padding=False)
                    save_drawing = gr.Button(
                        "Save as SVG", size="md", scale=0, min_width=130, elem_id="save-drawing"
                    )
                self._drawing = gr.HTML(
                    "",
                    js_on_load=_DRAWING_SCRIPT.read_text(encoding="utf-8"),
                    elem_id="network-drawing",
                )
        self.buttons = StepButtons(NETWORK, {}, leads_to=TRAIN)
        self._build_text()
        self._comparison = NetworkComparison()
        self.beginning = [self.start, self.with_weights, self.code, self._comparison.other]
        self.listing = [self.start, self._comparison.other]
        self.showing = [self._facts, self._drawing, self._layers]
        listen(save_drawing.click, None, js=_SAVE_DRAWING)
        listen(self._save.click, None, inputs=self.code, js=_SAVE_NETWORK)
        self._wire_start()
        self._wire_check(dataset)
        self._comparison.wire(self.code)

    def _build_start(self) -> None:
        self.start = gr.Dropdown(
            choices=start_choices(), value=FIRST_START, label="Start from", elem_id="start-from"
        )
        self.with_weights = gr.Checkbox(
            label="With its weights (fine-tuning)",
            info="For a model of the zoo whose layers are unchanged.",
            visible=False,
            elem_id="with-weights",
        )

    def _build_text(self) -> None:
        with gr.Accordion("The network as JSON", open=False, elem_id="network-json"):
            self.code = gr.Code(
                network_text(PRESETS[0].layers),
                language="json",
                label="Layers (paste, edit, copy): the list above follows",
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

    def recalled(self, kept: Kept) -> Updates:
        """Show the network that stood here before the page was loaded again."""
        text, start = kept.get(self.code.elem_id), kept.get(self.start.elem_id)
        choices = start_choices()
        if not isinstance(text, str) or start not in [choice for _, choice in choices]:
            return self.listed()
        tuning = bool(kept.get(self.with_weights.elem_id))
        return {
            **self.listed(),
            self.start: gr.Dropdown(choices=choices, value=start),
            self.with_weights: gr.Checkbox(visible=is_model(start), value=tuning),
            self.code: text,
        }

    def begin_with(self, layers: Sequence[LayerData]) -> Updates:
        """Begin with layers that have no weights."""
        return {self.with_weights: gr.Checkbox(value=False), self.code: network_text(layers)}

    def _wire_start(self) -> None:
        def take(start: str) -> Updates:
            return {
                self.code: network_text(layers_of(start)),
                self.with_weights: gr.Checkbox(visible=is_model(start), value=is_model(start)),
                self._comparison.other: start,
            }

        def load(path: str) -> Updates:
            return self.begin_with(network_of_file(Path(path)))

        listen(self.start.input, take, inputs=self.start, outputs=self.beginning)
        listen(self._load.upload, load, inputs=self._load, outputs=self.beginning)

    def listed(self) -> Updates:
        """List the current choices to begin from and to compare with."""
        return {
            self.start: gr.Dropdown(choices=start_choices()),
            self._comparison.other: gr.Dropdown(choices=compared_choices()),
        }

    def _wire_check(self, dataset: gr.Dropdown) -> None:
        def check(text: str, dataset_id: str | None) -> Updates:
            return self.checked(text, card_of(dataset_id))

        def act(text: str, dataset_id: str | None, done: gr.EventData) -> Updates:
            return self.acted(text, card_of(dataset_id), done.edit)

        asked = [self.code, dataset]
        listen(
            [self.code.change, dataset.change],
            check,
            inputs=asked,
            outputs=self.showing,
            trigger_mode="always_last",
            quiet=True,
        )
        listen(
            self._layers.layer_act,
            act,
            inputs=asked,
            outputs=[self.code, *self.showing],
            trigger_mode="multiple",
            quiet=True,
        )

    def acted(self, text: str, card: dict[str, Any] | None, done: dict[str, Any]) -> Updates:
        """Change a layer as the user did in the list, and show what follows.

        Raises
        ------
        ParameterError
            The text is no network, or there is no such layer any more.
        """
        layers, act, place = read_network(text), done["act"], done["place"]
        if act == "set":
            value = value_of_field(done["typed"])
            edited(layers, act, place, name=done["name"], value=value)
            at = ""
        else:
            at = edited(layers, act, place, type=done["type"])
        now = network_text(layers)
        return {self.code: now, **self.checked(now, card, opened=at)}

    def checked(self, text: str, card: dict[str, Any] | None, *, opened: str = "") -> Updates:
        """Show what follows from a network, for the windows of a dataset if there is one."""
        try:
            layers = read_network(text)
        except ParameterError as error:
            return {
                self._facts: markup.findings([Finding.error(error.template, **error.values)]),
                self._drawing: markup.empty(
                    "The drawing appears when the JSON below is a network again."
                ),
                self._layers: layers_html(None, ()),
            }
        n_channels, n_samples = input_shape(card)
        rate_hz = card["settings"]["sampling_rate_hz"] if card else PRESETS[0].sampling_rate_hz
        report = check_network(layers, n_channels, n_samples)
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
            self._layers: layers_html(layers, nodes_of(layers, report, rate_hz), opened=opened),
        }


def card_of(dataset_id: str | None) -> dict[str, Any] | None:
    """Return the card of a dataset; None where there is none, or none is chosen."""
    return next((card for card in list_datasets() if card["dataset_id"] == dataset_id), None)


def network_fits(text: str, card: dict[str, Any] | None) -> bool:
    """Whether a network can be trained on the windows of a dataset."""
    try:
        layers = read_network(text)
    except ParameterError:
        return False
    return check_network(layers, *input_shape(card)).valid


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


def _facts(report: NetworkReport, card: dict[str, Any] | None, rate_hz: float) -> str:
    reach = report.receptive_field_samples
    # What is wrong with a layer stands at the layer.
    errors = [Finding.error(error.message) for error in report.errors if error.index is None]
    return markup.facts(
        [
            ("Input", shape_words(card)),
            ("Network", tr("fits" if report.valid else _DOES_NOT_FIT)),
            ("Parameters", grouped(report.n_parameters)),
            (
                "Receptive field",
                tr("{seconds:.3g} s ({samples:,} samples)", seconds=reach / rate_hz, samples=reach),
            ),
            ("Multiply-adds a window", grouped(report.multiply_adds)),
        ],
        lead=True,
    ) + markup.findings(errors)


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
