"""What is wrong with a rule beyond its shape: its conditions, and that it can decide nothing."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.kind import Entry, Flaw
from assay.kinds import conditions
from assay.spec import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.kinds.rule.kind import CrossRule
    from assay.spec.document import Spec

_TRUE, _FALSE = "true", "false"
_UNSET = "unset"
"""It depends on what is unset, so the rule does not apply."""
_OPEN = "open"
"""It depends on what the world leaves out."""
MOST = 512
"""Worlds to try. A condition that needs more decides something, as far as anyone can tell."""


class _World(NamedTuple):
    """Values that conditions may meet: of names with few values only, the others are left out."""

    environment: str
    live: bool
    values: Mapping[str, object]
    present: frozenset[str]


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
    worlds = list(_worlds(given, spec))
    if not worlds:
        return
    if "when" in given:
        worlds = [w for w in worlds if _truth(given["when"], w, spec) in (_TRUE, _OPEN)]
        if not worlds:
            yield _flaw("when", "it is never true, so the rule never applies")
            return
    results = {_truth(given["assert"], world, spec) for world in worlds} - {_UNSET}
    if results == {_TRUE}:
        yield _flaw("assert", "it is always true, so the rule can't be violated")
    elif results == {_FALSE} and "when" not in given:
        yield _flaw("assert", "it is never true, so the rule is always violated")


def _flaw(field: str, reason: str) -> Flaw:
    step = "Fix the condition so that it depends on the variables in question, or remove the rule."
    return Flaw(rules.CONDITION, (field,), {"reason": reason, "step": step})


def _truth(text: str, world: _World, spec: Spec) -> str:
    from assay.spec.expressions import Condition, Undecided

    condition = spec.conditions.compile(text)
    if not isinstance(condition, Condition):  # pragma: no cover - `lint` has told it
        return _OPEN
    result = spec.conditions.holds(
        condition,
        world.values,
        environment=world.environment,
        present=world.present,
        live=world.live,
    )
    if isinstance(result, Undecided):
        known = result.names and all(_range(name, spec) for name in result.names)
        return _UNSET if known else _OPEN
    return _TRUE if result else _FALSE


def _worlds(given: Mapping[str, str], spec: Spec) -> Iterator[_World]:
    """Every world that the conditions can tell apart, and more; none if there are too many."""
    texts = tuple(given.values())
    names = {name for text in texts for name in conditions.accepted(text, spec).names}
    asked = {name for text in texts for name in conditions.accepted(text, spec).asked}
    if names & spec.broken:
        return
    ranges = {n: r for n in sorted(names) if (r := _range(n, spec))}
    choices: list[list[Any]] = [
        list(spec.environments),
        # whoever imports the rule has environments of both sorts
        [False, True] if any(conditions.accepted(t, spec).environment for t in texts) else [False],
        *ranges.values(),
        *([False, True] for _ in asked),
    ]
    total = 1
    for choice in choices:
        total *= len(choice)
    if total > MOST:
        return
    for environment, live, *rest in product(*choices):
        values = dict(zip(ranges, rest, strict=False))
        present = dict(zip(sorted(asked), rest[len(ranges) :], strict=True))
        yield _World(
            environment,
            live,
            {name: value for name, value in values.items() if value is not None},
            frozenset(name for name, there in present.items() if there),
        )


def _range(name: str, spec: Spec) -> list[Any]:
    """Every value that a variable can have, None for unset; empty if there is no end to them."""
    declared = spec.variables[name].declared
    form = declared.format
    known: list[Any] = [*form.every()]
    if not known:
        return []
    return [*known, "", None] if form.cel == "string" else [*known, None]
