"""The syntax tree of a checked CEL expression, read from what CEL serializes.

CEL's Python package shows no tree, but serializes one: `CheckedExpr` of
https://github.com/google/cel-spec/blob/master/proto/cel/expr/checked.proto, in the wire format of
https://protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ANY_VALUE = 2
_SOURCE, _EXPRESSION = 5, 4
_POSITIONS = 4
_INTEGER = 3
_ENTRY_PARTS = (3, 4)
"""Of an entry of a map or message: the key, and the value."""


class Node(NamedTuple):
    """An expression, and where it stands."""

    at: int
    """The offset in the text, in characters; of a call, that of its operator or parenthesis."""
    name: str = ""
    """The variable that it reads, exactly as resolved; empty for anything else."""
    function: str = ""
    """The function that it calls: `_==_`, `size`, `startsWith`; empty for anything else."""
    integer: int | None = None
    """The whole number that it is."""
    inner: tuple[Node, ...] = ()
    """What it consists of: the arguments of a call, its target first."""
    scopes: tuple[tuple[frozenset[str], Node], ...] = ()
    """What else it consists of, each with the names that mean something else in it."""


def tree_of(serialized: bytes) -> Node:
    """The tree of an expression that CEL has checked.

    Raises:
        ValueError: it isn't what this version of CEL writes.

    """
    try:
        checked = _only(serialized, _ANY_VALUE)
        places = dict(_places(_only(checked, _SOURCE)))
        return _node(_only(checked, _EXPRESSION), places)
    except (IndexError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise ValueError("CEL serializes expressions in another way") from error


def _places(source: bytes) -> Iterator[tuple[int, int]]:
    for number, entry in _fields(source):
        if number == _POSITIONS:
            parts = dict(_fields(entry))
            yield int(parts.get(1, 0)), int(parts.get(2, 0))


def _node(data: bytes, places: Mapping[int, int]) -> Node:
    at, made = 0, Node(0)
    for number, value in _fields(data):
        match number:
            case 2:
                at = places.get(int(value), 0)
            case 3:
                made = Node(0, integer=_integer(value))
            case 4:
                made = Node(0, name=bytes(_only(value, 1)).decode())
            case 5:
                made = Node(0, inner=(_node(_only(value, 1), places),))
            case 6:
                made = _call(value, places)
            case 7:
                items = [item for field, item in _fields(value) if field == 1]
                made = Node(0, inner=tuple(_node(item, places) for item in items))
            case 8:
                made = Node(0, inner=tuple(_entries(value, places)))
            case 9:
                made = _loop(value, places)
            case _:
                raise ValueError("CEL has a sort of expression that is not known here")
    return made._replace(at=at)


def _call(data: bytes, places: Mapping[int, int]) -> Node:
    target, function, arguments = [], "", []
    for number, value in _fields(data):
        if number == 1:
            target.append(_node(value, places))
        elif number == 2:
            function = bytes(value).decode()
        else:
            arguments.append(_node(value, places))
    return Node(0, function=function, inner=(*target, *arguments))


def _entries(data: bytes, places: Mapping[int, int]) -> Iterator[Node]:
    """Keys and values of a map, and the values of a message."""
    for number, entry in _fields(data):
        if number == 2:
            for part, value in _fields(entry):
                if part in _ENTRY_PARTS:
                    yield _node(value, places)


def _loop(data: bytes, places: Mapping[int, int]) -> Node:
    """A comprehension, which is what macros such as `exists` become."""
    parts = dict(_fields(data))
    item, second, total = (bytes(parts.get(n, b"")).decode() for n in (1, 8, 3))
    outside = [_node(parts[number], places) for number in (2, 4) if number in parts]
    both, one = frozenset((item, second, total)), frozenset((total,))
    inside = [(both if n < 7 else one, _node(parts[n], places)) for n in (5, 6, 7) if n in parts]
    return Node(0, inner=tuple(outside), scopes=tuple(inside))


def _integer(data: bytes) -> int | None:
    number = dict(_fields(data)).get(_INTEGER)
    if number is None:
        return None
    return number - 2**64 if number >= 2**63 else int(number)


def _only(data: bytes, wanted: int) -> bytes:
    return bytes(dict(_fields(data))[wanted])


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a message by their numbers, in their order."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        match tag & 7:
            case 0:
                value, at = _varint(data, at)
                yield tag >> 3, value
            case 1:
                yield tag >> 3, data[at : at + 8]
                at += 8
            case 2:
                size, at = _varint(data, at)
                if at + size > len(data):
                    raise ValueError("CEL's serialized expression ends too early")
                yield tag >> 3, data[at : at + size]
                at += size
            case 5:
                yield tag >> 3, data[at : at + 4]
                at += 4
            case _:
                raise ValueError("CEL serializes expressions in another way")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
