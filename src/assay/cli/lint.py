"""`assay lint`: checks the spec itself, offline."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from assay.cli.output import add_output_arguments, emit, targets
from assay.cli.project import add_all_argument, add_spec_argument, load, root_of
from assay.errors import SpecError
from assay.kinds import kinds_of
from assay.model import Report
from assay.reporters.display import visible
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
    add_spec_argument(parser)
    add_all_argument(parser)
    add_output_arguments(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Report every problem of the spec; 2 if there is one."""
    targets(arguments)
    try:
        specs = _specs(arguments, streams)
    except SpecError as error:
        root = os.getcwd() if arguments.all else root_of(arguments)
        streams.taken.update(error.contents)
        emit(Report.of(error.problems), arguments, streams, root=root)
        return error.exit_code
    notices = _notices(arguments, specs)
    text = arguments.format == "text" and not arguments.output
    if notices.findings or not text:
        name = "" if arguments.all else specs[""].project
        root = os.getcwd() if arguments.all else root_of(arguments)
        emit(msgspec.structs.replace(notices, project=name), arguments, streams, root=root)
    if text and not arguments.quiet:
        for folder, spec in specs.items():
            which = f" in {visible(folder)}" if folder else ""
            streams.write(f"the spec{which} is valid: {_counted(spec)}\n")
    return 0


def _specs(arguments: argparse.Namespace, streams: Streams) -> dict[str, Spec]:
    """The specs that are meant, by their folders if there may be several."""
    if not arguments.all:
        return {"": load(arguments, streams)}
    from assay.cli.projects import projects

    return {one.folder: one.spec for one in projects(arguments)}


def _notices(arguments: argparse.Namespace, specs: dict[str, Spec]) -> Report:
    from assay.spec.waived import renamed_waivers

    if not arguments.all:
        return Report.of(renamed_waivers(specs[""]))
    from assay.cli.projects import Project, check_all

    found = [Project(folder, spec) for folder, spec in specs.items()]
    return check_all(found, (), lambda one, _: Report.of(renamed_waivers(one.spec)))


def _counted(spec: Spec) -> str:
    parts = [plural(len(spec.environments), "environment")]
    parts += [
        plural(len(spec.sections[kind.section]), kind.noun or kind.section[:-1])
        for kind in kinds_of(spec)
        if kind.subjects
    ]
    return f"{', '.join(parts)} in {plural(len(spec.files), 'file')}"
