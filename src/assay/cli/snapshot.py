"""`assay snapshot`: writes what can be compared of environments, and no value of theirs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from assay.cli import options
from assay.cli.project import load, run_of
from assay.diff.columns import kept, live_column, with_databases
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
  assay snapshot production -o production.json   save a snapshot of one environment
  assay snapshot                                 print one of all environments
  assay diff development production.json         compare with it, here or elsewhere

A snapshot contains the tables of declared databases, without rows, and the state and digest of each
variable. The digests are made with a secret called the pepper: the variable ASSAY_PEPPER (64 random
hex digits), otherwise a file below ~/.local/state/assay that is created when it is first needed.
Without the pepper, values can't be guessed from digests, and snapshots can't be compared with
values.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    options.environments(parser, "to include (default: all in the spec)")
    options.spec(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="write it to a file")
    parser.add_argument(
        "--created",
        default="",
        metavar="WHEN",
        help="a date or time (ISO 8601) to record in it (default: none, so that equal environments "
        "give equal snapshots)",
    )
    parser.add_argument(
        "--no-tables",
        dest="tables",
        action="store_false",
        help="leave out tables, so that no database is contacted",
    )
    options.flag(parser, "-q", "--quiet", told="don't mention a new pepper")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Take the snapshot; fail if something can't be read, because it would look unset."""
    if created := arguments.created:
        try:
            datetime.fromisoformat(created)
        except ValueError:
            raise UsageError(
                f"--created {created} is not a date or time", "Write it like 2027-01-31T12:00:00Z."
            ) from None
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
                f"{column.label} can't be read: {column.trouble}",
                "Make it readable, or name only environments that are.",
            )
        for outline in (column.databases or {}).values():
            if isinstance(outline, Unobservable):
                raise UnobservedError(
                    f"{column.label} can't be read: {outline.reason}",
                    outline.remedy or "Fix the connection, or leave out tables with `--no-tables`.",
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
            f"created a new pepper in {made}; to compare this snapshot elsewhere, set ASSAY_PEPPER "
            "there to the content of that file"
        )
    return 0
