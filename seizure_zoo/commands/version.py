"""`seizure-zoo version`: versions of the program and of what it computes with."""

from __future__ import annotations

import argparse
import platform
from importlib.metadata import PackageNotFoundError, version

from seizure_core import __version__
from seizure_core.command_line import DONE, write

NAME = "version"
HELP = "Print the versions that a bug report should name."

_PACKAGES = ("torch", "gradio", "numpy", "scipy", "huggingface_hub", "safetensors")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options: it has none of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Print the versions."""
    versions = {"seizure-zoo": __version__, "python": platform.python_version()}
    versions |= {name: _version(name) for name in _PACKAGES}
    write(arguments, versions, [f"{name} {number}" for name, number in versions.items()])
    return DONE


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
