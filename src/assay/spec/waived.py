"""What is wrong with waivers beyond their shape: they waive what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.kinds import KINDS, kinds_of
from assay.model import Related
from assay.spec import rules
from assay.spec.other_names import other_name
from assay.spec.rulebook import all_rules, renamed_codes
from assay.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.model import Finding
    from assay.spec.document import Spec
    from assay.waivers import Waiver


def waiver_flaws(spec: Spec) -> Iterator[Finding]:
    """Rules that don't exist, and subjects and environments that the spec does not declare."""
    if not spec.waivers:
        return
    known = all_rules()
    renamed = renamed_codes()
    first: dict[tuple[str, str, str | None], int] = {}
    for index, waiver in enumerate(spec.waivers):
        before = first.setdefault((waiver.rule, waiver.subject, waiver.environment), index)
        if before != index:
            related = (Related(label="first here", location=spec.location("waivers", before)),)
            at, name = spec.location("waivers", index), f"the waiver of {waiver.subject}"
            step = "Remove one of the two waivers."
            yield rules.problem(rules.CLASH, at, related=related, name=name, step=step)
        if waiver.rule not in known and waiver.rule not in renamed:
            at = spec.location("waivers", index, "rule")
            yield rules.problem(
                rules.WAIVER_UNKNOWN, at, code=waiver.rule, similar=closest(waiver.rule, known)
            )
        else:
            yield from _subject(spec, index, waiver)
        environment = waiver.environment
        if environment is not None and environment not in spec.environments:
            at = spec.location("waivers", index, "environment")
            similar = closest(environment, spec.environments)
            values = {"name": environment, "expected": "an environment"}
            step = "" if similar else other_name(environment, spec.environments, "an environment")
            yield rules.problem(rules.UNKNOWN_NAME, at, values, similar=similar, step=step)


def renamed_waivers(spec: Spec) -> Iterator[Finding]:
    """A warning for each waiver whose rule has a new code; the waiver still works."""
    renamed = renamed_codes() if spec.waivers else {}
    for index, waiver in enumerate(spec.waivers):
        if waiver.rule in renamed:
            at = spec.location("waivers", index, "rule")
            yield rules.problem(rules.RENAMED, at, old=waiver.rule, new=renamed[waiver.rule])


def _subject(spec: Spec, index: int, waiver: Waiver) -> Iterator[Finding]:
    """A subject that no finding of the rule could have."""
    rule = renamed_codes().get(waiver.rule, waiver.rule)
    if _of_no_entry(rule):
        return
    sections = [kind.section for kind in kinds_of(spec) if kind.subjects]
    declared = {name for section in sections for name in spec.sections[section]}
    known = declared.union(*(spec.unread(section) for section in sections))
    if not waiver.subject or waiver.subject in known:
        return
    if any(waiver.subject.startswith(f"{name}.") for name in known):
        return  # a part of an entry, such as a column of a table
    at, similar = spec.location("waivers", index, "subject"), closest(waiver.subject, declared)
    expected = "a name that the spec declares"
    values = {"name": waiver.subject, "expected": expected, "advice": "waived"}
    yield rules.problem(rules.UNKNOWN_NAME, at, values, similar=similar)


def _of_no_entry(code: str) -> bool:
    """Whether a rule is only about what no entry declares, such as a file or the spec itself."""
    if code in {rule.code for rule in rules.RULES}:
        return True
    having = [kind for kind in KINDS.values() if any(rule.code == code for rule in kind.rules)]
    return bool(having) and not any(kind.subjects for kind in having)
