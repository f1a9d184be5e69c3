"""Options that several commands have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.model import Severity
from assay.reporters import REPORTERS

if TYPE_CHECKING:
    import argparse


class Open(list[str]):
    """The choices of an option, to which a project's plug-ins may add."""

    def __contains__(self, name: object) -> bool:
        """Whether it may be one; what it is can be reported only when the project is known."""
        return True


def spec(parser: argparse.ArgumentParser) -> None:
    """The option that names the spec."""
    parser.add_argument(
        "--spec",
        metavar="PATH",
        help="the spec: a file, a folder, or - for standard input (default: the nearest specs "
        "folder at or above the current one)",
    )
    allow(parser)


def allow(parser: argparse.ArgumentParser) -> None:
    """The option that lets a spec use files outside the repository."""
    told = "a file or folder outside the repository that the spec may use"
    repeatable(parser, "--allow-path", "PATH", told)


def environments(parser: argparse.ArgumentParser, told: str) -> None:
    """The environments that a command is about."""
    several(parser, "environments", "ENV", f"the environments {told}")


def several(parser: argparse.ArgumentParser, name: str, metavar: str, told: str) -> None:
    """Words without an option before them; there may be none."""
    parser.add_argument(name, nargs="*", default=[], metavar=metavar, help=told)


def repeatable(group: Any, option: str, metavar: str, told: str) -> None:
    """An option that may be given several times."""
    told = f"{told}; repeatable"
    group.add_argument(option, action="append", default=[], metavar=metavar, help=told)


def flag(group: Any, *options: str, told: str) -> None:
    """An option that takes no value."""
    group.add_argument(*options, action="store_true", help=told)


def only(parser: argparse.ArgumentParser) -> None:
    """The option that selects checks."""
    told = "check only this kind, variable or group; `*` matches any text"
    repeatable(parser, "--only", "WHAT", told)


def text_or_json(parser: argparse.ArgumentParser) -> None:
    """The option for programs that read what a command prints."""
    parser.add_argument(
        "--format", default="text", choices=["text", "json"], help="the output format"
    )


def colour(group: Any, what: str) -> None:
    """The option that decides on colours."""
    group.add_argument(
        "--color",
        "--colour",
        dest="colour",
        default="auto",
        choices=["auto", "always", "never"],
        help=f"when to colour {what} (default: auto; NO_COLOR and FORCE_COLOR are honoured)",
    )


def every_project(parser: argparse.ArgumentParser) -> None:
    """The option that asks for every project."""
    flag(
        parser,
        "--all",
        told="every project at or below this folder, as in a monorepo, in one report",
    )
    parser.set_defaults(every_project=True)


def untrusted(parser: argparse.ArgumentParser) -> None:
    """The option for untrusted files."""
    flag(
        parser,
        "--untrusted",
        told="for untrusted files: read no process variables, contact nothing, write only the "
        "reports named here, and limit time and memory",
    )


def report(parser: argparse.ArgumentParser) -> None:
    """The options that every command with a report has."""
    group = parser.add_argument_group("report")
    group.add_argument(
        "--format",
        default="text",
        choices=Open(REPORTERS),
        metavar="FORMAT",
        help=f"the format to print: {', '.join(REPORTERS)} (default: text)",
    )
    repeatable(group, "--output", "FORMAT=FILE", "also write a report to a file")
    colour(group, "text")
    flag(group, "-q", "--quiet", told="print failures only")
    flag(group, "-v", "--verbose", told="also print passes")


def exit_code(parser: argparse.ArgumentParser) -> None:
    """The options that decide the exit code."""
    group = parser.add_argument_group("exit code")
    group.add_argument(
        "--fail-on",
        default="error",
        choices=[str(severity) for severity in Severity],
        help="the lowest severity that fails the run (default: error)",
    )
    flag(group, "--allow-unknown", told="pass even if something could not be checked")
