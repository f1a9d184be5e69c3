"""Whether values of different environments agree: states and keyed digests in, true or false out.

A value is compared by its HMAC-SHA256, so that live environments and snapshots compare alike and no
value is needed. Every relation is symmetric, and None if what is known does not decide it.
"""

from __future__ import annotations

import hmac
import os
from typing import TYPE_CHECKING

import msgspec

from assay.facts import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Pair = tuple[str, str]


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one name in one environment, without its value."""

    state: State
    digest: str = ""
    """Of what the application sees; empty if it sees no value, or it isn't known which."""
    under: str = ""
    """The name of the digest's pepper: digests of different ones can't be compared."""
    reason: str = ""
    """Why the value isn't known, if it isn't."""

    @property
    def valueless(self) -> bool:
        """Whether it is certain that the application sees no value."""
        return not self.digest and self.state in (State.MISSING, State.EMPTY)

    @property
    def presence(self) -> State | None:
        """Missing, empty or set (`READABLE`); None if even that is not known."""
        if self.state is State.DENIED:
            return None
        if self.state is State.MISSING or (self.state is State.EMPTY and not self.digest):
            return self.state
        return State.READABLE


class Pepper:
    """The secret that digests are made with; to those without it they tell nothing."""

    __slots__ = ("_secret", "name")

    def __init__(self, secret: bytes, name: str) -> None:
        """`name` distinguishes digests made with different peppers."""
        self._secret = secret
        self.name: str = name

    @classmethod
    def of_run(cls) -> Pepper:
        """One that is forgotten with the run, and its digests with it."""
        return cls(os.urandom(32), "run")

    def digest(self, sort: str, name: str, value: bytes) -> str:
        """64 hex digits; equal ones stand for equal values of one name, and for nothing else."""
        label = name.encode("utf-8", "surrogatepass")
        text = b"assay %s 1\0%d\0%s%s" % (sort.encode(), len(label), label, value)
        return hmac.digest(self._secret, text, "sha256").hex()

    def expression(self, text: str) -> str:
        """64 hex digits of an SQL expression; equal ones may stand in different places."""
        return self.digest("expression", "", text.encode("utf-8", "surrogatepass"))


def same(left: Cell, right: Cell) -> bool | None:
    """Whether the application sees the same in both."""
    if left.digest and right.digest:
        if left.under != right.under:
            return None
        return hmac.compare_digest(left.digest, right.digest)
    if left.valueless and right.valueless:
        return True
    if left.valueless or right.valueless:
        bare, other = (left, right) if left.valueless else (right, left)
        hidden = not other.digest
        unsure = other.state is State.DENIED or bare.state is State.EMPTY
        return None if hidden and unsure else False
    return None


def different(left: Cell, right: Cell) -> bool | None:
    """Whether the two values differ; true if one is missing."""
    if left.valueless or right.valueless:
        return True
    alike = same(left, right)
    return None if alike is None else not alike


def alike(left: Cell, right: Cell) -> bool | None:
    """Whether both set it, both leave it empty, or neither sets it."""
    mine, theirs = left.presence, right.presence
    if mine is None or theirs is None:
        return None
    hidden = any(c.presence is State.READABLE and not c.digest for c in (left, right))
    if hidden and State.EMPTY in (mine, theirs):
        return None  # what can't be read may be empty
    return mine is theirs


RELATIONS = {"same": same, "different": different, "shape": alike}


class Demand(msgspec.Struct, frozen=True):
    """What is asked of one name in several environments."""

    word: str
    """`same`, `different`, `shape`, `any` or `only-in`."""
    only_in: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.word == "only-in":
            return f"only in {', '.join(self.only_in)}"
        return "left alone" if self.word == "any" else self.word


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a demand holds, and where it doesn't or isn't known."""

    broken: tuple[Pair, ...] = ()
    unknown: tuple[Pair, ...] = ()

    @property
    def holds(self) -> bool | None:
        """False if it is broken anywhere, None if that isn't known."""
        return False if self.broken else None if self.unknown else True


def verdict_of(pairs: Iterable[Pair], holds: Callable[[str, str], bool | None]) -> Verdict:
    """Between which pairs something is broken, and between which that isn't known."""
    found = {pair: holds(*pair) for pair in pairs}
    return Verdict(
        broken=tuple(pair for pair, held in found.items() if held is False),
        unknown=tuple(pair for pair, held in found.items() if held is None),
    )


def judge(demand: Demand, cells: Mapping[str, Cell], pairs: Iterable[Pair]) -> Verdict:
    """Whether a demand holds between the pairs of environments."""
    return verdict_of(pairs, lambda a, b: _result(demand, (a, cells[a]), (b, cells[b])))


def _result(demand: Demand, left: tuple[str, Cell], right: tuple[str, Cell]) -> bool | None:
    if demand.word == "only-in":
        places = [_belongs(demand, *left), _belongs(demand, *right)]
        return False if False in places else None if None in places else True
    relation = RELATIONS.get(demand.word)
    return True if relation is None else relation(left[1], right[1])


def _belongs(demand: Demand, environment: str, cell: Cell) -> bool | None:
    """Whether a name may be as it is in an environment, by a demand `only-in`."""
    if environment in demand.only_in:
        return True
    return None if cell.state is State.DENIED else cell.state is State.MISSING


def groups(cells: Mapping[str, Cell]) -> list[tuple[str, ...]]:
    """The environments by what the application sees in them, the largest group first.

    What can't be read stands alone.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for environment, cell in cells.items():
        if cell.digest:
            key = (cell.under, cell.digest)
        elif cell.valueless:
            key = (cell.state, "")
        else:
            key = (cell.state, environment)
        found.setdefault(key, []).append(environment)
    return sorted(map(tuple, found.values()), key=len, reverse=True)
