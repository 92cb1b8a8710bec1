"""An endpoint: its function, and its description for people and programs.

Gradio's page, the MCP tools and the OpenAPI file all say what stands here, and it stands once:
names, types and defaults in the function's signature, sentences in its docstring, the shape of the
answer in the table of endpoints.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gradio.utils import get_function_params

from seizure_core.errors import ParameterError
from seizure_core.messages import Message, near_names
from ui.server.queues import QUICK_QUEUE

_ENTRY = re.compile(r"(?P<names>\w+(?:, \w+)*) : .+")
NOT_GIVEN = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an endpoint.

    Attributes
    ----------
    name, description : str
        As in the function's signature and docstring.
    type : type
        As the function declares it.
    default : object
        `NOT_GIVEN` where it must be given.
    """

    name: str
    type: Any
    default: Any
    description: str

    @property
    def is_required(self) -> bool:
        """Whether it must be given."""
        return self.default is NOT_GIVEN


@dataclass(frozen=True)
class Endpoint:
    """A function of the API.

    Attributes
    ----------
    function : callable
        It bears the name it is published under; its docstring is its description.
    answers : mapping of str to type
        Type of each value that it answers, by name.
    writes : bool
        Whether it changes something that is kept on the server.
    destroys : bool
        Whether what it changes cannot be got back by a call.
    private : bool
        Whether it tells of what users keep on the server: datasets and runs bear names of files
        and patients.
    queue : str
        Where calls wait.
    mcp_defaults : mapping
        What MCP clients mean who leave a parameter out, where it differs.
    """

    function: Callable[..., Any]
    answers: Mapping[str, Any]
    writes: bool = False
    destroys: bool = False
    private: bool = False
    queue: str = QUICK_QUEUE
    mcp_defaults: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name it is published under."""
        return str(self.function.__name__)

    @cached_property
    def summary(self) -> str:
        """One sentence about the endpoint."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters in order, without those that Gradio fills in itself."""
        sentences = parameter_sentences(self.function)
        return tuple(
            Parameter(name, kind, default if optional else NOT_GIVEN, sentences.get(name, ""))
            for name, optional, default, kind in get_function_params(self.function)
        )

    def in_order(self, given: Mapping[str, Any]) -> list[Any]:
        """Return the values of all parameters in order.

        Raises
        ------
        ParameterError
            One is unknown, or lacks; the message names it and what there is.
        """
        names = [parameter.name for parameter in self.parameters]
        for name in given:
            if name not in names:
                near = near_names(name, names, most=1)
                raise ParameterError(
                    "/{endpoint} has no argument {name!r}.{near} {takes}",
                    endpoint=self.name,
                    name=name,
                    near=Message(" Did you mean {near}?", near=near[0]) if near else "",
                    takes=self._takes,
                )
        for parameter in self.parameters:
            if parameter.is_required and parameter.name not in given:
                raise ParameterError(
                    "/{endpoint} needs the argument {name}, which was not given. {takes}",
                    endpoint=self.name,
                    name=parameter.name,
                    takes=self._takes,
                )
        return [given.get(parameter.name, parameter.default) for parameter in self.parameters]

    def completed(self, given: list[Any]) -> list[Any]:
        """Return values given in order, with the defaults of those left out at the end.

        Raises
        ------
        ParameterError
            There are too many or too few.
        """
        if len(given) > len(self.parameters):
            raise ParameterError(
                "/{endpoint} was given {n} arguments. {takes}",
                endpoint=self.name,
                n=len(given),
                takes=self._takes,
            )
        return self.in_order(
            {one.name: value for one, value in zip(self.parameters, given, strict=False)}
        )

    def named(self, values: list[Any]) -> Any:
        """Return what it has answered: a single value, or several by their names."""
        plain = [_file(value) if is_file(value) else value for value in values]
        return plain[0] if len(plain) == 1 else dict(zip(self.answers, plain, strict=True))

    @property
    def _takes(self) -> Message:
        needed = ", ".join(parameter.name for parameter in self.parameters if parameter.is_required)
        others = ", ".join(
            parameter.name for parameter in self.parameters if not parameter.is_required
        )
        if needed and others:
            return Message(
                "It takes {needed}, and optionally {others}.", needed=needed, others=others
            )
        if not needed and not others:
            return Message("It takes no arguments.")
        return Message("It takes {names}.", names=needed or others)


def parameter_sentences(function: Callable[..., Any]) -> dict[str, str]:
    """Return what a numpydoc docstring says of each parameter.

    A method that says nothing of one says what the method does that it overrides.
    """
    owner = type(getattr(function, "__self__", None))
    overridden = [vars(documented).get(function.__name__) for documented in reversed(owner.__mro__)]
    sentences: dict[str, str] = {}
    for documented in [*filter(None, overridden), function]:
        sentences |= _sentences(inspect.getdoc(documented) or "")
    return sentences


def _sentences(docstring: str) -> dict[str, str]:
    _, _, section = docstring.partition("\nParameters\n----------\n")
    found: dict[str, list[str]] = {}
    names: list[str] = []
    for line in section.splitlines():
        if line.startswith(("---", "Returns", "Raises")):
            break
        if entry := _ENTRY.fullmatch(line):
            names = entry["names"].split(", ")
        elif line.strip():
            for name in names:
                found.setdefault(name, []).append(line.strip())
    return {name: " ".join(lines) for name, lines in found.items()}


def is_file(value: object) -> bool:
    """Return whether an answer is a file as Gradio writes it."""
    return isinstance(value, dict) and "path" in value and "url" in value


def _file(value: dict[str, Any]) -> dict[str, Any]:
    return {"file_name": value["orig_name"], "url": value["url"]}
