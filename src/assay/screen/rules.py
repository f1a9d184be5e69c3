"""Compiles the rules of a spec into what the screen can judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.formats.base import Format
from assay.kinds.rule import kind as rules
from assay.kinds.rule.kind import CrossRule
from assay.screen.conditions import Tree, compile_condition
from assay.spec.surroundings import bound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.spec.document import Spec

ALWAYS = ("constant", True)


def screened_rules(spec: Spec, environment: str | None) -> Iterator[tuple[Any, ...]]:
    """Each rule as names, the trees of `when` and `assert`, and whether it is good all unset.

    A tree is None if it takes CEL to evaluate it. If `environment` is None, rules that depend on it
    are left out, as the hook does.
    """
    for entry in spec.entries(CrossRule).values():
        rule: CrossRule = entry.declared
        if environment is None and rules.hangs_on_environment(spec, rule):
            continue
        trees = [
            ALWAYS if text is None else tree_of(text, spec, environment or "")
            for text in (rule.when, rule.assertion)
        ]
        names = frozenset(rules.names(spec, rule))
        yield (names, *trees, _good_unset(spec, rule, environment or ""))


def tree_of(text: str, spec: Spec, environment: str) -> Tree | None:
    """A condition as the screen sees it in an environment; None if only CEL can evaluate it."""
    around = bound(spec.variables, environment, live=_live(spec, environment))
    return compile_condition(text, plain_texts(spec), around, spec.variables)


def _live(spec: Spec, environment: str) -> bool:
    declared = spec.environments.get(environment)
    return declared is not None and declared.live


def _good_unset(spec: Spec, rule: CrossRule, environment: str) -> bool:
    """Whether the engine passes or skips a rule if none of its variables is set."""
    from assay.spec.expressions import Condition, Undecided

    values: dict[str, object] = {}
    for name in rules.names(spec, rule):
        declared = spec.variables[name].declared
        if declared.default is not None:
            values[name] = declared.format.interpret(declared.default)
    for text in (rule.when, rule.assertion):
        if text is None:
            continue
        condition = spec.conditions.compile(text)
        if not isinstance(condition, Condition):  # pragma: no cover - lint refuses the spec
            return False
        result = spec.conditions.holds(
            condition,
            values,
            environment=environment,
            present=frozenset(),
            live=_live(spec, environment),
        )
        if isinstance(result, Undecided):
            return bool(result.names)
        if not result and text is rule.when:
            return True
        if not result:
            return False
    return True


def plain_texts(spec: Spec) -> frozenset[str]:
    """The variables that conditions see as the very text that is set."""
    return frozenset(
        name
        for name, entry in spec.variables.items()
        if entry.declared.format.cel == "string"
        and type(entry.declared.format).interpret is Format.interpret
    )
