"""Several projects in one run, as in a monorepo: finds them, and makes one report of theirs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from assay.cli.project import own_files, spec_at
from assay.discovery.tree import walk
from assay.errors import SelectionError, SpecError, UsageError
from assay.model import Finding, Location, Report
from assay.registry import use
from assay.sources.dotenv_file import DotenvFile
from assay.suggest import hint

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Sequence

    from assay.spec.document import Spec


T = TypeVar("T")

_OF_TESTS = frozenset(("__tests__", "fixtures", "test", "testdata", "tests"))
"""Folders whose specs are test data and not projects."""


class Project(NamedTuple):
    """One of several projects."""

    folder: str
    """Relative to the working folder, with `/`; `.` for that folder itself."""
    spec: Spec


def projects(arguments: argparse.Namespace) -> list[Project]:
    """Every project at or below the working folder: each folder with `specs` in it.

    One whose files are all imported by others is their library, not a project.

    Raises:
        UsageError: there is none, or one is named.
        SpecError: specs are invalid; it carries the problems of all.

    """
    if arguments.spec is not None:
        raise UsageError("--all and --spec can't be combined", "Use one of them.")
    made = of_each(_folders(), lambda folder: spec_at(os.path.join(folder, "specs"), arguments))
    found = [Project(folder, spec) for folder, spec in made.items()]
    files = [set(own_files(one.spec)) for one in found]
    imported = {
        path
        for one, own in zip(found, files, strict=True)
        for path in own
        if not path.startswith(os.path.join(one.spec.root, "specs") + os.sep)
    }
    found = [one for one, own in zip(found, files, strict=True) if not own <= imported]
    if not found:
        raise UsageError(
            "there is no spec in this folder or below", "Run `assay init` to generate one."
        )
    use(dict.fromkeys(plugin for one in found for plugin in one.spec.plugins))
    _ensure_few_questions(found)
    return found


def _ensure_few_questions(found: Sequence[Project]) -> None:
    """Reject projects that each check one secret differently: together they could reveal it."""
    from assay.kinds.revealing import MOST_LENGTHS, MOST_OTHERS, chosen

    asked: dict[str, set[str]] = {}
    examples: dict[str, set[str]] = {}
    for one in found:
        if all(isinstance(s, DotenvFile) for e in one.spec.environments.values() for s in e.values):
            continue
        for name, entry in one.spec.variables.items():
            if entry.declared.secret and chosen(entry.declared):
                asked.setdefault(name, set()).add(repr(entry.declared.format))
            if entry.declared.secret and entry.declared.example:
                examples.setdefault(name, set()).add(entry.declared.example)
    for given, most, fault in (
        (asked, MOST_LENGTHS, "check it in {} different ways, which together could reveal it"),
        (examples, MOST_OTHERS, "have {} examples of it, which together could be guesses"),
    ):
        for name, some in given.items():
            if len(some) > most:
                raise UsageError(
                    f"{name} is secret, and the projects {fault.format(len(some))}",
                    f"Declare {name} in one file that the projects import, or check fewer "
                    "projects.",
                )


def check_all(
    found: Sequence[Project],
    environments: Sequence[str],
    check: Callable[[Project, list[str]], Report],
) -> Report:
    """One report on all projects, each with those of the environments that it has.

    Raises:
        UsageError: no project has such an environment.

    """
    known = dict.fromkeys(name for one in found for name in one.spec.environments)
    for name in environments:
        if name not in known:
            raise UsageError(
                f"no project has an environment {name}{hint(name, known)}",
                f"Name one of {', '.join(known)}.",
            )
    findings: list[Finding] = []
    checked: list[str] = []
    nothing: SelectionError | None = None
    for one in found:
        chosen = [name for name in environments if name in one.spec.environments]
        if environments and not chosen:
            continue
        try:
            report = check(one, chosen)
        except SelectionError as error:  # what it selects may be in another project
            nothing = error
            continue
        moved = in_folder(report, one.folder)
        findings += moved.findings
        checked += moved.environments
    if nothing is not None and not checked:
        raise nothing
    return Report.of(findings, environments=checked)


def _folders() -> list[str]:
    found = set()
    for path in walk("."):
        folder, inside, _ = f"/{path}".partition("/specs/")
        if inside and path.endswith((".yaml", ".yml")) and _OF_TESTS.isdisjoint(path.split("/")):
            found.add(folder.removeprefix("/") or ".")
    return sorted(found)


def _called(environment: str, folder: str) -> str:
    return environment if folder == "." or not environment else f"{folder}: {environment}"


def of_each(folders: Iterable[str], make: Callable[[str], T]) -> dict[str, T]:
    """What is made of each folder.

    Raises:
        SpecError: some are invalid; it carries the problems of all, as seen from outside.

    """
    made: dict[str, T] = {}
    problems: list[Finding] = []
    contents: dict[str, bytes] = {}
    for folder in folders:
        try:
            made[folder] = make(folder)
        except SpecError as error:
            problems += (_moved(problem, folder) for problem in error.problems)
            contents |= {_named(name, folder): data for name, data in error.contents.items()}
    if problems:
        raise SpecError(problems, contents)
    return made


def in_folder(report: Report, folder: str) -> Report:
    """A report on the project in a folder, with places and names as seen from outside."""
    findings = [_moved(finding, folder) for finding in report.findings]
    return Report.of(findings, environments=[_called(n, folder) for n in report.environments])


def _moved(finding: Finding, folder: str) -> Finding:
    def placed(at: Location) -> Location:
        return msgspec.structs.replace(at, file=_named(at.file, folder))

    [moved] = Report(findings=(finding,)).placed(placed).findings
    return msgspec.structs.replace(
        moved,
        environment=_called(finding.environment, folder),
        across=tuple(_called(name, folder) for name in finding.across),
        own_environment=finding.environment,
        folder="" if folder == "." else folder.replace(os.sep, "/"),
    )


def _named(file: str, folder: str) -> str:
    """A file as messages call it, as seen from the working folder."""
    if file.startswith(("builtin:", "<")):
        return file
    return os.path.normpath(os.path.join(folder, file)).replace(os.sep, "/")
