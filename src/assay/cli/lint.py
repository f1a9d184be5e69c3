"""`assay lint`: checks the spec itself, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.cli.output import add_output_arguments, emit, targets
from assay.cli.project import add_spec_argument, load, root_of
from assay.errors import SpecError
from assay.model import Report
from assay.reporters.base import plural

if TYPE_CHECKING:
    import argparse

    from assay.cli.streams import Streams
    from assay.spec.document import Spec

EPILOG = """\
examples:
  assay lint                         check the nearest specs folder
  assay lint --spec app.yaml         check one file
  assay lint --spec -                check what comes on standard input
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_spec_argument(parser)
    add_output_arguments(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Report every problem of the spec; 2 where there is one."""
    targets(arguments)
    try:
        spec = load(arguments, streams)
    except SpecError as error:
        emit(Report.of(error.problems), arguments, streams, root=root_of(arguments))
        return error.exit_code
    if arguments.format == "text" and not arguments.output:
        if not arguments.quiet:
            streams.write(f"the spec is valid: {_counted(spec)}\n")
    else:
        emit(Report.of((), project=spec.project), arguments, streams, root=spec.root)
    return 0


_NOUNS = {"parity": "comparison"}
"""What one entry of a section is called, where that is not the section's name without its s."""


def _counted(spec: Spec) -> str:
    parts = [plural(len(spec.environments), "environment")]
    parts += [plural(len(entries), _NOUNS.get(s, s[:-1])) for s, entries in spec.sections.items()]
    return f"{', '.join(parts)} in {plural(len(spec.files), 'file')}"
