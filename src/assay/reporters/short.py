"""The report in at most five lines, for a chat, a commit's status or the end of a long log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.model import Report
from assay.reporters.base import Context, counted_in, ordered, tally_of, verdict
from assay.reporters.display import cut, visible
from assay.words import listed, plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assay.model import Finding

RULES = 3
"""Rules that have a line each."""
NAMES = 5
"""Subjects that a line names."""


def render(report: Report, context: Context) -> str:
    """The verdict with its counts, the worst rules with their subjects, and where to read on."""
    code = context.exit_code(report)
    if context.quiet and code == Report.EXIT_PASS:
        return ""
    said = ", ".join(tally_of(report.findings).values()) or "nothing to check"
    where = f" in {', '.join(map(visible, report.environments))}" if report.environments else ""
    name = f" of {visible(report.project)}" if report.project else ""
    lines = [f"assay{name}: {verdict(report, context)}: {said}{where}"]
    rules = _by_rule(counted_in(ordered(report), "failed", "warned", "noted", "unknown"))
    lines += [_line(rule, found) for rule, found in rules[:RULES]]
    if rules:
        left = len(rules) - RULES
        more = f"{plural(left, 'more rule')}; " if left > 0 else ""
        command = "lint" if code == Report.EXIT_INVALID else "check"
        lines.append(f"{more}run `assay {command}` for all of it")
    return "".join(f"{cut(line, context.width) if context.width else line}\n" for line in lines)


def _by_rule(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings of each rule, the worst first; what is unknown has no rule, and comes last."""
    rules: dict[str, list[Finding]] = {}
    for finding in findings:
        rules.setdefault(finding.rule, []).append(finding)
    return sorted(
        rules.items(), key=lambda rule: (not rule[0], -max(f.severity.rank for f in rule[1]))
    )


def _line(rule: str, findings: list[Finding]) -> str:
    names = list(dict.fromkeys(visible(finding.subject) for finding in findings))
    left = len(names) - NAMES
    shown = [*names[:NAMES], f"{left} more"] if left > 0 else names
    return f"  {visible(rule or 'could not be checked')}: {listed(shown)}"
