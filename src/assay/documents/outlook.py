"""What a spec asks of its environments before any value is known: what is needed, and when.

An import declares more than a project uses. Its own spec shows what that is: what it mentions, what
is demanded, and what these depend on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.documents.conditions import (
    Joined,
    Settled,
    Tree,
    asked,
    demanded,
    joined,
    opposite,
    understood,
)
from assay.kinds.conditions import accepted
from assay.kinds.rule.kind import CrossRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.kind import Entry
    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec


class Choice(NamedTuple):
    """Variables of which one is needed."""

    names: tuple[str, ...]
    condition: Tree
    """When that is so."""


class Outlook(NamedTuple):
    """What is asked of one environment, or of all."""

    known: Settled
    needs: Mapping[str, Tree]
    """When leaving a variable unset fails."""
    uses: Mapping[str, Tree]
    """When a variable is looked at."""
    choices: Mapping[str, Choice]
    """By the names of all that are in one."""
    of_project: frozenset[str]
    """The variables that the project has to do with."""


def outlook_of(spec: Spec, environment: str | None = None) -> Outlook:
    """What a spec asks of an environment; of all of them by default."""
    known = _known(spec, environment)
    known = known._replace(fixed=_fixed(spec, known))
    always = (
        name
        for name, entry in spec.used.items()
        if _need(entry, spec, known) is True
        and (environment is not None or not entry.declared.variable.only_in)
    )
    known = known._replace(there=frozenset(always))
    belonging, choices = _belonging(spec, known)
    known = known._replace(absent=frozenset(spec.variables.keys() - belonging))
    needs = {name: _need(entry, spec, known) for name, entry in spec.used.items()}
    needs |= {name: choice.condition for name, choice in choices.items()}
    uses = {name: _use(entry, spec, known) for name, entry in spec.used.items()}
    return Outlook(known, needs, uses, choices, frozenset(belonging))


def _known(spec: Spec, environment: str | None) -> Settled:
    absent = frozenset(spec.variables.keys() - spec.used.keys())
    if environment is not None:
        return Settled(environment, spec.environments[environment].live, absent=absent)
    alike = {place.live for place in spec.environments.values()}
    return Settled(None, alike.pop() if len(alike) == 1 else None, absent=absent)


def fixed_by_place(spec: Spec) -> dict[str, dict[str, list[str]]]:
    """Each variable that rules leave one text, to that text and the environments where it is so."""
    found: dict[str, dict[str, list[str]]] = {}
    for environment in spec.environments:
        for name, text in _fixed(spec, _known(spec, environment)).items():
            found.setdefault(name, {}).setdefault(text, []).append(environment)
    return found


def _fixed(spec: Spec, known: Settled) -> dict[str, str]:
    """The variables that rules leave only one text, whatever else is set."""
    found: dict[str, str] = {}
    for entry in spec.entries(CrossRule).values():
        rule = entry.declared
        if understood(rule.when or "true", spec, known) is True:
            found |= demanded(understood(rule.assertion, spec, known))
    return {name: text for name, text in found.items() if name in spec.used}


def _need(entry: Entry[Declared], spec: Spec, known: Settled) -> Tree:
    declared, required = entry.declared, entry.declared.variable.required
    if declared.default is not None:
        return known.fixed.get(declared.name, declared.default) != declared.default
    found = required if isinstance(required, bool) else understood(required, spec, known)
    return joined((found, _use(entry, spec, known)), every=True)


def _use(entry: Entry[Declared], spec: Spec, known: Settled) -> Tree:
    when = entry.declared.variable.when
    return True if when is None else understood(when, spec, known)


def _belonging(spec: Spec, known: Settled) -> tuple[dict[str, None], dict[str, Choice]]:
    """The variables that the project has to do with, and of which of them one is enough."""
    shipped = {n for n, entry in spec.used.items() if entry.location.file.startswith("builtin:")}
    belonging = {
        name: None
        for name, entry in spec.used.items()
        if name not in shipped or name in known.there or entry.declared.default is not None
    }
    choices: dict[str, Choice] = {}
    before = -1
    while before != len(belonging):  # what comes in may ask for more
        before = len(belonging)
        alone = known._replace(absent=frozenset(spec.variables.keys() - belonging.keys()))
        for name, entry in spec.used.items():
            if _need(entry, spec, alone) is not False:
                belonging[name] = None
                if (choice := _choice_of(name, spec, known)) is not None:
                    choices |= {one: choice for one in choice.names if one not in choices}
        for choice in _choices_in_rules(spec, known, alone):
            choices |= {one: choice for one in choice.names if one not in choices}
        belonging |= dict.fromkeys(choices)
    return belonging, choices


def _choice_of(name: str, spec: Spec, known: Settled) -> Choice | None:
    """A variable that is only needed if none of some others of its type is set, with these."""
    entry = spec.used[name]
    tree = _need(entry, spec, known)
    parts = tree.parts if isinstance(tree, Joined) and tree.all else (tree,)
    tag = entry.declared.format.tag()
    others = {
        other: part
        for part in parts
        if (other := asked(part, holds=False))
        and other in spec.used
        and spec.used[other].declared.format.tag() == tag
    }
    if not others:
        return None
    rest = joined((part for part in parts if part not in others.values()), every=True)
    return Choice((name, *others), rest)


def _choices_in_rules(spec: Spec, known: Settled, alone: Settled) -> Iterator[Choice]:
    """What rules demand one of."""
    for entry in spec.entries(CrossRule).values():
        rule = entry.declared
        if understood(rule.when or "true", spec, alone) is False:
            continue
        if understood(rule.assertion, spec, alone) is True:
            continue
        tree = understood(rule.assertion, spec, known)
        parts = tree.parts if isinstance(tree, Joined) and not tree.all else (tree,)
        names = tuple(name for part in parts if (name := asked(part, holds=True)))
        if len(names) > 1:
            rest = [part for part in parts if not asked(part, holds=True)]
            applies = understood(rule.when or "true", spec, known)
            yield Choice(names, joined((applies, *map(opposite, rest)), every=True))


def applying(spec: Spec, outlook: Outlook) -> Iterator[tuple[str, CrossRule, Tree, Tree]]:
    """The rules that can be violated, with when they apply and what must be true then."""
    for name, entry in spec.entries(CrossRule).items():
        rule = entry.declared
        applies = understood(rule.when or "true", spec, outlook.known)
        holds = understood(rule.assertion, spec, outlook.known)
        read = accepted(rule.assertion, spec).read
        if applies is not False and holds is not True and outlook.known.absent.isdisjoint(read):
            yield name, rule, applies, holds
