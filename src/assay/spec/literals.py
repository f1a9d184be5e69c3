"""What a condition compares its variables with: options that don't exist, invalid patterns.

CEL knows that a variable is a text, not which texts it may be, so it accepts a comparison with an
option that is misspelt, which is then never true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.spec.syntax import Call, Collection, Literal, Name, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.spec.syntax import Node

_OPERATORS = {"_==_": "==", "_!=_": "!=", "@in": "in", "matches": "matches"}


class LiteralComparison(NamedTuple):
    """A written text that a variable is compared with, or that it has to match."""

    name: str
    operator: str
    """`==`, `!=`, `in`, or `matches` for a pattern."""
    text: str
    offset: int
    """Where the text begins, after its quote."""


def literals(tree: Node) -> Iterator[LiteralComparison]:
    """The texts that variables are compared with, in the order of the condition.

    Only plain comparisons count: `NAME == 'x'`, `'x' != NAME`, `NAME in ['x', 'y']` and
    `NAME.matches('x')`.
    """
    for node, hidden in walk(tree):
        if not isinstance(node, Call) or node.function not in _OPERATORS:
            continue
        left, right = node.arguments
        operator = _OPERATORS[node.function]
        if operator in ("==", "!=") and isinstance(right, Name):
            left, right = right, left
        if not isinstance(left, Name) or left.name in hidden:
            continue
        listed = isinstance(right, Collection) and operator == "in" and not right.mapping
        for item in right.items if listed and isinstance(right, Collection) else (right,):
            if isinstance(item, Literal) and item.text is not None:
                yield LiteralComparison(left.name, operator, item.text, item.at + 1)
