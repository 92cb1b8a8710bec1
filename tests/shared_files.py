"""Where the real EEG lies that tests read but the project does not carry.

The folder `shared/data` stands beside the project's root. Where it is absent, tests
that need it skip and say so.
"""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

needs_shared_data = pytest.mark.skipif(
    not SHARED_DATA.is_dir(), reason="the real EEG in ../shared/data is not on this machine"
)


def shared_file(relative: str) -> Path:
    """Return the path of one real file, or skip the test and say why."""
    path = SHARED_DATA / relative
    if not path.exists():
        pytest.skip(f"../shared/data/{relative} is not on this machine")
    return path


def shared_files(pattern: str) -> list[Path]:
    """Return the real files that match a pattern, sorted; empty where there are none."""
    return sorted(SHARED_DATA.glob(pattern))
