from __future__ import annotations

import os
import time
from pathlib import Path

import gradio as gr
import pytest

from seizure_core.errors import ParameterError
from tests.zoo.models import write_small_model
from ui.i18n.translation import ENGLISH, languages, words_of
from ui.resources import Services
from ui.server.settings import Settings
from ui.zoo.actions import ModelFiles, take_in
from ui.zoo.catalogue import read_catalogue
from ui.zoo.scoreboard import read_scoreboard, scoreboard_html
from zoo.errors import BundleError
from zoo.store.bundle import export_bundle
from zoo.store.home import home_folder
from zoo.store.registry import list_models
from zoo.store.user_models import (
    KEEP_S,
    TRASH_FOLDER,
    add_model,
    delete_model,
    discarded_models,
    restore_model,
)


@pytest.fixture
def services(tmp_path: Path) -> Services:
    (tmp_path / "app" / "uploads").mkdir(parents=True)
    return Services.create(Settings(), tmp_path / "app")


def uploaded(services: Services, path: Path) -> str:
    target = services.recordings.upload_folder / path.name
    target.write_bytes(path.read_bytes())
    return str(target)


def to_bring_back(services: Services) -> list[str]:
    """Return the deleted models that are offered, as they are shown."""
    with gr.Blocks(analytics_enabled=False):
        files = ModelFiles(services, gr.State(None))
    (choice,) = [one for one in files.list_deleted().values() if isinstance(one, gr.Dropdown)]
    return [shown for shown, _ in choice.choices or []]


def ids() -> list[str]:
    return [model.model_id for model in list_models()]


def test_a_bundle_is_taken_in(services: Services, tmp_path: Path) -> None:
    write_small_model(tmp_path / "model", "coming")
    add_model(tmp_path / "model")
    bundle = export_bundle("coming", tmp_path)
    delete_model("coming")
    assert take_in(services, [uploaded(services, bundle)]) == "coming"
    assert "coming" in ids()


def test_the_files_of_a_folder_are_taken_in_together(services: Services, tmp_path: Path) -> None:
    write_small_model(tmp_path / "model", "in-parts")
    files = [
        uploaded(services, tmp_path / "model" / name) for name in ("model.safetensors", "card.json")
    ]
    assert take_in(services, files) == "in-parts"
    with pytest.raises(BundleError, match="The files chosen"):
        take_in(services, files[:1])


def test_two_bundles_at_once_are_refused(services: Services, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_bytes(b"PK")
    given = [uploaded(services, tmp_path / name) for name in ("a.zip", "b.zip")]
    with pytest.raises(ParameterError, match="one bundle"):
        take_in(services, given)


def test_a_file_that_was_not_uploaded_is_never_read(services: Services, tmp_path: Path) -> None:
    write_small_model(tmp_path / "model", "elsewhere")
    with pytest.raises(ParameterError, match="not uploaded"):
        take_in(services, [str(tmp_path / "model" / "card.json")])


def test_deleted_models_can_be_chosen_the_newest_first(services: Services, tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_small_model(tmp_path / name, name)
        add_model(tmp_path / name)
        delete_model(name)
    trash = home_folder() / TRASH_FOLDER
    for index, one in enumerate(sorted(trash.iterdir(), key=lambda path: path.stat().st_mtime_ns)):
        os.utime(one, (time.time() + index, time.time() + index))
    found = discarded_models(home_folder())
    assert [one.entry.model_id for one in found] == ["second", "first"]
    assert to_bring_back(services) == ["second: A small model", "first: A small model"]
    assert restore_model(found[1].ticket)["model_id"] == "first"
    assert [one.entry.model_id for one in discarded_models(home_folder())] == ["second"]


def test_what_was_deleted_long_ago_or_is_no_model_is_not_offered(tmp_path: Path) -> None:
    assert discarded_models(home_folder()) == ()
    write_small_model(tmp_path / "old", "old")
    add_model(tmp_path / "old")
    gone = delete_model("old")
    trash = home_folder() / TRASH_FOLDER
    (trash / "something-else").mkdir()
    assert [one.ticket for one in discarded_models(home_folder())] == [gone["undo"]]
    long_ago = time.time() - KEEP_S - 60
    os.utime(trash / gone["undo"], (long_ago, long_ago))
    assert discarded_models(home_folder()) == ()


def test_strangers_are_not_told_what_was_deleted(tmp_path: Path) -> None:
    write_small_model(tmp_path / "model", "secret")
    add_model(tmp_path / "model")
    delete_model("secret")
    open_to_all = Settings(server_name="0.0.0.0")
    assert to_bring_back(Services.create(open_to_all, tmp_path / "app")) == []


BOARD = """{"schema_version": 1, "about": "by <b>one</b> rule", "columns": ["model", "F1", "note"],
"rows": [["n1spool-cnn", 0.5, null], ["always alarm", 0.25, "a <script>"], ["too", "short"]],
"models": {}}"""


def test_the_scoreboard_leads_to_the_cards_of_its_models(tmp_path: Path) -> None:
    path = tmp_path / "scoreboard.json"
    path.write_text(BOARD)
    board = read_scoreboard(path)
    assert board is not None
    assert len(board.rows) == 2
    shown = scoreboard_html(board, read_catalogue())
    assert 'data-model="n1spool-cnn"' in shown
    assert 'data-model="always alarm"' not in shown
    assert '<td class="number">0.5</td>' in shown
    assert "by &lt;b&gt;one&lt;/b&gt; rule" in shown
    assert "<script" not in shown


def test_what_was_measured_on_stands_once_above_the_rows_of_each_data_set() -> None:
    board = read_scoreboard()
    assert board is not None
    shown = scoreboard_html(board, read_catalogue())
    shared = ("data set", "seizures", "hours", "data")
    on = {tuple(row[name] for name in shared) for row in board.rows}
    assert shown.count('scope="rowgroup"') == len(on)
    assert shown.count('scope="row"') == len(board.rows)
    assert shown.count('scope="col"') == len(board.rows[0]) - len(shared)
    for name, n, hours, kind in on:
        said = f"{n} seizure{'' if n == 1 else 's'}, {hours:.3g} h of EEG, {kind}</span>"
        assert f"<strong>{name}</strong> <span>{said}" in shown
    assert "<code>make scoreboard</code>" in shown
    assert "`" not in shown


def test_the_best_of_each_column_is_marked_and_few_data_stand_grey_below() -> None:
    board = read_scoreboard()
    assert board is not None
    shown = scoreboard_html(board, read_catalogue())
    assert (
        "Highest F1 on simulated recordings (24 seizures, 3 h of EEG): Quick screening, 0.98"
        in shown
    )
    assert "Grey rows rest on few data" in shown
    ranked, little = shown.split('<tbody class="little">', 1)
    assert shown.index("<strong>simulated recordings") < len(ranked)
    assert '<td class="words best">0.98' in ranked
    assert "best" not in little.replace("best by", "")
    # Without an alarm there is no false one: detectors without a model are never the best.
    never = next(row for row in ranked.split("<tr>") if "never alarm" in row)
    assert "best" not in never


@pytest.mark.parametrize("language", [one for one in languages() if one != ENGLISH])
def test_the_scoreboards_own_words_are_known_in_every_language(language: str) -> None:
    board = read_scoreboard()
    assert board is not None
    kinds = {str(row["data"]) for row in board.rows}
    written = {board.about, *(one for kind in kinds for one in kind.split(", "))}
    written |= {str(row["model"]) for row in board.rows} - {
        model.model_id for model in list_models()
    }
    written |= set(board.rows[0]) - {"data set", "seizures", "hours", "data"}
    assert sorted(written - set(words_of(language).app)) == []


@pytest.mark.parametrize("content", [None, "", "{}", '{"about": 1}'])
def test_without_a_scoreboard_the_tab_says_where_figures_are(
    content: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "scoreboard.json"
    if content is not None:
        path.write_text(content)
    assert read_scoreboard(path) is None
    assert "card of each model" in scoreboard_html(None, read_catalogue())
