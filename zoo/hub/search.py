"""Finds nets of Seizure Zoo on the Hub."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from seizure_core.errors import ParameterError
from seizure_core.plain_text import printable
from zoo.hub.access import HubAccess
from zoo.hub.client import ask, hub_api, hub_errors
from zoo.hub.readme import LIBRARY_NAME

if TYPE_CHECKING:
    from huggingface_hub import ModelInfo

MAX_RESULTS = 200
_MAX_QUERY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HubResult:
    """One repository that says it holds a net of Seizure Zoo; nothing of it is checked yet.

    Attributes
    ----------
    repo_id : str
        With which it is pulled.
    revision : str
        Its newest commit; empty if the Hub did not say.
    license : str
        As the Hub names it; empty if nobody said.
    tags : tuple of str
        Of the repository.
    downloads, likes : int
        As the Hub counts them.
    updated : str
        Day of the last change; empty if unknown.
    private, gated : bool
        Whether only some may have it.
    """

    repo_id: str
    revision: str
    license: str
    tags: tuple[str, ...]
    downloads: int
    likes: int
    updated: str
    private: bool
    gated: bool


def search_hub(query: str, access: HubAccess, *, limit: int = 50) -> list[HubResult]:
    """Search the Hub for nets of Seizure Zoo, the most downloaded first.

    Parameters
    ----------
    query : str
        Words of the repository's name; empty finds all.
    access : HubAccess
        Who asks: private repositories are found by their owners.
    limit : int
        How many at most, 1 to 200.

    Raises
    ------
    HubError
        The Hub cannot be asked.
    ParameterError
        The limit is out of its bounds.
    """
    if not 1 <= limit <= MAX_RESULTS:
        raise ParameterError(
            "limit must lie between 1 and {max_results}; it is {limit}.",
            max_results=MAX_RESULTS,
            limit=limit,
        )
    with hub_errors("the Hub", doing="search"):
        api = hub_api(access)
        found = ask(
            lambda: list(
                islice(
                    api.list_models(
                        filter=LIBRARY_NAME,
                        search=query.strip()[:_MAX_QUERY] or None,
                        sort="downloads",
                        limit=limit,
                        full=True,
                    ),
                    limit,
                )
            )
        )
    return [_result(info) for info in found]


def _result(info: ModelInfo) -> HubResult:
    tags = tuple(printable(str(tag)) for tag in info.tags or ())
    licences = [tag.removeprefix("license:") for tag in tags if tag.startswith("license:")]
    return HubResult(
        repo_id=printable(info.id),
        revision=info.sha or "",
        license=licences[0] if licences else "",
        tags=tags,
        downloads=info.downloads or 0,
        likes=info.likes or 0,
        updated=info.last_modified.date().isoformat() if info.last_modified else "",
        private=bool(info.private),
        gated=bool(info.gated),
    )


def search_models(
    query: str = "", limit: int = 50, *, access: HubAccess | None = None
) -> list[dict[str, Any]]:
    """Search the Hub for nets of Seizure Zoo.

    Raises
    ------
    SeizureZooError
        As `search_hub`.
    """
    rows = (asdict(one) for one in search_hub(query, access or HubAccess.own(), limit=limit))
    return [{**row, "tags": list(row["tags"])} for row in rows]
