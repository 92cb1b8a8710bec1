"""`python -m zoo publish ID REPO`: put a net on the Hub."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from seizure_core.command_line import DONE, write
from seizure_core.plain_text import printable

if TYPE_CHECKING:
    from zoo.hub.publishing import PublicationPlan

NAME = "publish"
HELP = "Publish a model on the Hub; the token is HF_TOKEN or the saved login."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("model_id", metavar="ID", help="id of the net, as in 'list'")
    parser.add_argument("repo", metavar="REPO", help="ORG/NAME; created if it does not exist")
    parser.add_argument("--public", action="store_true", help="let everybody see a new repository")
    parser.add_argument("--note", metavar="TEXT", default="", help="what is new")
    parser.add_argument(
        "--preview", action="store_true", help="show what would be sent, send nothing"
    )
    parser.add_argument(
        "--allow-names",
        action="store_true",
        help="publish texts of the card that look like names of recordings",
    )


def run(arguments: argparse.Namespace) -> int:
    """Show what is sent, and send it."""
    from zoo.hub.access import HubAccess
    from zoo.hub.publishing import plan_publication, publish

    access = HubAccess.own()
    plan = plan_publication(
        arguments.model_id,
        arguments.repo,
        access,
        private=not arguments.public,
        note=arguments.note,
        allow_names=arguments.allow_names,
    )
    document = {
        "model_id": plan.model_id,
        "version": plan.version,
        "repo_id": plan.repo_id,
        "private": plan.private,
        "files": [asdict(one) for one in plan.files],
        "warnings": list(plan.warnings),
        "url": None,
        "revision": None,
    }
    text = _text(plan, with_diff=arguments.preview)
    if not arguments.preview:
        # What is sent is shown before it is sent.
        if not arguments.json:
            print(text, flush=True)
        done = publish(plan, access)
        document |= {"url": done.url, "revision": done.revision}
        text = f"{plan.model_id} {plan.version}: published at {done.url}, commit {done.revision}"
    write(arguments, document, text)
    return DONE


def _text(plan: PublicationPlan, *, with_diff: bool) -> str:
    kind = "private" if plan.private else "public"
    state = "new" if plan.is_new_repository else "existing"
    lines = [f"To the {state}, {kind} repository {plan.repo_id}:"]
    lines += [f"  {one.change:<9} {one.name} ({one.size_bytes:,} bytes)" for one in plan.files]
    lines += [f"  warning: {printable(one)}" for one in plan.warnings]
    if with_diff:
        lines += [printable(line) for line in plan.diff]
    return "\n".join(lines)
