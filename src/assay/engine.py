"""Runs checks: asks every query once, evaluates, and turns violations into findings.

Checks run in waves. A wave holds the checks whose prerequisites are done, and asks all their new
queries in one call, so that the observer can answer them side by side. A check whose prerequisite
failed is skipped and names the root cause; one whose facts could not be observed is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.facts import Facts, Query, Unobserved
from assay.kind import NotApplicable
from assay.model import Finding, Outcome, Related, Report, Severity
from assay.waivers import Waiver, apply_waivers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from assay.kind import Check, CheckId
    from assay.model import Violation

    Observe = Callable[[Sequence[Query[Any]]], Mapping[Query[Any], object]]
    Outcomes = tuple[list[Finding], Finding | None]
    """What a check came to, and what of it makes those that depend on it pointless."""


def run(  # noqa: PLR0913 - each is independent of the others
    checks: Iterable[Check[Any]],
    observe: Observe,
    *,
    today: date,
    waivers: Sequence[Waiver] = (),
    project: str = "",
    environments: Iterable[str] = (),
) -> Report:
    """Run `checks` against what `observe` sees, and report.

    `observe` must answer every query that it is given, with `Unobservable` where it can't look.
    `today` decides which waivers have ended.
    """
    answers: dict[Query[object], object] = {}
    facts = Facts(answers)
    findings: list[Finding] = []
    broken: dict[CheckId, str] = {}
    renamed: dict[str, str] = {}

    def ask(queries: Iterable[Query[Any]]) -> None:
        new = [query for query in dict.fromkeys(queries) if query not in answers]
        if new:
            answers.update(observe(new))

    for wave in _waves(list(checks)):
        ready = [check for check in wave if not _root_cause(check, broken)]
        ask(q for check in ready if check.kind.first for q in check.kind.first(check.model))
        exempt = {check.id: found for check in ready if (found := _exempted(check, facts))}
        concerned = [check for check in ready if check.id not in exempt]
        ask(q for check in concerned for q in check.kind.needs(check.model))
        for check in wave:
            cause = _root_cause(check, broken)
            made, blocking = exempt.get(check.id) or (
                ([_skipped(check, cause)], None) if cause else _evaluated(check, facts, renamed)
            )
            findings += made
            if cause or blocking:
                broken[check.id] = cause or (blocking.message if blocking else "")
    waived = apply_waivers(findings, waivers, today, renamed)
    return Report.of(waived, project=project, environments=environments)


def _waves(checks: list[Check[Any]]) -> Iterable[list[Check[Any]]]:
    """Group checks so that each comes after those of its prerequisites that run at all."""
    waiting = checks
    while waiting:
        names = {check.id for check in waiting}
        wave: list[Check[Any]] = []
        later: list[Check[Any]] = []
        for check in waiting:
            (wave if names.isdisjoint(check.requires) else later).append(check)
        if not wave:  # only a cycle is left; kinds are layered, so this is a bug of ours
            raise RuntimeError(f"checks depend on each other in a circle: {sorted(names)[:3]}")
        yield wave
        waiting = later


def _root_cause(check: Check[Any], broken: Mapping[CheckId, str]) -> str:
    return next((broken[r] for r in check.requires if r in broken), "")


def _exempted(check: Check[Any], facts: Facts) -> Outcomes | None:
    """The outcome of a check that does not apply, or of which that can't be told."""
    if check.kind.applies is None:
        return None
    try:
        check.kind.applies(check.model, facts)
    except Unobserved as gap:
        unknown = _unknown(check, gap)
        return [unknown], unknown
    except NotApplicable as reason:
        return [_inapplicable(check, reason)], None
    return None


def _evaluated(check: Check[Any], facts: Facts, renamed: dict[str, str]) -> Outcomes:
    """What a check came to; the former codes of its rules go into `renamed`."""
    findings: list[Finding] = []
    blocking: Finding | None = None
    try:
        for violation in check.kind.evaluate(check.model, facts):
            renamed |= dict.fromkeys(violation.rule.formerly, violation.rule.code)
            findings.append(_failed(check, violation))
    except Unobserved as gap:
        findings.append(_unknown(check, gap))
        blocking = None if gap.partly else findings[-1]
    except NotApplicable as reason:
        findings.append(_inapplicable(check, reason))
    failed = next((finding for finding in findings if _is_blocking(check, finding)), None)
    return findings or [_finding(check, Outcome.PASS)], failed or blocking


def _is_blocking(check: Check[Any], finding: Finding) -> bool:
    """Whether a failure makes dependents pointless: what is only a warning does not."""
    failed = finding.outcome is Outcome.FAIL and finding.severity is Severity.ERROR
    return failed and finding.subject == check.subject


def _unknown(check: Check[Any], gap: Unobserved) -> Finding:
    message = f"{check.subject} could not be observed: {gap.fact.reason}"
    return _finding(check, Outcome.UNKNOWN, message=message, remedy=gap.fact.remedy)


def _inapplicable(check: Check[Any], reason: NotApplicable) -> Finding:
    return _finding(check, Outcome.SKIP, message=f"{check.subject} does not apply: {reason}")


def _failed(check: Check[Any], violation: Violation) -> Finding:
    rule = violation.rule
    declared = violation.declared or check.location
    related = violation.related
    if violation.at is not None and declared is not None:
        related = (*related, Related(label="declared here", location=declared))
    return _finding(
        check,
        Outcome.FAIL,
        subject=violation.subject or check.subject,
        rule=rule.code,
        severity=violation.severity or rule.severity,
        category=rule.category,
        message=violation.message,
        remedy=violation.remedy,
        location=violation.at or declared,
        related=related,
        sensitive=violation.sensitive and violation.at is not None,
        written=violation.written,
        holder=violation.holder,
        notes=violation.notes,
    )


def _skipped(check: Check[Any], cause: str) -> Finding:
    message = f"{check.subject} was not checked, because {cause}"
    return _finding(check, Outcome.SKIP, message=message, cause=cause)


def _finding(check: Check[Any], outcome: Outcome, **more: Any) -> Finding:
    fields: dict[str, Any] = {
        "subject": check.subject,
        "location": check.location,
        "sensitive": False,
        "group": check.group,
        **more,
    }
    return Finding(outcome=outcome, kind=check.kind.name, environment=check.environment, **fields)
