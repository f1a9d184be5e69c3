"""`assay credentials check`: decrypts the stored credentials and reports the complete autopsy.

Unlike `assay check`, it continues if the key's own checks fail, because the rows show how the key
was damaged.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from assay.cli import options
from assay.cli.output import emit, targets
from assay.cli.progress import Progress
from assay.cli.project import chosen_entries, load, run_of
from assay.crypto.autopsy import Cluster, Confidence
from assay.crypto.examination import Census, Examination
from assay.kinds.credential.rules import NO_ROWS
from assay.kinds.credential.spec import Credential
from assay.kinds.credential.words import merged, violations
from assay.model import Finding, Outcome, Report, Violation
from assay.reporters.base import Context, counted_in
from assay.reporters.display import visible, wrap
from assay.reporters.text import block, summary
from assay.words import plural

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from assay.cli.streams import Streams
    from assay.facts import Query
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
    options.environments(parser, "(default: all)")
    options.spec(parser)
    told = "a credential's name in the spec (default: all)"
    options.repeatable(parser, "--name", "NAME", told)
    options.report(parser)
    options.exit_code(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Read, decrypt, report, and decide."""
    targets(arguments)
    spec = load(arguments, streams)
    chosen = chosen_entries(
        spec.entries(Credential),
        arguments.name,
        "credential",
        "Under `credentials`, declare which columns hold ciphertext and which key encrypts them.",
    )
    sections = {**spec.sections, Credential.section: chosen}
    spec = msgspec.structs.replace(spec, sections=sections)
    with run_of(spec, streams) as made, Progress(streams, "reading", quiet=arguments.quiet):
        report = made.check(arguments.environments, only=["credential"], regardless=REGARDLESS)
    for_people = partial(render, report, spec, made.answers)
    return emit(report, arguments, streams, root=spec.root, for_people=for_people)


def render(
    report: Report, spec: Spec, answers: Mapping[Query[Any], object], context: Context
) -> str:
    """The result for each credential and environment, and why others could not be read."""
    if context.quiet and context.exit_code(report) == Report.EXIT_PASS:
        return ""
    found = {
        (asked.environment, asked.name): (asked, census)
        for asked, census in answers.items()
        if isinstance(asked, Examination) and isinstance(census, Census)
    }
    blocks = ["\n".join(_credential(*one, spec, context)) for one in found.values()]
    blocks += (block(finding, context) for finding in _others(report, set(found)))
    blocks += (
        f"{visible(finding.environment)}: {visible(finding.message)}\n"
        for finding in counted_in(report.findings, "skipped")
        if finding.kind == "credential"
    )
    return "\n".join([*blocks, summary(report, context)])


def _others(report: Report, told: set[tuple[str, str]]) -> Iterator[Finding]:
    """The findings that need action and are not in a table of causes."""
    for finding in counted_in(report.findings, "failed", "warned", "noted", "unknown"):
        name = finding.subject.partition(".")[0]
        own = finding.kind == "credential" and (finding.environment, name) in told
        if finding.outcome is Outcome.UNKNOWN or not own or finding.rule == NO_ROWS.code:
            yield finding


def _credential(asked: Examination, census: Census, spec: Spec, context: Context) -> Iterator[str]:
    """A heading, a line for each column, a block for each cause, and an empty line."""
    rows = f"{census.rows:,} {'row' if census.rows == 1 else 'rows'} of {asked.table}"
    head = context.pen.paint(visible(f"{asked.name} in {asked.environment}"), "bold")
    yield f"{head}: {visible(rows)}, key {visible(asked.variable)}"
    yield ""
    table = [[("column", ""), *((f"{head:>10}", "") for head in ("good", "failed", "NULL"))]]
    for name, counted in census.columns.items():
        numbers = ((counted.opened, "green"), (counted.failed, "red"), (counted.nulls, ""))
        cells = ((f"{number:>10,}", style if number else "") for number, style in numbers)
        table.append([(visible(name), ""), *cells])
    yield from context.pen.table(table, gap=0, indent="  ")
    if not census.columns:
        return
    yield ""
    told = zip(merged(census), violations(asked.name, census, asked, spec), strict=True)
    for (_, cluster, _), violation in told:
        yield from _cause(cluster, violation, context)


def _cause(cluster: Cluster, violation: Violation, context: Context) -> Iterator[str]:
    sure, pen = cluster.cause.confidence, context.pen
    about = f"{violation.rule.category.value} fault ({sure.value})"
    style = "red" if sure is Confidence.PROVEN else "yellow"
    head = pen.paint(plural(cluster.count, "row"), style)
    yield f"  {head}: {about}  [{violation.rule.code}]"
    yield f"    {wrap(visible(violation.message), context.width, first=4, indent='    ')}"
    for note in cluster.cause.evidence:
        yield pen.aside("seen", visible(note), "   ")
    yield pen.aside("help", visible(violation.remedy), "   ")
    yield ""
