"""What a condition would tell of a secret, seen from its syntax tree.

A report says whether a condition holds. A single one gives little away; a hundred that look at one
character each spell the value out. So a condition may ask of a secret whether it is set, whether it
equals another variable, and whether it is longer than a number, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assay.spec.expression_tree import Node

_EQUALITY = frozenset(("_!=_", "_==_"))
_BOUNDS = {"_<_": 0, "_<=_": 1, "_>=_": 0, "_>_": 1}
"""Comparisons of a size with a number, and what leads to the size at which the answer changes."""
_MIRRORED = {"_<_": "_>_", "_<=_": "_>=_", "_>=_": "_<=_", "_>_": "_<_"}


class Look(NamedTuple):
    """Something that a condition learns of a secret beyond its being set, or equal to another."""

    name: str
    at: int
    """The offset of the name in the text."""
    sort: Literal["bound", "content", "given", "length"]
    """A bound of its length, what it consists of, a value that the spec gives, its very length."""
    length: int = 0
    """The bound."""
    other: str = ""
    """What gives the value."""


class Scope(NamedTuple):
    """What names mean."""

    secret: Callable[[str], bool]
    given: Callable[[str], bool]
    """Whether the spec itself may give its value."""
    hidden: frozenset[str] = frozenset()
    """Names that a macro uses for something else."""

    def variable(self, node: Node) -> str:
        """The variable that a node reads and does nothing else; empty for any other."""
        if node.name.startswith("."):  # `.NAME` is the variable, whatever a macro calls NAME
            return node.name[1:]
        return "" if node.name in self.hidden else node.name

    def secret_of(self, node: Node) -> str:
        """The secret that a node reads and does nothing else; empty for any other."""
        name = self.variable(node)
        return name if name and self.secret(name) else ""


def looks(node: Node, scope: Scope) -> Iterator[Look]:
    """What a condition learns of secrets."""
    if name := scope.secret_of(node):
        yield Look(name, _place(node), "content")
    elif node.function in _EQUALITY and all(map(scope.variable, node.inner)):
        yield from _guesses(node, scope)
    elif bound := _bound(node, scope):
        yield bound
    elif name := _sized(node, scope):
        yield Look(name, _place(node.inner[0]), "length")
    else:
        for part in node.inner:
            yield from looks(part, scope)
        for names, part in node.scopes:
            yield from looks(part, scope._replace(hidden=scope.hidden | names))


def _guesses(node: Node, scope: Scope) -> Iterator[Look]:
    """Two variables compared: nothing is learnt of one, unless the spec chose the other's value."""
    for part, against in (node.inner, node.inner[::-1]):
        name, other = scope.secret_of(part), scope.variable(against)
        if name and name != other and scope.given(other):
            yield Look(name, _place(part), "given", other=other)


def _bound(node: Node, scope: Scope) -> Look | None:
    if node.function not in _BOUNDS:
        return None
    function, (left, right) = node.function, node.inner
    if left.integer is not None:
        function, left, right = _MIRRORED[function], right, left
    name = _sized(left, scope)
    if not name or right.integer is None:
        return None
    return Look(name, _place(left.inner[0]), "bound", right.integer + _BOUNDS[function])


def _sized(node: Node, scope: Scope) -> str:
    """The secret of which a node is the size; empty for any other."""
    return scope.secret_of(node.inner[0]) if node.function == "size" else ""


def _place(node: Node) -> int:
    return node.at + node.name.startswith(".")
