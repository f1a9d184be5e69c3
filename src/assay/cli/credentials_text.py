"""The autopsy of stored credentials for people at a terminal: columns, then causes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.crypto.autopsy import Confidence
from assay.crypto.examination import Census, Examination
from assay.kinds.credential.words import merged, violations
from assay.model import Outcome, Report
from assay.reporters.display import columns, visible, wrap
from assay.reporters.text import block, summary
from assay.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.crypto.autopsy import Cluster
    from assay.facts import Query
    from assay.model import Finding, Violation
    from assay.reporters.base import Context
    from assay.spec.document import Spec

_BOLD, _RED, _GREEN, _YELLOW, _RESET = (
    "\x1b[1m",
    "\x1b[1;31m",
    "\x1b[1;32m",
    "\x1b[1;33m",
    "\x1b[0m",
)


def render(
    report: Report, spec: Spec, answers: Mapping[Query[Any], object], context: Context
) -> str:
    """What each credential came to in each environment, and what keeps others from being read."""
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
    """The findings that ask for action, and that no table of causes tells."""
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
    head = visible(f"{asked.name} in {asked.environment}")
    yield f"{_in(_BOLD, head, context)}: {visible(rows)}, key {visible(asked.variable)}"
    yield ""
    widest = max(columns(visible(name)) for name in (*census.columns, "column"))
    yield f"  {'column'.ljust(widest)}      good    failed      NULL"
    if not census.columns:
        return
    for name, counted in census.columns.items():
        numbers = (
            _number(counted.opened, _GREEN, context),
            _number(counted.failed, _RED, context),
            _number(counted.nulls, "", context),
        )
        shown = visible(name)
        yield f"  {shown}{' ' * (widest - columns(shown))}{''.join(numbers)}"
    yield ""
    told = zip(merged(census), violations(asked.name, census, asked, spec), strict=True)
    for (_, cluster, _), violation in told:
        yield from _cause(cluster, violation, context)


def _number(number: int, style: str, context: Context) -> str:
    text = f"{number:>10,}"
    return _in(style, text, context) if number and style else text


def _cause(cluster: Cluster, violation: Violation, context: Context) -> Iterator[str]:
    """How many rows, of which sort of fault, how sure; then what, why so, and what to do."""
    head = plural(cluster.count, "row")
    sure = cluster.cause.confidence
    about = f"{violation.rule.category.value}, {sure.value}"
    style = _RED if sure is Confidence.PROVEN else _YELLOW
    yield f"  {_in(style, head, context)}  {about}  [{violation.rule.code}]"
    yield f"    {wrap(visible(violation.message), context.width, first=4, indent='    ')}"
    for note in cluster.cause.evidence:
        yield _aside("seen", note, context)
    yield _aside("help", violation.remedy, context)
    yield ""


def _aside(word: str, text: str, context: Context) -> str:
    indent = " " * (len(word) + 8)
    wrapped = wrap(visible(text), context.width, first=len(indent), indent=indent)
    style = _GREEN if word == "help" else _BOLD
    return f"    = {_in(style, word, context)}: {wrapped}"


def _in(style: str, text: str, context: Context) -> str:
    return f"{style}{text}{_RESET}" if context.colour and style else text
