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
    argument("--host", metavar="ADDRESS", help="to listen on (default: 127.0.0.1)"),
    argument("--port", metavar="N", type=int, help="(default: 7860)"),
    argument(
        "--data", metavar="DIR", help="read-only folder of recordings to offer (default: none)"
    ),
    epilog="examples:\n"
    "  seizure-zoo serve\n"
    "  seizure-zoo serve --port 8080 --data /eeg\n\n"
    'README, "Settings", lists the environment variables, among them the login that is\n'
    "needed to let others write.",
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
    argument("shell", choices=("bash", "zsh", "tcsh"), help="bash, zsh or tcsh"),
    epilog="examples:\n"
    "  seizure-zoo completion bash > ~/.local/share/bash-completion/completions/seizure-zoo\n"
    "  seizure-zoo completion zsh > ~/.zfunc/_seizure-zoo",
)
def completion(arguments: argparse.Namespace) -> int:
    """Print the completion script."""
    import shtab

    script = shtab.complete(arguments.parser, arguments.shell)
    write(arguments, {"shell": arguments.shell, "script": script}, script)
    return DONE


@command("version", "Print the versions that a bug report should name.")
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
