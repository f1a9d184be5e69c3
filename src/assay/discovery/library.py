"""Which specs of the library a project's names belong to."""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from assay.discovery.inference import intended
from assay.hygiene.unfilled import names_nobody
from assay.package_data import folder
from assay.spec.assembly import assemble
from assay.spec.files import library
from assay.spec.loader import read_merged

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assay.kinds.variable.spec import Declared

_COMMON = frozenset(
    (
        *("APP_BASE_URL", "APP_ENV", "APP_ID", "CRON_SECRET", "DATABASE_URL", "DEBUG", "HOST"),
        *("GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "HOSTNAME", "LOG_LEVEL", "NODE_ENV", "PORT"),
        *("PRIVATE_KEY", "PRIVATE_KEY_PATH", "TZ", "WEBHOOK_PROXY_URL", "WEBHOOK_SECRET"),
    )
)
"""Names that any project may use for itself, or for more than one service."""
_FRAMEWORKS = {
    "authjs": ("@auth/core", "@auth/express", "@auth/sveltekit", "next-auth@5", "next-auth@beta"),
    "django": ("manage.py", "django"),
    "fastapi": ("fastapi",),
    "flask": ("flask",),
    "laravel": ("artisan", "laravel/framework"),
    "next-auth": ("next-auth@4",),
    "nextjs": ("next",),
    "node": (),
    "prisma": ("@prisma/client", "prisma", "prisma/schema.prisma"),
    "rails": ("config/application.rb", "rails"),
    "web": (),
}
"""Specs of frameworks, to what a project of theirs depends on: others use their names too."""
ENOUGH = 2
"""Names of a service that must occur before its spec is imported."""


class Imported(NamedTuple):
    """The specs that are imported, and what they declare."""

    specs: tuple[str, ...]
    declared: Mapping[str, Declared]
    frameworks: frozenset[str]
    """The names among them that frameworks read: they know themselves which they need."""


def recognised(
    names: Collection[str], values: Mapping[str, Sequence[str]], needed: Collection[str]
) -> Imported:
    """The specs of the library of which several names occur, and whose types fit the values.

    That of a framework counts if the project depends on it, that of a service if anything occurs
    that it demands.

    Args:
        names: all names of the project.
        values: the values of each in all environments, none of them empty.
        needed: the packages that the project depends on.

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
        enough = len(hits[name]) >= min(ENOUGH, max(1, len(variables) - 1))
        if name in _FRAMEWORKS:
            enough = any(v in names for v in variables) and any(
                package in needed for package in _FRAMEWORKS[name]
            )
        demands = [v for v, d in variables.items() if _demanded(d)]
        occurs = name in _FRAMEWORKS or not demands or any(v in names for v in demands)
        if not (enough and occurs) or declared.keys() & variables.keys():
            continue
        if all(_fits(variables[v], values.get(v, ())) for v in variables):
            chosen.append(name)
            declared.update(variables)
    own = (known[name] for name in chosen if name in _FRAMEWORKS)
    return Imported(tuple(sorted(chosen)), declared, frozenset().union(*own))


@cache
def _library() -> Mapping[str, Mapping[str, Declared]]:
    """What each spec of the library declares. A test holds that they are valid."""
    return {name: _declared(name) for name in library()}


def _declared(name: str) -> Mapping[str, Declared]:
    merged = read_merged(os.path.join(folder("specs"), f"{name}.yaml"))
    body = merged.body
    spec = assemble(body.data, body.places, merged.root, tuple(merged.names))
    return {variable: entry.declared for variable, entry in spec.variables.items()}


def _demanded(declared: Declared) -> bool:
    return declared.variable.required is True and declared.default is None


def _fits(declared: Declared, values: Sequence[str]) -> bool:
    """Whether one value at least is of the type: if none is, the name means something else."""
    meant = [value for value in map(intended, values) if value and not names_nobody(value)]
    return not meant or any(not any(declared.format.violations(value)) for value in meant)
