"""The report for people at a terminal, in the manner of modern compilers.

Everything can be read without colour. Modules are imported when there is something to show with
them: a clean run needs next to none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.model import Finding, Outcome, Report
from assay.reporters.base import Context, by_environment, counted_in, tally_of
from assay.reporters.display import Pen, columns, visible, wrap
from assay.reporters.folding import folded
from assay.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterable

_STYLES = {
    "error": "red",
    "warning": "yellow",
    "info": "cyan",
    "unknown": "magenta",
    "waived": "dim",
    "skipped": "dim",
    "passed": "green",
}
_TALLIED = {
    "failed": "error",
    "warned": "warning",
    "noted": "info",
    "passed": "passed",
    "unknown": "unknown",
}


def render(report: Report, context: Context) -> str:
    """The findings by environment, failures first, then a summary; empty when quiet and clean."""
    if context.quiet and context.exit_code(report) == Report.EXIT_PASS:
        return ""
    blocks: list[str] = []
    groups = by_environment(report)
    for environment, findings in groups.items():
        shown = list(_environment(findings, context))
        if len(groups) > 1 and (shown or not context.quiet):
            blocks.append(_heading(environment, findings, context))
        blocks += shown
    if not counted_in(report.findings, "failed", "warned", "noted", "unknown", "waived"):
        blocks = blocks if context.verbose else []
    blocks.append(summary(report, context))
    return "\n".join(blocks)


def _environment(findings: Iterable[Finding], context: Context) -> Iterable[str]:
    """One block for each failure and unknown, then one for each of the groups of short lines."""
    short: list[Finding] = []
    for finding in findings if context.verbose else folded(findings):
        if _word(finding, context):
            yield block(finding, context)
        else:
            short.append(finding)
    if context.quiet:
        return
    waived = (
        _line(f"waived[{f.rule}]" if f.rule else "waived", f"{f.subject}: {f.waiver}", context)
        for f in counted_in(short, "waived")
    )
    passed = (
        _line("passed", f"{f.subject} ({f.kind})", context)
        for f in counted_in(short, "passed")
        if context.verbose
    )
    for lines in (waived, _skips(counted_in(short, "skipped"), context), passed):
        if text := "".join(lines):
            yield text


def _word(finding: Finding, context: Context) -> str:
    """The first word of a finding that is shown in full; empty for the others."""
    if finding.outcome is Outcome.UNKNOWN:
        return "" if context.quiet and context.allow_unknown else "unknown"
    if finding.outcome is not Outcome.FAIL or finding.waiver:
        return ""
    hidden = context.quiet and finding.severity.rank < context.fail_on.rank
    return "" if hidden else finding.severity.value


def block(finding: Finding, context: Context) -> str:
    """A finding in full: what is wrong, where, the line itself, what else to see, what to do."""
    word = _word(finding, context) or str(finding.outcome)
    style = _STYLES.get(word, "")
    code = f"[{visible(finding.rule)}]" if finding.rule else ""
    head = f"{word}{code}: "
    message = visible(finding.message or finding.subject)
    message = wrap(message, context.width, first=columns(head), indent="    ")
    pen = context.pen
    lines = [pen.paint(f"{word}{code}", style) + pen.paint(f": {message}", "bold")]
    gutter = "  "
    location = finding.location
    if location is not None:
        number = "" if location.line is None else str(location.line)
        gutter = " " * max(len(number), 2)
        lines.append(f"{gutter}{pen.paint('-->', 'blue')} {visible(str(location))}")
        if number:
            lines += _source(finding, number, gutter, style, context)
    related = (f"{r.label}: {r.location}" if r.label else str(r.location) for r in finding.related)
    for note in (*related, *finding.notes, *filter(None, [finding.cause])):
        lines.append(pen.aside("note", visible(note), gutter))
    if finding.remedy:
        lines.append(pen.aside("help", visible(finding.remedy), gutter))
    lines.append("")
    return "\n".join(lines)


def _source(finding: Finding, number: str, gutter: str, style: str, context: Context) -> list[str]:
    from assay.reporters.excerpt import excerpt

    room = max(context.width - len(gutter) - 3, 20) if context.width > 0 else 0
    found = excerpt(finding, context.excerpt, room)
    return [] if found is None else context.pen.source(number, gutter, found, style)


def _line(word: str, text: str, context: Context) -> str:
    word = visible(word)
    text = wrap(visible(text), context.width, first=columns(word) + 2, indent="    ")
    return f"{context.pen.paint(word, _STYLES[word.partition('[')[0]])}: {text}\n"


def _skips(skipped: Iterable[Finding], context: Context) -> Iterable[str]:
    """A line for each root cause; what does not apply is reported one by one, when verbose only."""
    by_cause: dict[str, list[Finding]] = {}
    for finding in skipped:
        by_cause.setdefault(finding.cause, []).append(finding)
    for cause, findings in by_cause.items():
        if cause:
            text = f"{plural(len(findings), 'check')}, because {cause}"
            if context.verbose:
                text += f" ({', '.join(finding.subject for finding in findings)})"
            yield _line("skipped", text, context)
        elif context.verbose:
            for finding in findings:
                yield _line("skipped", finding.message or finding.subject, context)


def _heading(environment: str, findings: Iterable[Finding], context: Context) -> str:
    """A ruled line with the environment's name and its own counts."""
    name = visible(environment) or "spec"
    pen, dash = context.pen, "\u2500"
    taken = columns(f"{dash}{dash} {name}: {_tally(findings, Pen())} ")
    rule = dash * max(min(context.width, 80) - taken, 2)
    head = f"{pen.paint(dash * 2, 'dim')} {pen.paint(name, 'bold')}"
    return f"{head}: {_tally(findings, pen)} {pen.paint(rule, 'dim')}\n"


def _tally(findings: Iterable[Finding], pen: Pen) -> str:
    styles = {name: _STYLES[word] for name, word in _TALLIED.items()}
    said = [pen.paint(text, styles.get(name, "")) for name, text in tally_of(findings).items()]
    return ", ".join(said) or "nothing to check"


def summary(report: Report, context: Context) -> str:
    """The counts of the whole run, and on failure where to read on."""
    exit_code = context.exit_code(report)
    names = ", ".join(map(visible, report.environments))
    lines = [_tally(report.findings, context.pen) + (f" in {names}" if names else "")]
    if exit_code in (Report.EXIT_FAIL, Report.EXIT_INVALID) and not context.quiet:
        if rule := next((f.rule for f in report.failures(context.fail_on) if f.rule), ""):
            lines.append(f"run `assay explain {visible(rule)}` for details")
    elif exit_code == Report.EXIT_UNKNOWN:
        lines.append(
            "nothing failed, but something could not be checked; `--allow-unknown` accepts that"
        )
    return "\n".join([*lines, ""])
