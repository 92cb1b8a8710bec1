"""Commands that only the installed program has: serve the app, shell completion, versions."""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of

from seizure_core import __version__
from seizure_core.command_line import DONE, argument, command, write

_PACKAGES = ("torch", "gradio", "numpy", "scipy", "huggingface_hub", "safetensors")


@command(
    "serve",
    "Serve the app until it is interrupted.",
    argument("--host", metavar="ADDRESS", help="Listen on this address. Default: 127.0.0.1."),
    argument("--port", metavar="N", type=int, help="Listen on this port. Default: 7860."),
    argument(
        "--data",
        metavar="DIR",
        help="Offer the recordings in this folder, read-only. Default: none.",
    ),
    description="Serve the app until it is interrupted. Beyond this computer, visitors can only "
    'write with a login; see "Settings" in README.',
    examples=("serve", "serve --port 8080 --data /eeg"),
)
def serve(arguments: argparse.Namespace) -> int:
    """Serve the app."""
    given = {
        "GRADIO_SERVER_NAME": arguments.host,
        "GRADIO_SERVER_PORT": arguments.port,
        "SEIZURE_ZOO_DATA": arguments.data,
    }
    # The app reads its settings from the environment when it is imported.
    os.environ.update({name: str(value) for name, value in given.items() if value is not None})
    from app import main

    return main()


@command(
    "completion",
    "Print the completion script of a shell.",
    argument(
        "shell", choices=("bash", "zsh", "tcsh"), help="Name of the shell: bash, zsh or tcsh."
    ),
    examples=(
        "completion bash > ~/.local/share/bash-completion/completions/seizure-zoo",
        "completion zsh > ~/.zfunc/_seizure-zoo",
    ),
)
def completion(arguments: argparse.Namespace) -> int:
    """Print the completion script."""
    import shtab

    script = shtab.complete(arguments.parser, arguments.shell)
    write(arguments, {"shell": arguments.shell, "script": script}, script)
    return DONE


@command(
    "version",
    "Print the versions to state in a bug report.",
    examples=("version", "version --json"),
)
def version(arguments: argparse.Namespace) -> int:
    """Print the versions."""
    versions = {"seizure-zoo": __version__, "python": platform.python_version()}
    versions |= {name: _version(name) for name in _PACKAGES}
    write(arguments, versions, [f"{name} {number}" for name, number in versions.items()])
    return DONE


def _version(package: str) -> str:
    try:
        return version_of(package)
    except PackageNotFoundError:
        return "not installed"
