"""The syntax tree of a compiled condition, read from what CEL serializes it to.

CEL's Python package shows no tree, but serializes one: `CheckedExpr` of
https://github.com/google/cel-spec/blob/master/proto/cel/expr/checked.proto, in the wire format of
https://protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    Fields = list[tuple[int, bytes | int]]

_VALUE_OF_ANY = 2
_EXPRESSION, _SOURCE = 4, 5
_POSITIONS = 4
_TRUTH, _INTEGER = 2, 3


class Literal(NamedTuple):
    """A value that is written down; `text` is None if it isn't text."""

    text: str | None
    number: int | None = None
    at: int = 0
    """The offset in the condition's text, in characters."""
    truth: bool | None = None


class Name(NamedTuple):
    """A variable, or the variable of a loop."""

    name: str
    """With a dot in front if it's a variable whatever a loop calls so."""
    at: int = 0
    """The offset in the condition's text, in characters."""


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
    """Of a map, each key and then its value."""
    mapping: bool = False


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


SURROUNDINGS = {"environment": "string", "live": "bool"}
"""The environment's name, and whether it is live, with their types in CEL."""


def bound(
    variables: Container[str], environment: str | None, *, live: bool
) -> dict[str, str | bool | None]:
    """What stands around the variables; a variable that is called the same hides it."""
    around = {"environment": environment, "live": live}
    return {name: around[name] for name in SURROUNDINGS if name not in variables}


def tree(serialized: bytes) -> Node:
    """The tree of an expression, as `Expression.serialize` gives it.

    Raises:
        ValueError: it isn't what this version of CEL writes.

    """
    try:
        checked = _fields(_only(_fields(serialized), _VALUE_OF_ANY))
        places = dict(_places(_fields(_only(checked, _SOURCE))))
        return _node(_only(checked, _EXPRESSION), places)
    except (IndexError, KeyError, UnicodeDecodeError) as error:
        raise ValueError("CEL serializes expressions differently") from error


def parts(node: Node) -> Iterator[tuple[Node, frozenset[str]]]:
    """What a node consists of, each with the names that a loop uses for something else in it."""
    none = frozenset[str]()
    match node:
        case Literal() | Name():
            return
        case Field(of=of):
            yield of, none
        case Collection(items=inner) | Call(arguments=inner):
            for part in inner:
                yield part, none
        case Loop():
            one = frozenset((node.result,))
            every = one.union(node.variables)
            yield from ((node.over, none), (node.start, none))
            yield from ((node.condition, every), (node.step, every), (node.end, one))


def walk(node: Node, hidden: frozenset[str] = frozenset()) -> Iterator[tuple[Node, frozenset[str]]]:
    """A node and all that is in it, each with the names that loops use for something else."""
    yield node, hidden
    for part, names in parts(node):
        yield from walk(part, hidden | names)


def place(condition: str, offset: int) -> tuple[int, int]:
    """The line and column of an offset, counted from 1."""
    before = condition[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def _places(source: Fields) -> Iterator[tuple[int, int]]:
    """The offsets of expressions by their numbers."""
    for entry in _all(source, _POSITIONS):
        parts = dict(_fields(entry))
        yield _whole(parts.get(1, 0)), _whole(parts.get(2, 0))


def _node(message: bytes, places: Mapping[int, int]) -> Node:
    at, made = 0, None
    for number, value in _fields(message):
        if number == 2:
            at = places.get(_whole(value), 0)
        else:
            made = _of(number, _fields(_bytes(value)), places)
    if isinstance(made, Name | Literal):
        return made._replace(at=at)
    return Literal(None, at=at) if made is None else made


def _of(sort: int, fields: Fields, places: Mapping[int, int]) -> Node:
    match sort:
        case 3:
            return _literal(fields)
        case 4:
            return Name(_only(fields, 1).decode())
        case 5:
            test = any(number == 3 and value for number, value in fields)
            return Field(_node(_only(fields, 1), places), test)
        case 6:
            parts = [*_all(fields, 1), *_all(fields, 3)]  # what it is called on, and its arguments
            return Call(_only(fields, 2).decode(), tuple(_node(part, places) for part in parts))
        case 7:
            return Collection(tuple(_node(part, places) for part in _all(fields, 1)))
        case 8:
            entries = [_fields(entry) for entry in _all(fields, 2)]
            parts = [part for entry in entries for n in (3, 4) for part in _all(entry, n)]
            return Collection(tuple(_node(part, places) for part in parts), mapping=True)
        case 9:
            over, start, condition, step, end = (
                _node(_only(fields, number), places) for number in (2, 4, 5, 6, 7)
            )
            names = tuple(filter(None, (_text(fields, 1), _text(fields, 8))))
            return Loop(names, over, _text(fields, 3), start, condition, step, end)
        case _:
            raise ValueError("CEL has a kind of expression that is not known here")


def _literal(fields: Fields) -> Literal:
    for number, value in fields:
        if isinstance(value, bytes):
            return Literal(value.decode("utf-8", "replace"))
        if number == _TRUTH:
            return Literal(None, truth=bool(value))
        if number == _INTEGER:
            return Literal(None, value - 2**64 if value >= 2**63 else value)
    return Literal(None)


def _text(fields: Fields, wanted: int) -> str:
    return next((part.decode() for part in _all(fields, wanted)), "")


def _only(fields: Fields, wanted: int) -> bytes:
    return _bytes(dict(fields)[wanted])


def _all(fields: Fields, wanted: int) -> Iterator[bytes]:
    for number, value in fields:
        if number == wanted:
            yield _bytes(value)


def _bytes(value: bytes | int) -> bytes:
    if isinstance(value, int):
        raise ValueError("CEL serializes expressions differently")  # noqa: TRY004 - as all else
    return value


def _whole(value: bytes | int) -> int:
    if isinstance(value, bytes):
        raise ValueError("CEL serializes expressions differently")  # noqa: TRY004 - as all else
    return value


def _fields(message: bytes) -> Fields:
    """Each field with its number: bytes for what has a length, a number for all else."""
    found: Fields = []
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        match key & 7:
            case 0:
                value, at = _varint(message, at)
                found.append((key >> 3, value))
            case 2:
                length, at = _varint(message, at)
                if at + length > len(message):
                    raise ValueError("CEL's serialized expression ends too early")
                found.append((key >> 3, message[at : at + length]))
                at += length
            case 1 | 5 as wire:
                found.append((key >> 3, 0))
                at += 8 if wire == 1 else 4
            case _:
                raise ValueError("CEL serializes expressions differently")
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
