"""The architecture card: what is needed to rebuild, feed, read and judge a model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from seizure_core.atomic import FileSignature, file_signature
from seizure_core.errors import shown
from seizure_core.json_document import (
    JsonError,
    canonical_json,
    parse_json,
    readable_json,
    sha256_of,
)
from seizure_core.messages import Message, sentences
from zoo.card.history import (
    ModelId,
    Parent,
    Result,
    ShortText,
    Text,
    TrainingSection,
    Version,
)
from zoo.card.output import OutputSection
from zoo.card.sections import GoldenSection, InputSection, WeightsSection
from zoo.card.validation import faults_of
from zoo.errors import CardError
from zoo.layers.base import StrictModel, fault
from zoo.layers.network import NetworkReport, check_network, size_error
from zoo.layers.vocabulary import LAYER_TYPES, AnyLayer, PerChannel

SCHEMA_VERSION = 2
CARD_FILE = "card.json"


_MAX_FAULTS_SHOWN = 5
# Cards already read, with the signatures of their files: listing models reads them often.
_READ: dict[Path, tuple[FileSignature, ArchitectureCard]] = {}
_MAX_CACHED = 200

_Card = TypeVar("_Card", bound="OpenCard")

FilledText = Annotated[str, Field(min_length=1, max_length=20_000)]


class OpenCard(StrictModel):
    """A card before its model is saved: without `golden` and `weights`.

    Its texts may contain anything; show them escaped.
    """

    schema_version: Literal[1, 2]
    model_id: ModelId
    title: ShortText
    version: Version
    created: str
    authors: tuple[ShortText, ...]
    license: ShortText
    intended_use: FilledText
    limitations: FilledText
    parent: Parent | None
    input: InputSection
    network: tuple[AnyLayer, ...]
    output: OutputSection
    training: TrainingSection
    results: tuple[Result, ...]

    @field_validator("created")
    @classmethod
    def _iso_date(cls, created: str) -> str:
        try:
            date.fromisoformat(created)
        except ValueError:
            raise fault(
                "{created!r} is no date; write it as 2025-01-31.", created=created
            ) from None
        return created

    @field_validator("intended_use", "limitations")
    @classmethod
    def _says_something(cls, text: Text, info: ValidationInfo) -> str:
        if not text.strip():
            raise fault("{field_name} must say something.", field_name=info.field_name)
        return text

    @field_validator("network", mode="before")
    @classmethod
    def _bounded_network(cls, layers: Any) -> Any:
        # Limit number and nesting of layers before anything recursive reads them.
        too_big = size_error(layers)
        if too_big is not None:
            raise fault(too_big.reason)
        return layers

    @model_validator(mode="after")
    def _fits_together(self) -> OpenCard:
        report = self.network_report()
        if report.errors:
            raise fault("network: {error}", error=report.errors[0])
        self._check_output(report)
        self._check_any_montage()
        if self.output.second_stage is not None and self.schema_version < SCHEMA_VERSION:
            raise fault("output.second_stage needs schema_version 2.")
        return self

    def _check_output(self, report: NetworkReport) -> None:
        n_steps = self.n_steps
        step_s, rate_hz = self.output.step_s, self.input.sampling_rate_hz
        if step_s is not None and step_s * rate_hz < 1.0 - 1e-9:
            raise fault(
                "output.step_s {step_s:g} is shorter than a sample, {rate_hz:g} s.",
                step_s=step_s,
                rate_hz=1 / rate_hz,
            )
        expected = (2,) if n_steps is None else (2, n_steps)
        if report.output_shape != expected:
            raise fault(
                "output.step_s {step_s} asks for an output of shape {expected}, but the "
                "network ends in {value}. step_s null means one value for each window.",
                step_s=self.output.step_s,
                expected=str(list(expected)),
                value=list(report.output_shape or ()),
            )
        if n_steps is not None and self.input.window_samples % n_steps:
            raise fault("output.step_s must be a whole number of samples, and window_s of steps.")

    def _check_any_montage(self) -> None:
        if self.input.channels is None and not isinstance(self.network[0], PerChannel):
            raise fault(
                "input.channels null (any montage) needs per_channel as the network's first "
                "layer: nothing else takes any number of channels in any order."
            )

    @property
    def n_steps(self) -> int | None:
        """Number of outputs per window, None for a single one."""
        step_s = self.output.step_s
        if step_s is None:
            return None
        # At least one sample, to avoid a division by zero.
        shortest_s = 1.0 / self.input.sampling_rate_hz
        return max(1, round(self.input.window_s / max(step_s, shortest_s)))

    def is_golden_shape(self, golden: GoldenSection) -> bool:
        """Return whether a golden output matches this card's network."""
        return golden.shape == [
            golden.n_windows,
            2,
            *([] if self.n_steps is None else [self.n_steps]),
        ]

    def network_report(self) -> NetworkReport:
        """Return shapes, parameters and receptive field of the network for the card's input."""
        return self._report

    @cached_property
    def _report(self) -> NetworkReport:
        return check_network(self.network, self.input.build_channels, self.input.window_samples)

    def sealed(self, golden: GoldenSection, weights: WeightsSection) -> ArchitectureCard:
        """Return the complete card without validating it again."""
        fields = {name: getattr(self, name) for name in OpenCard.model_fields}
        return ArchitectureCard.model_construct(
            {*self.model_fields_set, "golden", "weights"}, **fields, golden=golden, weights=weights
        )

    def to_document(self) -> dict[str, Any]:
        """Return the card as plain JSON data, with the keys it was given."""
        return self.model_dump(mode="json", exclude_unset=True)


class ArchitectureCard(OpenCard):
    """A complete card, with golden output and weights."""

    golden: GoldenSection
    weights: WeightsSection

    @model_validator(mode="after")
    def _proof_fits(self) -> ArchitectureCard:
        self._check_golden()
        n_parameters = self.network_report().n_parameters
        if self.weights.n_parameters != n_parameters:
            raise fault(
                "weights.n_parameters is {n_parameters}, but the network has {n_parameters_2}.",
                n_parameters=self.weights.n_parameters,
                n_parameters_2=n_parameters,
            )
        return self

    def _check_golden(self) -> None:
        golden = self.golden
        if self.input.channels is not None and golden.n_channels != len(self.input.channels):
            raise fault(
                "golden.n_channels is {n_channels}, but the model has {n_channels_2} channels.",
                n_channels=golden.n_channels,
                n_channels_2=len(self.input.channels),
            )
        if not self.is_golden_shape(golden):
            expected = [golden.n_windows, 2, *([] if self.n_steps is None else [self.n_steps])]
            raise fault("golden.logits must be numbers of shape {shape}.", shape=str(expected))

    @property
    def identity(self) -> tuple[str, str, str]:
        """Id and hashes, unique to the model."""
        return self.model_id, self.sha256, self.weights.sha256

    def to_json(self) -> bytes:
        """Return the contents of `card.json`."""
        return readable_json(self.to_document())

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the canonical card without `weights`, stored with the weights."""
        return document_sha256(self.to_document())


def document_sha256(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a card's canonical JSON without `weights`."""
    return sha256_of(
        canonical_json({key: value for key, value in document.items() if key != "weights"})
    )


def card_from_document(document: Any, *, file_name: str = CARD_FILE) -> ArchitectureCard:
    """Validate plain JSON data as a card.

    Raises
    ------
    CardError
        The message names file, place, value and bounds.
    """
    return _validated(ArchitectureCard, document, file_name)


def open_card_from_document(document: Any, *, file_name: str = CARD_FILE) -> OpenCard:
    """Validate a card that has no `golden` and `weights` yet.

    Raises
    ------
    CardError
        As `card_from_document`.
    """
    return _validated(OpenCard, document, file_name)


def _validated(model: type[_Card], document: Any, file_name: str) -> _Card:
    if not isinstance(document, Mapping):
        raise CardError(file_name, "a card is a JSON object.")
    version = document.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise CardError(
            file_name,
            "it is {version}, this program reads cards up to {schema_version}. "
            "Update Seizure Zoo to use this model.",
            location="schema_version",
            version=version,
            schema_version=SCHEMA_VERSION,
        )
    try:
        return model.model_validate(dict(document))
    except ValidationError as error:
        raise _card_error(error, file_name) from None
    except (ArithmeticError, ValueError, RecursionError, MemoryError) as error:
        reason = Message("its numbers are not valid ({error}).", error=shown(str(error)))
        raise CardError(file_name, reason) from None


def parse_card(data: bytes, *, file_name: str = CARD_FILE) -> ArchitectureCard:
    """Parse and validate the bytes of a card file.

    Raises
    ------
    CardError
        It is not JSON, or not a card.
    """
    try:
        document = parse_json(data)
    except JsonError as error:
        raise CardError(file_name, error.message) from None
    return card_from_document(document, file_name=file_name)


def read_card(path: str | Path, *, file_name: str = "") -> ArchitectureCard:
    """Read and validate a card file.

    Raises
    ------
    CardError
        The file cannot be read, is not JSON, or not a card.
    """
    path = Path(path)
    try:
        signature = file_signature(path)
        known = _READ.get(path)
        if known is not None and known[0] == signature:
            return known[1]
        data = path.read_bytes()
    except OSError as error:
        raise CardError(
            path.name, "it cannot be read ({strerror}).", strerror=error.strerror
        ) from None
    card = parse_card(data, file_name=file_name or path.name)
    while len(_READ) >= _MAX_CACHED:
        _READ.pop(next(iter(_READ)), None)
    _READ[path] = (signature, card)
    return card


def _card_error(error: ValidationError, file_name: str) -> CardError:
    faults = faults_of(error, LAYER_TYPES)
    first, others = faults[0], faults[1:_MAX_FAULTS_SHOWN]
    n_more = len(faults) - _MAX_FAULTS_SHOWN
    reason = sentences(
        first.reason,
        *[Message("{location}: {reason}", location=o.location, reason=o.reason) for o in others],
        Message("And {n} more.", n=n_more) if n_more > 0 else "",
    )
    return CardError(file_name, reason, location=first.location)
