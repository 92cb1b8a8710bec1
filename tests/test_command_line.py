"""The program `seizure-zoo`: every command by the same rules."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import shlex
import struct
import subprocess
import sys
import termios
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from seizure_core import __version__
from seizure_core.command_line import Command, build_parser
from seizure_core.events.event import Event
from seizure_core.references import write_szcore_tsv
from seizure_zoo.cli import COMMANDS, main
from tests.training.material import write_recording

ROOT = Path(__file__).resolve().parents[1]


def _leaves(
    one: argparse.ArgumentParser, name: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    inner = [a for a in one._actions if isinstance(a, argparse._SubParsersAction)]
    if not inner:
        yield name, one
    for action in inner:
        for key, value in action.choices.items():
            yield from _leaves(value, f"{name} {key}".strip())


PARSER = build_parser(COMMANDS, program="seizure-zoo", description="")
LEAVES = dict(_leaves(PARSER))


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_offers_json_quiet_and_verbose(name: str) -> None:
    options = {option for one in LEAVES[name]._actions for option in one.option_strings}
    assert {"--json", "-q", "--quiet", "-v", "--verbose", "-h"} <= options


@pytest.mark.parametrize("name", LEAVES)
def test_every_option_is_described_by_a_sentence_with_its_default(name: str) -> None:
    for action in LEAVES[name]._actions:
        text = action.help or ""
        assert text[:1].isupper(), action.dest
        assert text.endswith("."), action.dest
        if action.option_strings and action.nargs != 0:
            told = ("Default: ", "Required.", "May be repeated.", "Restore ")
            assert any(words in text for words in told), action.dest


def test_every_command_that_is_listed_is_described_by_a_sentence() -> None:
    listed = next(a for a in PARSER._actions if isinstance(a, argparse._SubParsersAction))
    for one in listed._choices_actions:
        assert one.help is not None
        assert one.help[0].isupper(), one.help
        assert one.help.endswith("."), one.help
    assert "worker" not in [one.dest for one in listed._choices_actions]


def _examples(commands: Iterable[Command]) -> Iterator[tuple[str, ...]]:
    for command in commands:
        yield command.examples if command.help and not command.actions else ()
        yield from _examples(command.actions)


EXAMPLES = [line for lines in _examples(COMMANDS) for line in lines]
RUNNABLE = ("list", "show ", "version", "repair", "completion", "export", "runs list")


def test_every_command_has_one_to_three_examples() -> None:
    n_examples = [len(lines) for lines in _examples(COMMANDS) if lines]
    assert len(n_examples) == len(LEAVES) - 1  # all but the hidden `worker`
    assert max(n_examples) <= 3


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_example_of_the_help_is_right(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = shlex.split(line.split(">")[0])
    PARSER.parse_args(words)
    if line.startswith(RUNNABLE):
        monkeypatch.chdir(tmp_path)
        assert main(words) == 0


def test_a_mistyped_command_is_answered_with_near_ones(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong, near in ((["predct"], "predict"), (["runs", "lst"], "list")):
        with pytest.raises(SystemExit) as left:
            main(wrong)
        assert left.value.code == 2
        assert f"Did you mean {near}?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["list", "--nonsense"],
        ["completion", "fish-and-chips"],
        ["serve", "--port", "many"],
    ],
)
def test_wrong_usage_exits_with_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(wrong)
    assert left.value.code == 2
    assert "usage: seizure-zoo" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ["delete"],
        ["registry", "add"],
        ["check", "absent"],
        ["score", "{tsv}", "{tsv}", "--duration", "-5"],
        ["predict", "{edf}", "--model", "n1spool-cnn", "--threshold", "9"],
        ["dataset", "create", "{edf}", "--set", "window_s"],
    ],
)
def test_values_out_of_bounds_exit_with_2(
    wrong: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edf = write_recording(tmp_path, "night", [(12.0, 14.0)])
    files = {"edf": str(edf), "tsv": str(tmp_path / "night_events.tsv")}
    assert main([one.format(**files) for one in wrong]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err != ""


@pytest.mark.parametrize(
    "command",
    [
        ["list"],
        ["show", "n1spool-cnn"],
        ["registry", "list"],
        ["repair"],
        ["export", "n1spool-cnn", "--out", "{folder}/bundles"],
        ["score", "{tsv}", "{tsv}"],
        ["check", "{folder}"],
        ["dataset", "list"],
        ["runs", "list"],
        ["version"],
        ["completion", "bash"],
    ],
)
def test_with_json_the_output_is_one_document(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tsv = tmp_path / "night_events.tsv"
    write_szcore_tsv(tsv, [Event(onset_s=12.0, duration_s=14.0)], duration_s=60.0)
    given = {"tsv": str(tsv), "folder": str(tmp_path)}
    main([one.format(**given) for one in command] + ["--json"])
    json.loads(capsys.readouterr().out)


def test_quiet_prints_no_warnings_and_verbose_prints_notes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Five electrodes of the eighteen: channels are missing, which is a warning.
    electrodes = ("FP1", "F7", "T7", "P7", "O1", "F3", "C3", "P3")
    edf = write_recording(tmp_path, "few", electrodes=electrodes)
    heard = {}
    for option in ("--quiet", "--verbose"):
        status = main(["predict", str(edf), "--model", "any-montage", option])
        assert status == 0
        heard[option] = capsys.readouterr().err
    assert heard["--quiet"] == ""
    assert heard["--verbose"] != ""


def test_the_version_stands_in_one_place() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "seizure_zoo", "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.strip() == __version__
    assert 'dynamic = ["version"]' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_a_reader_that_closes_the_pipe_is_no_error() -> None:
    command = [sys.executable, "-m", "seizure_zoo", "show", "dilated-tcn"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        # Closed before anything can be written: the first line already finds no reader.
        program.stdout.close()
        assert program.stderr.read() == b""
    assert program.returncode == 0


def test_on_a_terminal_a_bar_tells_how_far_it_is_and_leaves_results_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edf = write_recording(tmp_path, "night", [(12.0, 14.0)])
    mine, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    with os.fdopen(theirs, "w") as terminal, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal)
        assert main(["predict", str(edf), "--model", "any-montage"]) == 0
        terminal.flush()
        drawn = os.read(mine, 65536).decode()
    os.close(mine)
    assert "of 1 recordings" in drawn
    assert "100%" in drawn
    # The last thing drawn is an empty line in the bar's place.
    assert drawn.split("\r")[-2].strip() == ""
    assert capsys.readouterr().out.startswith("night.edf: ")
