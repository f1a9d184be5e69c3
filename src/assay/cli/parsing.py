"""The argument parser of all commands, and its help, which fits the terminal."""

from __future__ import annotations

import argparse
import re
import sys
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING, Any, NoReturn

from assay.cli.commands import ACTIONS, COMMANDS, EPILOGS
from assay.errors import UsageError
from assay.reporters.display import wrap
from assay.suggest import hint
from assay.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EPILOG = """\
examples:
  assay check                          check every environment in the spec
  assay check production               check one
  assay run development -- npm start   check it, then start a program with its values
  assay credentials check production   decrypt stored credentials, and explain those that fail
  assay hook .env                      check a file before committing it
  assay explain variable-missing       explain a rule, a variable, a type or an envelope
  assay help check                     explain a command

exit codes:
  0 pass   1 a check failed   2 usage error or invalid spec
  3 nothing failed, but something could not be checked   130 interrupted
"""


class Parser(argparse.ArgumentParser):
    """Raises a usage error with a remedy instead of printing and exiting."""

    chosen: Parser | None = None
    """The parser of the command that is being run."""

    def error(self, message: str) -> NoReturn:
        """Turn argparse's error into ours, with the word that was probably meant."""
        choice, _, _ = message.partition(" (choose from")
        owner: Parser = self
        if "unrecognized arguments: " in message:
            owner = self.chosen or self
            given = message.partition(": ")[2].split(" ")[0].partition("=")[0]
            message = f"`{owner.prog}` does not take the argument {given}"
            if given.startswith("-"):
                message = f"{given} is not an option of `{owner.prog}`{hint(given, owner.options)}"
        elif choice != message:
            argument, _, given = choice.partition(": invalid choice: ")
            given = given.strip("'\"")
            known = self.choices(argument.removeprefix("argument "))
            message = f"{given} is not one of {', '.join(known)}{hint(given, known)}"
        raise UsageError(message, f"Run `{owner.prog} --help` for its options.")

    def parse_args(  # type: ignore[override]  # the overloads of argparse say no more than this
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> Any:
        """Leave what follows `run ... --` alone: it belongs to another program."""
        own = list(sys.argv[1:] if args is None else args)
        if own[:1] != ["run"] or "--" not in own:
            return super().parse_args(own, namespace)
        end = own.index("--")
        parsed: Any = super().parse_args(own[:end], namespace)
        parsed.program = own[end + 1 :]
        return parsed

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print, and raise if that fails, which argparse ignores."""
        (file or sys.stdout).write(message)

    @property
    def options(self) -> list[str]:
        """Every option of this parser."""
        return [option for action in self._actions for option in action.option_strings]

    def choices(self, argument: str) -> list[str]:
        """The choices of an argument, by its name in argparse's errors."""
        for action in self._actions:
            names = ("/".join(action.option_strings), action.metavar, action.dest)
            if action.choices is not None and argument in names:
                return [str(choice) for choice in action.choices]
        return []


def parser(only: str | None = None) -> Parser:
    """The argument parser, with the arguments of one command or of all."""
    top = Parser(
        prog="assay",
        description="Tests configuration against a declarative spec: reports what is wrong, why, "
        "and how to fix it, and never shows a secret.",
        epilog=EPILOG,
        formatter_class=Help,
        allow_abbrev=False,
    )
    version = f"assay {__version__}"
    top.add_argument("-V", action="version", version=version, help=argparse.SUPPRESS)
    top.add_argument("--version", action="version", version=version)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name in COMMANDS:
        made = _add(commands, COMMANDS, name, name, wanted=only in (None, name))
        if name == only:
            top.chosen = made
    return top


class SubcommandParser(Parser):
    """The parser of one action of a command; its errors name the action."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Reject unknown arguments here; the parent parser would blame the command."""
        found, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(f"unrecognized arguments: {rest[0]}")
        return found, rest


def _add(
    group: Any, summaries: dict[str, str], name: str, module: str, *, wanted: bool = True
) -> Parser:
    """The parser of a command or an action; what it takes is only added where it is `wanted`."""
    actions = ACTIONS.get(module, {})
    code: Any = import_module(f"assay.cli.{module}") if wanted and not actions else None
    summary = summaries[name]
    made: Parser = group.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=code.EPILOG if code else EPILOGS.get(module),
        formatter_class=Help,
        allow_abbrev=False,
    )
    if code:
        code.arguments(made)
    elif wanted:
        choices = made.add_subparsers(
            dest="action",
            metavar="ACTION",
            title="actions",
            required=True,
            parser_class=SubcommandParser,
        )
        for action in actions:
            _add(choices, actions, action, f"{module}_{action}")
    return made


_COLUMNS = re.compile(r" {2,}")
_INNER = " " * 6


class Help(argparse.RawDescriptionHelpFormatter):
    """Fits descriptions and epilogs, which are written for wider pages, to a terminal."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(f"{indent}{line}".rstrip() for line in _lines(text, width))

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _wrapped(" ".join(text.split()), width)


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return (indent + wrap(text, width, first=len(indent), indent=indent)).split("\n")


def _lines(text: str, width: int) -> Iterator[str]:
    """Prose is wrapped, examples are not."""
    for sort, group in groupby(text.splitlines(), lambda line: line[:1].isspace() or not line):
        lines = list(group)
        if not sort:
            yield from _wrapped(" ".join(lines), width)
        elif max(map(len, lines)) <= width:
            yield from lines
        else:
            for line in lines:
                yield from _below_each_other(line, width)


def _below_each_other(line: str, width: int) -> Iterator[str]:
    """A line of a table that is too wide: what an example does stands below it."""
    first, *rest = _COLUMNS.split(line.strip())
    margin = line[: len(line) - len(line.lstrip())]
    if len(margin) > len(_INNER):  # what an example does, already below it
        margin = _INNER
    yield margin + first
    # exit codes stand beside each other as equals
    inner = margin if first[:1].isdigit() else _INNER
    for cell in rest:
        yield from _wrapped(cell, width, inner)
