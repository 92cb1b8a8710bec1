"""Everything a model may be that means harm, and the reason it is refused with, in one list.

Each comes in all three ways a model comes in: in a bundle, in a folder, from the Hub. What only
a bundle or a folder can do stands below. Nothing of any of them is built, run, written outside
the home folder, or registered.
"""

from __future__ import annotations

import json
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load, save

from seizure_core.json_document import sha256_of
from tests.hub_state import HubState
from tests.zoo.hub_fixtures import REPO
from tests.zoo.models import build_from, card_document
from ui.zoo.card.page import card_page_html, head_of_page_html
from ui.zoo.card.results import summary_html
from ui.zoo.catalogue import read_catalogue
from ui.zoo.model_list import list_html
from zoo.errors import SeizureZooError
from zoo.hub.access import HubAccess
from zoo.hub.pulling import pull_model
from zoo.store.bundle import import_model
from zoo.store.home import home_folder
from zoo.store.registry import list_models, model_card
from zoo.store.sealing import write_model

CARD, WEIGHTS = "card.json", "model.safetensors"
Files = dict[str, bytes]

# Run when it is unpickled: it would make a file beside the test's own.
MARKER = "was-run"
PICKLE = b"cposix\nsystem\n(S'touch %s'\ntR."


def edited(files: Files, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the card and leave all else."""
    card = json.loads(files[CARD])
    change(card)
    files[CARD] = json.dumps(card).encode()


def with_layer(layer: Any) -> Callable[[Files], None]:
    return lambda files: edited(files, lambda card: card.update(network=[layer, *card["network"]]))


def pickled_weights(files: Files) -> None:
    files[WEIGHTS] = PICKLE % MARKER.encode()


def pickle_instead(files: Files) -> None:
    del files[WEIGHTS]
    files["pytorch_model.bin"] = PICKLE % MARKER.encode()


def gigabytes(files: Files) -> None:
    files[WEIGHTS] = struct.pack("<Q", 2**33) + files[WEIGHTS][8:]


def huge_tensor(files: Files) -> None:
    """A header that is small, and names a tensor of 4 TB."""
    tensor = {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 2**42]}
    header = json.dumps({"0.weight": tensor}).encode()
    files[WEIGHTS] = struct.pack("<Q", len(header)) + header


def header_and_data(weights: bytes) -> tuple[dict[str, Any], bytes]:
    (header_bytes,) = struct.unpack("<Q", weights[:8])
    return json.loads(weights[8 : 8 + header_bytes]), weights[8 + header_bytes :]


def exchanged(files: Files, weights: bytes) -> None:
    """Exchange the weights, with every hash made to fit."""
    card = json.loads(files[CARD])
    files[WEIGHTS] = weights
    card["weights"].update(sha256=sha256_of(weights), size_bytes=len(weights))
    files[CARD] = json.dumps(card).encode()


def not_a_number(files: Files) -> None:
    tensors, (header, _) = load(files[WEIGHTS]), header_and_data(files[WEIGHTS])
    tensors["0.weight"][0, 0, 0] = float("nan")
    exchanged(files, save(tensors, metadata=header["__metadata__"]))


def shared_bytes(files: Files) -> None:
    """The last tensor lies over the first one, and the file ends before it."""
    header, data = header_and_data(files[WEIGHTS])
    entries = [entry for name, entry in header.items() if name != "__metadata__"]
    last = max(entries, key=lambda entry: int(entry["data_offsets"][0]))
    start, stop = last["data_offsets"]
    last["data_offsets"] = [0, stop - start]
    changed = json.dumps(header).encode()
    exchanged(files, struct.pack("<Q", len(changed)) + changed + data[:start])


def flipped_bit(files: Files) -> None:
    files[WEIGHTS] = files[WEIGHTS][:-1] + bytes([files[WEIGHTS][-1] ^ 1])


def better_scores(files: Files) -> None:
    def praise(card: dict[str, Any]) -> None:
        (result,) = card["results"]
        result["metrics"]["sensitivity"]["value"] = 1.0

    edited(files, praise)


def endless_nesting(files: Files) -> None:
    files[CARD] = b'{"a":' * 100_000


def nested_layers(files: Files) -> None:
    layer: dict[str, Any] = {"type": "relu"}
    for _ in range(10):
        layer = {"type": "residual", "layers": [layer]}
    with_layer(layer)(files)


def many_golden_windows(files: Files) -> None:
    edited(files, lambda card: card["golden"].update(n_windows=10**9))


def huge_window(files: Files) -> None:
    edited(files, lambda card: card["input"].update(window_s=10**9))


def weights_elsewhere(files: Files) -> None:
    edited(files, lambda card: card["weights"].update(file="../../../etc/passwd"))


def id_that_is_a_path(files: Files) -> None:
    edited(files, lambda card: card.update(model_id="../../evil"))


def foreign_code(files: Files) -> None:
    edited(files, lambda card: card.update(auto_map={"AutoModel": "evil.Model"}))


ATTACKS: dict[str, tuple[Callable[[Files], None], str]] = {
    "a pickle under the name of the weights": (
        pickled_weights,
        "such as pickle, are never opened|bytes large; .* It was not fetched",
    ),
    "a pickle instead of the weights": (
        pickle_instead,
        "never opened|was not opened|file is missing",
    ),
    "a header that claims gigabytes": (gigabytes, "claims 8589934592 bytes"),
    "a tensor of terabytes": (huge_tensor, "contradict|names 4398046511104|was not fetched"),
    "an unknown kind of layer": (
        with_layer({"type": "python", "code": "import os"}),
        "no layer type 'python'",
    ),
    "a layer of a million million outputs": (
        with_layer({"type": "linear", "out_features": 10**12}),
        "out_features",
    ),
    "more parameters than are allowed": (
        with_layer({"type": "conv1d", "out_channels": 1_000_000, "kernel_size": 100}),
        "parameters|out_channels",
    ),
    "more memory than is allowed": (
        with_layer({"type": "conv1d", "out_channels": 600_000, "kernel_size": 1}),
        "values in memory|out_channels",
    ),
    "layers in layers in layers": (nested_layers, "more than 6 deep"),
    "a card nested without end": (endless_nesting, "nested|JSON"),
    "a window of thirty years": (huge_window, "window_s"),
    "a golden of a thousand million windows": (many_golden_windows, "n_windows"),
    "weights that are NaN, every hash made to fit": (not_a_number, "NaN or infinity"),
    "tensors that share their bytes": (shared_bytes, "overlap or leave gaps"),
    "weights with one bit flipped": (flipped_bit, "altered or exchanged"),
    "scores edited after training": (better_scores, "the card was changed after the weights"),
    "weights that lie elsewhere": (weights_elsewhere, "weights.file"),
    "an id that is a path": (id_that_is_a_path, "model_id"),
    "code to be run": (foreign_code, "auto_map"),
}


@pytest.fixture
def whole(tmp_path: Path) -> Files:
    """A sound model."""
    document = card_document("mine")
    document["results"] = [
        {
            "dataset": "Some data",
            "protocol": "any overlap",
            "split": "by patient",
            "n_recordings": 2,
            "n_seizures": 4,
            "hours": 0.5,
            "metrics": {"sensitivity": {"value": 0.25}},
        }
    ]
    folder = tmp_path / "sound"
    write_model(folder, document=document, network=build_from(document))
    return {name: (folder / name).read_bytes() for name in (CARD, WEIGHTS)}


def by_bundle(files: Files, tmp_path: Path, _: HubState) -> None:
    path = tmp_path / "mine.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    import_model(path)


def by_folder(files: Files, tmp_path: Path, _: HubState) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    import_model(folder)


def by_hub(files: Files, _: Path, hub: HubState) -> None:
    hub.repository(REPO, {("config.json" if n == CARD else n): d for n, d in files.items()})
    pull_model(REPO, access=HubAccess.anonymous())


WAYS = {"bundle": by_bundle, "folder": by_folder, "Hub": by_hub}


@pytest.mark.parametrize("way", WAYS)
def test_a_sound_model_comes_in_every_way(
    whole: Files, tmp_path: Path, hub: HubState, way: str
) -> None:
    WAYS[way](whole, tmp_path, hub)
    assert "mine" in {one.model_id for one in list_models()}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_harm_is_refused_with_its_reason(
    whole: Files,
    tmp_path: Path,
    hub: HubState,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    attack: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    change, reason = ATTACKS[attack]
    change(whole)
    with pytest.raises(SeizureZooError, match=reason):
        WAYS[way](whole, tmp_path, hub)
    assert "mine" not in {one.model_id for one in list_models()}
    assert not (tmp_path / MARKER).exists()
    left = [path for path in home_folder().rglob("*") if path.suffix in (".safetensors", ".bin")]
    assert left == []


@pytest.mark.parametrize(
    "attack", [name for name in ATTACKS if "allowed" in name or "million m" in name]
)
def test_what_is_too_large_is_refused_before_it_is_built(
    whole: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attack: str
) -> None:
    def build(*_: object, **__: object) -> None:
        pytest.fail("it was built")

    monkeypatch.setattr("zoo.store.model_folder.build_network", build)
    ATTACKS[attack][0](whole)
    with pytest.raises(SeizureZooError):
        by_folder(whole, tmp_path, HubState())


# --- what only archives and folders can do ---


def archive_with(tmp_path: Path, files: Files, **foul: Any) -> Path:
    """Write a bundle; `foul` is one more member: its name, content and mode."""
    path = tmp_path / "foul.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            if name != foul["name"]:
                archive.writestr(name, data)
        info = zipfile.ZipInfo(foul["name"])
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = foul.get("mode", 0o644) << 16
        archive.writestr(info, foul.get("data", b"x"))
    return path


@pytest.mark.parametrize(
    ("foul", "reason"),
    [
        ({"name": "../../evil"}, "leads out of the bundle"),
        ({"name": "/etc/evil"}, "leads out of the bundle"),
        ({"name": "..\\evil"}, "leads out of the bundle"),
        ({"name": "link", "mode": stat.S_IFLNK | 0o777, "data": b"/etc/passwd"}, "a link or a"),
        ({"name": "pipe", "mode": stat.S_IFIFO | 0o644}, "a link or a device"),
        ({"name": WEIGHTS, "data": bytes(300_000_000)}, "would unpack to more than"),
    ],
    ids=lambda value: value["name"] if isinstance(value, dict) else "",
)
def test_archives_that_lead_out_or_burst_are_refused(
    whole: Files, tmp_path: Path, foul: dict[str, Any], reason: str
) -> None:
    path = archive_with(tmp_path, whole, **foul)
    before = sorted(one for one in tmp_path.rglob("*") if "lock" not in one.name)
    with pytest.raises(SeizureZooError, match=reason):
        import_model(path)
    after = sorted(one for one in tmp_path.rglob("*") if "lock" not in one.name)
    assert [one for one in after if one not in before and one != home_folder()] == []


def test_a_folder_whose_files_are_links_elsewhere_is_refused(whole: Files, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / CARD).write_bytes(whole[CARD])
    (folder / WEIGHTS).symlink_to("/etc/passwd")
    with pytest.raises(SeizureZooError, match="link to somewhere else"):
        import_model(folder)


def test_a_folder_with_a_pipe_for_a_file_does_not_hang(whole: Files, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / CARD).write_bytes(whole[CARD])
    os.mkfifo(folder / WEIGHTS)
    with pytest.raises(SeizureZooError):
        import_model(folder)


# --- texts ---

FOUL = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) ${7*7}"


@pytest.mark.parametrize("way", WAYS)
def test_markup_in_any_text_is_shown_as_text(tmp_path: Path, hub: HubState, way: str) -> None:
    document = card_document("mine")
    document.update(title=FOUL, license=FOUL, authors=[FOUL], intended_use=FOUL, limitations=FOUL)
    document["training"].update(
        note=FOUL,
        data=[{"name": FOUL, "subjects": [FOUL], "note": FOUL}],
        split={"method": FOUL, "description": FOUL},
        software={FOUL: FOUL},
        settings={FOUL: FOUL},
    )
    document["results"] = [
        {
            "dataset": FOUL,
            "protocol": FOUL,
            "split": FOUL,
            "n_recordings": 1,
            "n_seizures": 1,
            "hours": 1,
            "metrics": {FOUL: {"value": 1.0}},
            "note": FOUL,
            "interval": FOUL,
        }
    ]
    folder = tmp_path / "foul"
    write_model(folder, document=document, network=build_from(document))
    files = {name: (folder / name).read_bytes() for name in (CARD, WEIGHTS)}
    WAYS[way](files, tmp_path, hub)
    card = model_card("mine")
    readme = (home_folder() / "models" / "mine" / "README.md").read_text(encoding="utf-8")
    # Above it stands YAML, where a quoted text is a text.
    _, _, readme = readme.split("---\n", 2)
    catalogue = read_catalogue()
    model = next(one for one in catalogue.models if one.model_id == "mine")
    for shown in (
        card_page_html(card, catalogue),
        head_of_page_html(model),
        list_html([model], n_all=1),
        summary_html(card),
        readme,
    ):
        assert "<script" not in shown
        assert "<img" not in shown
    assert "[x](javascript" not in readme
    assert card.title == FOUL
