"""The Hub panel of the app: nets are found, pulled and published, team registries added."""

from ui.zoo.hub.panel import HubPanel, build_hub

__all__ = ["HubPanel", "build_hub"]
