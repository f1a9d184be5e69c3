"""`assay schema`: prints the JSON Schema of the spec language, for editors."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING

from assay.cli import options
from assay.cli.project import use_plugins
from assay.files import write_atomically

if TYPE_CHECKING:
    import argparse

    from assay.cli.streams import Streams

EPILOG = """\
examples:
  assay schema                       print the schema of spec files
  assay schema --of report           print the schema of JSON reports
  assay schema --of snapshot         print the schema of snapshots
  assay schema --of tests            print the schema of fixture tests
  assay schema -o assay.schema.json  write it to a file
  assay schema --spec app.yaml       with what the plug-ins of this spec add

Put this line at the top of a spec to get completion and explanations in an editor with a YAML
language server:
  # yaml-language-server: $schema=assay.schema.json
"""
_SCHEMAS = {
    "report": "assay.reporters.json_document:report_schema",
    "snapshot": "assay.snapshots.files:snapshot_schema",
    "tests": "assay.fixtures.document:fixtures_schema",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "--of",
        default="spec",
        choices=["spec", *_SCHEMAS],
        help="the schema to print: for spec files, JSON reports, snapshots or fixture tests "
        "(default: spec)",
    )
    options.spec(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="write it to a file")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Print or write the schema."""
    use_plugins(arguments)
    text = schema_text(arguments.of)
    if arguments.output:
        write_atomically(arguments.output, text.encode())
    else:
        streams.write(text)
    return 0


def schema_text(of: str) -> str:
    """A schema as it is checked in: unsorted, indented by two spaces."""
    if of == "spec":
        from assay.spec.editing import editor_schema
        from assay.spec.sharing import laid_out

        return laid_out(editor_schema()) + "\n"
    module, _, name = _SCHEMAS[of].partition(":")
    schema = getattr(import_module(module), name)()
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
