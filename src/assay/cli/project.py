"""Finds and loads the project's spec for a command."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assay.cli.untrusted import may_remember
from assay.errors import SpecError, UsageError
from assay.spec.discovery import located

if TYPE_CHECKING:
    import argparse

    from assay.cli.streams import Streams
    from assay.spec.document import Spec


STDIN = "<stdin>"
"""What messages call standard input."""


def add_spec_argument(parser: argparse.ArgumentParser) -> None:
    """The option that names the spec."""
    parser.add_argument(
        "--spec",
        metavar="PATH",
        help="the spec: a file, a folder, or - for standard input (default: the nearest specs "
        "folder at or above the current one)",
    )
    add_allow_argument(parser)


def add_allow_argument(parser: argparse.ArgumentParser) -> None:
    """The option that lets a spec name what is outside the repository."""
    parser.add_argument(
        "--allow-path",
        action="append",
        default=[],
        metavar="PATH",
        help="a file or folder outside the repository that the spec may name; repeatable",
    )


def add_all_argument(parser: argparse.ArgumentParser) -> None:
    """The option that asks for every project."""
    parser.add_argument(
        "--all",
        action="store_true",
        help="every project at or below this folder, as in a monorepo, in one report",
    )


def load(arguments: argparse.Namespace, streams: Streams) -> Spec:
    """The spec that the arguments name.

    Raises:
        SpecError: it can't be read or is invalid.

    """
    if arguments.spec == "-":
        from assay.spec.loader import load_text

        return load_text(standard_input(streams), os.getcwd(), allowed=allowed_by(arguments))
    from assay.screen.remembered import load_cached

    allowed, keep = allowed_by(arguments), may_remember(arguments)
    try:
        return load_cached(arguments.spec, os.getcwd(), allowed=allowed, keep=keep)
    except SpecError as error:
        import msgspec

        from assay.spec.files import BELOW

        [first, *_] = error.problems
        if first.remedy != BELOW or not hasattr(arguments, "all"):
            raise
        remedy = f"{BELOW[:-1]}, or check all of them with --all."
        raise SpecError([msgspec.structs.replace(first, remedy=remedy)]) from None


def allowed_by(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The paths outside of the repository that the person allows; absolute."""
    return tuple(os.path.abspath(path) for path in getattr(arguments, "allow_path", ()))


def root_of(arguments: argparse.Namespace) -> str:
    """The folder that places in the spec are relative to, whether or not it is valid."""
    try:
        allowed = allowed_by(arguments)
        own = arguments.spec == "-"
        found = None if own else located(arguments.spec, os.getcwd(), allowed=allowed)
    except OSError:
        found = None
    return os.getcwd() if found is None else found[0]


def standard_input(streams: Streams) -> bytes:
    """All that comes on standard input, as bytes."""
    if getattr(streams.stdin, "name", None) == os.devnull:  # which stands for one that is closed
        raise UsageError(
            "standard input is closed", "Pipe a text into the command, or name a file."
        )
    buffer = getattr(streams.stdin, "buffer", None)
    data: bytes = (
        streams.stdin.read().encode("utf-8", "surrogateescape") if buffer is None else buffer.read()
    )
    streams.taken[STDIN] = data
    return data
