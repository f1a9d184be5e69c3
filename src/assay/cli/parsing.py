"""The argument parser of all commands."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from assay.cli.commands import COMMANDS
from assay.cli.help import Help
from assay.errors import UsageError
from assay.suggest import hint
from assay.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

EPILOG = """\
examples:
  assay check                          check every environment in the spec
  assay check production               check one
  assay run development -- npm start   check it, then start a program with its values
  assay credentials check production   decrypt stored credentials, and explain those that fail
  assay hook .env                      check a file before committing it
  assay explain variable-missing       explain a rule

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
    top.add_argument("--version", action="version", version=f"assay {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, summary in COMMANDS.items():
        module: Any = import_module(f"assay.cli.{name}") if only in (None, name) else None
        made = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=module.EPILOG if module else None,
            formatter_class=Help,
            allow_abbrev=False,
        )
        if module:
            module.arguments(made)
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


def add_subcommands(parser: argparse.ArgumentParser, command: str, actions: dict[str, str]) -> None:
    """Add actions to a command; each is a module called `COMMAND_ACTION`."""
    choices = parser.add_subparsers(
        dest="action",
        metavar="ACTION",
        title="actions",
        required=True,
        parser_class=SubcommandParser,
    )
    for name, summary in actions.items():
        module: Any = import_module(f"assay.cli.{command}_{name}")
        made = choices.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=module.EPILOG,
            formatter_class=Help,
            allow_abbrev=False,
        )
        module.arguments(made)
