"""Reviews in the home folder, one folder each."""

from __future__ import annotations

import re
import shutil
import threading
from pathlib import Path

from seizure_core.errors import ParameterError
from seizure_core.messages import near_names
from seizure_core.review.folder import LOG_FILE, ReviewFolder, create_review
from seizure_core.review.model import Source
from seizure_core.review.origins import model_source
from zoo.inference.detection import Detection
from zoo.store.home import check_room, home_folder, make_private

REVIEWS_FOLDER = "reviews"
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class ReviewShelf:
    """The reviews of the home folder; each is read once and then followed."""

    def __init__(self) -> None:
        self._opened: dict[Path, ReviewFolder] = {}
        self._lock = threading.Lock()

    def ids(self) -> list[str]:
        """Return the ids of all reviews, the latest changed first."""
        logs = self._folder().glob(f"*/{LOG_FILE}")
        return [log.parent.name for log in sorted(logs, key=_changed, reverse=True)]

    def open(self, review_id: str) -> ReviewFolder:
        """Return a review.

        Raises
        ------
        ParameterError
            There is none of this id.
        """
        folder = self._place(review_id)
        with self._lock:
            if not (folder / LOG_FILE).is_file():
                self._opened.pop(folder, None)
                near = near_names(review_id, self.ids(), most=1)
                raise ParameterError(
                    "There is no review {review_id!r}. Did you mean {near}?"
                    if near
                    else "There is no review {review_id!r}.",
                    review_id=review_id,
                    **({"near": near[0]} if near else {}),
                )
            if folder not in self._opened:
                self._opened[folder] = ReviewFolder(folder)
            return self._opened[folder]

    def create(self, review_id: str) -> ReviewFolder:
        """Return a review, which is created if there is none of this id.

        Raises
        ------
        ParameterError
            It cannot be an id.
        HomeFullError
            The home folder has no room.
        """
        folder = self._place(review_id)
        if not (folder / LOG_FILE).is_file():
            check_room()
            make_private(home_folder())
            create_review(folder)
        return self.open(review_id)

    def delete(self, review_id: str) -> None:
        """Delete a review with its log.

        Raises
        ------
        ParameterError
            There is none of this id.
        """
        folder = self.open(review_id).folder
        with self._lock:
            self._opened.pop(folder, None)
            shutil.rmtree(folder)

    def _place(self, review_id: str) -> Path:
        if not _ID.fullmatch(review_id):
            raise ParameterError(
                "The id of a review has up to 60 small letters, digits, - and _; {review_id!r} was "
                "given.",
                review_id=review_id,
            )
        return self._folder() / review_id

    def _folder(self) -> Path:
        return home_folder() / REVIEWS_FOLDER


def source_of_detection(found: Detection) -> Source:
    """Return the model that made a result, at its operating point, as a source of a review."""
    return model_source(
        {
            "model_id": found.model_id,
            "model_version": found.model_version,
            "weights_sha256": found.weights_sha256,
            "operating_point": found.operating_point,
            "threshold": found.threshold,
        }
    )


def _changed(log: Path) -> float:
    try:
        return log.stat().st_mtime
    except FileNotFoundError:
        return 0.0
