"""`assay snapshot`: writes what can be compared of environments, and no value of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.cli.project import add_spec_argument, load, run_of
from assay.diff.columns import kept, live_column
from assay.diff.databases import with_databases
from assay.errors import UnobservedError, UsageError
from assay.facts import Unobservable
from assay.files import write_atomically
from assay.selection import selected
from assay.snapshots.files import Snapshot, encoded
from assay.snapshots.pepper import needed_pepper

if TYPE_CHECKING:
    import argparse

    from assay.cli.streams import Streams

EPILOG = """\
examples:
  assay snapshot production -o production.json   write a snapshot of one environment
  assay snapshot                                 print one of all environments
  assay diff development production.json         compare with it, here or elsewhere

A snapshot holds the tables of declared databases, without rows; and each name with its state and a
digest, made with a secret called the pepper:
the variable ASSAY_PEPPER (64 random hex digits), else a file below ~/.local/state/assay that is
made when it is first needed. Without it nobody can guess a value from its digest, and nobody can
compare snapshots with values.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "environments",
        nargs="*",
        metavar="ENV",
        help="the environments to take (default: all that the spec declares)",
    )
    add_spec_argument(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="write to a file")
    parser.add_argument(
        "--created",
        default="",
        metavar="WHEN",
        help="a date or time (ISO 8601) to put into it (default: none, so that equal environments "
        "make equal snapshots)",
    )
    parser.add_argument(
        "--no-tables",
        dest="tables",
        action="store_false",
        help="leave the tables of databases out, and contact none",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing about the pepper")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Take the snapshot; what can't be read makes none, for it would pass as unset."""
    created = _moment(arguments.created) if arguments.created else ""
    spec = load(arguments, streams)
    names = selected(spec, arguments.environments)
    pepper, made = needed_pepper(streams.environ)
    with run_of(spec, streams) as run:
        columns = [live_column(spec, name, run.observe, pepper) for name in names]
        if arguments.tables:
            columns = with_databases(spec, columns, run.observe, pepper)
    for column in columns:
        if column.trouble:
            raise UnobservedError(
                f"{column.label} can't be taken: {column.trouble}",
                "Mend that, or name the environments that can be read.",
            )
        for outline in (column.databases or {}).values():
            if isinstance(outline, Unobservable):
                raise UnobservedError(
                    f"{column.label} can't be taken: {outline.reason}",
                    outline.remedy or "Mend that, or leave tables out with `--no-tables`.",
                )
    snapshot = Snapshot(
        project=spec.project,
        created=created,
        pepper=pepper.name,
        environments={column.environment: kept(column) for column in columns},
    )
    text = encoded(snapshot)
    if arguments.output:
        write_atomically(arguments.output, streams.masker.mask_json(text).encode())
    else:
        streams.write_json(text)
    if made and not arguments.quiet:
        streams.say(
            f"made a new pepper in {made}; to compare this snapshot elsewhere, set ASSAY_PEPPER "
            "there to what it holds"
        )
    return 0


def _moment(text: str) -> str:
    """A date or time as it was given.

    Raises:
        UsageError: it is none.

    """
    from datetime import datetime

    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--created {text} is not a date or time", "Write it as in 2027-01-31T12:00:00Z."
        ) from None
    return text
