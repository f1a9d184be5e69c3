"""Tries conditions in every world that they can tell apart, to find those that decide nothing."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.spec.literals import literals

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from assay.spec.document import Spec
    from assay.spec.expressions import Condition

TRUE, FALSE = "true", "false"
UNSET = "unset"
"""It depends on what is unset, so the rule does not apply."""
OPEN = "open"
"""It depends on what the world leaves out."""
MOST = 512
"""Worlds to try. A condition that needs more decides something, as far as anyone can tell."""


class Supposition(NamedTuple):
    """Values that conditions may meet: of names with few values only, the others are left out."""

    environment: str
    live: bool
    values: Mapping[str, object]
    present: frozenset[str]


def truth(text: str, world: Supposition, spec: Spec) -> str:
    """What a condition is in a world."""
    from assay.spec.expressions import Condition, Undecided

    condition = spec.conditions.compile(text)
    if not isinstance(condition, Condition):  # pragma: no cover - `lint` has told it
        return OPEN
    result = spec.conditions.holds(
        condition,
        world.values,
        environment=world.environment,
        present=world.present,
        live=world.live,
    )
    if isinstance(result, Undecided):
        known = result.names and all(_range(name, spec) for name in result.names)
        return UNSET if known else OPEN
    return TRUE if result else FALSE


def never_true(text: str, spec: Spec) -> bool:
    """Whether a condition is true in no environment, not even one that isn't declared here."""
    tree = spec.conditions.tree(_compiled(text, spec))
    named = (found.text for found in literals(tree) if found.name == "environment")
    places = list(worlds((text,), spec, ("", *named)))
    return bool(places) and not any(truth(text, at, spec) in (TRUE, OPEN) for at in places)


def worlds(
    texts: Collection[str], spec: Spec, environments: Collection[str] = ()
) -> Iterator[Supposition]:
    """Every world that the conditions can tell apart, and more; none if there are too many.

    `environments` are some beside those of the spec.
    """
    names = {name for text in texts for name in _compiled(text, spec).names}
    asked = {name for text in texts for name in _compiled(text, spec).asked}
    if names & spec.broken:
        return
    ranges = {n: r for n in sorted(names) if (r := _range(n, spec))}
    choices: list[list[Any]] = [
        [*dict.fromkeys((*spec.environments, *environments))],
        # whoever imports the rule has environments of both sorts
        [False, True] if any(_compiled(t, spec).environment for t in texts) else [False],
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
        yield Supposition(
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


def _compiled(text: str, spec: Spec) -> Condition:
    """A condition that lint has accepted; one that it refused reads nothing."""
    from assay.spec.expressions import Condition

    condition = spec.conditions.compile(text)
    return condition if isinstance(condition, Condition) else Condition(text, ())
