"""Settings of the operator, read once from environment variables."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from seizure_core.errors import ParameterError

DEFAULT_SERVER_NAME = "127.0.0.1"
DEFAULT_SERVER_PORT = 7860
DEFAULT_MAX_UPLOAD_MB = 4096
DEFAULT_MAX_VISITOR_MB = 20_480
DEFAULT_KEEP_FILES_H = 12.0
DEFAULT_MAX_CALL_S = 7200.0

DATA_VARIABLE = "SEIZURE_ZOO_DATA"
LOGIN_VARIABLE = "SEIZURE_ZOO_LOGIN"
MAX_UPLOAD_VARIABLE = "SEIZURE_ZOO_MAX_UPLOAD_MB"
MAX_VISITOR_VARIABLE = "SEIZURE_ZOO_MAX_VISITOR_MB"
MAX_CALL_VARIABLE = "SEIZURE_ZOO_MAX_CALL_S"
KEEP_FILES_VARIABLE = "SEIZURE_ZOO_KEEP_FILES_H"
MCP_VARIABLE = "SEIZURE_ZOO_MCP"
PUBLIC_URL_VARIABLE = "SEIZURE_ZOO_PUBLIC_URL"

# Set by Hugging Face where an app runs as a Space; the second kind only with `hf_oauth: true`.
SPACE_VARIABLE = "SPACE_ID"
SIGN_IN_VARIABLES = (
    "OAUTH_CLIENT_ID",
    "OAUTH_CLIENT_SECRET",
    "OAUTH_SCOPES",
    "OPENID_PROVIDER_URL",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything about the served app that is not in the code.

    Attributes
    ----------
    server_name : str
        Address to listen on.
    server_port : int
        Port to listen on.
    data_folder : Path or None
        Read-only folder of recordings that callers may name as `data:NAME`.
    max_upload_mb : int
        Largest file that may be uploaded, in megabytes.
    max_visitor_mb : int
        Largest sum of the files that one visitor has uploaded, in megabytes.
    keep_files_h : float
        Hours after which uploaded and produced files are deleted.
    max_call_s : float
        Seconds that one call of the API may take.
    login : tuple of (user, password) or None
        Who may use the app; None lets everybody in who reaches the address.
    mcp : bool
        Whether the endpoints are offered to MCP clients too.
    on_space : bool
        Whether the app runs as a Space on Hugging Face, where each visitor may sign in and the
        server's own login of the Hub is not used.
    public_url : str or None
        Address that a proxy in front offers the app under.
    space_sign_in : bool
        Whether the Space has been set up for signing in.
    """

    server_name: str = DEFAULT_SERVER_NAME
    server_port: int = DEFAULT_SERVER_PORT
    data_folder: Path | None = None
    max_upload_mb: int = DEFAULT_MAX_UPLOAD_MB
    max_visitor_mb: int = DEFAULT_MAX_VISITOR_MB
    keep_files_h: float = DEFAULT_KEEP_FILES_H
    max_call_s: float = DEFAULT_MAX_CALL_S
    login: tuple[str, str] | None = None
    mcp: bool = False
    public_url: str | None = None
    on_space: bool = False
    space_sign_in: bool = False

    @property
    def keep_files_s(self) -> int:
        """The same as `keep_files_h`, in whole seconds, at least one."""
        return max(1, round(self.keep_files_h * 3600))

    @property
    def is_for_this_machine_only(self) -> bool:
        """Whether the address to listen on can be reached from this machine alone."""
        if self.server_name.casefold() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.server_name).is_loopback
        except ValueError:
            return False

    @property
    def may_write(self) -> bool:
        """Whether anybody may train, save, delete and publish; `ui.server.access` says who."""
        return self.is_for_this_machine_only or self.login is not None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; an empty variable counts as not set.

        Raises
        ------
        ParameterError
            A variable cannot be read or is out of its bounds; the message names it.
        """
        login = _login(environment)

        def number(name: str, default: float, lowest: float, highest: float) -> float:
            return _number(environment, name, default, lowest, highest)

        return cls(
            server_name=environment.get("GRADIO_SERVER_NAME") or DEFAULT_SERVER_NAME,
            server_port=round(number("GRADIO_SERVER_PORT", DEFAULT_SERVER_PORT, 1, 65535)),
            data_folder=_folder(environment, DATA_VARIABLE),
            max_upload_mb=round(number(MAX_UPLOAD_VARIABLE, DEFAULT_MAX_UPLOAD_MB, 1, 1_000_000)),
            max_visitor_mb=round(
                number(MAX_VISITOR_VARIABLE, DEFAULT_MAX_VISITOR_MB, 1, 100_000_000)
            ),
            keep_files_h=number(KEEP_FILES_VARIABLE, DEFAULT_KEEP_FILES_H, 0.001, 10_000),
            max_call_s=number(MAX_CALL_VARIABLE, DEFAULT_MAX_CALL_S, 0.01, 1e7),
            login=login,
            mcp=_mcp(environment, has_login=login is not None),
            public_url=_public_url(environment),
            on_space=bool(environment.get(SPACE_VARIABLE)),
            space_sign_in=all(environment.get(name) for name in SIGN_IN_VARIABLES),
        )


def _number(
    environment: Mapping[str, str], name: str, default: float, lowest: float, highest: float
) -> float:
    text = environment.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        raise ParameterError(
            "{name} must be a number; it is {text!r}.", name=name, text=text
        ) from None
    if not lowest <= value <= highest:
        raise ParameterError(
            "{name} must lie between {lowest:g} and {highest:g}; it is {text}.",
            name=name,
            lowest=lowest,
            highest=highest,
            text=text,
        )
    return value


def _mcp(environment: Mapping[str, str], *, has_login: bool) -> bool:
    text = environment.get(MCP_VARIABLE, "").strip()
    names = {"mcp_variable": MCP_VARIABLE, "login_variable": LOGIN_VARIABLE}
    if text not in ("", "0", "1"):
        raise ParameterError(
            "{mcp_variable} must be 1 (on) or 0 (off); it is {text!r}.", **names, text=text
        )
    if text == "1" and has_login:
        raise ParameterError(
            "{mcp_variable} and {login_variable} exclude each other: MCP clients cannot log in.",
            **names,
        )
    if text == "1" and find_spec("mcp") is None:
        raise ParameterError(
            "{mcp_variable}=1 needs a package: pip install 'gradio[mcp]'.", **names
        )
    return text == "1"


def _folder(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name, "").strip()
    if not text:
        return None
    folder = Path(text).expanduser()
    if not folder.is_dir():
        raise ParameterError(
            "{name} must be an existing folder; {text!r} is not.", name=name, text=text
        )
    return folder.resolve()


def _public_url(environment: Mapping[str, str]) -> str | None:
    text = environment.get(PUBLIC_URL_VARIABLE, "").strip().rstrip("/")
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ParameterError(
            "{name} must be an address such as https://eeg.example.org/zoo; it is {text!r}.",
            name=PUBLIC_URL_VARIABLE,
            text=text,
        )
    return text


def _login(environment: Mapping[str, str]) -> tuple[str, str] | None:
    text = environment.get(LOGIN_VARIABLE, "")
    if not text:
        return None
    user, _, password = text.partition(":")
    if not user or not password:
        raise ParameterError(
            "{login_variable} must be written as USER:PASSWORD.", login_variable=LOGIN_VARIABLE
        )
    return user, password
