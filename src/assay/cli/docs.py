"""`assay docs`: writes the documents that the spec declares, or says which of them are stale."""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from assay.cli.project import add_spec_argument, load
from assay.cli.untrusted import add_untrusted_argument
from assay.documents import DOCUMENTS, document_kind
from assay.documents.base import Document
from assay.documents.rendering import HEADER, outputs, text_of
from assay.documents.writing import Output, planned, unified, whole, write
from assay.errors import UsageError
from assay.suggest import hint
from assay.words import plural

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from assay.cli.streams import Streams
    from assay.documents.writing import Change
    from assay.spec.document import Spec

EPILOG = """\
examples:
  assay docs                                      write every document that the spec declares
  assay docs .env.example                         write one of them
  assay docs --check                              show what is stale, and fail where something is
  assay docs --as environment-reference           print a document that the spec does not declare
  assay docs --as setup-guide --env development   print one for an environment

in a hand-written file, only what stands between two such comments is replaced:
  <!-- assay:begin environment-reference -->
  <!-- assay:end -->
"""
HINT = """\
the spec declares no documents. Declare some, such as

  documents:
    .env.example: env-example
    docs/environment.md: environment-reference

then run `assay docs` again; or print one with `assay docs --as environment-reference`.
"""
_COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="the documents to write (default: all that the spec declares)",
    )
    add_spec_argument(parser)
    action = parser.add_mutually_exclusive_group()
    action.add_argument(
        "--check",
        action="store_true",
        help="write nothing; print a diff of what is stale, and fail",
    )
    action.add_argument(
        "--list", action="store_true", help="write nothing; list the documents and their kinds"
    )
    action.add_argument("--stdout", action="store_true", help="print the files, and write nothing")
    action.add_argument(
        "--as",
        dest="kind",
        choices=list(DOCUMENTS),
        metavar="KIND",
        help=f"print a document that need not be declared: {', '.join(DOCUMENTS)}",
    )
    parser.add_argument("--env", metavar="ENV", help="with --as: the environment that it is for")
    parser.add_argument(
        "--force", action="store_true", help="replace files that were written or filled in by hand"
    )
    parser.add_argument(
        "--color",
        "--colour",
        dest="colour",
        default="auto",
        choices=["auto", "always", "never"],
        help="when to colour a diff (default: auto; NO_COLOR and FORCE_COLOR are honoured)",
    )
    add_untrusted_argument(parser)
    parser.add_argument("-q", "--quiet", action="store_true", help="print nothing but diffs")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Write, print, list or compare."""
    _refuse_what_clashes(arguments)
    spec = load(arguments, streams)
    if arguments.kind:
        streams.write(_printed(spec, arguments.kind, arguments.env))
        return 0
    paths = chosen(spec, arguments.paths)
    if not spec.documents:
        streams.write("" if arguments.quiet else HINT)
        return 0
    if arguments.list:
        streams.write(_listed(spec, paths))
        return 0
    changes = planned(spec.root, outputs(spec, paths), force=arguments.force)
    if arguments.check:
        return _checked(changes, arguments, streams)
    if arguments.stdout:
        streams.write("".join(_shown(changes)))
        return 0
    written = [f"{change.path} written\n" for change in write(changes)]
    if not arguments.quiet:
        streams.write("".join(written) or f"{_documents(changes)} up to date\n")
    return 0


def _refuse_what_clashes(arguments: argparse.Namespace) -> None:
    prints = arguments.check or arguments.list or arguments.stdout or arguments.kind
    if arguments.untrusted and not prints:
        raise UsageError(
            "--untrusted writes no documents",
            "Add --check to compare them, or --stdout to print them.",
        )
    if arguments.kind and arguments.paths:
        raise UsageError(
            f"--as prints a document, and writes none to {arguments.paths[0]}",
            "Leave out the path, or declare it under `documents` in the spec.",
        )
    if arguments.env is not None and not arguments.kind:
        raise UsageError(
            "--env goes with --as: the spec says what a declared document is for",
            "Write `--as KIND`, or set `environment` of the document in the spec.",
        )


def _documents(changes: list[Change]) -> str:
    return plural(len(changes), "document")


def chosen(spec: Spec, given: Iterable[str]) -> list[str]:
    """The declared paths that were named, as the spec writes them; all where none was.

    A path may be relative to the project's root or to the current folder.
    """
    known = {posixpath.normpath(path): path for path in spec.documents}
    found: dict[str, None] = {}
    for path in given:
        here = os.path.relpath(os.path.realpath(path), os.path.realpath(spec.root))
        forms = (posixpath.normpath(path), here.replace(os.sep, "/"))
        declared = next((known[form] for form in forms if form in known), None)
        if declared is None:
            listed = f"Name one of {', '.join(known)}." if known else "Declare it in the spec."
            raise UsageError(f"{path} is not a document of the spec{hint(path, known)}", listed)
        found[declared] = None
    return list(found or spec.documents)


def _printed(spec: Spec, name: str, environment: str | None) -> str:
    if environment is not None and environment not in spec.environments:
        raise UsageError(
            f"{environment} is not an environment{hint(environment, spec.environments)}",
            f"Name one of {', '.join(spec.environments)}.",
        )
    kind = document_kind(name)
    document = Document(kind=name, parameters=kind.parameters(environment=environment))
    output = Output(kind.path, {name: lambda _: text_of(spec, document, kind.path)}, HEADER)
    return whole(output).decode()


def _listed(spec: Spec, paths: list[str]) -> str:
    width = max(map(len, paths))
    return "".join(
        f"{path:<{width}}  {', '.join(document.kind for document in spec.documents[path])}\n"
        for path in paths
    )


def _shown(changes: list[Change]) -> Iterable[str]:
    for change in changes:
        text = change.after.decode("utf-8", "backslashreplace")
        yield text if len(changes) == 1 else f"==> {change.path} <==\n{text}\n"


def _checked(changes: list[Change], arguments: argparse.Namespace, streams: Streams) -> int:
    """Print the diff of each stale document; 1 where there is one."""
    stale = [change for change in changes if change.stale]
    colour = streams.colour(arguments.colour)
    for change in stale:
        for line in unified(change):
            code = _COLOURS.get(line[:1], "") if colour and line[:3] not in ("---", "+++") else ""
            streams.write(f"{code}{line}\x1b[0m\n" if code else f"{line}\n")
    if stale:
        names = ", ".join(change.path for change in stale)
        streams.say(
            f"assay: {_documents(stale)} of {len(changes)} stale: {names}\n"
            "  help: Run `assay docs`, and commit what it writes."
        )
    elif not arguments.quiet:
        streams.write(f"{_documents(changes)} up to date\n")
    return 1 if stale else 0
