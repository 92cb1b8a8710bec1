"""The command line that all packages share: parsing, output, progress, exit status.

Exit status: 0 when all was done, 1 when something failed (it is named on standard error), 2 for
wrong usage, 130 when stopped by the user. A reader that closes the pipe early, as `head` does, is
no error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.plain_text import printable
from seizure_core.recording import Finding

DONE, FAILED, WRONG_USAGE, STOPPED = 0, 1, 2, 130


Run = Callable[[argparse.Namespace], int]
Argument = tuple[tuple[str, ...], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command of a program: what it is called, takes and does.

    Attributes
    ----------
    name, help : str
        As the list of commands shows them; one without help is not listed.
    run : callable
        Does it and returns the exit status.
    arguments : tuple of Argument
        What it takes besides the options that all commands have.
    actions : tuple of Command
        Its own commands, such as `create` of `dataset`.
    description, epilog : str
        What its own help says above and below the options; `help` and nothing if empty.
    """

    name: str
    help: str
    run: Run
    arguments: tuple[Argument, ...] = ()
    actions: tuple[Command, ...] = ()
    description: str = ""
    epilog: str = ""

    def describe(self, choices: Any) -> None:
        """Add the command's parser to the choices of a program or of another command."""
        # argparse lists a command as soon as it is given a help, even an empty one.
        parser = choices.add_parser(
            self.name,
            description=self.description or self.help,
            epilog=self.epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **({"help": self.help} if self.help else {}),
        )
        if self.actions:
            inner = parser.add_subparsers(metavar="ACTION", required=True)
            for action in self.actions:
                action.describe(inner)
            return
        parser.set_defaults(command=self)
        exclusive = None
        for names, settings in (*self.arguments, *_COMMON):
            place = parser
            if settings.get("exclusive"):
                place = exclusive = exclusive or parser.add_mutually_exclusive_group()
            place.add_argument(*names, **{k: v for k, v in settings.items() if k != "exclusive"})


def argument(*names: str, **settings: Any) -> Argument:
    """Return what `argparse` takes for an argument; of the `exclusive` ones only one is taken."""
    return names, settings


def command(
    name: str, text: str, *arguments: Argument, description: str = "", epilog: str = ""
) -> Callable[[Run], Command]:
    """Make a command of the function below."""
    return lambda run: Command(
        name=name,
        help=text,
        run=run,
        arguments=arguments,
        description=description,
        epilog=epilog,
    )


def group(name: str, text: str, *actions: Command) -> Command:
    """Return a command that consists of several."""
    return Command(name=name, help=text, run=lambda _: WRONG_USAGE, actions=actions)


_COMMON = (
    argument("--json", action="store_true", help="print the result as JSON"),
    argument("-q", "--quiet", action="store_true", help="print only results and errors"),
    argument("-v", "--verbose", action="store_true", help="print notes too"),
)


class _CommandParser(argparse.ArgumentParser):
    """A parser that names the commands near to an unknown one instead of listing all."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if isinstance(action, argparse._SubParsersAction) and value not in action.choices:
            near = get_close_matches(str(value), list(action.choices), n=2)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            self.error(f"there is no command {str(value)[:60]!r}.{hint}")
        super()._check_value(action, value)

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(WRONG_USAGE, f"{self.prog}: {message} See `{self.prog} --help`.\n")


def build_parser(
    commands: Sequence[Command], *, program: str, description: str, version: str = ""
) -> argparse.ArgumentParser:
    """Return the parser of a program; `command` of what it parses is the chosen command."""
    parser = _CommandParser(prog=program, description=description)
    if version:
        parser.add_argument(
            "--version", action="version", version=version, help="print the version and exit"
        )
    choices = parser.add_subparsers(metavar="COMMAND", required=True, dest="command_name")
    for one in commands:
        one.describe(choices)
    return parser


def run_command_line(
    arguments: Sequence[str] | None,
    commands: Sequence[Command],
    *,
    program: str,
    description: str,
    version: str = "",
) -> int:
    """Parse a command line, run its command and return the exit status.

    Parameters
    ----------
    arguments : sequence of str or None
        Without the program's name; None means those of the process.
    commands : sequence of Command
        What there is to choose from.
    program, description : str
        What the help says.
    version : str
        What `--version` prints; without it there is no such option.
    """
    parser = build_parser(commands, program=program, description=description, version=version)
    parsed = parser.parse_args(arguments)
    parsed.parser = parser  # for a command that describes the whole program
    try:
        status: int = parsed.command.run(parsed)
        sys.stdout.flush()
        return status
    except ParameterError as error:
        print(printable(str(error)), file=sys.stderr)
        return WRONG_USAGE
    except SeizureZooError as error:
        print(printable(str(error)), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        # What is still buffered must not be written when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def write(arguments: argparse.Namespace, document: Any, text: str | Iterable[str]) -> None:
    """Print a result: one JSON document with `--json`, text or lines of text without.

    Parameters
    ----------
    arguments : argparse.Namespace
        The parsed command line.
    document : dict or list
        The result as plain data.
    text : str or iterable of str
        The same for people; nothing is printed where it is empty.
    """
    if arguments.json:
        print(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False), flush=True)
        return
    for line in [text] if isinstance(text, str) else text:
        if line:
            print(line, flush=True)


def say(arguments: argparse.Namespace, line: str) -> None:
    """Print a line on how far the work is: not with `--quiet`, and out of the way of JSON."""
    if not arguments.quiet:
        print(printable(line), file=sys.stderr if arguments.json else sys.stdout, flush=True)


def warn(arguments: argparse.Namespace, *messages: str) -> None:
    """Print warnings on standard error, unless `--quiet` was asked for."""
    if not arguments.quiet:
        for message in messages:
            print(f"warning: {printable(message)}", file=sys.stderr)


def fail(message: str) -> None:
    """Name something that failed on standard error."""
    print(printable(message), file=sys.stderr)


def write_findings(arguments: argparse.Namespace, findings: Iterable[Finding]) -> None:
    """Print findings on standard error: notes only with `--verbose`, none with `--quiet`."""
    for finding in findings:
        if finding.severity == "info" and not arguments.verbose:
            continue
        if not arguments.quiet:
            print(f"  {finding.severity}: {printable(finding.message)}", file=sys.stderr)
    sys.stderr.flush()


class ProgressBar:
    """How far a command is: on a terminal, unless `--quiet` was asked for.

    Parameters
    ----------
    arguments : argparse.Namespace
        The parsed command line.
    total : float
        How much there is to do.
    unit : str
        Of what, in the plural.
    """

    def __init__(self, arguments: argparse.Namespace, *, total: float, unit: str) -> None:
        self._bar: Any = None
        self._total = total
        if not arguments.quiet and sys.stderr.isatty():
            from tqdm import tqdm

            form = "{percentage:3.0f}% |{bar}| {n:.1f} of {total:g} {unit}"
            form += " [{elapsed} < {remaining}]"
            self._bar = tqdm(total=total, unit=unit, file=sys.stderr, leave=False, bar_format=form)

    def show(self, done: float) -> None:
        """Say how much of the total is done; parts of a unit count."""
        if self._bar is not None:
            self._bar.n = min(done, self._total)
            self._bar.refresh()

    def clear(self) -> None:
        """Free the line for a result; `show` draws the bar again."""
        if self._bar is not None:
            self._bar.clear()

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
