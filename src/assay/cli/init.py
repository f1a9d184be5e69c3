"""`assay init`: generates a first spec from what the project contains."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assay import api
from assay.cli import options
from assay.cli.init_database import (
    asked,
    databases,
    declared_live,
    stands_beside,
    with_process,
)
from assay.cli.init_words import DEFAULT, Made, tell
from assay.cli.project import allowed_by
from assay.discovery.draft import Draft, as_copied, drafted, loosened, named
from assay.discovery.framework import has_manifest
from assay.discovery.reference import spared
from assay.discovery.survey import services, survey
from assay.discovery.writing import tables_text, text_of
from assay.dotenv import DIALECTS
from assay.errors import OutputError, UsageError
from assay.files import trouble_of, write_atomically
from assay.gate import inside_of
from assay.spec.discovery import yaml_files
from assay.spec.loader import load_text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from assay.cli.streams import Streams
    from assay.discovery.dotenvs import DotenvPath
    from assay.model import Report

EPILOG = """\
examples:
  assay init                         write specs/app.yaml from .env files and code
  assay init --stdout                print the spec without writing it
  assay init apps/web                for the project in another folder
  assay init --output app.yaml       write to another file
  assay init --force                 overwrite an existing spec
  assay init --database DATABASE_URL          add the tables of a database
  assay init --database DATABASE_URL --output specs/tables.yaml
                                              only the tables, next to an existing spec
  assay init --database var/app.db --stdout   the tables of a SQLite file

Names come from the .env files below the folder and from the code; types from names, code and the
values in all environments; what is required from comments, code and templates; descriptions and
groups from comments that can't contain a secret. No value is copied into the spec except harmless
examples in .env.example, such as numbers and switches. Only the databases named with --database are
contacted, in the first environment without real users that sets them, or with --live in any. They
are only read, and no rows are. In a repository of several services each gets its own spec.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "folder", nargs="?", default=".", metavar="FOLDER", help="the project (default: this one)"
    )
    parser.add_argument(
        "--output", metavar="PATH", help=f"the file to write (default: FOLDER/{DEFAULT})"
    )
    parser.add_argument(
        "-n",
        "--stdout",
        "--dry-run",
        dest="stdout",
        action="store_true",
        help="print the spec without writing it",
    )
    parser.add_argument(
        "--dialect",
        choices=DIALECTS,
        metavar="DIALECT",
        help="the loader that reads the .env files (default: that of the project's framework): "
        f"{', '.join(DIALECTS)}",
    )
    options.repeatable(
        parser,
        "--database",
        "VARIABLE|FILE",
        "also declare the tables of a database: a variable in a .env file with its URL (or with "
        "that of a Supabase project), or a SQLite file",
    )
    options.flag(parser, "--live", told="let --database read a database that has real users")
    options.allow(parser)
    options.flag(parser, "--force", told="overwrite an existing spec")
    options.flag(parser, "-q", "--quiet", told="print errors only")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Look, write, and suggest the next step."""
    top = os.path.normpath(arguments.folder)
    _look_at(top)
    found = services(top)
    several = len(found) > 1
    if several and (arguments.stdout or arguments.output or arguments.database):
        folders = [os.path.normpath(os.path.join(top, name)) for name in found]
        raise UsageError(
            f"there are several services with .env files: {', '.join(folders)}",
            f"Name one of them: `assay init {folders[-1]} ...`.",
        )
    names = list(found) if several else [_only(top, found)]
    projects = [_Project(top, name, arguments.output) for name in names]
    if not arguments.stdout:
        for project in projects:
            _refuse(project, arguments)
            _make_folder(project.root)  # which paths lead out of, as in ../.env
    made = []
    for project in projects:
        groups = [found.get(project.name, [])] if several else list(found.values())
        files = [file for group in groups for file in group]
        made.append(_made(project, files, found, arguments, streams))
    for one in made:
        for file, reason in one.draft.survey.unread.items():
            streams.tell(f"{file} was skipped: {reason}")
    if arguments.stdout:
        streams.write(made[0].text)
        return 0
    for one in made:
        _write(one)
    if not arguments.quiet:
        tell(made, allowed_by(arguments), streams)
    return 0


def _only(top: str, services: Iterable[str]) -> str:
    """The folder of the only project: that of its .env files if it has a manifest of its own."""
    name = next(iter(services), "")
    return name if has_manifest(os.path.join(top, name)) else ""


class _Project:
    def __init__(self, top: str, name: str, output: str | None) -> None:
        self.top = top
        self.name = name
        self.folder = os.path.normpath(os.path.join(top, name))
        self.path = os.path.normpath(output or os.path.join(self.folder, DEFAULT))
        # paths in its spec are relative to it; see `assay.spec.discovery`
        above = os.path.dirname(os.path.abspath(self.path))
        self.root = os.path.dirname(above) if os.path.basename(above) == "specs" else above


def _look_at(folder: str) -> None:
    try:
        os.scandir(folder).close()
    except NotADirectoryError:
        raise UsageError(f"{folder} is a file", "Name the folder of the project.") from None
    except OSError as error:
        denied = trouble_of(error).code == "denied"
        reason = "permission denied" if denied else "no such folder"
        raise UsageError(f"{folder}: {reason}", "Name the folder of the project.") from None


def _refuse(project: _Project, arguments: argparse.Namespace) -> None:
    """Leave an existing spec alone."""
    path = project.path
    if os.path.lexists(path):
        if not arguments.force:
            raise OutputError(
                f"{path} already exists",
                "Preview with --stdout, or overwrite it with --force.",
            )
        return
    folder = os.path.dirname(path)
    others = yaml_files(folder, folder, inside_of(folder)) if os.path.isdir(folder) else ()
    if others and not arguments.output:
        raise OutputError(
            f"{folder} already contains a spec: {', '.join(others[:3])}",
            "Preview a new one with --stdout, and copy what yours lacks.",
        )


def _made(
    project: _Project,
    files: Sequence[DotenvPath],
    others: Iterable[str],
    arguments: argparse.Namespace,
    streams: Streams,
) -> Made:
    root = project.root
    placed = [
        file._replace(path=_relative(os.path.join(project.top, file.path), root)) for file in files
    ]
    inner = [_relative(os.path.join(project.top, name), project.folder) for name in others]
    found = survey(
        project.folder,
        root,
        placed,
        top=project.top,
        without=[name for name in inner if name != "." and not name.startswith("..")],
        dialect=arguments.dialect,
        process=streams.environ,
        allowed=allowed_by(arguments),
    )
    found = with_process(arguments.database or (), found, streams.environ)
    draft = drafted(found)
    if arguments.database:
        live = declared_live(found, allowed_by(arguments))
        chosen = databases(arguments.database, found, live, insisted=arguments.live)
        text = text_of(draft._replace(databases=tuple(chosen)))
        told = asked(chosen, text, found.root, streams.environ)
        draft = draft._replace(databases=tuple(told))
    allowed = allowed_by(arguments)
    draft = loosened(draft, _too_much(draft, streams, allowed))
    text, report = _judged(draft, streams, allowed)
    beside = bool(arguments.database) and stands_beside(project.path)
    return Made(draft, tables_text(draft) if beside else text, project.path, report, beside)


def _too_much(draft: Draft, streams: Streams, allowed: Sequence[str]) -> dict[str, list[str]]:
    """What imports demand, to the environments that lack it once templates are copied.

    Names that the project never mentions count as they are now too: no template has them. One of
    them that goes with another name is lacking everywhere: the project calls it something else.
    """
    mentioned = set(named(draft.survey))
    missing: dict[str, list[str]] = {
        name: list(draft.survey.outlook)
        for name, declared in draft.imported.items()
        if name not in mentioned | draft.frameworks
        and str(declared.variable.required).startswith("isSet(")
    }
    copied = as_copied(draft)
    for one in (draft, copied) if copied is not draft else (draft,):
        for finding in _judged(one, streams, allowed)[1].failures():
            name, environment = finding.subject, finding.environment
            lacking = finding.rule in ("variable-missing", "variable-empty")
            counts = one is copied or name not in mentioned
            known = bool(draft.survey.outlook) or spared(draft.survey.uses.get(name, ()))
            if lacking and counts and known and name in draft.imported:
                missing.setdefault(name, []).append(environment)
    return missing


def _relative(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def _judged(draft: Draft, streams: Streams, allowed: Sequence[str]) -> tuple[str, Report]:
    """The spec's text, and what its own checks say."""
    text = text_of(draft)
    spec = load_text(text.encode(), draft.survey.root)
    return text, api.run(spec, process=streams.environ, offline=True, allow_paths=allowed)


def _write(made: Made) -> None:
    _make_folder(os.path.dirname(made.path) or ".")
    write_atomically(made.path, made.text.encode())


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder} could not be created: {trouble_of(error).reason}",
            "Check the permissions of the folder above, or write elsewhere with --output.",
        ) from None
