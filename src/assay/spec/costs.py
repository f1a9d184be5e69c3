"""How much a condition may cost: an upper bound of its work and memory, before it is evaluated.

CEL itself bounds the steps of its loops and the depth of an expression, but not the size of what is
made: `A.replace('', A)` squares a text, and each nested call squares it again. The bound is found
by walking the tree with sizes instead of values. It assumes that what a function does grows at most
with a polynomial of its arguments' sizes, so that the elements of a list together cost no more than
one element of their total size, and for each the cost of an empty one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from assay.spec.syntax import Call, Collection, Field, Literal, Loop, Name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.spec.syntax import Node

ITERATIONS = 10_000
"""The steps of all loops together, after which CEL itself gives up."""
WORK = 100_000_000
"""The characters that may be looked at; for long values more, so that each may be read often."""
MADE = 64 * 1024 * 1024
"""The characters that may be made; for long values a few times their size."""
VISITS = 20_000
"""The nodes that finding the bound may take, which doubles with each loop inside another loop."""


class Size(NamedTuple):
    """How large a value is at most."""

    length: int = 0
    """The elements of a list."""
    weight: int = 1
    """The characters and elements of all that it holds."""
    text: str | None = None
    """The text itself, if it is known."""
    number: int | None = None


class Cost(NamedTuple):
    """What an evaluation does at most."""

    work: int = 1
    made: int = 0
    steps: int = 0
    """Of loops."""

    def plus(self, *others: Cost) -> Cost:
        """All of them together."""
        return Cost(*map(sum, zip(self, *others, strict=True)))

    def times(self, count: int) -> Cost:
        """The same, several times."""
        return Cost(self.work * count, self.made * count, self.steps * count)


SCALAR = Size()
_SHORT = 32
"""More than the characters of any number or time as text."""


def size_of(value: object) -> Size:
    """The size of a value that a condition is given."""
    if isinstance(value, str):
        return Size(0, len(value), value)
    if isinstance(value, (list, tuple)):
        return Size(len(value), sum(1 + size_of(item).weight for item in value))
    if isinstance(value, dict):
        return Size(2 * len(value), sum(size_of(list(pair)).weight for pair in value.items()))
    return SCALAR


def affordable(tree: Node, values: Mapping[str, object]) -> bool:
    """Whether an expression can be evaluated for these values within the bounds."""
    given = sum(size_of(value).weight for value in values.values())
    try:
        _, cost = bound(tree, values)
    except TooLargeError:
        return False
    return cost.work <= WORK + 64 * given and cost.made <= MADE + 4 * given


def hopeless(tree: Node) -> bool:
    """Whether an expression is beyond the bounds whatever the values are."""
    try:
        _, cost = bound(tree, {})
    except TooLargeError:
        return True
    return cost.work > WORK or cost.made > MADE or cost.steps > ITERATIONS


def bound(tree: Node, values: Mapping[str, object]) -> tuple[Size, Cost]:
    """The size of an expression's value, and what it costs to evaluate it, both at most.

    Raises:
        TooLargeError: the tree takes too long to walk.

    """
    return _Walk().bound(tree, {name: size_of(value) for name, value in values.items()})


class TooLargeError(Exception):
    """The tree takes too long to walk."""


class _Walk:
    """Finds the bound of one expression."""

    def __init__(self) -> None:
        self._left = VISITS

    def bound(self, node: Node, sizes: Mapping[str, Size]) -> tuple[Size, Cost]:
        """The size of a node's value, and what it costs to find it."""
        self._left -= 1
        if self._left < 0:
            raise TooLargeError
        match node:
            case Literal(text=text, number=number):
                size = SCALAR if text is None else Size(0, len(text), text)
                return size._replace(number=number), Cost()
            case Name(name=name):
                return sizes.get(name, SCALAR), Cost()
            case Field(of=of, test=test):
                size, cost = self.bound(of, sizes)
                return SCALAR if test else _element(size), cost
            case Collection(items=items):
                found = [self.bound(item, sizes) for item in items]
                weight = sum(1 + size.weight for size, _ in found)
                made = Cost(1 + weight, len(items) * 16)
                return Size(len(items), weight), made.plus(*(cost for _, cost in found))
            case Call(function=function, arguments=arguments):
                found = [self.bound(argument, sizes) for argument in arguments]
                size, cost = _called(function, [size for size, _ in found])
                return size, cost.plus(*(cost for _, cost in found))
            case Loop():
                return self._loop(node, sizes)

    def _loop(self, loop: Loop, sizes: Mapping[str, Size]) -> tuple[Size, Cost]:
        over, cost = self.bound(loop.over, sizes)
        start, began = self.bound(loop.start, sizes)
        count = min(over.length or over.weight, ITERATIONS)
        empty, least = self._turn(loop, {**sizes, loop.result: start}, Size(0, 1))
        full, most = self._turn(loop, {**sizes, loop.result: start}, _element(over))
        result = Size(
            count * max(empty.length, full.length, 1), count * (1 + empty.weight) + full.weight
        )
        if not isinstance(loop.start, Collection):
            result = SCALAR  # whether all are, whether one is, how many are
        steps = least.times(count).plus(most, Cost(count, count, count))
        end, last = self.bound(loop.end, {**sizes, loop.result: result})
        return end, cost.plus(began, steps, last)

    def _turn(self, loop: Loop, sizes: Mapping[str, Size], element: Size) -> tuple[Size, Cost]:
        inner = {**sizes, **dict.fromkeys(loop.variables, element)}
        _, asked = self.bound(loop.condition, inner)
        size, cost = self.bound(loop.step, inner)
        return size, cost.plus(asked)


def _element(size: Size) -> Size:
    """The largest value that a list or map of this size holds."""
    return Size(size.weight if size.weight > size.length else 0, size.weight)


def _called(function: str, sizes: list[Size]) -> tuple[Size, Cost]:
    work = 1 + sum(size.weight for size in sizes)
    made = _MAKING.get(function)
    if made is not None and sizes:
        result = made(sizes)
        return result, Cost(work + result.weight + _searched(function, sizes), result.weight)
    if function in ("_[_]", "dyn"):
        return _element(sizes[0]), Cost()
    if function in ("_?_:_", "@not_strictly_false"):
        branches = sizes[1:] or sizes
        weight = max(size.weight for size in branches)
        return Size(max(size.length for size in branches), weight), Cost()
    return SCALAR, Cost(work + _searched(function, sizes))


def _searched(function: str, sizes: list[Size]) -> int:
    """The work of looking for one text in another, beyond reading each once."""
    if len(sizes) < 2:
        return 0
    text, wanted = sizes[0], sizes[1]
    if function == "matches":
        return text.weight * _program(wanted) // 16 + 100 * wanted.weight
    if function in ("contains", "indexOf", "lastIndexOf", "replace", "split"):
        return text.weight * wanted.weight // 16
    return 0


def _program(pattern: Size) -> int:
    """About how many steps of a pattern run side by side, for each character, at worst."""
    if pattern.text is None:
        return 1000 * pattern.weight
    repeated = [int(number) for number in re.findall(r"[{,](\d{1,4})\}", pattern.text)]
    return len(pattern.text) * max([1, *repeated])


def _joined(sizes: list[Size]) -> Size:
    return Size(sum(size.length for size in sizes), sum(size.weight for size in sizes))


def _same(sizes: list[Size]) -> Size:
    return Size(0, sizes[0].weight + _SHORT)


def _replaced(sizes: list[Size]) -> Size:
    text, old, new = (*sizes, SCALAR, SCALAR)[:3]
    places = text.weight + 1
    if old.text:
        places = text.weight // len(old.text)
    most = sizes[3].number if len(sizes) > 3 else None
    if most is not None and most >= 0:  # a negative one doesn't limit
        places = min(places, most)
    return Size(0, text.weight + places * new.weight)


def _split(sizes: list[Size]) -> Size:
    text = sizes[0]
    separator = sizes[1].text if len(sizes) > 1 else None
    count = 1 + text.weight // max(1, len(separator or ""))
    return Size(count, text.weight + count)


def _list_as_text(sizes: list[Size]) -> Size:
    separator = sizes[1].weight if len(sizes) > 1 else 0
    return Size(0, sizes[0].weight + sizes[0].length * separator)


def _formatted(sizes: list[Size]) -> Size:
    precise = 250  # `%.1000f`, the longest clause, makes this much of each of its characters
    return Size(0, sizes[0].weight * precise + sum(size.weight for size in sizes) * 4)


def _quoted(sizes: list[Size]) -> Size:
    return Size(0, 2 + sizes[-1].weight * 4)


_MAKING: dict[str, Callable[[list[Size]], Size]] = {
    "_+_": _joined,
    "bytes": _same,
    "charAt": _same,
    "format": _formatted,
    "join": _list_as_text,
    "lowerAscii": _same,
    "quote": _quoted,
    "replace": _replaced,
    "reverse": _same,
    "split": _split,
    "string": _same,
    "strings.quote": _quoted,
    "substring": _same,
    "trim": _same,
    "upperAscii": _same,
}
"""The functions that make texts and lists, with the size of what they make."""
