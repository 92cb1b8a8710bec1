"""What a Hub of the tests holds: repositories, commits, large files, tokens, ordered faults."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import yaml

LFS_SUFFIXES = (".safetensors", ".bin", ".pt")
CREATED = "2025-01-31T12:00:00.000Z"


@dataclass(frozen=True)
class Blob:
    data: bytes
    is_lfs: bool

    @property
    def oid(self) -> str:
        """Return what the Hub calls a file's version: SHA-256 of large files, git's of others."""
        if self.is_lfs:
            return hashlib.sha256(self.data).hexdigest()
        return hashlib.sha1(b"blob %d\0" % len(self.data) + self.data).hexdigest()


@dataclass(frozen=True)
class Commit:
    oid: str
    title: str
    message: str
    files: dict[str, Blob]


@dataclass
class Repository:
    repo_id: str
    private: bool = False
    gated: bool = False
    downloads: int = 0
    commits: list[Commit] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)

    def commit(self, files: dict[str, Blob], title: str, message: str = "") -> Commit:
        parent = self.commits[-1].oid if self.commits else ""
        seed = f"{self.repo_id} {parent} {title} {sorted((n, b.oid) for n, b in files.items())}"
        made = Commit(hashlib.sha1(seed.encode()).hexdigest(), title, message, files)
        self.commits.append(made)
        return made

    def find(self, revision: str) -> Commit | None:
        if revision == "main":
            return self.commits[-1]
        wanted = self.tags.get(revision, revision)
        return next((one for one in self.commits if one.oid == wanted), None)


@dataclass(frozen=True)
class Seen:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Fault:
    """What goes wrong with requests of a method whose path holds a text.

    `status` answers with that status; None cuts the connection, after `after_bytes` of the
    answer's body if it is a file.
    """

    method: str
    path_part: str
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    after_bytes: int | None = None


class HubState:
    """Repositories, large files, tokens, faults, and the requests that were made."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.large: dict[str, bytes] = {}
        # Each token, and the namespaces it may write to.
        self.tokens: dict[str, set[str]] = {}
        self.granted: set[str] = set()
        self.seen: list[Seen] = []
        self.faults: list[Fault] = []

    def repository(self, repo_id: str, files: dict[str, bytes], **kind: Any) -> Repository:
        """Make or change a repository from outside, as a person with git would."""
        repository = self.repositories.setdefault(repo_id, Repository(repo_id))
        for name, value in kind.items():
            setattr(repository, name, value)
        blobs = {n: Blob(data, n.endswith(LFS_SUFFIXES)) for n, data in files.items()}
        self.large |= {blob.oid: blob.data for blob in blobs.values() if blob.is_lfs}
        repository.commit(blobs, "pushed")
        return repository

    def head(self, repo_id: str) -> Commit:
        return self.repositories[repo_id].commits[-1]

    def all_bytes(self) -> bytes:
        """Return everything that was ever sent here: paths, headers, bodies, decoded files."""
        parts = []
        for one in self.seen:
            parts += [one.path.encode(), json.dumps(one.headers).encode(), one.body]
        for repository in self.repositories.values():
            for commit in repository.commits:
                parts += [commit.title.encode(), commit.message.encode()]
                parts += [blob.data for blob in commit.files.values()]
        return b"\n".join(parts)


def metadata_of(readme: str) -> dict[str, Any]:
    """Return the YAML at the head of a README, read by a YAML parser."""
    _, block, _ = readme.split("---\n", 2)
    metadata = yaml.safe_load(block)
    assert isinstance(metadata, dict)
    return metadata


def metadata_errors(readme: str) -> list[str]:
    """Return what the Hub would refuse in a README's metadata."""
    try:
        metadata = metadata_of(readme)
    except (yaml.YAMLError, ValueError, AssertionError):
        return ["invalid YAML"]
    errors = [f'"{key}" is missing' for key in ("license", "library_name") if key not in metadata]
    for key in ("tags", "datasets", "metrics"):
        if not all(isinstance(one, str) and one for one in metadata.get(key, [])):
            errors.append(f'"{key}" must be texts')
    for index in metadata.get("model-index", []):
        for result in index["results"]:
            if not (result["task"]["type"] and result["dataset"]["type"]):
                errors.append("model-index: task and dataset need a type")
            if any("value" not in metric for metric in result["metrics"]):
                errors.append("model-index: a metric needs a value")
    return errors


def repo_tags(repository: Repository) -> list[str]:
    readme = repository.commits[-1].files.get("README.md")
    if readme is None:
        return []
    try:
        metadata = metadata_of(readme.data.decode())
    except (yaml.YAMLError, ValueError, AssertionError):
        return []
    licence = [f"license:{metadata['license']}"] if "license" in metadata else []
    return [metadata.get("library_name", ""), *metadata.get("tags", []), *licence]


def info_of(repository: Repository, commit: Commit, *, blobs: bool) -> dict[str, Any]:
    siblings = []
    for name, blob in commit.files.items():
        row: dict[str, Any] = {"rfilename": name}
        if blobs:
            row |= {"size": len(blob.data), "blobId": blob.oid[:40]}
            if blob.is_lfs:
                row["lfs"] = {"size": len(blob.data), "sha256": blob.oid, "pointerSize": 134}
        siblings.append(row)
    return {
        "id": repository.repo_id,
        "sha": commit.oid,
        "private": repository.private,
        "gated": "manual" if repository.gated else False,
        "downloads": repository.downloads,
        "likes": 0,
        "lastModified": CREATED,
        "tags": repo_tags(repository),
        "siblings": siblings,
    }


def tree_rows(commit: Commit) -> list[dict[str, Any]]:
    rows = []
    for name, blob in commit.files.items():
        row: dict[str, Any] = {"type": "file", "path": name, "size": len(blob.data)}
        row["oid"] = Blob(blob.data, False).oid
        if blob.is_lfs:
            row["lfs"] = {"oid": blob.oid, "size": len(blob.data), "pointerSize": 134}
        rows.append(row)
    return rows


def commit_rows(repository: Repository) -> list[dict[str, Any]]:
    return [
        {"id": one.oid, "title": one.title, "message": one.message, "authors": [], "date": CREATED}
        for one in reversed(repository.commits)
    ]
