"""What app, API and command line do with nets, as plain values: the contract's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zoo.hub.access import HubAccess
from zoo.hub.addresses import parse_address
from zoo.hub.fetching import FetchProgress
from zoo.hub.identity import who_is
from zoo.hub.publishing import plan_json, plan_publication, publish
from zoo.hub.pulling import pull_net
from zoo.hub.registries import AddedRegistry, add_registry, known_registries, remove_registry
from zoo.hub.search import search_hub
from zoo.inference.compare_files import BatchProgress, compare_files, comparison_json, load_nets
from zoo.store.bundle import export_bundle, import_bundle
from zoo.store.home import home_folder
from zoo.store.repair import repair_home
from zoo.store.revision import revise_net
from zoo.store.user_models import remove_net, restore_net


def preview_publication(
    model_id: str,
    repo_id: str,
    private: bool = True,
    *,
    note: str = "",
    allow_names: bool = False,
    access: HubAccess | None = None,
) -> dict[str, Any]:
    """Say what publishing a net would send and change; nothing is sent.

    Raises
    ------
    SeizureZooError
        As `zoo.hub.publishing.plan_publication`.
    """
    plan = plan_publication(
        model_id, repo_id, _own(access), private=private, note=note, allow_names=allow_names
    )
    return plan_json(plan)


def publish_model(
    model_id: str,
    repo_id: str,
    private: bool = True,
    *,
    note: str = "",
    expected_revision: str | None = None,
    expected_fingerprint: str | None = None,
    allow_names: bool = False,
    access: HubAccess | None = None,
) -> dict[str, Any]:
    """Publish a net on the Hub as one commit.

    Parameters
    ----------
    model_id : str
        Which net.
    repo_id : str
        `org/name`; created if it does not exist.
    private : bool
        Whether a new repository is private.
    note : str
        What is new, for the changelog.
    expected_revision : str, optional
        The `parent_revision` of a preview: if the repository has changed since, nothing is sent.
    expected_fingerprint : str, optional
        The `fingerprint` of a preview: if anything of it is different now, nothing is sent.
    allow_names : bool
        Whether texts of the card that look like names of recordings may be known.
    access : HubAccess, optional
        Who publishes; None means this machine's user.

    Returns
    -------
    dict
        `repo_id`, `revision` (the full commit), `url`.

    Raises
    ------
    SeizureZooError
        As `zoo.hub.publishing`.
    """
    who = _own(access)
    plan = plan_publication(
        model_id, repo_id, who, private=private, note=note, allow_names=allow_names
    )
    plan.check_parent(expected_revision)
    plan.check_fingerprint(expected_fingerprint)
    return asdict(publish(plan, who))


def pull_model(
    repo_id: str,
    revision: str | None = None,
    *,
    access: HubAccess | None = None,
    progress: FetchProgress | None = None,
) -> dict[str, Any]:
    """Fetch a net of the Hub, check it and register it.

    Parameters
    ----------
    repo_id : str
        `org/name`, also with `hf://` before and `@revision` behind it.
    revision : str, optional
        Branch, tag or commit; None means the newest.
    access : HubAccess, optional
        Who asks; None means this machine's user.
    progress : callable, optional
        Told what begins.

    Returns
    -------
    dict
        `model_id`, `revision` (the full commit), `repo_id`.

    Raises
    ------
    SeizureZooError
        As `zoo.hub.pulling.pull_net`.
    """
    address = parse_address(repo_id, revision=revision)
    entry = pull_net(address, _own(access), progress=progress)
    return {"model_id": entry.model_id, "revision": entry.revision, "repo_id": entry.repo_id}


def export_model(model_id: str, folder: str | Path, *, access: HubAccess | None = None) -> Path:
    """Write a net as a bundle into a folder and return the file.

    Raises
    ------
    SeizureZooError
        As `zoo.store.bundle.export_bundle`.
    """
    return export_bundle(model_id, folder, access=access)


def import_model(bundle: str | Path, *, file_name: str | None = None) -> dict[str, Any]:
    """Take a net in from a bundle or a folder; return its `model_id`.

    Raises
    ------
    SeizureZooError
        As `zoo.store.bundle.import_bundle`.
    """
    return {"model_id": import_bundle(bundle, file_name=file_name).model_id}


def delete_model(model_id: str) -> dict[str, Any]:
    """Delete a user's net; return its `model_id` and the `undo` that `restore_model` takes.

    Raises
    ------
    SeizureZooError
        As `zoo.store.user_models.remove_net`.
    """
    discarded = remove_net(model_id)
    return {"model_id": model_id, "deleted": True, "undo": discarded.ticket}


def restore_model(undo: str) -> dict[str, Any]:
    """Bring a deleted net back; return its `model_id`.

    Raises
    ------
    SeizureZooError
        As `zoo.store.user_models.restore_net`.
    """
    return {"model_id": restore_net(undo).model_id}


def revise_model(model_id: str, version: str, note: str) -> dict[str, Any]:
    """Give a user's net a new version and return its card.

    Raises
    ------
    SeizureZooError
        As `zoo.store.revision.revise_net`.
    """
    return revise_net(model_id, version=version, note=note).to_document()


def search_models(
    query: str = "", limit: int = 50, *, access: HubAccess | None = None
) -> list[dict[str, Any]]:
    """Search the Hub for nets of Seizure Zoo.

    Raises
    ------
    SeizureZooError
        As `zoo.hub.search.search_hub`.
    """
    rows = (asdict(one) for one in search_hub(query, _own(access), limit=limit))
    return [{**row, "tags": list(row["tags"])} for row in rows]


def hub_identity(*, access: HubAccess | None = None) -> str | None:
    """Return under which name the Hub knows the asker; None without a login.

    Raises
    ------
    SeizureZooError
        As `zoo.hub.identity.who_is`.
    """
    return who_is(_own(access))


def compare_models(
    model_ids: Sequence[str],
    recordings: Sequence[Path],
    *,
    references: Sequence[Path | None] | None = None,
    file_names: Sequence[str] | None = None,
    thresholds: Sequence[float | None] | None = None,
    max_points: int | None = None,
    progress: BatchProgress | None = None,
) -> dict[str, Any]:
    """Compare nets on recordings; see `zoo.inference.compare_files` for the parts.

    Raises
    ------
    SeizureZooError
        As `zoo.inference.compare_files.load_nets` and `compare_files`.
    """
    comparison = compare_files(
        load_nets(model_ids, thresholds),
        recordings,
        references=references,
        file_names=file_names,
        progress=progress,
    )
    return comparison_json(comparison, max_points=max_points)


def add_hub_registry(repo_id: str, *, access: HubAccess | None = None) -> dict[str, Any]:
    """Add or update a registry on the Hub; return its nets and what is wrong with others.

    Raises
    ------
    SeizureZooError
        As `zoo.hub.registries.add_registry`.
    """
    return _registry_row(add_registry(repo_id, _own(access)))


def list_hub_registries() -> list[dict[str, Any]]:
    """Return repository and commit of every registry on the Hub that was added."""
    return [asdict(one) for one in known_registries()]


def remove_hub_registry(repo_id: str) -> dict[str, Any]:
    """Forget a registry on the Hub.

    Raises
    ------
    SeizureZooError
        As `zoo.hub.registries.remove_registry`.
    """
    remove_registry(repo_id)
    return {"repo_id": parse_address(repo_id).repo_id, "removed": True}


def repair_models() -> dict[str, Any]:
    """Rebuild the registry of the user's nets; return the nets and what was wrong.

    Raises
    ------
    SeizureZooError
        As `zoo.store.repair.repair_home`.
    """
    report = repair_home(home_folder())
    return {
        "model_ids": [one.model_id for one in report.entries],
        "findings": [asdict(one) for one in report.findings],
    }


def _registry_row(added: AddedRegistry) -> dict[str, Any]:
    return {
        **asdict(added.registry),
        "model_ids": [one.model_id for one in added.entries],
        "faults": list(added.faults),
    }


def _own(access: HubAccess | None) -> HubAccess:
    return HubAccess.own() if access is None else access
