"""`assay test`: runs the specs' fixture tests."""

from __future__ import annotations

import os
from argparse import Namespace
from functools import partial
from typing import TYPE_CHECKING

from assay.cli import options
from assay.cli.output import emit, targets
from assay.cli.project import inside_by, load, root_of, spec_at, use_plugins
from assay.cli.projects import in_folder, of_each, projects
from assay.errors import SpecError, UsageError
from assay.files import trouble_of
from assay.fixtures.files import contents_of, fixture_files, given_files, read_suites, spec_path
from assay.fixtures.text import render
from assay.fixtures.trial import misnamed, tried
from assay.fixtures.verdict import judged, report_of
from assay.model import Report
from assay.reporters.display import visible
from assay.spec.discovery import FIXTURES
from assay.suggest import hint

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from assay.cli.streams import Streams
    from assay.fixtures.files import Suite
    from assay.fixtures.verdict import FixtureVerdict
    from assay.reporters.base import Context

EPILOG = """\
examples:
  assay test                               every test below specs/tests
  assay test specs/tests/payments.yaml     the tests in one file
  assay test --only '*callback*'           tests with this in their name
  assay test --output junit=tests.xml      also write a report for CI

A test consists of an environment's values and the findings they must produce:
  assay: 1
  tests:
    - name: a port is a number
      values: {PORT: eighty}
      findings: [{port-out-of-range: PORT}]
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    options.several(
        parser, "files", "FILE", "files or folders of tests (default: the spec's tests folder)"
    )
    options.spec(parser)
    options.every_project(parser)
    told = "run only tests with this name; `*` matches any text"
    options.repeatable(parser, "--only", "NAME", told)
    options.flag(parser, "--allow-none", told="pass if there are no tests, as a hook should")
    options.untrusted(parser)
    options.report(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Run the tests; 1 where one failed."""
    targets(arguments)
    if arguments.all:
        return _in_all(arguments, streams)
    use_plugins(arguments)
    root = root_of(arguments)
    verdicts = _run(arguments, streams, root)
    for_people = partial(render, verdicts)
    return emit(report_of(verdicts), arguments, streams, root=root, for_people=for_people)


def _in_all(arguments: argparse.Namespace, streams: Streams) -> int:
    """Run the tests of every project that has some."""
    if arguments.files:
        raise UsageError("--all runs the tests of every project", "Remove the names of files.")
    roots = {folder: spec.root for folder, spec in projects(arguments)}

    def verdicts_of(folder: str) -> list[FixtureVerdict]:
        own = Namespace(**{**vars(arguments), "spec": os.path.join(folder, "specs")})
        return _run(own, streams, roots[folder])

    tested = [name for name in roots if os.path.isdir(os.path.join(name, "specs", FIXTURES))]
    made = of_each(tested, verdicts_of)
    if not made and not arguments.allow_none:
        raise UsageError("no project has fixture tests", "Write specs/tests/app.yaml in one.")
    findings = [
        finding
        for folder, verdicts in made.items()
        for finding in in_folder(report_of(verdicts), folder).findings
    ]

    def for_people(context: Context) -> str:
        return "".join(
            f"{visible(folder)}:\n{render(verdicts, context)}" for folder, verdicts in made.items()
        )

    report = Report.of(findings)
    return emit(report, arguments, streams, root=os.getcwd(), for_people=for_people)


def _run(arguments: argparse.Namespace, streams: Streams, root: str) -> list[FixtureVerdict]:
    """Run the tests of one project."""
    where = inside_by(arguments, root)
    suites = read_suites(_files(arguments, root, where), root, where)
    chosen = list(_chosen(suites, arguments.only))
    return list(_verdicts(chosen, arguments, streams, where))


def _files(arguments: argparse.Namespace, root: str, inside: tuple[str, ...]) -> tuple[str, ...]:
    try:
        if arguments.files:
            found = given_files(arguments.files, inside)
            where = ", ".join(arguments.files)
        else:
            folder = os.path.join(root, "specs")
            if arguments.spec not in (None, "-"):
                path = os.path.abspath(arguments.spec)
                folder = path if os.path.isdir(path) else os.path.dirname(path)
            found = fixture_files(folder, inside)
            where = os.path.relpath(os.path.join(folder, FIXTURES))
    except OSError as error:
        trouble = trouble_of(error)
        raise UsageError(f"the tests can't be read: {trouble.reason}", trouble.remedy) from None
    if not found and not arguments.allow_none:
        raise UsageError(
            f"there are no fixture tests in {where}",
            f"Write {os.path.join(FIXTURES, 'app.yaml')} in the spec's folder; "
            "`assay test --help` shows an example.",
        )
    return found


def _chosen(suites: Sequence[Suite], only: Sequence[str]) -> Iterator[tuple[Suite, int]]:
    from fnmatch import fnmatchcase

    tests = [(suite, index) for suite in suites for index in range(len(suite.fixtures.tests))]
    names = [suite.fixtures.tests[index].name for suite, index in tests]
    for pattern in only:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise UsageError(
                f"--only {pattern} selects no test{hint(pattern, names)}",
                "Use the name in the file; `*` matches any text, as in '*callback*'.",
            )
    for test, name in zip(tests, names, strict=True):
        if not only or any(fnmatchcase(name, pattern) for pattern in only):
            yield test


def _verdicts(
    chosen: Sequence[tuple[Suite, int]],
    arguments: argparse.Namespace,
    streams: Streams,
    inside: tuple[str, ...],
) -> Iterator[FixtureVerdict]:
    """Run each test; a spec is loaded once for all its tests."""
    paths = {suite.path: spec_path(suite) for suite, _ in chosen}
    specs = {
        path: load(arguments, streams) if path is None else spec_at(path, arguments, inside)
        for path in dict.fromkeys(paths.values())
    }
    tests = [(specs[paths[suite.path]], suite, number) for suite, number in chosen]
    problems = [problem for test in tests for problem in misnamed(*test)]
    if problems:
        raise SpecError(problems, contents_of(suite for suite, _ in chosen))
    for test in tests:
        yield judged(tried(*test, masker=streams.masker), *test[1:])
