"""`assay fix`: plans repairs of .env files, and makes them with --apply.

Whatever is asked or made up is checked before it is written, and each file is written at once, so
a run that is interrupted loses nothing: the next one goes on where it ended.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from assay.cli import options
from assay.cli.fix_asking import asked, can_ask, told_to_enter
from assay.cli.fix_files import EditedFiles, below, chosen, only_one, project_of
from assay.cli.output import emit, exit_code
from assay.cli.project import load, run_of
from assay.cli.projects import in_folder
from assay.fixing.planning import planned, remaining, unset
from assay.fixing.showing import changes
from assay.model import Report
from assay.reporters.display import Pen
from assay.runs import Run

if TYPE_CHECKING:
    import argparse

    from assay.cli.streams import Streams
    from assay.fixing.planning import Plan
    from assay.spec.document import Spec

EPILOG = """\
examples:
  assay fix .env                 show what would be repaired in this file
  assay fix .env --apply         repair it
  assay fix development --apply  set up an environment: make what can be made, ask for the rest

It renames what is misspelt, trims, removes and adds quotes, and drops exact duplicates. What is not
set gets its default, a new random secret, or the answer to a question. Comments, order, quotes and
newlines stay as they are. What can't be proved to help is left alone and listed. An
environment with `live: true` is refused, and so is a file that only such environments read.

The exit code is that of `assay check` for the files as they are at the end.
"""
_NOTHING = "there is nothing that assay can fix by itself"
_STYLES = {"-": "removed", "+": "added", "@": "hunk"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "target",
        nargs="?",
        metavar="ENV|FILE",
        help="an environment, or one of its .env files (default: the only one that is not live)",
    )
    options.spec(parser)
    options.flag(parser, "--apply", told="write the files, and ask for what is not set")
    options.flag(
        parser, "--defaults", told="also set variables that have a default, which may stay unset"
    )
    options.colour(parser, "the output")
    options.flag(parser, "-q", "--quiet", told="print failures only")
    parser.set_defaults(verbose=False, format="text", output=[])
    options.exit_code(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Plan, show or write, and check what is there at the end."""
    arguments.spec = arguments.spec or project_of(arguments.target)
    spec = load(arguments, streams)
    if arguments.target is None:
        arguments.target = only_one(spec)
    environments, paths = chosen(spec, arguments.target)
    edited = EditedFiles(spec, environments, paths, streams)
    plan = planned(edited.fixing, edited.read(), defaults=arguments.defaults)
    if arguments.apply:
        return _applied(plan, edited, arguments, streams)
    return _shown(plan, edited, arguments, streams)


def _applied(
    plan: Plan, edited: EditedFiles, arguments: argparse.Namespace, streams: Streams
) -> int:
    """Write what needs nobody, ask for the rest, and check the files as they are then."""
    fixing = edited.fixing
    edited.write(plan.texts)
    _list(plan, edited, arguments, streams)
    if waiting := unset(fixing, plan.judged.report):
        if can_ask(streams):
            asked(fixing, plan, edited, streams)
        else:
            variables = [variable for variable, _ in waiting.values()]
            streams.tell(*told_to_enter(variables, edited.named(fixing.target), arguments.target))
    with run_of(fixing.spec, streams) as made:
        report = made.check(fixing.environments)
    return _reported(report, fixing.spec, arguments, streams)


def _shown(plan: Plan, edited: EditedFiles, arguments: argparse.Namespace, streams: Streams) -> int:
    """Print the plan, and what it leaves to people."""
    fixing, pen = edited.fixing, Pen(streams.colour(arguments.colour))
    with Run(
        fixing.spec, process=streams.environ, offline=True, masker=streams.masker
    ) as made:  # the masker learns what the files hold
        report = made.check(fixing.environments)
    for path, text in plan.texts.items():
        for line in changes(
            fixing.spec, fixing.files[path], edited.named(path), edited.found.get(path), text
        ):
            style = "" if line[:3] in ("---", "+++") else _STYLES.get(line[:1], "")
            streams.show(line, partial(pen.paint, style=style))
    _list(plan, edited, arguments, streams)
    waiting = unset(fixing, plan.judged.report)
    for name, (variable, _) in waiting.items():
        where = f" (get it here: {variable.obtain})" if variable.obtain else ""
        _say(f"{edited.named(fixing.target)}: ask for {name}{where}", arguments, streams)
    todo = bool(plan.edits or waiting or edited.missing)
    if todo:
        _say("", arguments, streams)
        _say(f"run `assay fix {arguments.target} --apply` to do this", arguments, streams)
    left = [f for f in remaining(report, plan.judged.report) if f.subject not in waiting]
    if left or not todo:
        _say("" if todo else _NOTHING, arguments, streams)
        found = Report.of(left, project=report.project, environments=report.environments)
        _reported(found if left else report, fixing.spec, arguments, streams)
    return exit_code(report, arguments)


def _reported(report: Report, spec: Spec, arguments: argparse.Namespace, streams: Streams) -> int:
    """Print a report with places as seen from here, and return the run's exit code."""
    folder = below(spec.root)
    seen = in_folder(report, folder) if folder else report
    return emit(seen, arguments, streams, root=os.getcwd() if folder else spec.root)


def _list(plan: Plan, edited: EditedFiles, arguments: argparse.Namespace, streams: Streams) -> None:
    for edit in plan.edits:
        _say(f"{edited.named(edit.path)}: {edit.told}", arguments, streams)


def _say(text: str, arguments: argparse.Namespace, streams: Streams) -> None:
    if not arguments.quiet:
        streams.show(text)
