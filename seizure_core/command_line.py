"""Common parts of all command lines: parsing, output, progress, exit status.

Exit status: 0 for success, 1 if something failed (reported on standard error), 2 for wrong usage,
130 if interrupted by the user. A reader that closes the pipe early, such as `head`, is not an
error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any, NoReturn

from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.messages import near_names
from seizure_core.plain_text import printable

DONE, FAILED, WRONG_USAGE, STOPPED = 0, 1, 2, 130

PROGRAM = "seizure-zoo"


Run = Callable[[argparse.Namespace], int]
Argument = tuple[tuple[str, ...], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command of a program.

    Attributes
    ----------
    name, help : str
        For the list of commands; one without help is hidden.
    run : callable
        Executes the command and returns the exit status.
    arguments : tuple of Argument
        In addition to the common options.
    actions : tuple of Command
        Subcommands, such as `create` of `dataset`.
    description : str
        Text of its help above the options; by default `help`.
    examples : tuple of str
        Command lines to show below the options, without the program's name.
    """

    name: str
    help: str
    run: Run
    arguments: tuple[Argument, ...] = ()
    actions: tuple[Command, ...] = ()
    description: str = ""
    examples: tuple[str, ...] = ()

    def describe(self, choices: Any) -> None:
        """Add the command's parser to those of a program or a parent command."""
        # argparse lists a command that has any help, even an empty one.
        parser = choices.add_parser(
            self.name,
            description=fill(self.description or self.help, 80),
            add_help=False,
            epilog="\n  ".join(["Examples:", *(f"{PROGRAM} {line}" for line in self.examples)])
            if self.examples
            else None,
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
    """Return an argument for `argparse`; those marked `exclusive` exclude each other."""
    return names, settings


def command(
    name: str,
    text: str,
    *arguments: Argument,
    description: str = "",
    examples: tuple[str, ...] = (),
) -> Callable[[Run], Command]:
    """Return a decorator that turns a function into a command."""
    return lambda run: Command(
        name=name,
        help=text,
        run=run,
        arguments=arguments,
        description=description,
        examples=examples,
    )


def group(name: str, text: str, *actions: Command) -> Command:
    """Return a command that consists of subcommands."""
    return Command(name=name, help=text, run=lambda _: WRONG_USAGE, actions=actions)


_HELP = argument("-h", "--help", action="help", help="Show this help and exit.")
_COMMON = (
    _HELP,
    argument("--json", action="store_true", help="Print the result as JSON."),
    argument("-q", "--quiet", action="store_true", help="Print results and errors only."),
    argument("-v", "--verbose", action="store_true", help="Print notes, too."),
)


class _CommandParser(argparse.ArgumentParser):
    """A parser that suggests similar commands for an unknown one."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if isinstance(action, argparse._SubParsersAction) and value not in action.choices:
            near = near_names(str(value), action.choices, most=2)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            self.error(f"there is no command {str(value)[:60]!r}.{hint}")
        super()._check_value(action, value)

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(WRONG_USAGE, f"{self.prog}: {message} See `{self.prog} --help`.\n")


def build_parser(
    commands: Sequence[Command], *, program: str, description: str, version: str = ""
) -> argparse.ArgumentParser:
    """Return the parser of a program; its result has the chosen command as `command`."""
    parser = _CommandParser(
        prog=program,
        description=description,
        epilog=f"`{program} COMMAND --help` shows options and examples of a command.",
        add_help=False,
    )
    parser.add_argument(*_HELP[0], **_HELP[1])
    if version:
        parser.add_argument(
            "--version", action="version", version=version, help="Print the version and exit."
        )
    choices = parser.add_subparsers(metavar="COMMAND", required=True, dest="command_name")
    for entry in commands:
        entry.describe(choices)
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
        Without the program's name; None reads `sys.argv`.
    program, description : str
        Texts of the help.
    version : str
        Output of `--version`; None omits the option.
    """
    parser = build_parser(commands, program=program, description=description, version=version)
    parsed = parser.parse_args(arguments)
    parsed.parser = parser  # For a command that stands for the whole program.
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
        # Buffered output must not be written when the interpreter exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def write(arguments: argparse.Namespace, document: Any, text: str | Iterable[str]) -> None:
    """Print a result: a JSON document with `--json`, else text.

    Parameters
    ----------
    document : dict or list
        The result as plain data.
    text : str or iterable of str
        The result as text or lines; empty prints nothing.
    """
    if arguments.json:
        print(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False), flush=True)
        return
    for line in [text] if isinstance(text, str) else text:
        if line:
            print(line, flush=True)


def say(arguments: argparse.Namespace, line: str) -> None:
    """Print a line of progress: not with `--quiet`, and on standard error with `--json`."""
    if not arguments.quiet:
        print(printable(line), file=sys.stderr if arguments.json else sys.stdout, flush=True)


def warn(arguments: argparse.Namespace, *messages: str) -> None:
    """Print warnings on standard error, unless `--quiet` is given."""
    if not arguments.quiet:
        for message in messages:
            print(f"warning: {printable(message)}", file=sys.stderr)


def fail(message: str) -> None:
    """Print an error on standard error."""
    print(printable(message), file=sys.stderr)


def write_findings(arguments: argparse.Namespace, findings: Iterable[Mapping[str, Any]]) -> None:
    """Print findings on standard error: notes only with `--verbose`, none with `--quiet`."""
    for finding in findings:
        if finding["severity"] == "info" and not arguments.verbose:
            continue
        if not arguments.quiet:
            print(f"  {finding['severity']}: {printable(finding['message'])}", file=sys.stderr)
    sys.stderr.flush()


class ProgressBar:
    """Progress bar on a terminal, unless `--quiet` is given.

    Parameters
    ----------
    total : float
        Amount of work.
    unit : str
        Its unit, in the plural.
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
        """Show the amount done, with fractions."""
        if self._bar is not None:
            self._bar.n = min(done, self._total)
            self._bar.refresh()

    def clear(self) -> None:
        """Clear the line for other output; `show` draws the bar again."""
        if self._bar is not None:
            self._bar.clear()

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
