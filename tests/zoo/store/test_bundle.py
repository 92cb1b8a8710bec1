"""Bundles: the same bytes everywhere, and nothing foul gets out of one."""

from __future__ import annotations

import json
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.zoo.models import write_small_model
from zoo.errors import (
    BundleError,
    CardAlteredError,
    CardError,
    RegistryError,
    WeightsAlteredError,
    WeightsFileError,
)
from zoo.loading import load_detector
from zoo.store.bundle import export_bundle, import_model
from zoo.store.home import home_folder
from zoo.store.registry import Registry
from zoo.store.user_models import add_model, delete_model, restore_model

NAMES = ["card.json", "model.safetensors", "README.md"]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of the model `mine`, which is not in the zoo any more."""
    write_small_model(tmp_path / "made", "mine")
    add_model(tmp_path / "made")
    path = export_bundle("mine", tmp_path / "out")
    delete_model("mine")
    return path


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def rezipped(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    files = contents(path)
    change(files)
    return zipped(path, files)


def zipped(path: Path, files: dict[str, bytes], *, compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def in_zoo() -> bool:
    return "mine" in Registry.load().models


def test_a_model_comes_back_from_its_bundle(bundle: Path) -> None:
    assert bundle.name == "mine-1.0.0.zip"
    assert list(contents(bundle)) == NAMES
    assert import_model(bundle) == {"model_id": "mine"}
    assert load_detector("mine").card.model_id == "mine"


def test_a_bundle_is_the_same_bytes_every_time(bundle: Path, tmp_path: Path) -> None:
    import_model(bundle)
    assert export_bundle("mine", tmp_path / "again").read_bytes() == bundle.read_bytes()


def test_a_bundle_tells_no_time_and_no_machine(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.create_system, info.extra, info.comment) == (3, b"", b"")
            assert info.compress_type == zipfile.ZIP_STORED


def test_a_bundle_others_have_packed_anew_is_taken_too(bundle: Path) -> None:
    files = {f"mine/{name}": data for name, data in contents(bundle).items()}
    files["mine/.DS_Store"] = b"x"
    zipped(bundle, files, compression=zipfile.ZIP_DEFLATED)
    assert import_model(bundle) == {"model_id": "mine"}


def test_a_folder_is_taken(tmp_path: Path) -> None:
    write_small_model(tmp_path / "made", "mine")
    assert import_model(tmp_path / "made") == {"model_id": "mine"}


def test_a_snapshot_of_the_hub_clients_cache_is_taken(tmp_path: Path) -> None:
    write_small_model(tmp_path / "made", "mine")
    blobs = tmp_path / "models--team--mine" / "blobs"
    snapshot = tmp_path / "models--team--mine" / "snapshots" / ("a" * 40)
    blobs.mkdir(parents=True)
    snapshot.mkdir(parents=True)
    for name, stored in (("config.json", "card.json"), ("model.safetensors", "model.safetensors")):
        (blobs / stored).write_bytes((tmp_path / "made" / stored).read_bytes())
        (snapshot / name).symlink_to(Path("../../blobs") / stored)
    assert import_model(snapshot) == {"model_id": "mine"}


def test_a_taken_id_is_refused(bundle: Path) -> None:
    import_model(bundle)
    with pytest.raises(RegistryError, match="a model called mine already"):
        import_model(bundle)


def test_a_readme_of_a_bundle_is_not_taken_over(bundle: Path) -> None:
    rezipped(bundle, lambda files: files.update({"README.md": b"<script>alert(1)</script>"}))
    import_model(bundle)
    readme = (home_folder() / "models" / "mine" / "README.md").read_text()
    assert "<script>" not in readme


# --- what is refused ---


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "../../models/other/card.json",
        "/etc/evil",
        "a/../../evil",
        "C:\\evil",
        "..\\evil",
        "C:evil",
    ],
)
def test_names_that_lead_out_are_refused(bundle: Path, tmp_path: Path, name: str) -> None:
    rezipped(bundle, lambda files: files.update({name: b"evil"}))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BundleError, match="leads out of the bundle; nothing was unpacked"):
        import_model(bundle)
    after = sorted(tmp_path.rglob("*"))
    assert [p for p in after if p not in before and "lock" not in p.name] == []
    assert not in_zoo()


def test_links_in_a_bundle_are_refused(bundle: Path) -> None:
    files = contents(bundle)
    with zipfile.ZipFile(bundle, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            if name == "model.safetensors":
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
                data = b"/etc/passwd"
            archive.writestr(info, data)
    with pytest.raises(BundleError, match="a link or a device"):
        import_model(bundle)


def test_links_in_a_folder_are_refused(tmp_path: Path) -> None:
    write_small_model(tmp_path / "made", "mine")
    card = tmp_path / "made" / "card.json"
    card.rename(tmp_path / "elsewhere.json")
    card.symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(BundleError, match=r"card\.json is a link to somewhere else"):
        import_model(tmp_path / "made")
    (tmp_path / "elsewhere.json").unlink()
    with pytest.raises(BundleError, match="a link that leads nowhere"):
        import_model(tmp_path / "made")


@pytest.mark.parametrize("name", ["card.json", "model.safetensors"])
def test_zip_bombs_are_not_unpacked(bundle: Path, name: str) -> None:
    files = contents(bundle)
    files[name] = bytes(201_000_000 if name == "model.safetensors" else 17_000_000)
    zipped(bundle, files, compression=zipfile.ZIP_DEFLATED)
    assert bundle.stat().st_size < 1_000_000
    with pytest.raises(BundleError, match=f"{name} would unpack to more than"):
        import_model(bundle)


def test_a_bomb_that_lies_about_its_size_is_not_unpacked(bundle: Path) -> None:
    files = contents(bundle)
    files["card.json"] = bytes(17_000_000)
    zipped(bundle, files, compression=zipfile.ZIP_DEFLATED)
    data = bytearray(bundle.read_bytes())
    for position in _size_fields(bytes(data), 17_000_000):
        data[position : position + 4] = struct.pack("<I", 1000)
    bundle.write_bytes(data)
    with pytest.raises((BundleError, CardError)):
        import_model(bundle)
    assert not in_zoo()


def _size_fields(data: bytes, size: int) -> list[int]:
    wanted, found, start = struct.pack("<I", size), [], 0
    while (position := data.find(wanted, start)) >= 0:
        found.append(position)
        start = position + 1
    assert len(found) == 2
    return found


def test_very_many_files_are_refused(bundle: Path) -> None:
    rezipped(bundle, lambda files: files.update({f"{n}.txt": b"" for n in range(200)}))
    with pytest.raises(BundleError, match="holds 203 files"):
        import_model(bundle)


def test_two_models_in_one_bundle_are_refused(bundle: Path) -> None:
    files = contents(bundle)
    zipped(bundle, {**files, **{f"b/{name}": data for name, data in files.items()}})
    with pytest.raises(BundleError, match="twice"):
        import_model(bundle)
    mixed = {f"{n}/{name}": data for n, (name, data) in enumerate(files.items())}
    zipped(bundle, mixed)
    with pytest.raises(BundleError, match="several folders"):
        import_model(bundle)


def test_encrypted_and_oddly_compressed_bundles_are_refused(bundle: Path) -> None:
    data = bytearray(bundle.read_bytes())
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    locked = bundle.with_name("locked.zip")
    locked.write_bytes(data)
    with pytest.raises(BundleError, match="encrypted"):
        import_model(locked)
    zipped(bundle, contents(bundle), compression=zipfile.ZIP_LZMA)
    with pytest.raises(BundleError, match="compressed in a way"):
        import_model(bundle)


def test_pickles_are_never_opened(bundle: Path) -> None:
    marker = bundle.parent / "was-run"
    evil = b"cos\nsystem\n(S'touch " + str(marker).encode() + b"'\ntR."

    def swap(files: dict[str, bytes]) -> None:
        del files["model.safetensors"]
        files["pytorch_model.bin"] = evil

    with pytest.raises(BundleError, match="such as pickle, are never opened"):
        import_model(rezipped(bundle, swap))
    zipped(bundle, {"card.json": b"{}", "model.safetensors": evil})
    with pytest.raises(CardError):
        import_model(bundle)
    assert not marker.exists()


def test_a_pickle_in_the_weights_place_is_refused(bundle: Path) -> None:
    rezipped(bundle, lambda files: files.update({"model.safetensors": b"\x80\x04}q\x00." * 20}))
    with pytest.raises(WeightsFileError, match="not a safetensors"):
        import_model(bundle)


def test_a_weights_header_that_claims_gigabytes_is_refused(bundle: Path) -> None:
    def claim(files: dict[str, bytes]) -> None:
        files["model.safetensors"] = struct.pack("<Q", 2**33) + files["model.safetensors"][8:]

    with pytest.raises(WeightsFileError, match="claims 8589934592 bytes"):
        import_model(rezipped(bundle, claim))


def test_changed_weights_and_changed_scores_are_told_apart(bundle: Path) -> None:
    def flip(files: dict[str, bytes]) -> None:
        files["model.safetensors"] = files["model.safetensors"][:-1] + b"\x7f"

    def praise(files: dict[str, bytes]) -> None:
        card = json.loads(files["card.json"])
        card["limitations"] = "None at all."
        files["card.json"] = json.dumps(card).encode()

    original = bundle.read_bytes()
    with pytest.raises(WeightsAlteredError):
        import_model(rezipped(bundle, flip))
    bundle.write_bytes(original)
    with pytest.raises(CardAlteredError):
        import_model(rezipped(bundle, praise))
    assert not in_zoo()


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"type": "python", "code": "import os"}, "no layer type 'python'"),
        ({"type": "linear", "out_features": 10**12}, "out_features"),
        ({"type": "conv1d", "out_channels": 1_000_000, "kernel_size": 100}, "too large|parameters"),
    ],
)
def test_cards_with_unknown_or_huge_layers_are_refused_before_anything_is_built(
    bundle: Path, layer: dict[str, object], message: str
) -> None:
    def swap(files: dict[str, bytes]) -> None:
        card = json.loads(files["card.json"])
        card["network"] = [layer, *card["network"]]
        files["card.json"] = json.dumps(card).encode()

    with pytest.raises(CardError, match=message):
        import_model(rezipped(bundle, swap))


def test_what_is_no_zip_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"hello")
    with pytest.raises(BundleError, match=r"shown\.zip: it is not a zip file"):
        import_model(tmp_path / "a.zip", file_name="shown.zip")
    with pytest.raises(BundleError, match=r"b\.zip: it cannot be read"):
        import_model(tmp_path / "b.zip")
    zipped(tmp_path / "c.zip", {"x.txt": b""})
    with pytest.raises(BundleError, match="card is missing"):
        import_model(tmp_path / "c.zip")


@given(position=st.floats(0, 1), garbage=st.binary(min_size=1, max_size=8), cut=st.booleans())
def test_a_damaged_bundle_is_refused_or_whole(
    bundle: Path, position: float, garbage: bytes, cut: bool
) -> None:
    """Whatever happens to the bytes, only errors for the user come out."""
    data = bundle.read_bytes()
    at = round(position * (len(data) - 1))
    damaged = data[:at] if cut else data[:at] + garbage + data[at + len(garbage) :]
    path = bundle.with_name("damaged.zip")
    path.write_bytes(damaged)
    try:
        import_model(path)
    except (BundleError, CardError, WeightsFileError, WeightsAlteredError, CardAlteredError):
        assert not in_zoo()
    else:
        delete_model("mine")


def test_a_bundle_is_not_written_half(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_model(bundle)
    (tmp_path / "file").write_text("")
    with pytest.raises(BundleError, match="cannot be written"):
        export_bundle("mine", tmp_path / "file" / "out")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(BundleError, match="No space left on device"):
        export_bundle("mine", tmp_path / "full")
    assert list((tmp_path / "full").iterdir()) == []


def test_a_deletion_can_be_undone(bundle: Path) -> None:
    import_model(bundle)
    weights = load_detector("mine").card.weights.sha256
    undo = delete_model("mine")["undo"]
    assert not in_zoo()
    assert restore_model(undo) == {"model_id": "mine"}
    assert load_detector("mine").card.weights.sha256 == weights
    with pytest.raises(RegistryError, match="cannot be restored"):
        restore_model(undo)
    with pytest.raises(RegistryError, match="cannot be restored"):
        restore_model("../models/mine")


def test_a_file_without_a_name_is_refused(bundle: Path) -> None:
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr(zipfile.ZipInfo(""), b"nothing")
    with pytest.raises(BundleError, match="without a name"):
        import_model(bundle)
