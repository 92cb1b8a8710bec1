"""Versions of the software that a training uses."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from seizure_core import __version__

_PACKAGES = ("numpy", "scipy", "torch", "safetensors")


def software_versions() -> dict[str, str]:
    """Return the package versions that affect the numbers."""
    versions = {"python": platform.python_version(), "seizure-zoo": __version__}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
