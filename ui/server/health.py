"""`GET /healthz`: whether the app answers and its disks have room, for monitors and containers."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from seizure_core import __version__

# Less than this, and an upload or a prediction of a night may not fit any more.
LEAST_FREE_MB = 200


def health_route(folders: Sequence[Path]) -> Route:
    """Return the route; it says nothing of recordings, people or folders.

    Parameters
    ----------
    folders : sequence of Path
        Whose disks must have room. The answer is 503 if one has less than `LEAST_FREE_MB`.
    """

    def healthz(_: Request) -> JSONResponse:
        free_mb = min(shutil.disk_usage(_existing(folder)).free for folder in folders) // 10**6
        is_well = free_mb >= LEAST_FREE_MB
        return JSONResponse(
            {
                "ok": is_well,
                "status": "ok" if is_well else "disk nearly full",
                "version": __version__,
                "free_disk_mb": free_mb,
            },
            status_code=200 if is_well else 503,
        )

    return Route("/healthz", healthz)


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())
