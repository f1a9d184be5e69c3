"""Runs checks: asks every query once, evaluates, and turns violations into findings.

Checks run in waves. A wave holds the checks whose prerequisites are done, and asks all their new
queries in one call, so that the observer can answer them side by side. A check whose prerequisite
failed is skipped and names the root cause; one whose facts could not be observed is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.errors import AssayError
from assay.facts import Facts, Guesses, Lost, Query, Unobservable, Unobserved
from assay.kind import NotApplicable
from assay.model import Finding, Outcome, Related, Report, Severity
from assay.registry import blamed, failure, used
from assay.waivers import Waiver, apply_waivers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
    guesses: Guesses | None = None,
    on_finding: Callable[[Finding], None] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Run `checks` against what `observe` sees, and report.

    `observe` must answer every query that it is given, with `Unobservable` if it can't look.
    `today` decides which waivers have ended. `on_finding` gets each finding once its check is done,
    and `on_progress` how many checks are done, and how many there are.
    """
    checks = list(checks)
    answers: dict[Query[object], object] = {}
    facts = Facts(answers, guesses)
    findings: dict[Finding, None] = {}
    partial = frozenset(check.id for check in checks if check.kind.partial)
    done = 0
    broken: dict[CheckId, str] = {}
    renamed: dict[str, str] = {}

    def ask(queries: Iterable[Query[Any]]) -> None:
        new = [query for query in dict.fromkeys(queries) if query not in answers]
        if new:
            answers.update(observe(new))

    for wave in _waves(checks):
        causes = {check.id: _root_cause(check, broken, partial) for check in wave}
        ready = [check for check in wave if not causes[check.id]]
        failed: dict[CheckId, Outcomes] = {}
        ask(q for check in ready for q in _asked(check, check.kind.first, failed))
        exempt = {
            check.id: found
            for check in ready
            if (found := failed.get(check.id) or _exempted(check, facts, broken))
        }
        concerned = [check for check in ready if check.id not in exempt]
        ask(q for check in concerned for q in _asked(check, check.kind.needs, exempt))
        for check in wave:
            cause = causes[check.id]
            made, blocking = exempt.get(check.id) or (
                ([_skipped(check, cause)], None)
                if cause
                else _evaluated(check, facts, broken, renamed)
            )
            for finding in apply_waivers(made, waivers, today, renamed):
                if on_finding is not None and finding not in findings:
                    on_finding(finding)
                findings[finding] = None
            if cause or blocking:
                broken[check.id] = cause or (blocking.cause or blocking.message if blocking else "")
        done += len(wave)
        if on_progress is not None:
            on_progress(done, len(checks))
    return Report.of(findings, project=project, environments=environments, plugins=used())


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


def _root_cause(
    check: Check[Any], broken: Mapping[CheckId, str], partial: Collection[CheckId]
) -> str:
    return next((broken[r] for r in check.requires if r in broken and r not in partial), "")


def _asked(
    check: Check[Any],
    ask: Callable[[Any], Iterable[Query[Any]]] | None,
    failed: dict[CheckId, Outcomes],
) -> list[Query[Any]]:
    """What a check asks; nothing if the plug-in that it comes from failed, which is put there."""
    try:
        return [query for query in ask(check.model) if query.__struct_fields__] if ask else []
    except (Exception, SystemExit) as error:  # noqa: BLE001 - what is not a plug-in's is raised again
        failed[check.id] = _plugin_failed(check, error)
        return []


def _plugin_failed(check: Check[Any], error: BaseException) -> Outcomes:
    """The outcome of a check of which a plug-in made nothing; other errors are bugs of ours."""
    own = (one for one in used() if check.kind.section in one.places("kinds"))
    plugin = blamed(error) or next(own, None)
    if plugin is None or isinstance(error, AssayError):
        raise error
    reason, remedy = failure(plugin, error)
    unknown = _unknown(check, Unobserved(Unobservable(reason=reason, remedy=remedy)), {})
    return [unknown], unknown


def _exempted(check: Check[Any], facts: Facts, broken: Mapping[CheckId, str]) -> Outcomes | None:
    """The outcome of a check that does not apply, or may not."""
    if check.kind.applies is None:
        return None
    try:
        check.kind.applies(check.model, facts)
    except Unobserved as gap:
        unknown = _unknown(check, gap, broken)
        return [unknown], unknown
    except NotApplicable as reason:
        return [_inapplicable(check, reason)], None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - what is not a plug-in's is raised again
        return _plugin_failed(check, error)
    return None


def _evaluated(
    check: Check[Any],
    facts: Facts,
    broken: Mapping[CheckId, str],
    renamed: dict[str, str],
) -> Outcomes:
    """What a check came to; the former codes of its rules go into `renamed`."""
    findings: list[Finding] = []
    blocking: Finding | None = None
    try:
        for violation in check.kind.evaluate(check.model, facts):
            renamed |= dict.fromkeys(violation.rule.formerly, violation.rule.code)
            findings.append(_failed(check, violation))
    except Unobserved as gap:
        findings.append(_unknown(check, gap, broken))
        blocking = None if gap.partly else findings[-1]
    except NotApplicable as reason:
        findings.append(_inapplicable(check, reason))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - what is not a plug-in's is raised again
        made, blocking = _plugin_failed(check, error)
        findings += made
    failed = next((finding for finding in findings if _is_blocking(check, finding)), None)
    return findings or [_finding(check, Outcome.PASS)], failed or blocking


def _is_blocking(check: Check[Any], finding: Finding) -> bool:
    """Whether a failure makes dependents pointless: what is only a warning does not."""
    failed = finding.outcome is Outcome.FAIL and finding.severity is Severity.ERROR
    return failed and finding.subject == check.subject


def _unknown(check: Check[Any], gap: Unobserved, broken: Mapping[CheckId, str]) -> Finding:
    if isinstance(gap.fact, Lost):
        source = gap.fact.source
        for required in check.requires:
            if required in broken and required.subject == source:
                return _skipped(check, broken[required])
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
        "across": check.across,
        **more,
    }
    return Finding(outcome=outcome, kind=check.kind.name, environment=check.environment, **fields)
