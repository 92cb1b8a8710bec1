"""Services that the tabs and the endpoints share; made once, in `app.py`, and handed down."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ui.opening.recordings import RecordingSources
from ui.server.settings import Settings
from ui.server.work_folders import WorkFolders
from zoo.store.reviews import ReviewShelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Settings, recordings and private folders.

    Attributes
    ----------
    settings : Settings
        What the operator decided.
    recordings : RecordingSources
        Opens recordings.
    work : WorkFolders
        Folders for files the app makes.
    reviews : ReviewShelf
        Reviews in the home folder.
    """

    settings: Settings
    recordings: RecordingSources
    work: WorkFolders
    reviews: ReviewShelf = field(default_factory=ReviewShelf)

    @classmethod
    def create(cls, settings: Settings, temporary_folder: Path) -> Services:
        """Make the services.

        Parameters
        ----------
        settings : Settings
            What the operator decided.
        temporary_folder : Path
            As `ui.server.process.prepare_process` returned it.
        """
        work = WorkFolders(root=temporary_folder / "work", keep_s=settings.keep_files_s)
        recordings = RecordingSources(
            upload_folder=temporary_folder / "uploads",
            data_folder=settings.data_folder,
            work=work,
            demo_folder=temporary_folder / "demo",
        )
        return cls(settings=settings, recordings=recordings, work=work)
