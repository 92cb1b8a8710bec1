"""`seizure-zoo serve`: the app in a browser."""

from __future__ import annotations

import argparse
import os

NAME = "serve"
HELP = "Serve the app until it is interrupted."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.epilog = (
        "examples:\n"
        "  seizure-zoo serve\n"
        "  seizure-zoo serve --port 8080 --data /eeg\n\n"
        'README, "Settings", lists the environment variables, among them the login that is\n'
        "needed to let others write."
    )
    parser.add_argument("--host", metavar="ADDRESS", help="to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", metavar="N", type=int, help="(default: 7860)")
    parser.add_argument(
        "--data", metavar="DIR", help="read-only folder of recordings to offer (default: none)"
    )


def run(arguments: argparse.Namespace) -> int:
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
