from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.seizure_core.review.reviews import review_of
from zoo.store.reviews import ReviewShelf

ROOT = Path(__file__).resolve().parents[3]

_REVIEWING = """
import sys
from pathlib import Path
from types import SimpleNamespace
from seizure_core.io.opening import open_recording
from ui.app import build_app
from ui.predict.review_panel import ReviewPanel
from ui.resources import Services
from ui.server.settings import Settings
from ui.viewer.server import server_functions

found = []
build = ReviewPanel.__init__

def noted(self, *given):
    found.append(self)
    build(self, *given)

ReviewPanel.__init__ = noted
build_app(Services.create(Settings(), Path(sys.argv[1])))
(panel,) = found
request = SimpleNamespace(session_hash="s", username=None)
opened = panel.begin(None, "ward", "Dr A", "doubt", request)
ask = {one.__name__: one for one in server_functions(panel._sessions.store)}
info = ask["viewer_open"]({"handle": opened.handle})
queue = ask["viewer_queue"]({"handle": opened.handle})
montage = ask["viewer_montage"]({"handle": opened.handle, "montage": "recorded"})
page = ask["viewer_page"]({"handle": opened.handle, "montage": "recorded", "rows": [0, 1],
                           "start_s": 0, "length_s": 10, "columns": 500})
other = next(one["recording"] for one in queue["items"] if one["recording"] != queue["recording"])
ask["viewer_queue_open"]({"handle": opened.handle, "recording": other})
said = ask["viewer_review"]({"handle": opened.handle, "marks": [], "shifts": [],
                             "decisions": [{"prediction": 1, "decision": "rejected"}]})
assert info["is_queued"] and page["data"] and said["n_decided"] == 1, (info, page, said)
print([name for name in ("torch", "safetensors") if name in sys.modules])
"""


def test_torch_is_not_loaded_for_reviewing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    review, _ = review_of(tmp_path)
    (home / "reviews").mkdir(parents=True)
    review.folder.rename(home / "reviews" / "ward")
    environment = os.environ | {"SEIZURE_ZOO_HOME": str(home)}
    ended = subprocess.run(
        [sys.executable, "-c", _REVIEWING, str(tmp_path / "work")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "[]"), ended.stderr


def test_a_shelf_lists_opens_and_deletes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(tmp_path))
    shelf = ReviewShelf()
    review = shelf.create("ward-3")
    assert shelf.open("ward-3") is review
    assert shelf.ids() == ["ward-3"]
    shelf.delete("ward-3")
    assert shelf.ids() == []
    assert shelf.create("ward-3") is not review
