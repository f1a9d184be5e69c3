"""`assay diff`: compares environments, live or from snapshots, without showing a secret."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from assay.cli import options
from assay.cli.project import load, run_of
from assay.cli.projects import projects
from assay.comparison import Pepper
from assay.diff.columns import (
    ComparedColumn,
    concerns_tables,
    live_column,
    snapshot_column,
    with_databases,
)
from assay.diff.rows import DiffRow, rows, selected
from assay.diff.tables import SECTION, table_rows
from assay.diff.text import as_data, as_markdown, render
from assay.diff.waived import with_waivers
from assay.diff.words import shown
from assay.documents.markdown import cell
from assay.documents.markdown import code as code_span
from assay.errors import UsageError
from assay.facts import State
from assay.kinds.database.spec import Database
from assay.model import Report, Severity
from assay.reporters.display import visible
from assay.schema_diff.outline import Outline
from assay.snapshots.files import Snapshot, read_snapshot
from assay.snapshots.pepper import given_pepper
from assay.suggest import hint
from assay.words import listed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from assay.cli.streams import Streams
    from assay.diff.words import Shown
    from assay.spec.document import Spec

EPILOG = """\
examples:
  assay diff development production            what differs, and what must match
  assay diff development production --matching   matching names too
  assay diff development production --all      each project below, as in a monorepo
  assay diff production before.json            what has changed since a snapshot
  assay diff production before.json:production --expect same
  assay diff development production --only 'MPESA_*' --format markdown
  assay diff development production --only tables          only tables of databases
  assay diff development production --only payments.amount --expect identical

exit codes:
  0 all parity requirements are met   1 some are violated   2 usage error
  3 none are violated, but something could not be compared
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "sides",
        nargs="+",
        metavar="ENV|FILE",
        help="two or more environments, or snapshots; FILE:ENV is one environment of a snapshot",
    )
    options.spec(parser)
    options.repeatable(
        parser,
        "--only",
        "PATTERN",
        "only this variable, key, TABLE or TABLE.COLUMN, or all `variables`, `keys` or `tables`; "
        "`*` matches any text",
    )
    options.flag(parser, "--matching", told="show matching names too")
    options.every_project(parser)
    parser.add_argument(
        "--expect",
        default="",
        choices=["same", "different", "shape", "identical"],
        help="require this of all names, instead of what the spec requires; `identical` is `same` "
        "with a stricter comparison of tables",
    )
    parser.add_argument(
        "--format",
        default="text",
        choices=["text", "json", "markdown"],
        help="what to print (default: text)",
    )
    options.colour(parser, "text")
    options.untrusted(parser)
    options.exit_code(parser)


class _Compared(NamedTuple):
    """The matrix of one project."""

    folder: str
    matrix: Shown
    code: int


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Print the matrix; its parity requirements decide the exit code."""
    found = _in_all(arguments, streams) if arguments.all else [_in_one(arguments, streams)]
    codes = {one.code for one in found}
    ranked = (Report.EXIT_FAIL, Report.EXIT_UNKNOWN, Report.EXIT_PASS)
    code = next(code for code in ranked if code in codes)

    def clean(value: str) -> bool:
        return streams.masker.mask(value) == value

    if arguments.format == "json":
        made = [as_data(one.matrix, exit_code=one.code, clean=clean) for one in found]
        folders = [{"folder": one.folder, **data} for one, data in zip(found, made, strict=True)]
        whole = {"version": 1, "exit-code": code, "projects": folders}
        data = whole if arguments.all else made[0]
        streams.write_json(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        return code
    for number, one in enumerate(found):
        streams.write("\n" if number else "")
        if arguments.format == "markdown":
            streams.write(f"## {cell(code_span(one.folder))}\n\n" if arguments.all else "")
            streams.write(as_markdown(one.matrix))
        else:
            streams.write(f"{visible(one.folder)}:\n" if arguments.all else "")
            colour = streams.colour(arguments.colour)
            streams.write(render(one.matrix, width=streams.width, colour=colour))
    return code


def _in_one(arguments: argparse.Namespace, streams: Streams) -> _Compared:
    spec = load(arguments, streams)
    columns = _columns(spec, arguments, streams)
    chosen, known = _rows(spec, columns, arguments)
    if not chosen and known:
        raise _nothing(arguments.only[0], known)
    return _shown(".", spec, columns, chosen, arguments, streams)


def _in_all(arguments: argparse.Namespace, streams: Streams) -> list[_Compared]:
    """The matrix of each project that has all of the environments."""
    found = projects(arguments)
    for side in arguments.sides:
        known = dict.fromkeys(name for one in found for name in one.spec.environments)
        if side not in known:
            raise UsageError(
                f"no project has an environment {side}{hint(side, known)}",
                f"Name one of {', '.join(known)}; a snapshot is compared in its project.",
            )
    having = [p for p in found if p.spec.environments.keys() >= set(arguments.sides)]
    if not having:
        raise UsageError(
            f"no project has all of {listed(arguments.sides)}",
            "Name environments that one project has.",
        )
    made: list[_Compared] = []
    names: list[str] = []
    for folder, spec in having:
        columns = _columns(spec, arguments, streams)
        chosen, known_here = _rows(spec, columns, arguments)
        names += known_here
        if chosen or not arguments.only:
            made.append(_shown(folder, spec, columns, chosen, arguments, streams))
    if not made:
        raise _nothing(arguments.only[0], names)
    return made


def _rows(
    spec: Spec, columns: Sequence[ComparedColumn], arguments: argparse.Namespace
) -> tuple[list[DiffRow], list[str]]:
    """The chosen rows, and the names among which `--only` chooses; none if there is no row."""
    every = list(rows(spec, columns, arguments.expect))
    chosen = selected(every, arguments.only)
    chosen += table_rows(spec, columns, arguments.expect, arguments.only)
    outlines = [one for column in columns for one in (column.databases or {}).values()]
    tables = [name for one in outlines if isinstance(one, Outline) for name in one.tables]
    return chosen, [row.name for row in every] + tables if every else []


def _nothing(pattern: str, known: Sequence[str]) -> UsageError:
    return UsageError(
        f"--only {pattern} selects nothing{hint(pattern, known)}",
        "Name a variable, a key or a table; `*` matches any text.",
    )


def _shown(  # noqa: PLR0913, PLR0917 - what is compared, and how it is shown
    folder: str,
    spec: Spec,
    columns: Sequence[ComparedColumn],
    chosen: Sequence[DiffRow],
    arguments: argparse.Namespace,
    streams: Streams,
) -> _Compared:
    judged = with_waivers(chosen, columns, spec, datetime.now(tz=UTC).date())

    def clean(value: str) -> bool:
        return streams.masker.mask(value) == value

    matrix = shown(columns, judged, every=arguments.matching, clean=clean)
    return _Compared(folder, matrix, _code(judged, columns, arguments))


def _code(
    chosen: Sequence[DiffRow], columns: Sequence[ComparedColumn], arguments: argparse.Namespace
) -> int:
    threshold = Severity(arguments.fail_on).rank
    judged = [judged for row in chosen for judged in row.demands if not judged.waiver]
    if any(j.verdict.holds is False and j.severity.rank >= threshold for j in judged):
        return Report.EXIT_FAIL
    unknown = (
        any(j.verdict.holds is None for j in judged)
        or any(row.agree is None and not _untold(row) for row in chosen)
        or any(column.trouble for column in columns)
        or any(  # a database that could not be read live
            row.aspect == SECTION and cell.reason and not column.file
            for row in chosen
            for cell, column in zip(row.cells, columns, strict=True)
        )
    )
    return Report.EXIT_UNKNOWN if unknown and not arguments.allow_unknown else Report.EXIT_PASS


def _untold(row: DiffRow) -> bool:
    """Whether it is about what a database doesn't expose: that counts only if it's required."""
    return row.sort == "table" and any(cell.state is State.DENIED for cell in row.cells)


def _columns(spec: Spec, arguments: argparse.Namespace, streams: Streams) -> list[ComparedColumn]:
    taken: dict[str, Snapshot] = {}
    chosen = [found for side in arguments.sides for found in _named(side, spec, taken)]
    labels = [label for label, _, _ in chosen]
    for label in labels:
        if labels.count(label) > 1:
            raise UsageError(f"{label} is named twice", "Name two different ones.")
    if len(chosen) < 2:
        raise UsageError(
            f"there is nothing to compare {labels[0]} with",
            "Name two or more environments or snapshots, as in `assay diff development "
            "production`.",
        )
    found = given_pepper(streams.environ) if taken else None
    known = found is not None and any(one.pepper == found.name for one in taken.values())
    pepper = found if found is not None and known else Pepper.of_run()
    with run_of(spec, streams, untrusted=arguments.untrusted) as made:
        columns = [
            snapshot_column(taken[file], environment, file, label)
            if file
            else live_column(spec, environment, made.observe, pepper)
            for label, environment, file in chosen
        ]
        if arguments.untrusted and spec.entries(Database):
            streams.say("assay: not compared with --untrusted: databases")
        elif concerns_tables(spec, arguments.only):
            columns = with_databases(spec, columns, made.observe, pepper)
    return columns


def _named(side: str, spec: Spec, taken: dict[str, Snapshot]) -> Iterator[tuple[str, str, str]]:
    """The label, environment and file (empty if live) of each column that an argument names."""
    if side in spec.environments:
        yield side, side, ""
        return
    path, environment = side, ""
    if not _is_file(side):
        path, _, environment = side.rpartition(":")
        if not environment or not _is_file(path):
            raise UsageError(
                f"{side} is neither an environment nor a snapshot{hint(side, spec.environments)}",
                f"Name one of {', '.join(spec.environments)}, or a snapshot file.",
            )
    snapshot = taken.get(path) or read_snapshot(path)
    taken[path] = snapshot
    known = snapshot.environments
    if environment and environment not in known:
        raise UsageError(
            f"{path} contains no environment {environment}{hint(environment, known)}",
            f"Name one of {', '.join(known)}.",
        )
    for name in [environment] if environment else known:
        yield f"{os.path.basename(path)}:{name}", name, path


def _is_file(path: str) -> bool:
    return path.endswith(".json") or os.path.isfile(path)
