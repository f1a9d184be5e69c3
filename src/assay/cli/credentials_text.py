"""The autopsy of stored credentials for a terminal: columns, then causes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.crypto.autopsy import Confidence
from assay.crypto.examination import Census, Examination
from assay.kinds.credential.words import merged, violations
from assay.model import Outcome, Report
from assay.reporters.display import visible, wrap
from assay.reporters.text import block, summary
from assay.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.crypto.autopsy import Cluster
    from assay.facts import Query
    from assay.model import Finding, Violation
    from assay.reporters.base import Context
    from assay.spec.document import Spec


def render(
    report: Report, spec: Spec, answers: Mapping[Query[Any], object], context: Context
) -> str:
    """The result for each credential and environment, and why others could not be read."""
    code = report.exit_code(fail_on=context.fail_on, allow_unknown=context.allow_unknown)
    if context.quiet and code == Report.EXIT_PASS:
        return ""
    found = {
        (asked.environment, asked.name): (asked, census)
        for asked, census in answers.items()
        if isinstance(asked, Examination) and isinstance(census, Census)
    }
    blocks = ["\n".join(_credential(*one, spec, context)) for one in found.values()]
    blocks += (block(finding, context) for finding in _others(report, set(found)))
    blocks += _skipped(report)
    return "\n".join([*blocks, summary(report, context)])


def _others(report: Report, told: set[tuple[str, str]]) -> Iterator[Finding]:
    """The findings that need action and are not in a table of causes."""
    for finding in report.findings:
        name = finding.subject.partition(".")[0]
        own = finding.kind == "credential" and (finding.environment, name) in told
        fails = finding.outcome is Outcome.FAIL and not finding.waiver
        if finding.outcome is Outcome.UNKNOWN or (fails and not own):
            yield finding


def _skipped(report: Report) -> Iterator[str]:
    for finding in report.findings:
        if finding.kind == "credential" and finding.outcome is Outcome.SKIP:
            yield f"{visible(finding.environment)}: {visible(finding.message)}\n"


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
    """The number of rows, fault and confidence; then the message, evidence and remedy."""
    head = plural(cluster.count, "row")
    sure = cluster.cause.confidence
    about = f"{violation.rule.category.value} fault ({sure.value})"
    pen = context.pen
    head = pen.paint(head, "red" if sure is Confidence.PROVEN else "yellow")
    yield f"  {head}: {about}  [{violation.rule.code}]"
    yield f"    {wrap(visible(violation.message), context.width, first=4, indent='    ')}"
    for note in cluster.cause.evidence:
        yield pen.aside("seen", visible(note), "   ")
    yield pen.aside("help", visible(violation.remedy), "   ")
    yield ""
