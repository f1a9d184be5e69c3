"""The syntax tree of a compiled condition, read from what CEL serializes it to.

The format is `cel.expr.CheckedExpr`, a protocol buffer; only its shape is read. Source:
https://github.com/google/cel-spec/blob/master/proto/cel/expr/syntax.proto
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXPRESSION_OF_CHECKED = 4
_VALUE_OF_ANY = 2


class Literal(NamedTuple):
    """A value that is written down; `text` is None if it isn't text."""

    text: str | None
    number: int | None = None


class Name(NamedTuple):
    """A variable, or the variable of a loop."""

    name: str


class Field(NamedTuple):
    """A field of something, or whether it has one."""

    of: Node
    test: bool


class Call(NamedTuple):
    """A function or an operator, with what it is called on in front."""

    function: str
    arguments: tuple[Node, ...]


class Collection(NamedTuple):
    """A list or a map that is written down."""

    items: tuple[Node, ...]


class Loop(NamedTuple):
    """What the macros `all`, `exists`, `exists_one`, `filter` and `map` expand to."""

    variables: tuple[str, ...]
    over: Node
    result: str
    start: Node
    condition: Node
    step: Node
    end: Node


Node = Literal | Name | Field | Call | Collection | Loop
_NOTHING = Literal(None)


def tree(serialized: bytes) -> Node:
    """The tree of an expression, as `Expression.serialize` gives it."""
    checked = _last(serialized, _VALUE_OF_ANY)
    return _node(_last(checked, _EXPRESSION_OF_CHECKED))


def _node(message: bytes) -> Node:
    for field, value in _fields(message):
        if not isinstance(value, bytes):
            continue  # the number of the expression
        match field:
            case 3:
                return _literal(value)
            case 4:
                return Name(_text(value, 1))
            case 5:
                test = any(number == 3 and found for number, found in _fields(value))
                return Field(_node(_last(value, 1)), test)
            case 6:
                target = [_node(part) for part in _all(value, 1)]
                return Call(_text(value, 2), (*target, *map(_node, _all(value, 3))))
            case 7:
                return Collection(tuple(map(_node, _all(value, 1))))
            case 8:
                parts = [part for entry in _all(value, 2) for part in _entry(entry)]
                return Collection(tuple(parts))
            case _:
                return _loop(value)
    return _NOTHING


def _entry(message: bytes) -> Iterator[Node]:
    for number in (3, 4):  # the key of a map, and the value
        for part in _all(message, number):
            yield _node(part)


def _loop(message: bytes) -> Loop:
    names = [_text(message, number) for number in (1, 8)]
    return Loop(
        variables=tuple(filter(None, names)),
        over=_node(_last(message, 2)),
        result=_text(message, 3),
        start=_node(_last(message, 4)),
        condition=_node(_last(message, 5)),
        step=_node(_last(message, 6)),
        end=_node(_last(message, 7)),
    )


def _literal(message: bytes) -> Literal:
    for field, value in _fields(message):
        if isinstance(value, bytes):
            return Literal(value.decode("utf-8", "replace"))
        if field == 3:
            return Literal(None, value)
    return _NOTHING


def _text(message: bytes, number: int) -> str:
    return _last(message, number).decode("utf-8", "replace")


def _last(message: bytes, number: int) -> bytes:
    found = b""
    for found in _all(message, number):  # noqa: B007 - the last one counts, as the format says
        pass
    return found


def _all(message: bytes, number: int) -> Iterator[bytes]:
    for field, value in _fields(message):
        if field == number and isinstance(value, bytes):
            yield value


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Each field with its number: bytes for what has a length, a number for all else."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        match key & 7:
            case 0:
                value, at = _number(message, at)
                yield key >> 3, value
            case 2:
                length, at = _number(message, at)
                yield key >> 3, message[at : at + length]
                at += length
            case wire:
                yield key >> 3, 0
                at += 8 if wire == 1 else 4


def _number(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
