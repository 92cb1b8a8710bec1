"""Login for the Hub; tokens stay in memory and are never shown."""

from __future__ import annotations

from typing import Literal, NoReturn


class HubToken:
    """A token that cannot be printed, logged, copied or pickled."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        self._secret = secret.strip()

    def reveal(self) -> str:
        """Return the token, for use in a request header only."""
        return self._secret

    def __repr__(self) -> str:
        return "HubToken(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A token of the Hub is never written anywhere.")


class HubAccess:
    """Identity used for requests to the Hub.

    Create it with `own`, `signed_in` or `anonymous`. In a served app it alone separates the
    visitors.
    """

    __slots__ = ("_kind", "_token")

    def __init__(
        self, kind: Literal["own", "signed in", "anonymous"], token: HubToken | None
    ) -> None:
        self._kind = kind
        self._token = token

    @classmethod
    def own(cls) -> HubAccess:
        """Return the access of this machine's user: HF_TOKEN, or the saved login, if any."""
        return cls("own", None)

    @classmethod
    def signed_in(cls, token: HubToken) -> HubAccess:
        """Return the access of a visitor who has signed in to the app."""
        return cls("signed in", token)

    @classmethod
    def anonymous(cls) -> HubAccess:
        """Return access without a token, even if one is saved on this machine."""
        return cls("anonymous", None)

    def for_client(self) -> str | bool | None:
        """Return the `token` argument of the Hub client: None means the saved one."""
        if self._token is not None:
            return self._token.reveal()
        return None if self._kind == "own" else False

    def __repr__(self) -> str:
        return f"HubAccess({self._kind})"
