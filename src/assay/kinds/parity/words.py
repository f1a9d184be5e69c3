"""What to say if environments don't compare as they must: which agree, and which don't."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from assay.comparison import Cell, Verdict, groups
from assay.facts import State
from assay.kind import RuleMaker
from assay.kinds.key.entries import keys_of
from assay.model import Category, Violation
from assay.words import either, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assay.kinds.parity.spec import NameScope
    from assay.spec.document import Spec

rule: RuleMaker = RuleMaker(Category.PARITY)
DIFFERS = rule(
    "parity-differs",
    "{what} differs: {words}",
    "Give {what} the same value in {environments}; `{command}` shows which has which.",
    "What was tested in one environment is not what runs in the other.",
    remedies={
        "obtain": "Give {what} the same value in {environments} (get it here: {obtain}); "
        "`{command}` shows which has which.",
    },
    bad="parity: same, but development has STRIPE_API_VERSION=2023-10-16, production 2024-06-20",
    good="both have STRIPE_API_VERSION=2024-06-20",
)
EQUAL = rule(
    "parity-equal",
    "{what} is the same in {words}, but must differ",
    "Use a different {thing} in each of {environments}; `{command}` shows which share one.",
    "A shared database, key or token lets a mistake or a leak in one environment reach the other.",
    remedies={
        "obtain": "Use a different {thing} in each of {environments} (get it here: {obtain}); "
        "`{command}` shows which share one.",
    },
    bad="parity: different, but development uses production's DATABASE_URL",
    good="each environment has its own DATABASE_URL",
)
UNSET = rule(
    "parity-unset",
    "{what} is {words}",
    "Set {what} in {lacking}, or remove it from {sources}.",
    "Without it the application behaves differently, in a way that the other environment "
    "never tries.",
    remedies={
        "obtain": "Set {what} in {lacking} (get it here: {obtain}), or remove it from {sources}.",
    },
    bad="parity: shape, but only production sets SENTRY_DSN",
    good="both set SENTRY_DSN, each to its own value",
)
MISPLACED = rule(
    "parity-misplaced",
    "{what} is set in {words}, but belongs only in {expected}",
    "Remove {what} from {sources}.",
    "What only some environments should have affects the others, such as a debugging switch in "
    "production or a live secret on a laptop.",
    bad="DEBUG_TOKEN: {only-in: [development]}, but production sets it too",
    good="only development sets DEBUG_TOKEN",
)

BROKEN = {"different": EQUAL, "only-in": MISPLACED, "same": DIFFERS, "shape": UNSET}
"""By demand, the rule that is violated if it is broken."""


def violation(
    scope: NameScope, cells: Mapping[str, Cell], verdict: Verdict, spec: Spec
) -> Violation:
    """What a broken demand comes to; names environments, never a value."""
    broken = involved(scope, verdict)
    own = {environment: cells[environment] for environment in broken}
    values = {
        "what": f"the key {scope.name}" if scope.sort == "key" else scope.name,
        "environments": listed(broken),
        "thing": "key" if scope.sort == "key" else "value",
        "command": shlex.join(["assay", "diff", *broken, "--only", scope.name]),
    }
    match scope.demand.word:
        case "same":
            made = DIFFERS.violated(words=_differing(own))
        case "different":
            made = EQUAL.violated(words=_sharing(broken, verdict))
        case "shape":
            there = {cell.presence for cell in own.values()}
            best = State.READABLE if State.READABLE in there else State.EMPTY
            having = [e for e, cell in own.items() if cell.presence is best]
            lacking = [e for e in own if e not in having]
            made = UNSET.violated(
                words=_set_in(own),
                lacking=_sources(lacking, spec),
                sources=_sources(having, spec),
            )
        case _:
            wrong = [e for e in broken if cells[e].state not in (State.MISSING, State.DENIED)]
            made = MISPLACED.violated(
                words=listed(wrong),
                expected=either(scope.demand.only_in),
                sources=_sources(wrong, spec),
            )
    asked = spec.variables[scope.name].declared.variable if scope.sort != "key" else None
    obtain = (asked or keys_of(spec)[scope.name].declared).obtain.rstrip(".")
    return made.advised("obtain" if obtain else "").with_values(**values, obtain=obtain)


def involved(scope: NameScope, verdict: Verdict) -> list[str]:
    """The environments between which a demand is broken."""
    found = [e for e in scope.environments if any(e in pair for pair in verdict.broken)]
    return [e for e in found if e not in scope.demand.only_in]


def _differing(cells: Mapping[str, Cell]) -> str:
    """`development and ci agree, production has a different value`."""
    found = groups(cells)
    values = [group for group in found if cells[group[0]].digest]
    parts: list[str] = []
    if len(values) > 1 and len(values[0]) == 1:
        own = "have different values" if len(values) == 2 else "all have different values"
        parts.append(f"{listed(group[0] for group in values)} {own}")
    elif values:
        first, *others = values
        parts.append(f"{listed(first)} {'agree' if len(first) > 1 else 'has a value'}")
        for group in others:
            agree = "agree on" if len(group) > 1 else "has"
            parts.append(f"{listed(group)} {agree} a different value")
    for group in found:
        cell, one = cells[group[0]], len(group) == 1
        if cell.digest:
            continue
        said = "can't be compared"
        if cell.state is State.MISSING:
            said = f"{'does' if one else 'do'} not set it"
        elif cell.state is State.EMPTY:
            said = f"{'leaves' if one else 'leave'} it empty"
        parts.append(f"{listed(group)} {said}")
    return ", ".join(parts)


def _sharing(broken: Sequence[str], verdict: Verdict) -> str:
    """`development and ci`, or each such group."""
    shared: list[list[str]] = []
    for name in broken:
        partners = {other for pair in verdict.broken if name in pair for other in pair}
        known = next((group for group in shared if partners & set(group)), None)
        if known is None:
            shared.append([name])
        else:
            known.append(name)
    return ", and in ".join(map(listed, shared))


def _set_in(cells: Mapping[str, Cell]) -> str:
    """`set in development, empty in ci, but not set in production`."""
    words = {State.READABLE: "set", State.EMPTY: "empty", State.MISSING: "not set"}
    parts = [
        f"{word} in {listed(names)}"
        for state, word in words.items()
        if (names := [e for e, cell in cells.items() if cell.presence is state])
    ]
    *first, last = parts
    return f"{', '.join(first)}, but {last}"


def _sources(environments: Iterable[str], spec: Spec) -> str:
    return listed([spec.environments[e].labels for e in environments])
