"""Compiles the conditions and rules of a spec into what the screen can judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from assay.formats.base import Format
from assay.kinds.rule import kind as rules
from assay.kinds.rule.kind import CrossRule
from assay.spec.syntax import Call, Literal, Name, bound

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from assay.spec.document import Spec
    from assay.spec.syntax import Node

Tree = tuple[Any, ...]
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
    from assay.spec.expressions import Condition

    condition = spec.conditions.compile(text)
    if not isinstance(condition, Condition):  # pragma: no cover - lint refuses the spec
        return None
    around = bound(spec.variables, environment, live=_live(spec, environment))
    emptiable = [n for n, entry in spec.variables.items() if entry.declared.variable.allow_empty]
    meaning = Meaning(_plain_texts(spec), around, spec.variables, emptiable)
    return tree_over(spec.conditions.tree(condition), meaning)


class Meaning(NamedTuple):
    """What the names in a condition stand for."""

    texts: Container[str]
    """The variables that conditions see as the very text that is set."""
    around: Mapping[str, str | bool | None]
    """As `bound` in `assay.spec.syntax` makes it."""
    declared: Container[str]
    emptiable: Container[str] = ()
    """Those that may be empty, and count as set then."""


def tree_over(node: Node, names: Meaning) -> Tree | None:
    """The tree of a condition, as `screen.truth` reads it; None if only CEL can evaluate it."""
    match node:
        case Call("_&&_" | "_||_" | "!_" as operator, arguments):
            inner = [tree_over(one, names) for one in arguments]
            return None if None in inner else (_OPERATORS[operator], *inner)
        case Call("_==_", (left, right)):
            return _equal(left, right, names)
        case Call("_!=_", (left, right)):
            equal = _equal(left, right, names)
            return equal and ("not", equal)
        case Call("contains" | "endsWith" | "startsWith" as method, (Name(name), Literal(text))):
            return (method, name, text) if name in names.texts and text is not None else None
        case Call("isSet", (Literal(text=str(name)),)):
            # it asks for variables alone, whatever else a file may set
            if name not in names.declared:
                return ("constant", False)
            return ("set" if name in names.emptiable else "filled", name)
        case Name(name) if isinstance(fixed := names.around.get(name), bool):
            return ("constant", fixed)
    return None


def _equal(left: Node, right: Node, names: Meaning) -> Tree | None:
    """Whether two things are equal: a name and a text, or two conditions."""
    if isinstance(left, Literal):
        left, right = right, left
    if isinstance(left, Name) and isinstance(right, Literal) and right.text is not None:
        if left.name in names.around:
            return ("constant", names.around[left.name] == right.text)
        return ("is", left.name, right.text) if left.name in names.texts else None
    one, other = tree_over(left, names), tree_over(right, names)
    return None if one is None or other is None else ("same", one, other)


_OPERATORS = {"_&&_": "and", "_||_": "or", "!_": "not"}


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


def _plain_texts(spec: Spec) -> frozenset[str]:
    """The variables that conditions see as the very text that is set."""
    return frozenset(
        name
        for name, entry in spec.variables.items()
        if entry.declared.format.cel == "string"
        and type(entry.declared.format).interpret is Format.interpret
    )
