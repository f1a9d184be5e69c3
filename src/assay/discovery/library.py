"""Which specs of the library a project's names belong to."""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from assay.discovery.inference import intended
from assay.package_data import folder
from assay.spec.assembly import assemble
from assay.spec.files import library
from assay.spec.loader import read_merged

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assay.kinds.variable.spec import Declared

_COMMON = frozenset(
    ("APP_ENV", "DATABASE_URL", "DEBUG", "HOST", "HOSTNAME", "LOG_LEVEL", "NODE_ENV", "PORT", "TZ")
)
"""Names that any project may use for itself."""
_FRAMEWORKS = {"next": "nextjs"}
"""Dialects whose loader belongs to a framework, to that framework's spec."""
ENOUGH = 2
"""Names of a service that must occur before its spec is imported."""


class Imported(NamedTuple):
    """The specs that are imported, and what they declare."""

    specs: tuple[str, ...]
    declared: Mapping[str, Declared]


def recognised(
    names: Collection[str], values: Mapping[str, Sequence[str]], dialect: str
) -> Imported:
    """The specs of the library of which several names occur, and whose types fit the values.

    Args:
        names: all names of the project.
        values: the values of each in all environments, none of them empty.
        dialect: the loader of the project's .env files.

    """
    known = _library()
    owners = Counter(variable for variables in known.values() for variable in variables)
    chosen: list[str] = []
    declared: dict[str, Declared] = {}
    hits = {
        name: [v for v in variables if v in names and owners[v] == 1 and v not in _COMMON]
        for name, variables in known.items()
    }
    for name in sorted(known, key=lambda name: (-len(hits[name]), name)):
        variables = known[name]
        own = name == _FRAMEWORKS.get(dialect) and any(v in names for v in variables)
        enough = len(hits[name]) >= min(ENOUGH, max(1, len(variables) - 1))
        if not (own or enough) or declared.keys() & variables.keys():
            continue
        if all(_fits(variables[v], values.get(v, ())) for v in variables):
            chosen.append(name)
            declared.update(variables)
    return Imported(tuple(sorted(chosen)), declared)


@cache
def _library() -> Mapping[str, Mapping[str, Declared]]:
    """What each spec of the library declares. A test holds that they are valid."""
    return {name: _declared(name) for name in library()}


def _declared(name: str) -> Mapping[str, Declared]:
    merged = read_merged(os.path.join(folder("specs"), f"{name}.yaml"))
    body = merged.body
    spec = assemble(body.data, body.places, merged.root, tuple(merged.names))
    return {variable: entry.declared for variable, entry in spec.variables.items()}


def _fits(declared: Declared, values: Sequence[str]) -> bool:
    """Whether one value at least is of the type: if none is, the name means something else."""
    meant = [value for value in map(intended, values) if value]
    return not meant or any(not any(declared.format.violations(value)) for value in meant)
