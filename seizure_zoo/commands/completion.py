"""`seizure-zoo completion SHELL`: what the shell needs to complete commands and options."""

from __future__ import annotations

import argparse

from seizure_core.command_line import DONE, write

NAME = "completion"
HELP = "Print the completion script of a shell."

SHELLS = ("bash", "zsh", "tcsh")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.epilog = (
        "examples:\n"
        "  seizure-zoo completion bash > ~/.local/share/bash-completion/completions/seizure-zoo\n"
        "  seizure-zoo completion zsh > ~/.zfunc/_seizure-zoo"
    )
    parser.add_argument("shell", choices=SHELLS, help="bash, zsh or tcsh")


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    script = shtab.complete(arguments.parser, arguments.shell)
    write(arguments, {"shell": arguments.shell, "script": script}, script)
    return DONE
