"""`assay credentials check`: decrypts the stored credentials and reports the complete autopsy.

Unlike `assay check`, it continues if the key's own checks fail, because the rows show how the key
was damaged.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assay.cli.credentials_text import render
from assay.cli.output import add_output_arguments, add_threshold_arguments, emit, targets
from assay.cli.progress import Progress
from assay.cli.project import (
    add_environments_argument,
    add_repeatable_argument,
    add_spec_argument,
    chosen_entries,
    load,
    run_of,
)
from assay.kinds.credential.spec import Credential

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from assay.cli.streams import Streams
    from assay.spec.document import Spec

EPILOG = """\
examples:
  assay credentials check                         in every environment
  assay credentials check production --name mpesa
  assay credentials check production --output html=credentials.html

Rows are read in pages and decrypted in memory. Their contents are never shown or stored; rows are
identified by the `identity` columns of the spec. If the key itself is damaged, its rows are still
examined.
"""
REGARDLESS = frozenset(("key", "variable"))
"""Kinds whose failures don't stop the rows from being read."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    add_environments_argument(parser, "(default: all)")
    add_spec_argument(parser)
    told = "a credential's name in the spec (default: all)"
    add_repeatable_argument(parser, "--name", "NAME", told)
    add_output_arguments(parser)
    add_threshold_arguments(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Read, decrypt, report, and decide."""
    targets(arguments)
    spec = with_credentials(load(arguments, streams), arguments.name)
    with run_of(spec, streams) as made, Progress(streams, "reading", quiet=arguments.quiet):
        report = made.check(arguments.environments, only=["credential"], regardless=REGARDLESS)
    for_people = partial(render, report, spec, made.answers)
    return emit(report, arguments, streams, root=spec.root, for_people=for_people)


def with_credentials(spec: Spec, names: Iterable[str] = ()) -> Spec:
    """The spec with only the named credentials; with all by default.

    Raises:
        UsageError: the spec declares no such credential, or none at all.

    """
    import msgspec

    chosen = chosen_entries(
        spec.entries(Credential),
        names,
        "credential",
        "Under `credentials`, declare which columns hold ciphertext and which key encrypts them.",
    )
    return msgspec.structs.replace(spec, sections={**spec.sections, Credential.section: chosen})
