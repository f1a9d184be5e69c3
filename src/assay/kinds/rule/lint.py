"""What is wrong with a rule beyond its shape: its conditions, and that it can decide nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.kind import Entry, Flaw
from assay.kinds import conditions
from assay.kinds.worlds import FALSE, OPEN, TRUE, UNSET, truth, worlds
from assay.spec import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.kinds.rule.kind import CrossRule
    from assay.spec.document import Spec


def lint(entry: Entry[CrossRule], spec: Spec) -> Iterator[Flaw]:
    """Mistakes in its conditions; a rule that never applies, or never or always is broken."""
    rule = entry.declared
    texts = {"when": rule.when, "assert": rule.assertion}
    given = {field: text for field, text in texts.items() if text is not None}
    found = [
        flaw
        for field, text in given.items()
        for flaw in conditions.flaws((field,), text, spec, reveals=rule.reveals)
    ]
    yield from found or _pointless(given, spec)


def _pointless(given: Mapping[str, str], spec: Spec) -> Iterator[Flaw]:
    """At most one flaw: what follows from it is not told."""
    found = list(worlds(given.values(), spec))
    if not found:
        return
    if "when" in given:
        found = [w for w in found if truth(given["when"], w, spec) in (TRUE, OPEN)]
        if not found:
            yield _flaw("when", "it is never true, so the rule never applies")
            return
    results = {truth(given["assert"], world, spec) for world in found} - {UNSET}
    if results == {TRUE}:
        yield _flaw("assert", "it is always true, so the rule can't be violated")
    elif results == {FALSE} and "when" not in given:
        yield _flaw("assert", "it is never true, so the rule is always violated")


def _flaw(field: str, reason: str) -> Flaw:
    step = "Fix the condition so that it depends on the variables in question, or remove the rule."
    return Flaw(rules.CONDITION, (field,), {"reason": reason, "step": step})
