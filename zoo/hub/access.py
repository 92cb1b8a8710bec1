"""With which token the Hub is spoken to; a token is held in memory and never shown."""

from __future__ import annotations

from typing import Literal, NoReturn


class HubToken:
    """A secret that neither prints, logs, copies nor pickles as what it is.

    Parameters
    ----------
    secret : str
        As the Hub gave it.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        self._secret = secret.strip()

    def reveal(self) -> str:
        """Return the secret, for the header of a request and nothing else."""
        return self._secret

    def __repr__(self) -> str:
        return "HubToken(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A token of the Hub is never written anywhere.")


class HubAccess:
    """Who asks the Hub.

    Use one of `own`, `signed_in` and `anonymous`; nothing tells one visitor of a served app
    from another but this.
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
        """Return the access of a person who has signed in to the app."""
        return cls("signed in", token)

    @classmethod
    def anonymous(cls) -> HubAccess:
        """Return the access of anybody: no token goes out, not even where one is saved."""
        return cls("anonymous", None)

    def for_client(self) -> str | bool | None:
        """Return what the Hub client takes as its token: None means the saved one."""
        if self._token is not None:
            return self._token.reveal()
        return None if self._kind == "own" else False

    def __repr__(self) -> str:
        return f"HubAccess({self._kind})"
