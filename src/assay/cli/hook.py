"""`assay hook`: checks .env files against the spec, offline and fast; for pre-commit.

Only what the given files hold is judged, and what their environments lack where that can be known
offline. A name that another file of the same environment sets is never called missing, so it does
not matter how pre-commit splits the files between runs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from assay import api
from assay.cli.check import learn
from assay.cli.output import add_output_arguments, add_threshold_arguments, emit, targets
from assay.cli.progress import Progress
from assay.cli.project import add_spec_argument, load, standard_input
from assay.errors import UsageError
from assay.gate import named_inside
from assay.model import Finding, Outcome, Report, Severity
from assay.probes.environment import EnvironmentProbe
from assay.reporters.base import plural
from assay.screen.judge import clean
from assay.screen.remembered import plan_of
from assay.sources.base import Snapshot, World
from assay.sources.dotenv_file import Dialect, DotenvFile
from assay.spec.environments import Environment
from assay.spelling import hint
from assay.unseen import unseen

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from assay.cli.streams import Streams
    from assay.facts import Unobservable
    from assay.spec.document import Spec

EPILOG = """\
examples:
  assay hook .env .env.local         judge these files as the environments that read them do
  assay hook --env production f.env  judge files as if they were all of one environment
  cat .env | assay hook -            judge what comes on standard input

in .pre-commit-config.yaml:
  - repo: https://github.com/assay-dev/assay
    rev: v0.1.0
    hooks: [{id: assay-env}, {id: assay-lint}]
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("files", nargs="+", metavar="FILE", help=".env files; - for standard input")
    add_spec_argument(parser)
    parser.add_argument(
        "--env",
        metavar="ENV",
        help="judge the files together as the whole of this environment",
    )
    add_output_arguments(parser)
    add_threshold_arguments(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Judge the files; quiet where all is well."""
    targets(arguments)
    if arguments.spec == "-" and "-" in arguments.files:
        raise UsageError("only one thing can come on standard input", "Name a file for the other.")
    spec = load(arguments, streams)
    inside = named_inside(spec.root, arguments.files, os.getcwd(), spec.allowed)
    spec = spec.with_allowed(inside)  # whoever names a file says that it may be read
    if arguments.env is not None and arguments.env not in spec.environments:
        raise UsageError(
            f"{arguments.env} is not an environment{hint(arguments.env, spec.environments)}",
            f"Name one of {', '.join(spec.environments)}.",
        )
    findings: dict[Finding, None] = {}
    names: dict[str, None] = {}
    for environment, found in _judged(spec, arguments, streams):
        names[environment] = None
        findings.update(dict.fromkeys(found))
    report = Report.of(findings, project=spec.project, environments=names)
    plain = arguments.format == "text"
    arguments.quiet = arguments.quiet or (plain and not arguments.verbose and not findings)
    if plain and arguments.verbose and not findings:
        streams.write(f"{plural(len(arguments.files), 'file')} without a finding\n")
        arguments.quiet = True
    emit(report, arguments, streams, root=spec.root)
    return report.exit_code(
        fail_on=Severity(arguments.fail_on), allow_unknown=arguments.allow_unknown
    )


def _judged(
    spec: Spec, arguments: argparse.Namespace, streams: Streams
) -> Iterator[tuple[str, list[Finding]]]:
    """Each environment that was judged, with the findings that concern the given files."""
    if arguments.env is not None:
        declared = spec.environments[arguments.env]
        sources = tuple(_given(f, spec, _dialects(declared), streams) for f in arguments.files)
        environment = msgspec.structs.replace(declared, values=sources)
        report, _ = _run(spec, arguments.env, environment, streams)
        quiet = (Outcome.PASS, Outcome.SKIP)  # what is skipped for a cause follows that cause
        yield arguments.env, [f for f in report.findings if f.outcome not in quiet]
        return
    plan = plan_of(spec, arguments.spec)
    with Progress(streams, "judging files", quiet=arguments.quiet) as progress:
        for number, file in enumerate(arguments.files, 1):
            progress.at(f"judging file {number} of {len(arguments.files)}")
            path = os.path.normpath(os.path.join(os.getcwd(), file))
            if file == "-" or not clean(plan, spec.root, [path], None, spec.allowed):
                yield from _judged_file(spec, file, streams)


def _judged_file(spec: Spec, file: str, streams: Streams) -> Iterator[tuple[str, list[Finding]]]:
    """One file as part of each environment that reads it, or by itself where none does."""
    path = _relative(file, spec.root)
    users = [
        (name, environment, source)
        for name, environment in spec.environments.items()
        for source in environment.values
        if isinstance(source, DotenvFile) and os.path.normpath(source.path) == path
    ]
    for name, declared, source in users:
        files = [s for s in declared.values if isinstance(s, DotenvFile) and s != source]
        given = msgspec.structs.replace(source, optional=False)
        environment = msgspec.structs.replace(declared, values=(*files, given))
        report, names = _run(spec, name, environment, streams)
        whole = declared.offline and not _lacks_a_source(report, source.label)
        doubtful = frozenset[str]() if whole else _doubtful(spec, names)
        found = _concerning(report.findings, source.label, whole=whole, doubtful=doubtful)
        yield name, list(found)
    if not users:
        given = _given(file, spec, _dialects(*spec.environments.values()), streams)
        environment = Environment(values=(given,))
        report, names = _run(_anywhere(spec), given.label, environment, streams)
        doubtful = _doubtful(spec, names, anywhere=True)
        found = _concerning(report.findings, given.label, whole=False, doubtful=doubtful)
        yield given.label, [msgspec.structs.replace(f, environment=given.label) for f in found]


def _run(
    spec: Spec, name: str, environment: Environment, streams: Streams
) -> tuple[Report, frozenset[str]]:
    """The report on an environment made of files, and the names that they set."""
    alone = msgspec.structs.replace(spec, environments={name: environment})
    world = World(root=spec.root, allowed=spec.allowed, process={})
    probe = EnvironmentProbe(alone.environments, world)
    report = api.run(alone, probe=probe, offline=True)
    learn(streams, alone, probe)
    names = (name for listing in probe.listings for name, s in listing.items() if s.value)
    return report, frozenset(names)


def _concerning(
    findings: Iterable[Finding], label: str, *, whole: bool, doubtful: frozenset[str]
) -> Iterator[Finding]:
    """The findings about one file, and about what its whole environment lacks.

    `doubtful` are the rules that hang on what is not known here.
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
            finding.rule == "rule-broken" and not finding.written  # none of its variables is set
        )
        if here or about or (whole and missing):
            yield finding


def _doubtful(spec: Spec, names: frozenset[str], *, anywhere: bool = False) -> frozenset[str]:
    """The rules that read variables which no file sets, so that another source may.

    Where a file may belong `anywhere`, those that read the name of the environment too.
    """
    entries = spec.sections.get("rules", {})
    if not entries:
        return frozenset()
    from assay.kinds import rule

    return frozenset(
        name
        for name, entry in entries.items()
        if not names.issuperset(rule.names(spec, entry.declared))
        or (anywhere and rule.hangs_on_environment(spec, entry.declared))
    )


def _lacks_a_source(report: Report, label: str) -> bool:
    """Whether another source could not be read, so that nobody knows what it would set."""
    return any(
        f.kind == "source"
        and f.rule in ("source-missing", "source-unreadable", "source-refused")
        and f.subject != label
        for f in report.findings
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
    return msgspec.structs.replace(spec, sections={**spec.sections, "variables": variables})


def _dialects(*environments: Environment) -> Dialect:
    """The dialect of the first .env file of environments."""
    for environment in environments:
        for source in environment.values:
            if isinstance(source, DotenvFile):
                return source.dialect
    return "node"


@unseen("path")
class GivenText(DotenvFile, frozen=True, kw_only=True):
    """A .env text that came on standard input."""

    content: bytes

    def read(self, world: World) -> Snapshot | Unobservable:
        """Judge the text; there is nothing to open."""
        return self.judge(self.content, world.process)


def _given(file: str, spec: Spec, dialect: Dialect, streams: Streams) -> DotenvFile:
    """A file of the command line as a source."""
    if file == "-":
        return GivenText(path="<stdin>", dialect=dialect, content=standard_input(streams))
    return DotenvFile(path=_relative(file, spec.root), dialect=dialect)


def _relative(file: str, root: str) -> str:
    """A path of the command line as seen from the root of the project."""
    path = os.path.normpath(os.path.join(os.getcwd(), file))
    if path.startswith(root + os.sep):
        return path[len(root) + 1 :]
    return path
