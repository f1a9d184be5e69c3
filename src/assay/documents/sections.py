"""Keys, rules of the spec's own and waivers, as documents tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.documents.markdown import line
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.kinds.key.spec import Key as DeclaredKey
    from assay.kinds.parity.spec import Parity
    from assay.kinds.rule.kind import CrossRule
    from assay.spec.document import Spec


DEMANDS = {
    "any": "not compared",
    "different": "different everywhere",
    "same": "the same everywhere",
    "shape": "set everywhere or nowhere",
}
"""What is asked of a variable between environments, in words."""


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """An encryption key."""

    name: str
    variable: str
    description: str
    cipher: str
    obtain: str
    previous: tuple[str, ...]
    """The variables with earlier keys."""
    rotate_every: str


class OwnRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that the spec itself makes, across variables."""

    name: str
    description: str
    when: str
    condition: str
    message: str
    remedy: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """How the values of some environments must compare."""

    name: str
    description: str
    between: tuple[str, ...]
    demands: tuple[tuple[str, str], ...]
    """Which variables, and what is asked of them."""
    ignore: tuple[str, ...]


def comparisons_of(spec: Spec) -> list[Comparison]:
    """The comparisons that a spec asks for."""
    return [
        _comparison(name, entry.declared) for name, entry in spec.sections.get("parity", {}).items()
    ]


def _comparison(name: str, parity: Parity) -> Comparison:
    demands = list(_of_tables(parity))
    for who, what in parity.variables.items():
        words = DEMANDS[what] if isinstance(what, str) else f"set in {listed(what.only_in)} only"
        demands.append(("" if who == "default" else who, words))
    return Comparison(
        name=line(name),
        description=line(parity.description),
        between=parity.between,
        demands=tuple(demands),
        ignore=parity.ignore,
    )


def _of_tables(parity: Parity) -> Iterator[tuple[str, str]]:
    if parity.tables is None:
        return
    said = {"default": parity.tables} if isinstance(parity.tables, str) else parity.tables
    for name, word in said.items():
        yield (f"table {name}" if name != "default" else "tables"), _TABLES[word]


_TABLES = {
    "same": "with the same columns and types",
    "identical": "the same in everything",
    "any": "left alone",
}


def keys_of(spec: Spec) -> list[Key]:
    """The keys that a spec declares."""
    return [_key(name, entry.declared) for name, entry in spec.sections.get("keys", {}).items()]


def _key(name: str, key: DeclaredKey) -> Key:
    return Key(
        name=line(name),
        variable=key.variable,
        description=line(key.description),
        cipher=line(key.cipher or ""),
        obtain=line(key.obtain),
        previous=key.previous,
        rotate_every=key.rotate_every or "",
    )


def rules_of(spec: Spec) -> list[OwnRule]:
    """The rules that a spec makes itself."""
    return [_rule(name, entry.declared) for name, entry in spec.sections.get("rules", {}).items()]


def _rule(name: str, rule: CrossRule) -> OwnRule:
    return OwnRule(
        name=line(name),
        description=line(rule.description),
        when=line(rule.when or ""),
        condition=line(rule.assertion),
        message=line(rule.message),
        remedy=line(rule.remedy),
    )
