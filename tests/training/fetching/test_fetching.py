"""Downloads of a database over a network that breaks, from a server that speaks real HTTP."""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared_files import shared_file
from tests.training.database_server import DatabaseServer, publish_checksums, serving
from training.cli import main
from training.errors import FetchCancelledError, FetchError
from training.fetching import download
from training.fetching.chbmit import ChbmitFetcher, FetchOptions, FetchPlan
from training.fetching.download import case_name, parse_checksums, wanted_files

RECORDING = "chb02/chb02_16+.edf"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[DatabaseServer]:
    """Serve a database of some kilobytes with the names of the real one."""
    folder = tmp_path / "published"
    rng = random.Random(5)
    for path, size in (
        ("RECORDS", 40),
        ("chb01/chb01_03.edf", 90_000),
        ("chb01/chb01-summary.txt", 700),
        (RECORDING, 60_000),
        ("chb02/chb02_16+.edf.seizures", 50),
        ("chb02/chb02-summary.txt", 600),
    ):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(rng.randbytes(size))
    publish_checksums(folder)
    with serving(folder) as server:
        yield server


def fetch(server: DatabaseServer, folder: Path, *patients: str, check: bool = False) -> FetchPlan:
    options = FetchOptions(base_url=server.url, connections=3, check_present=check)
    with ChbmitFetcher(folder, options) as fetcher:
        plan = fetcher.plan(patients)
        fetcher.check_room(plan)
        fetcher.fetch(plan, lambda *_: None)
    return plan


def same(server: DatabaseServer, folder: Path, path: str) -> bool:
    return (folder / path).read_bytes() == (server.folder / path).read_bytes()


def test_one_patient_comes_with_the_files_of_the_whole_database(
    database: DatabaseServer, tmp_path: Path
) -> None:
    fetch(database, tmp_path / "copy", "2")
    found = {
        one.relative_to(tmp_path / "copy").as_posix()
        for one in (tmp_path / "copy").rglob("*")
        if one.is_file()
    }
    assert found == {
        "RECORDS",
        "SHA256SUMS.txt",
        RECORDING,
        "chb02/chb02_16+.edf.seizures",
        "chb02/chb02-summary.txt",
    }
    assert all(same(database, tmp_path / "copy", path) for path in found)


def test_a_second_call_fetches_nothing_again(database: DatabaseServer, tmp_path: Path) -> None:
    fetch(database, tmp_path / "copy")
    database.sent_bytes.clear()
    plan = fetch(database, tmp_path / "copy")
    assert not plan.missing
    assert plan.missing_bytes == 0
    assert set(database.sent_bytes) == {"SHA256SUMS.txt"}


def test_a_cut_line_is_gone_on_with_where_it_broke(
    database: DatabaseServer, tmp_path: Path
) -> None:
    database.cut[RECORDING] = 25_000
    fetch(database, tmp_path / "copy", "2")
    assert same(database, tmp_path / "copy", RECORDING)
    assert database.sent_bytes[RECORDING] == 60_000
    assert (RECORDING, "bytes=25000-") in database.asked


def test_a_server_without_ranges_is_asked_for_the_whole_again(
    database: DatabaseServer, tmp_path: Path
) -> None:
    database.cut[RECORDING] = 25_000
    database.ranges = False
    fetch(database, tmp_path / "copy", "2")
    assert same(database, tmp_path / "copy", RECORDING)
    assert database.sent_bytes[RECORDING] == 85_000


def test_a_busy_server_is_asked_again(
    database: DatabaseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_MAX_PAUSE_S", 0.01)
    database.busy[RECORDING] = 2
    fetch(database, tmp_path / "copy", "2")
    assert same(database, tmp_path / "copy", RECORDING)


def test_a_wrong_byte_is_noticed_and_the_file_fetched_again(
    database: DatabaseServer, tmp_path: Path
) -> None:
    database.wrong[RECORDING] = 1
    fetch(database, tmp_path / "copy", "2")
    assert same(database, tmp_path / "copy", RECORDING)


def test_a_file_that_stays_wrong_is_not_kept_and_the_others_are(
    database: DatabaseServer, tmp_path: Path
) -> None:
    database.wrong[RECORDING] = 9
    with pytest.raises(FetchError, match=r"1 of 4 files .* chb02_16\+\.edf came 2 times"):
        fetch(database, tmp_path / "copy", "2")
    assert not (tmp_path / "copy" / RECORDING).exists()
    assert not list((tmp_path / "copy").rglob("*.part"))
    assert same(database, tmp_path / "copy", "chb02/chb02-summary.txt")
    database.wrong.clear()
    fetch(database, tmp_path / "copy", "2")
    assert same(database, tmp_path / "copy", RECORDING)


def test_a_file_the_server_lacks_is_named(database: DatabaseServer, tmp_path: Path) -> None:
    (database.folder / RECORDING).unlink()
    with pytest.raises(FetchError, match=r"refuses chb02_16\+\.edf \(HTTP 404\)"):
        fetch(database, tmp_path / "copy", "2")


def test_a_download_that_is_stopped_goes_on_from_there(
    database: DatabaseServer, tmp_path: Path
) -> None:
    from training.fetching.download import Download, DownloadCallback, download

    stop = threading.Event()
    content = (database.folder / RECORDING).read_bytes()
    file = Download(
        url=f"{database.url}{RECORDING.replace('+', '%2B')}",
        target=tmp_path / "x.edf",
        sha256=hashlib.sha256(content).hexdigest(),
    )
    options = FetchOptions(base_url=database.url)
    with ChbmitFetcher(tmp_path, options) as fetcher:
        client = fetcher.client
        database.cut[RECORDING] = 10_000
        callback = DownloadCallback(on_bytes=lambda _: stop.set(), cancelled=stop.is_set)
        with pytest.raises(FetchCancelledError):
            download(client, file, callback)
        assert not file.target.exists()
        kept = file.part.stat().st_size
        assert kept
        download(client, file, DownloadCallback(on_bytes=lambda _: None, cancelled=lambda: False))
    assert file.target.read_bytes() == content
    assert database.asked[-1][1] == f"bytes={kept}-"


def test_files_that_are_there_can_be_checked_byte_for_byte(
    database: DatabaseServer, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    fetch(database, copy)
    damaged = bytearray((copy / RECORDING).read_bytes())
    damaged[100] ^= 1
    (copy / RECORDING).write_bytes(damaged)
    assert not fetch(database, copy).missing
    plan = fetch(database, copy, check=True)
    assert [one.path for one in plan.missing] == [RECORDING]
    assert same(database, copy, RECORDING)


def test_progress_adds_up_to_what_was_announced(database: DatabaseServer, tmp_path: Path) -> None:
    database.cut[RECORDING] = 25_000
    database.wrong["chb01/chb01_03.edf"] = 1
    seen: list[tuple[int, str]] = []
    with ChbmitFetcher(tmp_path / "copy", FetchOptions(base_url=database.url)) as fetcher:
        plan = fetcher.plan()
        fetcher.fetch(plan, lambda *one: seen.append(one))
    assert plan.missing_bytes == 40 + 90_000 + 700 + 60_000 + 50 + 600
    assert seen[-1][0] == plan.missing_bytes
    assert sorted(name for _, name in seen if name) == [one.path for one in plan.missing]


def test_what_does_not_fit_on_the_disk_is_said_before_anything_comes(
    database: DatabaseServer, tmp_path: Path
) -> None:
    with ChbmitFetcher(tmp_path / "copy", FetchOptions(base_url=database.url)) as fetcher:
        huge = FetchPlan(folder=tmp_path, present=(), missing=(), missing_bytes=1 << 60)
        with pytest.raises(FetchError, match=r"disk has .* left\. Make room"):
            fetcher.check_room(huge)


def test_the_command_says_what_comes_and_that_all_is_right(
    database: DatabaseServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = ["--to", str(tmp_path / "copy"), "--from", database.url]
    assert main(["fetch", "chbmit", "--patients", "1", "--dry-run", *to]) == 0
    assert not (tmp_path / "copy" / "chb01").exists()
    assert main(["fetch", "chbmit", "--patients", "1", *to]) == 0
    printed = capsys.readouterr().out
    assert "3 files to fetch, 91 kB; 0 are there." in printed
    assert "Complete: 3 files fetched" in printed


def test_without_a_folder_the_database_comes_into_the_home_folder(
    database: DatabaseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(tmp_path))
    assert main(["fetch", "chbmit", "--patients", "chb01", "--from", database.url]) == 0
    assert list((tmp_path / "databases" / "chbmit" / "chb01").glob("*.edf"))


def test_a_recipe_without_the_database_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(tmp_path))
    assert main(["recipe", "chbmit-p1"]) != 0
    assert "seizure-zoo fetch chbmit" in capsys.readouterr().err


def test_an_address_without_database_is_an_error_with_advice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    with serving(folder) as server:
        to = ["--to", str(tmp_path / "copy"), "--from", server.url]
        assert main(["fetch", "chbmit", *to]) != 0
    assert "The list of files cannot be fetched" in capsys.readouterr().err


@pytest.mark.parametrize(
    "line",
    [
        "<html>login</html>",
        f"{'a' * 64} ../../outside",
        f"{'a' * 64} /etc/passwd",
        f"{'a' * 64} chb01/../../x",
        f"{'a' * 63} RECORDS",
    ],
)
def test_a_list_that_is_none_or_leads_out_of_the_folder_is_refused(line: str) -> None:
    with pytest.raises(FetchError, match=r"Line 1 of SHA256SUMS\.txt"):
        parse_checksums(line)


@pytest.mark.parametrize("written", ["3", "03", "chb03", "CHB03"])
def test_patients_are_known_by_number_or_name(written: str) -> None:
    assert case_name(written) == "chb03"


def test_the_real_list_of_checksums_names_every_recording_once() -> None:
    text = shared_file("chbmit/annotations/SHA256SUMS.txt").read_text()
    published = parse_checksums(text)
    assert sum(one.path.endswith(".edf") for one in published) == 686
    wanted = wanted_files(published, ["chb24", "6"])
    assert {one.case for one in wanted} == {None, "chb06", "chb24"}
    with pytest.raises(FetchError, match="no patient chb25"):
        wanted_files(published, ["25"])
