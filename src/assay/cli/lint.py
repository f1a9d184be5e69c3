"""`assay lint`: checks the spec itself, offline."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assay.cli import options
from assay.cli.output import emit, targets
from assay.cli.project import load, root_of
from assay.cli.projects import Project, check_all, projects
from assay.errors import SpecError
from assay.kinds import kinds_of
from assay.model import Report
from assay.reporters.display import visible
from assay.spec.waived import renamed_waivers
from assay.words import plural

if TYPE_CHECKING:
    import argparse

    from assay.cli.streams import Streams
    from assay.spec.document import Spec

EPILOG = """\
examples:
  assay lint                         check the nearest specs folder
  assay lint --spec app.yaml         check one file
  assay lint --all                   check every project below, as in a monorepo
  assay lint --spec -                check standard input
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    options.spec(parser)
    options.every_project(parser)
    options.report(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Report every problem of the spec; 2 if there is one."""
    targets(arguments)
    root = os.getcwd() if arguments.all else root_of(arguments)
    try:
        found = projects(arguments) if arguments.all else [Project(".", load(arguments, streams))]
    except SpecError as error:
        streams.taken.update(error.contents)
        emit(Report.of(error.problems), arguments, streams, root=root)
        return error.exit_code
    if arguments.all:
        notices = check_all(found, (), lambda one, _: Report.of(renamed_waivers(one.spec)))
    else:
        notices = Report.of(renamed_waivers(found[0].spec), project=found[0].spec.project)
    text = arguments.format == "text" and not arguments.output
    if notices.findings or not text:
        emit(notices, arguments, streams, root=root)
    if text and not arguments.quiet:
        for folder, spec in found:
            which = f" in {visible(folder)}" if arguments.all else ""
            streams.write(f"the spec{which} is valid: {_counted(spec)}\n")
    return 0


def _counted(spec: Spec) -> str:
    parts = [plural(len(spec.environments), "environment")]
    parts += [
        plural(len(spec.sections[kind.section]), kind.noun or kind.section[:-1])
        for kind in kinds_of(spec)
        if kind.subjects
    ]
    return f"{', '.join(parts)} in {plural(len(spec.files), 'file')}"
