"""Search for models of Seizure Zoo on the Hub."""

from __future__ import annotations

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


def search_models(
    query: str = "", limit: int = 50, *, access: HubAccess | None = None
) -> list[dict[str, Any]]:
    """Search the Hub for models of Seizure Zoo, the most downloaded first.

    Repositories are not checked at this stage.

    Parameters
    ----------
    query : str
        Words of the repository name; empty finds all.
    limit : int
        Maximum number of results, 1 to 200.
    access : HubAccess, optional
        Login; private repositories are found by their owners only. None means this machine's user.

    Raises
    ------
    HubError
        The Hub cannot be reached.
    ParameterError
        The limit is out of bounds.
    """
    if not 1 <= limit <= MAX_RESULTS:
        raise ParameterError(
            "limit must lie between 1 and {max_results}; it is {limit}.",
            max_results=MAX_RESULTS,
            limit=limit,
        )
    with hub_errors("the Hub", doing="search"):
        api = hub_api(access or HubAccess.own())
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
    return [_row(info) for info in found]


def _row(info: ModelInfo) -> dict[str, Any]:
    tags = [printable(str(tag)) for tag in info.tags or ()]
    licences = [tag.removeprefix("license:") for tag in tags if tag.startswith("license:")]
    return {
        "repo_id": printable(info.id),
        "revision": info.sha or "",
        "license": licences[0] if licences else "",
        "tags": tags,
        "downloads": info.downloads or 0,
        "likes": info.likes or 0,
        "updated": info.last_modified.date().isoformat() if info.last_modified else "",
        "private": bool(info.private),
        "gated": bool(info.gated),
    }
