"""What a condition would reveal of a secret, seen from its syntax tree.

A report says whether a condition holds. A single one gives little away; a hundred that look at one
character each spell the value out. So a condition may ask of a secret whether it is set, whether it
equals one of a few other variables, and whether it is longer than a number, and nothing else.
"""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, NamedTuple

from assay.spec.syntax import Call, Literal, Name, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assay.spec.syntax import Node

_EQUALITY = frozenset(("_!=_", "_==_"))
_BOUNDS = {"_<_": 0, "_<=_": 1, "_>=_": 0, "_>_": 1}
"""Comparisons of a size with a number, and what leads to the size at which the answer changes."""
_MIRRORED = {"_<_": "_>_", "_<=_": "_>=_", "_>=_": "_<=_", "_>_": "_<_"}


class Look(NamedTuple):
    """Something that a condition learns of a secret beyond its being set."""

    name: str
    at: int
    """The offset of the name in the text."""
    sort: typing.Literal["bound", "content", "equal", "given", "length"]
    """A bound of its length, what it consists of, whether it equals another variable, or one whose
    value the spec gives, its very length."""
    length: int = 0
    """The bound."""
    other: str = ""
    """The other variable."""


class Scope(NamedTuple):
    """What names mean."""

    secret: Callable[[str], bool]
    given: Callable[[str], bool]
    """Whether the spec itself may give its value."""
    hidden: frozenset[str] = frozenset()
    """Names that a macro uses for something else."""

    def variable(self, node: Node) -> str:
        """The variable that a node reads and does nothing else; empty for any other."""
        if not isinstance(node, Name):
            return ""
        if node.name.startswith("."):  # `.NAME` is the variable, whatever a macro calls NAME
            return node.name[1:]
        return "" if node.name in self.hidden else node.name

    def secret_of(self, node: Node) -> str:
        """The secret that a node reads and does nothing else; empty for any other."""
        name = self.variable(node)
        return name if name and self.secret(name) else ""

    def without(self, names: frozenset[str]) -> Scope:
        """What names mean in a loop that uses some for something else."""
        return self._replace(hidden=self.hidden | names) if names else self


def looks(node: Node, scope: Scope) -> Iterator[Look]:
    """What a condition learns of secrets."""
    if isinstance(node, Name):
        if name := scope.secret_of(node):
            yield Look(name, _place(node), "content")
        return
    if isinstance(node, Call):
        if node.function in _EQUALITY and all(map(scope.variable, node.arguments)):
            yield from _guesses(node.arguments, scope)
            return
        if found := _bound(node, scope) or _length(node, scope):
            yield found
            return
    for part, names in parts(node):
        yield from looks(part, scope.without(names))


def _guesses(compared: tuple[Node, ...], scope: Scope) -> Iterator[Look]:
    """Two variables compared: little is learnt of one, unless the spec chose the other's value."""
    for part, against in (compared, compared[::-1]):
        name, other = scope.secret_of(part), scope.variable(against)
        if name and name != other:
            sort: typing.Literal["given", "equal"] = "given" if scope.given(other) else "equal"
            yield Look(name, _place(part), sort, other=other)


def _bound(node: Call, scope: Scope) -> Look | None:
    if node.function not in _BOUNDS:
        return None
    function, (left, right) = node.function, node.arguments
    if isinstance(left, Literal):
        function, left, right = _MIRRORED[function], right, left
    sized = _length(left, scope)
    if sized is None or not isinstance(right, Literal) or right.number is None:
        return None
    return sized._replace(sort="bound", length=right.number + _BOUNDS[function])


def _length(node: Node, scope: Scope) -> Look | None:
    """That a node is the size of a secret."""
    if not isinstance(node, Call) or node.function != "size":
        return None
    name = scope.secret_of(node.arguments[0])
    return Look(name, _place(node.arguments[0]), "length") if name else None


def _place(node: Node) -> int:
    return node.at + node.name.startswith(".") if isinstance(node, Name) else 0
