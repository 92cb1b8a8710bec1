"""The client of the Hub and the translation of its errors."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from seizure_core import __version__
from seizure_core.messages import Message, sentences
from seizure_core.plain_text import printable
from zoo.errors import HubAccessError, HubContentError, HubError, HubUnreachableError
from zoo.hub.access import HubAccess

if TYPE_CHECKING:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

T = TypeVar("T")

LOGGER = logging.getLogger("seizure_zoo.hub")

# The client retries uploads and downloads itself, but not other requests.
_RETRY_STATUS = frozenset({429, 500, 502, 503, 504})
# These requests certainly had no effect, so they may be repeated even if they change something.
NOT_DONE = frozenset({429})
_MAX_RETRIES = 3
_LONGEST_WAIT_S = 30.0
_MAX_SERVER_WORDS = 200
_MAX_NAME = 100


def hub_api(access: HubAccess) -> HfApi:
    """Return the Hub client, without telemetry."""
    # Both are read when the client is imported.
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from huggingface_hub import HfApi

    return HfApi(token=access.for_client(), library_name="seizure-zoo", library_version=__version__)


def has_token(access: HubAccess) -> bool:
    """Return whether requests will carry a token."""
    if access.for_client() is not None:
        return access.for_client() is not False
    from huggingface_hub import get_token

    return get_token() is not None


def ask(question: Callable[[], T], *, retry: frozenset[int] = _RETRY_STATUS) -> T:
    """Call the Hub, and retry with a delay while it is busy.

    Parameters
    ----------
    question : callable
        Makes the request.
    retry : frozenset of int
        HTTP status codes after which to retry.
    """
    from huggingface_hub.errors import HfHubHTTPError

    for attempt in range(_MAX_RETRIES):
        try:
            return question()
        except HfHubHTTPError as error:
            wait_s = _wait_s(error, attempt, retry)
            if wait_s is None:
                raise
            LOGGER.info("The Hub is busy; asking again in %g s.", wait_s)
            time.sleep(wait_s)
    return question()


def _wait_s(error: HfHubHTTPError, attempt: int, retry: frozenset[int]) -> float | None:
    """Return the seconds to wait before a retry; None if a retry is pointless."""
    if error.response.status_code not in retry:
        return None
    try:
        wanted_s = float(error.response.headers.get("Retry-After", 2**attempt))
    except ValueError:
        wanted_s = float(2**attempt)
    return wanted_s if 0.0 <= wanted_s <= _LONGEST_WAIT_S else None


def who_is(access: HubAccess) -> str | None:
    """Return the account name of the login.

    Returns
    -------
    str or None
        None if there is no login; the Hub is not asked then.

    Raises
    ------
    HubError
        The Hub cannot be reached, or does not accept the login.
    """
    if not has_token(access):
        return None
    with hub_errors("the Hub", doing="check the sign-in"):
        api = hub_api(access)
        answer = ask(api.whoami)
    name = answer.get("name")
    if not isinstance(name, str) or not name:
        raise HubContentError("The Hub did not say who is signed in.")
    return printable(name)[:_MAX_NAME]


@contextmanager
def hub_errors(repo_id: str, *, doing: str) -> Iterator[None]:
    """Convert errors of the client and the connection to `HubError`.

    Parameters
    ----------
    doing : str
        What was attempted, such as "fetch the model".

    Raises
    ------
    HubError
        Without URLs and headers of the request.
    """
    # `from None` keeps request objects, which carry the token, out of logged tracebacks.
    from httpx2 import HTTPError
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled

    try:
        yield
    except HubError:
        raise
    except HfHubHTTPError as error:
        raise _of_status(error, repo_id, doing) from None
    except OfflineModeIsEnabled:
        raise HubUnreachableError(
            "Could not {doing} ({repo_id}): HF_HUB_OFFLINE is set, so the Hub is not asked.",
            doing=doing,
            repo_id=repo_id,
        ) from None
    except (HTTPError, LocalEntryNotFoundError, ConnectionError):
        raise _unreachable(repo_id, doing) from None
    except (RuntimeError, ValueError, OSError) as error:
        raise _of_cause(error, repo_id, doing) from None


def _of_cause(error: Exception, repo_id: str, doing: str) -> HubError:
    from httpx2 import HTTPError
    from huggingface_hub.errors import HfHubHTTPError

    cause = error.__cause__
    if isinstance(cause, HfHubHTTPError) and not isinstance(error, ValueError):
        return _of_status(cause, repo_id, doing)
    if isinstance(cause, HTTPError) and not isinstance(error, ValueError):
        return _unreachable(repo_id, doing)
    if isinstance(error, OSError):
        if error.errno is None:
            return _unreachable(repo_id, doing)
        return HubError(
            "Could not {doing} ({repo_id}): a file could not be written or read here ({strerror}).",
            doing=doing,
            repo_id=repo_id,
            strerror=error.strerror,
        )
    words = printable(str(error))[:_MAX_SERVER_WORDS]
    return HubContentError(
        "Could not {doing} ({repo_id}): the Hub did not accept it. {words}",
        doing=doing,
        repo_id=repo_id,
        words=words,
    )


def _unreachable(repo_id: str, doing: str) -> HubError:
    return HubUnreachableError(
        "Could not {doing} ({repo_id}): no connection to the Hub. Check the network "
        "and try again; nothing was changed here.",
        doing=doing,
        repo_id=repo_id,
    )


def _of_status(error: HfHubHTTPError, repo_id: str, doing: str) -> HubError:
    from huggingface_hub.errors import (
        GatedRepoError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    status = error.response.status_code
    start = Message("Could not {doing} ({repo_id}): ", doing=doing, repo_id=repo_id)
    if isinstance(error, GatedRepoError):
        return HubAccessError(
            "{start}the repository is gated. Ask for access on its page on the Hub, and sign in.",
            start=start,
        )
    if isinstance(error, RevisionNotFoundError):
        return HubAccessError("{start}the repository has no such revision.", start=start)
    if isinstance(error, RepositoryNotFoundError):
        return HubAccessError(
            "{start}there is no such repository, or it is private. Check its name; for a "
            "private one, sign in or set HF_TOKEN.",
            start=start,
        )
    if status == 401:
        return HubAccessError(
            "{start}the Hub does not accept the token. Sign in again.", start=start
        )
    if status == 403:
        not_allowed = Message("{start}the token does not allow that.", start=start)
        return HubAccessError(sentences(not_allowed, _server_message(error)))
    if status == 409 or status == 412:
        return HubUnreachableError(
            "{start}the repository was changed by another user meanwhile. Look at the preview "
            "again.",
            start=start,
        )
    if status in _RETRY_STATUS:
        return HubUnreachableError(
            "{start}the Hub is busy (status {status}). Try again later.", start=start, status=status
        )
    answered = Message("{start}the Hub answered with status {status}.", start=start, status=status)
    return HubError(sentences(answered, _server_message(error)))


def _server_message(error: HfHubHTTPError) -> str:
    """Return the server's own message, shortened."""
    words = printable(error.server_message or "").strip()[:_MAX_SERVER_WORDS]
    return Message("It says: {words}", words=words) if words else ""
