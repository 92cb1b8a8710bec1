"""A net that a registry names: where it is, its card, and loading it with every check."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from zoo.card.schema import CARD_FILE, ArchitectureCard, read_card
from zoo.errors import HubError, RegistryError
from zoo.hub.access import HubAccess
from zoo.hub.cache import HubLocation
from zoo.store.registry_file import RegistryEntry

if TYPE_CHECKING:
    from zoo.store.model_folder import LoadedNet

Source = Literal["shipped", "user", "hub"]


@dataclass(frozen=True, kw_only=True)
class RegisteredNet:
    """A net the registry knows: its entry and where that entry is from.

    Attributes
    ----------
    entry : RegistryEntry
        As in the registry file.
    source : str
        "shipped", "user", or "hub" for a user's net that came from the Hub.
    base : Path
        Folder of the registry file.
    location : HubLocation or None
        Where on the Hub the net is that is fetched at first use; None for nets that are here.
    registry : str or None
        Repository of the registry on the Hub that names the net.
    """

    entry: RegistryEntry
    source: Source
    base: Path
    location: HubLocation | None = None
    registry: str | None = None

    @property
    def model_id(self) -> str:
        """Id of the net."""
        return self.entry.model_id

    @property
    def folder(self) -> Path:
        """The net's folder on this machine; for a net of the Hub it may not exist yet.

        Raises
        ------
        RegistryError
            The folder leads out of the registry's.
        """
        if self.location is not None or self.entry.folder is None:
            return self._hub_location.folder_in(self.base)
        folder = (self.base / self.entry.folder).resolve()
        if not folder.is_relative_to(self.base.resolve()):
            raise RegistryError(
                f"The folder of the net {self.model_id} leads out of the zoo; it is not opened."
            )
        return folder

    @property
    def _hub_location(self) -> HubLocation:
        if self.location is not None:
            return self.location
        # An entry has a folder or both of these.
        assert self.entry.repo_id is not None
        assert self.entry.revision is not None
        return HubLocation(repo_id=self.entry.repo_id, revision=self.entry.revision)

    @property
    def is_on_hub(self) -> bool:
        """Whether the net is fetched from the Hub at first use."""
        return self.location is not None or self.entry.folder is None

    def card(self) -> ArchitectureCard:
        """Read the net's card and check that it is the registered one.

        Raises
        ------
        CardError
            The card is missing or not valid.
        RegistryError
            The card is another than the registered one.
        """
        path = self.folder / CARD_FILE
        if self.is_on_hub and not path.is_file():
            raise RegistryError(f"The net {self.model_id} {self._where}; its card was not fetched.")
        card = read_card(path)
        if card.model_id != self.model_id or card.sha256 != self.entry.card_sha256:
            raise RegistryError(
                f"The card of the net {self.model_id} is not the one that was registered: it was "
                "changed or exchanged. Delete the net and fetch or save it anew."
            )
        if card.weights.sha256 != self.entry.weights_sha256:
            raise RegistryError(
                f"The card of the net {self.model_id} names other weights than were registered. "
                "Delete the net and fetch or save it anew."
            )
        return card

    def load(self, access: HubAccess | None = None) -> LoadedNet:
        """Load the net with every check; a net of the Hub is fetched if it is not here.

        Raises
        ------
        CardError, WeightsError
            Its files fail a check.
        RegistryError
            It is another net than the registered one, or it is not here and cannot be fetched.
        """
        from zoo.store.model_folder import load_net

        if self.is_on_hub:
            net = self._fetched(access or HubAccess.own())
        else:
            self.card()
            net = load_net(self.folder)
        if not self.entry.is_entry_of(net.card):
            raise RegistryError(
                f"The net {self.model_id} is not the one that was registered. Delete the net and "
                "fetch or save it anew."
            )
        return net

    def _fetched(self, access: HubAccess) -> LoadedNet:
        from zoo.hub.fetching import fetch_net

        try:
            return fetch_net(self._hub_location, access)
        except HubError as error:
            raise RegistryError(f"The net {self.model_id} {self._where}. {error}") from None

    @property
    def _where(self) -> str:
        place = self._hub_location
        return (
            f"is not on this machine; it is at {place.repo_id} on the Hub (commit {place.revision})"
        )
