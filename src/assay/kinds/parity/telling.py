"""Comparisons of environments as documents report them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.kinds.parity.spec import Parity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.document_kind import Parameters
    from assay.spec.document import Spec


DEMANDS = {
    "any": "not compared",
    "different": "different everywhere",
    "same": "the same everywhere",
    "shape": "set everywhere or nowhere",
}
"""What is asked of a variable between environments, in words."""


class ToldComparison(msgspec.Struct, frozen=True, kw_only=True):
    """How the values of some environments must compare."""

    name: str
    description: str
    between: tuple[str, ...]
    demands: tuple[tuple[str, str], ...]
    """Which variables, and what is asked of them."""
    ignore: tuple[str, ...]


def tell(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """The comparisons that a spec asks for, in documents that report all variables."""
    part = parameters.groups or parameters.only
    found = {} if part else spec.entries(Parity)
    return {"comparisons": [_comparison(name, entry.declared) for name, entry in found.items()]}


def _comparison(name: str, parity: Parity) -> ToldComparison:
    demands = list(_of_tables(parity))
    for who, what in parity.variables.items():
        words = DEMANDS[what] if isinstance(what, str) else f"set in {_all(what.only_in)} only"
        demands.append(("" if who == "default" else who, words))
    return ToldComparison(
        name=name,
        description=parity.description,
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


def _all(names: tuple[str, ...]) -> str:
    return " and ".join(names)
