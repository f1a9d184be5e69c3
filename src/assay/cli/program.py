"""The composition root of every command: arguments in, exit code out, no traceback ever."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from assay.cli.streams import Streams
from assay.errors import BUG, AssayError, Interrupted, SpecError, UsageError
from assay.redaction import Masker
from assay.spelling import hint
from assay.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: dict[str, str] = {
    "check": "check environments against the spec",
    "completion": "print a completion script for a shell",
    "explain": "say what a rule means, why it matters, and how to fix it",
    "hook": "check .env files, offline and fast; for pre-commit",
    "lint": "check the spec itself, offline",
    "schema": "print the JSON Schema of the spec language, for editors",
}
"""Command, which is its module's name below `assay.cli`, to what it does; in alphabetical order."""

EPILOG = """\
examples:
  assay check                        check every environment that the spec declares
  assay check production             check one
  assay hook .env                    check a file before it is committed
  assay explain variable-missing     say more about a rule

exit codes:
  0 pass   1 a check failed   2 usage error or invalid spec
  3 nothing failed, but something could not be observed   130 interrupted
"""


class Parser(argparse.ArgumentParser):
    """Raises a usage error with a remedy where argparse would print and exit."""

    chosen: Parser | None = None
    """The parser of the command that is being run."""

    def error(self, message: str) -> NoReturn:
        """Turn argparse's complaint into ours, with the word that was probably meant."""
        choice, _, _ = message.partition(" (choose from")
        if "unrecognized arguments: " in message:
            given = message.partition(": ")[2].split()[0].partition("=")[0]
            owner = self.chosen or self
            message = f"{given} is not an option of `{owner.prog}`{hint(given, owner.options)}"
        elif choice != message:
            given = choice.rpartition("invalid choice: ")[2].strip("'\"")
            known = self.choices(given)
            message = f"{given} is not one of {', '.join(known)}{hint(given, known)}"
        raise UsageError(message, f"Run `{self.prog} --help` for what it takes.")

    @property
    def options(self) -> list[str]:
        """Every option of this parser."""
        return [option for action in self._actions for option in action.option_strings]

    def choices(self, given: str) -> list[str]:
        """The choices of the first argument that has some and lacks `given`."""
        for action in self._actions:
            if action.choices is not None and given not in action.choices:
                return [str(choice) for choice in action.choices]
        return []


def parser(only: str | None = None) -> Parser:
    """The argument parser, with the arguments of one command or of all."""
    top = Parser(
        prog="assay",
        description="Tests configuration against a declarative spec: says what is wrong, why, and "
        "how to mend it, and never shows a secret.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"assay {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, summary in COMMANDS.items():
        module: Any = import_module(f"assay.cli.{name}") if only in (None, name) else None
        made = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=module.EPILOG if module else None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if module:
            module.arguments(made)
        if name == only:
            top.chosen = made
    return top


def run(argv: Sequence[str], stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    """Run a command line; every way that it can end has its exit code and its line."""
    streams = Streams(stdin, stdout, stderr, os.environ, Masker())
    try:
        code = _dispatch(argv, streams)
        stdout.flush()
    except BrokenPipeError:
        return _closed_pipe(stdout)
    except KeyboardInterrupt:
        return _ended(Interrupted("interrupted"), streams)
    except AssayError as error:
        return _ended(error, streams)
    except OSError as error:
        reason = (error.strerror or "input or output failed").lower()
        return _ended(AssayError(reason, "Check the disk and the permissions."), streams)
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback, no secret
        return _bug(error, streams)
    return code


def _dispatch(argv: Sequence[str], streams: Streams) -> int:
    name = next((word for word in argv if not word.startswith("-")), None)
    if name is not None and argv[0] == name and name not in COMMANDS:
        raise UsageError(
            f"{name} is not a command of assay{hint(name, COMMANDS)}",
            "Run `assay --help` for the commands.",
        )
    tree = parser(only=name or "")
    try:
        arguments = tree.parse_args(list(argv))
    except SystemExit as end:  # --help and --version have printed what they had to
        return int(end.code or 0)
    if arguments.command is None:
        streams.write(tree.format_help())
        return 2
    module: Any = import_module(f"assay.cli.{arguments.command}")
    code: int = module.run(arguments, streams)
    return code


def _ended(error: AssayError, streams: Streams) -> int:
    try:
        if isinstance(error, SpecError):
            from assay.cli.output import spec_problems

            streams.say(spec_problems(error, streams).rstrip("\n"))
        else:
            remedy = f"\n  help: {error.remedy}" if error.remedy else ""
            streams.say(f"assay: {error.message}{remedy}")
    except OSError:
        pass  # standard error is gone too; the exit code still tells
    return error.exit_code


def _closed_pipe(stdout: TextIO) -> int:
    """The reader has gone. Point the stream elsewhere, or Python complains when it exits."""
    try:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stdout.fileno())
        os.close(devnull)
    except (OSError, ValueError):
        pass
    return 141  # 128 + SIGPIPE, as a shell reports it for other programs


def _bug(error: Exception, streams: Streams) -> int:
    """Name the place, never the message: it may quote what the program was working on."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "?"
    if trace is not None:
        file = os.path.basename(trace.tb_frame.f_code.co_filename)
        place = f"{file}:{trace.tb_lineno}"
    python = ".".join(map(str, sys.version_info[:3]))
    streams.say(
        f"assay: a bug in assay: {type(error).__name__} at {place}\n"
        f"  help: Please report it with this line: assay {__version__}, Python {python}."
    )
    return BUG
