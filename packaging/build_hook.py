"""Build hook: put the checkout's packages below `seizure_zoo` in the wheel."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
from rewrite_imports import INSTALLED, PACKAGES, rewritten

_LEFT_OUT = ("__pycache__", ".pyc")


class CustomBuildHook(BuildHookInterface):
    """Stages rewritten modules and their data files, and hands them to the wheel."""

    _stage: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Stage everything in a temporary folder, unless the install is an editable one."""
        if version == "editable":
            return
        root = Path(self.root)
        # Outside of the checkout: two builds at the same time must not meet.
        self._stage = Path(tempfile.mkdtemp(prefix="seizure-zoo-wheel-"))
        stage = self._stage
        for source in sorted(_sources(root)):
            place = source.relative_to(root)
            target = stage / (place if place.parts[0] == INSTALLED else INSTALLED / place)
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.suffix == ".py":
                text = source.read_text(encoding="utf-8")
                target.write_text(rewritten(text, str(place)), encoding="utf-8")
            else:
                shutil.copyfile(source, target)
        build_data["force_include"][str(stage / INSTALLED)] = INSTALLED

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Delete the temporary folder."""
        if self._stage is not None:
            shutil.rmtree(self._stage)


def _sources(root: Path) -> list[Path]:
    found = [root / name for name in ("registry.json", "app.py", "LICENSE")]
    for package in (INSTALLED, *PACKAGES):
        found += [one for one in (root / package).rglob("*") if one.is_file()]
    return [one for one in found if not any(part in str(one) for part in _LEFT_OUT)]
