"""Publication of models on the Hub: preview, then send exactly what was shown."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from seizure_core import __version__
from seizure_core.json_document import sha256_of
from seizure_core.plain_text import printable
from zoo.card.readme import README_FILE
from zoo.card.schema import ArchitectureCard, parse_card
from zoo.card.sections import WEIGHTS_FILE
from zoo.errors import CardError, HubAccessError, PublicationError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import HUB_CARD_FILE, HubAddress, parse_address
from zoo.hub.client import NOT_DONE, ask, has_token, hub_api, hub_errors
from zoo.hub.privacy import identifying_texts
from zoo.hub.readme import hub_readme
from zoo.hub.snapshots import Snapshot, look_up, small_files
from zoo.store.model_folder import read_registered_weights
from zoo.store.registry import Registry, card_of

TEXT_FILES = (README_FILE, HUB_CARD_FILE)

Change = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """One file of a publication: size, and how it differs from the published one."""

    name: str
    size_bytes: int
    change: Change


@dataclass(frozen=True, kw_only=True, eq=False)
class PublicationPlan:
    """Preview of a publication; nothing has been sent yet.

    Attributes
    ----------
    is_new_repository : bool
        Whether the repository will be created.
    private : bool
        Whether the repository is private; an existing one is not changed.
    parent_revision : str or None
        Newest commit of the repository. If there is another one on sending, nothing is sent.
    published_version : str or None
        Version that is published now.
    diff : tuple of str
        Unified diff of the text files against the published ones.
    title, changelog : str
        Title and text of the commit.
    contents : mapping of str to bytes
        The bytes to send, by file name.
    """

    model_id: str
    version: str
    repo_id: str
    is_new_repository: bool
    private: bool
    parent_revision: str | None
    published_version: str | None
    files: tuple[PlannedFile, ...]
    diff: tuple[str, ...]
    title: str
    changelog: str
    warnings: tuple[str, ...]
    contents: Mapping[str, bytes]

    @property
    def changes_anything(self) -> bool:
        """Whether there would be a new commit."""
        return any(file.change != "unchanged" for file in self.files)

    @property
    def fingerprint(self) -> str:
        """Hash of everything that would be sent, including the target."""
        parts = [
            *(self.repo_id, self.parent_revision, self.private, self.title, self.changelog),
            *((name, sha256_of(data)) for name, data in self.contents.items()),
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def plan_publication(
    model_id: str,
    repo: str,
    access: HubAccess,
    *,
    private: bool = True,
    note: str = "",
    allow_names: bool = False,
) -> PublicationPlan:
    """Return what publishing a model would send and change.

    Only the card, the weights and a README generated from the card are ever sent.

    Parameters
    ----------
    model_id : str
        Id of a local model.
    repo : str
        `org/name` on the Hub; created if it does not exist.
    private : bool
        Whether a new repository is private.
    note : str
        Changelog entry; empty takes the card's note on this version.
    allow_names : bool
        Whether to publish texts that look like names of recordings or local folders.

    Raises
    ------
    PublicationError
        The card may identify someone, the repository holds another model, or this version is
        already published with other contents.
    HubError
        The Hub cannot be reached, or does not permit this.
    UnknownModelError, CardError, RegistryError, WeightsError
        There is no such model, or it is damaged.
    """
    repo_id = parse_address(repo).repo_id
    card, contents = _contents(model_id, repo_id)
    identifying = identifying_texts(card.to_document())
    if identifying and not allow_names:
        raise PublicationError(
            "The model {model_id} was not published: its card may name recordings or folders of "
            "this computer ({texts}). Remove these texts from the card, or allow them explicitly.",
            model_id=model_id,
            texts="; ".join(identifying[:3]),
        )
    if not has_token(access):
        raise HubAccessError(
            "Publishing needs a token of the Hub that may write: sign in, or set HF_TOKEN."
        )
    existing = _existing_repository(repo_id, access)
    texts = {} if existing is None else small_files(existing, TEXT_FILES, access)
    published = _published_card(texts)
    _check_version(card, repo_id, published, contents)
    return PublicationPlan(
        model_id=card.model_id,
        version=card.version,
        repo_id=repo_id,
        is_new_repository=existing is None,
        private=private if existing is None else existing.private,
        parent_revision=None if existing is None else existing.revision,
        published_version=None if published is None else published.version,
        files=tuple(
            PlannedFile(
                name=name, size_bytes=len(data), change=_change(existing, texts, name, data)
            )
            for name, data in contents.items()
        ),
        diff=tuple(_diff(texts, contents)),
        title=f"{card.model_id} {card.version}",
        changelog=_changelog(card, note),
        warnings=tuple(_warnings(existing, private, identifying, texts, published)),
        contents=contents,
    )


def publish(plan: PublicationPlan, access: HubAccess) -> dict[str, Any]:
    """Send a plan as one commit; return `repo_id`, `revision` and `url`.

    A plan whose sending was interrupted can be sent again.
    """
    from huggingface_hub import CommitOperationAdd

    repo_id = plan.repo_id
    with hub_errors(repo_id, doing="publish the model"):
        api = hub_api(access)
        parent = plan.parent_revision
        if plan.is_new_repository:
            ask(lambda: api.create_repo(repo_id, private=plan.private, exist_ok=True))
            parent = ask(lambda: api.model_info(repo_id)).sha
        commit = ask(
            lambda: api.create_commit(
                repo_id,
                operations=[
                    CommitOperationAdd(path_in_repo=name, path_or_fileobj=data)
                    for name, data in plan.contents.items()
                ],
                commit_message=plan.title,
                commit_description=plan.changelog,
                parent_commit=parent,
            ),
            retry=NOT_DONE,
        )
    return {
        "repo_id": repo_id,
        "revision": str(commit.oid),
        "url": f"{api.endpoint}/{repo_id}",
    }


def _contents(model_id: str, repo_id: str) -> tuple[ArchitectureCard, dict[str, bytes]]:
    """Return the card and the files of a model, checked by hash."""
    entry = Registry.load().get(model_id)
    if entry.location is not None:
        raise PublicationError(
            "The model {model_id} is on the Hub already and not your own.", model_id=model_id
        )
    card = card_of(entry)
    return card, {
        README_FILE: hub_readme(card, repo_id).encode("utf-8"),
        HUB_CARD_FILE: card.to_json(),
        WEIGHTS_FILE: read_registered_weights(entry.path, card).data,
    }


def _existing_repository(repo_id: str, access: HubAccess) -> Snapshot | None:
    """Return the contents of a repository; None if it does not exist or is hidden."""
    try:
        return look_up(HubAddress(repo_id=repo_id), access)
    except HubAccessError:
        # The Hub does not distinguish missing from hidden repositories; creating it will tell.
        return None


def _published_card(texts: Mapping[str, bytes]) -> ArchitectureCard | None:
    try:
        return parse_card(texts[HUB_CARD_FILE]) if HUB_CARD_FILE in texts else None
    except CardError:
        return None


def _change(
    existing: Snapshot | None, texts: Mapping[str, bytes], name: str, data: bytes
) -> Change:
    """Return how a file differs from the published one."""
    if existing is None or name not in existing.sizes:
        return "new"
    if name in texts:
        return "unchanged" if texts[name] == data else "changed"
    return "unchanged" if existing.hashes.get(name) == sha256_of(data) else "changed"


def _check_version(
    card: ArchitectureCard,
    repo_id: str,
    existing: ArchitectureCard | None,
    contents: Mapping[str, bytes],
) -> None:
    if existing is None:
        return
    if existing.model_id != card.model_id:
        raise PublicationError(
            "{repo_id} holds the model {model_id}; publishing {model_id_2} there would "
            "replace it. Choose another repository.",
            repo_id=repo_id,
            model_id=existing.model_id,
            model_id_2=card.model_id,
        )
    if existing.version == card.version and existing.to_json() != contents[HUB_CARD_FILE]:
        raise PublicationError(
            "Version {version} of {model_id} is published at {repo_id} already, and it "
            "is another model. What a version names must not change: give this one a new version "
            "('python -m zoo revise').",
            version=card.version,
            model_id=card.model_id,
            repo_id=repo_id,
        )


def _diff(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[str]:
    lines: list[str] = []
    for name in TEXT_FILES:
        before = old.get(name, b"").decode("utf-8", errors="replace").splitlines()
        after = new[name].decode("utf-8").splitlines()
        lines += difflib.unified_diff(
            before, after, f"published {name}", f"new {name}", lineterm=""
        )
    return lines


def _changelog(card: ArchitectureCard, note: str) -> str:
    notes = [version.note for version in card.training.versions if version.version == card.version]
    lines = [printable(note.strip() or (notes[-1] if notes else ""))]
    if card.parent is not None:
        lines.append(
            f"Trained further from {printable(card.parent.model_id)} "
            f"{printable(card.parent.version)}."
        )
    lines.append(f"Weights sha256 {card.weights.sha256}.")
    lines.append(f"Published with Seizure Zoo {__version__}.")
    return "\n".join(line for line in lines if line)


def _warnings(
    existing: Snapshot | None,
    private: bool,
    identifying: list[str],
    texts: Mapping[str, bytes],
    published: ArchitectureCard | None,
) -> Iterator[str]:
    if identifying:
        yield f"These texts of the card will be known: {'; '.join(identifying[:10])}."
    if existing is not None and existing.private != private:
        state = "private" if existing.private else "public"
        yield f"The repository exists and stays {state}."
    if published is None and HUB_CARD_FILE in texts:
        yield f"Its {HUB_CARD_FILE} is no card of Seizure Zoo and is replaced."


def plan_json(plan: PublicationPlan) -> dict[str, Any]:
    """Return a plan as plain data, without the weights."""
    return {
        "model_id": plan.model_id,
        "version": plan.version,
        "repo_id": plan.repo_id,
        "is_new_repository": plan.is_new_repository,
        "private": plan.private,
        "parent_revision": plan.parent_revision,
        "published_version": plan.published_version,
        "changes_anything": plan.changes_anything,
        "files": [asdict(file) for file in plan.files],
        "diff": list(plan.diff),
        "title": plan.title,
        "changelog": plan.changelog,
        "warnings": list(plan.warnings),
        "texts": {name: plan.contents[name].decode("utf-8") for name in TEXT_FILES},
        "fingerprint": plan.fingerprint,
    }


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
    """Publish a model on the Hub as one commit.

    Parameters
    ----------
    repo_id : str
        `org/name`; created if it does not exist.
    private : bool
        Whether a new repository is private.
    note : str
        Changelog entry.
    expected_revision : str, optional
        `parent_revision` of a preview; if the repository has changed since, nothing is sent.
    expected_fingerprint : str, optional
        `fingerprint` of a preview; if anything has changed since, nothing is sent.
    allow_names : bool
        Whether to publish texts that look like names of recordings.
    access : HubAccess, optional
        Login; None means this machine's user.

    Returns
    -------
    dict
        `repo_id`, `revision` (the full commit) and `url`.
    """
    access = access or HubAccess.own()
    plan = plan_publication(
        model_id, repo_id, access, private=private, note=note, allow_names=allow_names
    )
    if expected_revision not in (None, plan.parent_revision):
        raise PublicationError(
            "{repo_id} has changed since the preview; look at a new one first.",
            repo_id=plan.repo_id,
        )
    if expected_fingerprint not in (None, plan.fingerprint):
        raise PublicationError(
            "The model {model_id} or {repo_id} has changed since the preview; look "
            "at a new one first.",
            model_id=model_id,
            repo_id=plan.repo_id,
        )
    return publish(plan, access)
