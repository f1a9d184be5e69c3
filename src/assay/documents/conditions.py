"""Conditions as people say them: simplified by what is known anyway, then put into words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.documents.markdown import code, line
from assay.spec.syntax import SURROUNDINGS, Call, Collection, Literal, Name, walk
from assay.words import either, listed

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from assay.spec.document import Spec
    from assay.spec.syntax import Node


class Settled(NamedTuple):
    """What is settled before any value is read."""

    environment: str | None = None
    live: bool | None = None
    there: frozenset[str] = frozenset()
    """The variables that are set everywhere."""
    absent: frozenset[str] = frozenset()
    """The variables that are set nowhere."""
    fixed: Mapping[str, str] = {}
    """The only texts that variables may have."""


class Plain(NamedTuple):
    """A condition that isn't made of others, or the opposite of one."""

    node: Node
    holds: bool


class Joined(NamedTuple):
    """Conditions of which all must hold, or one."""

    parts: tuple[Tree, ...]
    all: bool


Tree = bool | Plain | Joined
"""A condition of which only what is open is left; all negations stand at its leaves."""


class _UnspeakableError(Exception):
    """A part of a condition that there are no words for."""


def understood(text: str, spec: Spec, known: Settled) -> Tree:
    """What is open of a condition; false if it depends on the value of what is set nowhere."""
    from assay.spec.expressions import Condition

    condition = spec.conditions.compile(text)
    if not isinstance(condition, Condition):
        return False  # lint refuses it
    if not known.absent.isdisjoint(condition.read):
        return False
    own = SURROUNDINGS.keys() & spec.variables.keys()
    return _open(_qualified(spec.conditions.tree(condition), own), known, holds=True)


def _qualified(node: Node, own: Container[str]) -> Node:
    """The same with a dot before variables that are called like what is around them."""
    match node:
        case Name(name, at) if name in own:
            return Name(f".{name}", at)
        case Call(function, arguments):
            return Call(function, tuple(_qualified(part, own) for part in arguments))
        case _:
            return node


def _open(node: Node, known: Settled, *, holds: bool) -> Tree:
    match node:
        case Call("_&&_" | "_||_" as operator, parts):
            every = (operator == "_&&_") == holds
            return joined((_open(part, known, holds=holds) for part in parts), every=every)
        case Call("!_", (part,)):
            return _open(part, known, holds=not holds)
        case Call("_?_:_", (condition, first, second)):
            yes, no = (_open(condition, known, holds=truth) for truth in (True, False))
            cases = (
                joined((yes, _open(first, known, holds=holds)), every=True),
                joined((no, _open(second, known, holds=holds)), every=True),
            )
            return joined(cases, every=False)
        case _:
            fact = _fact(node, known)
            return Plain(node, holds) if fact is None else fact == holds


def joined(parts: Iterable[Tree], *, every: bool) -> Tree:
    """Conditions joined, without those that decide nothing."""
    left: dict[Tree, None] = {}
    for part in parts:
        if isinstance(part, bool):
            if part != every:
                return part
        elif isinstance(part, Joined) and part.all == every:
            left.update(dict.fromkeys(part.parts))
        else:
            left[part] = None
    if len(left) < 2:
        return next(iter(left), every)
    return Joined(tuple(left), every)


def opposite(tree: Tree) -> Tree:
    """The condition that holds when this one doesn't."""
    match tree:
        case bool():
            return not tree
        case Plain(node, holds):
            return Plain(node, not holds)
        case Joined(parts, every):
            return Joined(tuple(map(opposite, parts)), not every)


def _fact(node: Node, known: Settled) -> bool | None:
    """Whether a plain condition holds, if that is known."""
    match node:
        case Literal(truth=bool(truth)):
            return truth
        case Call("isSet", (Literal(text=str(name)),)):
            return True if name in known.there else False if name in known.absent else None
        case Name("live"):
            return known.live
        case Call("_==_" | "_!=_" as operator, (Name(name), Literal(text=str(text)))):
            given = known.environment if name == "environment" else known.fixed.get(name)
            return None if given is None else (given == text) == (operator == "_==_")
        case Call("@in", (Name("environment"), Collection(items=items))):
            if known.environment is not None:
                return known.environment in [getattr(item, "text", None) for item in items]
        case _:
            pass
    return None


def demanded(tree: Tree) -> dict[str, str]:
    """The variables that must have a certain text, for a condition to hold."""
    parts = tree.parts if isinstance(tree, Joined) and tree.all else (tree,)
    found = {}
    for part in parts:
        match part:
            case Plain(Call("_==_", (Name(name), Literal(text=str(text)))), True):
                found[name] = text
            case _:
                pass
    return found


def asked(tree: Tree, *, holds: bool) -> str:
    """The variable that a condition only asks to be set, or to be unset; empty if it isn't that."""
    match tree:
        case Plain(Call("isSet", (Literal(text=str(name)),)), found) if found == holds:
            return name
        case _:
            return ""


def names_of(tree: Tree) -> tuple[str, ...]:
    """The variables that a condition speaks of."""
    found: dict[str, None] = {}
    for plain in _plains(tree):
        for node, hidden in walk(plain.node):
            match node:
                case Call("isSet", (Literal(text=str(name)),)):
                    found[name] = None
                case Name(name) if name not in hidden and name not in SURROUNDINGS:
                    found[name.removeprefix(".")] = None
    return tuple(found)


def _plains(tree: Tree) -> Iterable[Plain]:
    match tree:
        case Plain():
            yield tree
        case Joined(parts):
            for part in parts:
                yield from _plains(part)
        case bool():
            pass


def when(tree: Tree) -> str:
    """The end of a sentence: "in production if `A` is set", "unless `B` is set"."""
    try:
        return _when(tree)
    except _UnspeakableError:
        names = listed(map(code, names_of(tree)))
        return f"depending on {names}" if names else "in some environments"


def clause(tree: Tree) -> str:
    """A condition as a clause: "`A` is set"; empty if there are no words for it."""
    try:
        return _clause(tree)
    except _UnspeakableError:
        return ""


def _when(tree: Tree) -> str:
    parts = tree.parts if isinstance(tree, Joined) and tree.all else (tree,)
    places = [place for part in parts if (place := _place(part))]
    others = [part for part in parts if not _place(part)]
    unless = [asked(part, holds=False) for part in others]
    if others and all(unless):
        rest = f"unless {either(map(code, unless))} is set"
    else:
        rest = f"if {_clause(joined(others, every=True))}" if others else ""
    return " ".join(filter(None, [*places, rest]))


def _place(tree: Tree) -> str:
    """`in production` for a condition that says only that."""
    match tree:
        case Plain(Name("live"), holds):
            return "in live environments" if holds else "outside of live environments"
        case Plain(
            Call("_==_" | "_!=_" as operator, (Name("environment"), Literal(text=str(name)))), holds
        ):
            return f"{'in' if (operator == '_==_') == holds else 'outside of'} {line(name)}"
        case Plain(Call("@in", (Name("environment"), Collection(items=items))), holds):
            return f"{'in' if holds else 'outside of'} {either(map(_shown, items))}"
        case _:
            return ""


def _shown(node: Node) -> str:
    if isinstance(node, Literal) and node.text is not None:
        return line(node.text)
    raise _UnspeakableError


def _clause(tree: Tree) -> str:
    match tree:
        case bool():
            return "always" if tree else "never"
        case Plain(node, holds):
            return _said(node, holds=holds)
        case Joined(parts, every):
            return _joint(parts, every=every)


def _joint(parts: tuple[Tree, ...], *, every: bool) -> str:
    there = [name for part in parts if (name := asked(part, holds=True))]
    absent = [name for part in parts if (name := asked(part, holds=False))]
    said: list[str] = []
    for part in parts:
        name = asked(part, holds=True) or asked(part, holds=False)
        if name and name not in (*there[:1], *absent[:1]):
            continue  # said with the first
        if name in there[:1] and len(there) > 1:
            names = map(code, there)
            said.append(f"{listed(names)} are set" if every else f"{either(names)} is set")
        elif name in absent[:1] and len(absent) > 1:
            names = map(code, absent)
            none = "neither {} nor {} is set" if len(absent) == 2 else "none of {} is set"
            few = list(names)
            said.append(
                (none.format(*few) if len(few) == 2 else none.format(listed(few)))
                if every
                else f"{either(few)} is not set"
            )
        else:
            inner = _clause(part)
            said.append(f"either {inner}" if every and isinstance(part, Joined) else inner)
    if len(said) == 1:
        return said[0]
    mixed = any(isinstance(part, Joined) for part in parts)
    word = "and" if every else "or"
    return f", {word} ".join(said) if mixed else f" {word} ".join(said)


_RELATIONS = {
    "_<_": ("is less than", "is at least"),
    "_<=_": ("is at most", "is more than"),
    "_>_": ("is more than", "is at most"),
    "_>=_": ("is at least", "is less than"),
    "contains": ("contains", "doesn't contain"),
    "startsWith": ("begins with", "doesn't begin with"),
    "endsWith": ("ends with", "doesn't end with"),
    "matches": ("matches", "doesn't match"),
}
_SAME = frozenset(("double", "int", "lowerAscii", "string", "trim", "upperAscii"))
"""Functions whose result a reader takes for the value itself."""


def _said(node: Node, *, holds: bool) -> str:
    """A plain condition in words, or its opposite."""
    match node:
        case Call("isSet", (Literal(text=str(name)),)):
            return f"{code(name)} is {'set' if holds else 'not set'}"
        case Name("live"):
            return f"the environment is {'live' if holds else 'not live'}"
        case Name():
            return f"{_term(node)} is {'true' if holds else 'false'}"
        case Call("_==_" | "_!=_" as operator, (left, right)):
            return _equality(left, right, same=(operator == "_==_") == holds)
        case Call("@in", (left, Collection(items=items, mapping=False))):
            return f"{_term(left)} is {'' if holds else 'not '}{either(map(_term, items))}"
        case Call("@in", (left, Name() as right)):
            return f"{_term(right)} {'contains' if holds else 'does not contain'} {_term(left)}"
        case Call(function, (left, right)) if function in _RELATIONS:
            return f"{_term(left)} {_RELATIONS[function][not holds]} {_term(right)}"
    raise _UnspeakableError


def _equality(left: Node, right: Node, *, same: bool) -> str:
    if isinstance(left, Literal) and not isinstance(right, Literal):
        left, right = right, left
    try:
        if isinstance(right, Literal) and right.text == "":
            return f"{_term(left)} is {'empty' if same else 'not empty'}"
        if isinstance(left, Name) and isinstance(right, Name):
            return f"{_term(left)} {'is the same as' if same else 'differs from'} {_term(right)}"
        return f"{_term(left)} is {'' if same else 'not '}{_term(right)}"
    except _UnspeakableError:
        how = "exactly when" if same else "exactly when not:"
        return f"{_said(left, holds=True)} {how} {_said(right, holds=True)}"


def _term(node: Node) -> str:
    match node:
        case Name("environment"):
            return "the environment"
        case Name(name):
            return code(name.removeprefix("."))
        case Literal(text=str(text)):
            return code(text)
        case Literal(number=int(number)):
            return str(number)
        case Literal(truth=bool(truth)):
            return "true" if truth else "false"
        case Call("size", (part,)):
            return f"the length of {_term(part)}"
        case Call(function, (part,)) if function in _SAME:
            return _term(part)
    raise _UnspeakableError
