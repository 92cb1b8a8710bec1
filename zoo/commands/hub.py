"""Commands on models and registries on the Hub."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from seizure_core.command_line import DONE, FAILED, argument, command, fail, write
from seizure_core.errors import ParameterError
from seizure_core.plain_text import printable
from zoo.commands.shared import MODEL_ID, each

if TYPE_CHECKING:
    from zoo.hub.publishing import PublicationPlan


@command(
    "pull",
    "Fetch a model from the Hub, check it and register it.",
    argument("repo", metavar="REPO", help="Repository: ORG/NAME, or hf://ORG/NAME@REVISION."),
    argument("--revision", metavar="REV", help="Branch, tag or commit. Default: the newest."),
    examples=("pull some-org/some-model", "pull some-org/some-model --revision v1.2.0"),
)
def pull(arguments: argparse.Namespace) -> int:
    """Pull the model."""
    from zoo.hub.pulling import pull_model

    pulled = pull_model(arguments.repo, arguments.revision)
    write(
        arguments,
        pulled,
        f"{pulled['model_id']}: pulled from {pulled['repo_id']} at {pulled['revision']}",
    )
    return DONE


@command(
    "publish",
    "Publish a model on the Hub.",
    MODEL_ID,
    argument("repo", metavar="REPO", help="Repository: ORG/NAME; created if missing."),
    argument(
        "--public", action="store_true", help="Make a new repository public. Default: private."
    ),
    argument(
        "--note", metavar="TEXT", default="", help="Changelog entry. Default: that of the card."
    ),
    argument("--preview", action="store_true", help="Show what would be sent, but send nothing."),
    argument(
        "--allow-names",
        action="store_true",
        help="Publish texts of the card even if they look like names of recordings.",
    ),
    description="Publish a model on the Hub. The token is HF_TOKEN or the saved login.",
    examples=("publish my-model my-org/my-model --preview", "publish my-model my-org/my-model"),
)
def publish(arguments: argparse.Namespace) -> int:
    """Show what will be sent, then send it."""
    from zoo.hub import publishing
    from zoo.hub.access import HubAccess

    access = HubAccess.own()
    plan = publishing.plan_publication(
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
        "files": [asdict(file) for file in plan.files],
        "warnings": list(plan.warnings),
        "url": None,
        "revision": None,
    }
    text = _plan_text(plan, with_diff=arguments.preview)
    if not arguments.preview:
        # Show what will be sent before sending it.
        if not arguments.json:
            print(text, flush=True)
        done = publishing.publish(plan, access)
        url, revision = done["url"], done["revision"]
        document |= {"url": url, "revision": revision}
        text = f"{plan.model_id} {plan.version}: published at {url}, commit {revision}"
    write(arguments, document, text)
    return DONE


@command(
    "search",
    "Search the Hub for models of Seizure Zoo.",
    argument(
        "words",
        metavar="WORDS",
        nargs="*",
        help="Words in the name of the repository. Default: all.",
    ),
    argument(
        "--limit", metavar="N", type=int, default=50, help="Maximum number of results. Default: 50."
    ),
    examples=("search", "search eeg --limit 10"),
)
def search(arguments: argparse.Namespace) -> int:
    """Print the search results."""
    from zoo.hub.search import search_models

    found = search_models(" ".join(arguments.words), arguments.limit)
    write(arguments, found, [_result_line(item) for item in found] or "Nothing was found.")
    return DONE


@command(
    "registry",
    "Add, update, list or remove registries of models on the Hub.",
    argument(
        "action",
        choices=("add", "update", "list", "remove"),
        help="Action: add, update, list or remove.",
    ),
    argument("repos", metavar="REPO", nargs="*", help="Repository with a registry.json: ORG/NAME."),
    examples=("registry add some-org/models", "registry update", "registry list"),
)
def registry(arguments: argparse.Namespace) -> int:
    """Apply the action to every repository; return 1 if one failed."""
    from zoo.hub.registries import add_hub_registry, list_hub_registries, remove_hub_registry

    known = list_hub_registries()
    if arguments.action == "list":
        write(arguments, known, [f"{entry['repo_id']}  {entry['revision']}" for entry in known])
        return DONE
    repos = arguments.repos
    if not repos and arguments.action == "update":
        repos = [entry["repo_id"] for entry in known]
    elif not repos:
        raise ParameterError("Name a repository to {action}.", action=arguments.action)
    change = remove_hub_registry if arguments.action == "remove" else add_hub_registry
    done, status = each(change, repos)
    faults = [fault for result in done for fault in result.get("faults", [])]
    for fault in faults:
        fail(fault)
    write(arguments, done, [_registry_line(result) for result in done])
    return FAILED if faults else status


def _plan_text(plan: PublicationPlan, *, with_diff: bool) -> str:
    kind = "private" if plan.private else "public"
    state = "new" if plan.is_new_repository else "existing"
    lines = [f"To the {state}, {kind} repository {plan.repo_id}:"]
    lines += [f"  {file.change:<9} {file.name} ({file.size_bytes:,} bytes)" for file in plan.files]
    lines += [f"  warning: {printable(warning)}" for warning in plan.warnings]
    if with_diff:
        lines += [printable(line) for line in plan.diff]
    return "\n".join(lines)


def _result_line(row: dict[str, Any]) -> str:
    kind = "private" if row["private"] else "gated" if row["gated"] else "public"
    return f"{row['repo_id']}  {kind}, {row['license'] or 'no licence'}, {row['updated']}"


def _registry_line(row: dict[str, Any]) -> str:
    if "model_ids" not in row:
        return f"{row['repo_id']}: removed"
    return f"{row['repo_id']} at {row['revision']}: {', '.join(row['model_ids']) or 'no models'}"
