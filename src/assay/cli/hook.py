"""`assay hook`: checks .env files against the spec quickly and offline, for pre-commit.

Only what the given files hold is judged, and what their environments lack where that can be known
offline. A name that another file of the same environment sets is never called missing, so it does
not matter how pre-commit splits the files between runs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from assay.cli import options
from assay.cli.output import emit, targets
from assay.cli.progress import Progress
from assay.cli.project import ensure_known, load, standard_input
from assay.cli.projects import in_folder, projects
from assay.errors import UsageError
from assay.gate import named_inside
from assay.model import Finding, Outcome, Report
from assay.redacted import redacted
from assay.registry import used
from assay.runs import Run
from assay.screen.judge import clean
from assay.screen.places import arranged, identity, readers
from assay.screen.remembered import plan_of
from assay.sources.dotenv_file import STANDARD_INPUT, Dialect, DotenvFile, usual_dialect
from assay.sources.dotenv_layers import foremost
from assay.spec.discovery import by_project
from assay.spec.document import VARIABLES, Spec
from assay.spec.environments import Environment
from assay.version import __version__
from assay.words import plural

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from assay.cli.streams import Streams
    from assay.sources.base import Source, World

EPILOG = f"""\
examples:
  assay hook .env .env.local         check these files as the environments that read them
  assay hook --env production f.env  check a file as if it were the whole environment
  cat .env | assay hook -            check standard input

in .pre-commit-config.yaml:
  - repo: https://github.com/assay-dev/assay
    rev: v{__version__}
    hooks: [{{id: assay-env}}, {{id: assay-lint}}]
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help=".env files, or - for standard input"
    )
    options.spec(parser)
    parser.add_argument(
        "--env", metavar="ENV", help="check the files together as this whole environment"
    )
    options.flag(parser, "--all", told="check each file for every project below that reads it")
    parser.set_defaults(every_project=True)
    options.report(parser)
    options.exit_code(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Judge the files; quiet where all is well."""
    targets(arguments)
    if arguments.spec == "-" and "-" in arguments.files:
        raise UsageError(
            "only one of the inputs can be standard input", "Name a file for the other."
        )
    working = os.getcwd()
    groups = _groups(arguments, working)
    reports = [_of_project(arguments, streams, *group) for group in groups.items()]
    report, root = _together(reports, working)
    findings = report.findings
    plain = arguments.format == "text"
    arguments.quiet = arguments.quiet or (plain and not arguments.verbose and not findings)
    if plain and arguments.verbose and not findings:
        streams.write(f"{plural(len(arguments.files), 'file')} without findings\n")
        arguments.quiet = True
    return emit(report, arguments, streams, root=root)


def _groups(arguments: argparse.Namespace, working: str) -> dict[str, list[str]]:
    """The files by the folder to look for their spec from; with --all for each that reads them."""
    if arguments.all:
        found: dict[str, list[str]] = {}
        for _, spec in projects(arguments):
            paths = {name: _paths(environment) for name, environment in spec.environments.items()}
            for file in arguments.files:
                if file != "-" and any(readers(_absolute(file), spec.root, paths)):
                    found.setdefault(spec.root, []).append(file)
        read = {file for files in found.values() for file in files}
        rest = by_project([file for file in arguments.files if file not in read], working)
        return {folder: [*found.get(folder, ()), *rest.get(folder, ())] for folder in found | rest}
    if arguments.spec is not None or arguments.env is not None:
        return {working: arguments.files}
    return by_project(arguments.files, working)


def _of_project(
    arguments: argparse.Namespace, streams: Streams, folder: str, files: list[str]
) -> tuple[Report, str]:
    """What concerns the files of one project, whose spec is looked for from a folder; its root."""
    spec = load(arguments, streams, folder)
    inside = named_inside(spec.root, files, os.getcwd(), spec.allowed)
    spec = spec.with_allowed(inside)  # whoever names a file says that it may be read
    if arguments.env is not None:
        ensure_known(arguments.env, spec.environments, "an environment")
    findings: dict[Finding, None] = {}
    names: dict[str, None] = {}
    for environment, found in _judged(spec, arguments, files, folder, streams):
        names[environment] = None
        findings.update(dict.fromkeys(found))
    return Report.of(findings, project=spec.project, environments=names), spec.root


def _together(reports: list[tuple[Report, str]], working: str) -> tuple[Report, str]:
    """One report of all projects, with places as seen from the working folder if one is below."""
    [(first, root), *others] = reports
    below = os.path.realpath(working) + os.sep
    if not others and not os.path.realpath(root).startswith(below):
        return first, root
    made = [in_folder(report, os.path.relpath(root, working)) for report, root in reports]
    findings = [finding for report in made for finding in report.findings]
    environments = [name for report in made for name in report.environments]
    return Report.of(findings, environments=environments), working


def _judged(
    spec: Spec, arguments: argparse.Namespace, files: list[str], folder: str, streams: Streams
) -> Iterator[tuple[str, list[Finding]]]:
    """Each environment that was judged, with the findings that concern the given files."""
    if arguments.env is not None:
        declared = spec.environments[arguments.env]
        sources = tuple(_arranged(spec, arguments.env, files, streams))
        environment = msgspec.structs.replace(declared, values=sources)
        report, _ = _run(spec, arguments.env, environment, streams)
        quiet = (Outcome.PASS, Outcome.SKIP)  # what is skipped for a cause follows that cause
        yield arguments.env, [f for f in report.findings if f.outcome not in quiet]
        return
    plan = plan_of(spec, arguments.spec, folder)
    with Progress(streams, "checking files", quiet=arguments.quiet) as progress:
        for number, file in enumerate(files, 1):
            progress.at(f"checking file {number} of {len(files)}")
            screened = file != "-" and not spec.plugins
            if not (screened and clean(plan, spec.root, [_absolute(file)], None, spec.allowed)):
                yield from _judged_file(spec, file, streams)


def _judged_file(spec: Spec, file: str, streams: Streams) -> Iterator[tuple[str, list[Finding]]]:
    """One file as part of each environment that reads it, or by itself if none does."""
    paths = {name: _paths(environment) for name, environment in spec.environments.items()}
    users = list(readers(_absolute(file), spec.root, paths)) if file != "-" else []
    for name, index in users:
        yield name, _judged_there(spec, name, index, streams)
    if not users:
        given = _given(file, spec, usual_dialect(*spec.environments.values()), streams)
        # what an environment of the same name expects is not expected here
        name = f"./{given.label}" if given.label in spec.environments else given.label
        environment = Environment(values=(given,))
        report, names = _run(_anywhere(spec), name, environment, streams)
        doubtful = _doubtful(spec, names, anywhere=True)
        found = _concerning(report.findings, given.label, whole=False, doubtful=doubtful)
        yield given.label, [_as_named(finding, given.label) for finding in found]


def _as_named(finding: Finding, label: str) -> Finding:
    """A finding about a file that only the command line names, not the spec."""
    return msgspec.structs.replace(_of_no_file(finding), environment=label)


def _of_no_file(finding: Finding) -> Finding:
    """A finding about a file that no spec demands, so that only its path can be wrong."""
    if finding.rule != "source-missing":
        return finding
    return msgspec.structs.replace(finding, location=None, remedy="Check the path of the file.")


def _judged_there(spec: Spec, name: str, index: int, streams: Streams) -> list[Finding]:
    """What concerns the file that is an environment's source of this index.

    It is read as if it came last, since another machine may lack the files that override it; then
    in the environment's order, where other files change what its values mean together.
    """
    declared = spec.environments[name]
    source = declared.values[index]
    given = msgspec.structs.replace(source, optional=False)
    private = _private(spec, declared, source)
    shared = [
        s if isinstance(s, DotenvFile) and s not in private else None for s in declared.values
    ]
    before = [s for s in shared[:index] if s is not None]
    after = [s for s in shared[index + 1 :] if s is not None]
    orders: list[tuple[Source, ...]] = [(*before, given, *after)]
    orders.insert(0, (*before, *after, foremost(orders[0], len(before))))
    found: dict[tuple[str, str], list[Finding]] = {}
    for values in dict.fromkeys(orders):
        environment = msgspec.structs.replace(declared, values=values)
        report, names = _run(spec, name, environment, streams)
        lacking = any(  # nobody knows what another source that can't be read would set
            f.rule in ("source-missing", "source-unreadable", "source-refused")
            and f.subject != source.label
            for f in report.findings
        )
        whole = declared.offline and not lacking and not private
        doubtful = frozenset[str]() if whole else _doubtful(spec, names)
        fresh: dict[tuple[str, str], list[Finding]] = {}
        for finding in _concerning(report.findings, source.label, whole=whole, doubtful=doubtful):
            fresh.setdefault((finding.rule, finding.subject), []).append(finding)
        found = {**fresh, **found}  # one of a sort is reported once, as the file itself has it
    every = [finding for some in found.values() for finding in some]
    optional = isinstance(source, DotenvFile) and source.optional
    return list(map(_of_no_file, every)) if optional else every


def _private(spec: Spec, environment: Environment, given: Source) -> list[Source]:
    """The files that each machine may have its own of: optional, and ignored by git.

    Unless the given file is one itself: then this machine is all that matters.
    """
    files = [s for s in environment.values if isinstance(s, DotenvFile) and s.optional]
    if not isinstance(given, DotenvFile) or not files:
        return []
    from assay.gitignore import ignored

    if ignored(os.path.join(spec.root, given.path)):
        return []
    return [s for s in files if s is not given and ignored(os.path.join(spec.root, s.path))]


def _paths(environment: Environment) -> list[str | None]:
    """The path of each source of an environment that is a .env file."""
    return [s.path if isinstance(s, DotenvFile) else None for s in environment.values]


def _run(
    spec: Spec, name: str, environment: Environment, streams: Streams
) -> tuple[Report, frozenset[str]]:
    """The report on an environment made of files, and the names that they set."""
    alone = spec.with_environments({name: environment})
    with Run(alone, process={}, offline=True, masker=streams.masker) as made:
        report = made.check()
        names = (name for listing in made.listings for name, s in listing.items() if s.value)
        return report, frozenset(names)


def _concerning(
    findings: Iterable[Finding], label: str, *, whole: bool, doubtful: frozenset[str]
) -> Iterator[Finding]:
    """The findings about one file, and about what its whole environment lacks.

    `doubtful` are the rules that depend on what is not known here.
    """
    for finding in findings:
        if finding.outcome is Outcome.PASS or finding.outcome is Outcome.SKIP:
            continue
        if finding.kind == "rule" and finding.subject in doubtful:
            continue
        places = (finding.location, *(related.location for related in finding.related))
        here = any(place is not None and place.file == label for place in places)
        about = finding.kind == "source" and finding.subject == label
        missing = finding.rule == "variable-missing" or (
            finding.rule == "rule-violated" and not finding.written  # none of its variables is set
        )
        failed = finding.outcome is Outcome.UNKNOWN and bool(used())  # perhaps a plug-in did
        if here or about or failed or (whole and missing):
            yield finding


def _doubtful(spec: Spec, names: frozenset[str], *, anywhere: bool = False) -> frozenset[str]:
    """The rules that read variables which no file sets, so that another source may.

    Where a file may belong `anywhere`, those that read the name of the environment too.
    """
    from assay.kinds.rule import kind as rule

    entries = spec.entries(rule.CrossRule)
    return frozenset(
        name
        for name, entry in entries.items()
        if not names.issuperset(rule.names(spec, entry.declared))
        or (anywhere and rule.hangs_on_environment(spec, entry.declared))
    )


def _anywhere(spec: Spec) -> Spec:
    """The spec for files of no environment: where a variable belongs can't be judged."""
    variables = {
        name: entry._replace(
            declared=msgspec.structs.replace(
                entry.declared,
                variable=msgspec.structs.replace(entry.declared.variable, only_in=()),
            )
        )
        for name, entry in spec.variables.items()
    }
    return msgspec.structs.replace(spec, sections={**spec.sections, VARIABLES: variables})


@redacted("path")
class GivenText(DotenvFile, frozen=True, kw_only=True):
    """A .env text that came on standard input."""

    content: bytes

    def text(self, world: World) -> bytes:  # noqa: ARG002 - there is nothing to open
        """What was given."""
        return self.content


def _given(file: str, spec: Spec, dialect: Dialect, streams: Streams) -> DotenvFile:
    if file == "-":
        return GivenText(path=STANDARD_INPUT, dialect=dialect, content=standard_input(streams))
    return DotenvFile(path=_relative(file, spec.root), dialect=dialect)


def _arranged(spec: Spec, name: str, files: list[str], streams: Streams) -> list[DotenvFile]:
    """Files of the command line as the sources of an environment: each as that reads it."""
    declared = spec.environments[name]
    dialect = usual_dialect(declared)
    given = [file if file == "-" else _absolute(file) for file in files]
    made: list[DotenvFile] = []
    for file, index in arranged(given, spec.root, _paths(declared)):
        source = None if index is None else declared.values[index]
        if isinstance(source, DotenvFile):
            made.append(msgspec.structs.replace(source, optional=False))
        else:
            made.append(_given(file, spec, dialect, streams))
    return made


def _absolute(file: str) -> str:
    return os.path.join(os.getcwd(), file)


def _relative(file: str, root: str) -> str:
    given = _absolute(file)
    path = os.path.normpath(given)
    if path != given and identity(path) != identity(given):
        path = given  # it goes through a link and back, to another place than its text shows
    return path.removeprefix(root + os.sep)
