"""`assay docs`: writes the documents that the spec declares, or checks that they are up to date."""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from assay.cli import options
from assay.cli.project import ensure_known, load
from assay.cli.projects import projects
from assay.document_kind import DeclaredDocument
from assay.documents import DOCUMENTS
from assay.documents.rendering import HEADER, outputs, text_of
from assay.documents.writing import Change, Output, planned, unified, whole, write
from assay.errors import UsageError
from assay.reporters.display import Pen, visible
from assay.suggest import hint
from assay.words import plural

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from assay.cli.streams import Streams
    from assay.spec.document import Spec

EPILOG = """\
examples:
  assay docs                                      write every declared document
  assay docs .env.example                         write one of them
  assay docs --check                              print a diff and fail if anything is stale
  assay docs --as environment-reference           print a document without declaring it
  assay docs --as setup-guide --env development   print one for an environment

In a hand-written file, only the text between two such comments is replaced:
  <!-- assay:begin environment-reference -->
  <!-- assay:end -->
"""
HINT = """\
the spec declares no documents. Declare some, for example:

  documents:
    .env.example: env-example
    docs/environment.md: environment-reference

Then run `assay docs` again. To print one without declaring it, run
`assay docs --as environment-reference`.
"""
_STYLES = {"+": "added", "-": "removed", "@": "hunk"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    options.several(parser, "paths", "PATH", "the documents to write (default: all in the spec)")
    options.spec(parser)
    options.every_project(parser)
    action = parser.add_mutually_exclusive_group()
    options.flag(
        action, "--check", told="write nothing; print a diff and fail if anything is stale"
    )
    options.flag(action, "--list", told="write nothing; list the documents and their kinds")
    options.flag(action, "--stdout", told="print the files instead of writing them")
    action.add_argument(
        "--as",
        dest="kind",
        choices=options.Open(DOCUMENTS),
        metavar="KIND",
        help=f"print a document without declaring it: {', '.join(DOCUMENTS)}",
    )
    parser.add_argument(
        "--env", metavar="ENV", help="with --as: the environment that the document is for"
    )
    options.flag(parser, "--force", told="overwrite files that were written or filled in by hand")
    options.colour(parser, "a diff")
    options.untrusted(parser)
    options.flag(parser, "-q", "--quiet", told="print diffs only")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Write, print, list or compare."""
    _refuse_what_clashes(arguments)
    if not arguments.all:
        return _of_project(load(arguments, streams), arguments, streams)
    codes = [0]
    for folder, spec in projects(arguments):
        if spec.documents:
            if not arguments.quiet:
                streams.write(f"{visible(folder)}:\n")
            codes.append(_of_project(spec, arguments, streams))
    return max(codes)


def _of_project(spec: Spec, arguments: argparse.Namespace, streams: Streams) -> int:
    if arguments.kind:
        streams.write(_printed(spec, arguments.kind, arguments.env))
        return 0
    paths = chosen(spec, arguments.paths)
    if not spec.documents:
        streams.write("" if arguments.quiet else HINT)
        return 0
    if arguments.list:
        kinds = (", ".join(document.kind for document in spec.documents[path]) for path in paths)
        rows = [((path, ""), (kind, "")) for path, kind in zip(paths, kinds, strict=True)]
        streams.write("\n".join([*Pen().table(rows), ""]))
        return 0
    changes = planned(spec.root, outputs(spec, paths), force=arguments.force)
    if arguments.check:
        return _checked(changes, arguments, streams)
    if arguments.stdout:
        for change in changes:
            text = change.after.decode("utf-8", "backslashreplace")
            streams.write(text if len(changes) == 1 else f"==> {change.path} <==\n{text}\n")
        return 0
    written = [f"{change.path} written\n" for change in write(changes)]
    if not arguments.quiet:
        streams.write("".join(written) or f"{plural(len(changes), 'document')} up to date\n")
    return 0


def _refuse_what_clashes(arguments: argparse.Namespace) -> None:
    prints = arguments.check or arguments.list or arguments.stdout or arguments.kind
    if arguments.untrusted and not prints:
        raise UsageError(
            "--untrusted writes no documents",
            "Add --check to compare them, or --stdout to print them.",
        )
    if arguments.all and (arguments.paths or arguments.kind):
        raise UsageError(
            "--all is for the declared documents of every project",
            "Remove the path or --as, or run it in one project.",
        )
    if arguments.kind and arguments.paths:
        raise UsageError(
            f"--as prints a document, so {arguments.paths[0]} would not be written",
            "Remove the path, or declare the document in the spec, under `documents`.",
        )
    if arguments.env is not None and not arguments.kind:
        raise UsageError(
            "--env needs --as: for declared documents the spec names the environment",
            "Write `--as KIND`, or set `environment` of the document in the spec.",
        )


def chosen(spec: Spec, given: Iterable[str]) -> list[str]:
    """The declared paths that were named, as the spec writes them; all if none was.

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
            raise UsageError(f"{path} is not a document in the spec{hint(path, known)}", listed)
        found[declared] = None
    return list(found or spec.documents)


def _printed(spec: Spec, name: str, environment: str | None) -> str:
    if environment is not None:
        ensure_known(environment, spec.environments, "an environment")
    ensure_known(name, DOCUMENTS, "a kind of document", "Choose one of")
    kind = DOCUMENTS[name]
    document = DeclaredDocument(kind=name, parameters=kind.parameters(environment=environment))
    output = Output(kind.path, {name: lambda _: text_of(spec, document, kind.path)}, HEADER)
    return whole(output).decode()


def _checked(changes: list[Change], arguments: argparse.Namespace, streams: Streams) -> int:
    """Print the diff of each stale document; 1 if there is one."""
    stale = [change for change in changes if change.stale]
    pen = Pen(streams.colour(arguments.colour))
    for change in stale:
        for line in unified(change):
            style = "" if line[:3] in ("---", "+++") else _STYLES.get(line[:1], "")
            streams.write(f"{pen.paint(line, style)}\n")
    if stale:
        names = ", ".join(change.path for change in stale)
        streams.say(
            f"assay: {plural(len(stale), 'document')} of {len(changes)} stale: {names}\n"
            "  help: Run `assay docs` and commit the result."
        )
    elif not arguments.quiet:
        streams.write(f"{plural(len(changes), 'document')} up to date\n")
    return 1 if stale else 0
