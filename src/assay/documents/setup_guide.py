"""How to set up an environment: what to get where, in which order, with the commands.

Without an environment it covers all of them, one after the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from assay.document_kind import DocumentKind, Parameters
from assay.documents.content import (
    UNGROUPED,
    DocumentedEnvironment,
    DocumentedVariable,
    Group,
    groups_of,
    names_in,
    places_of,
)
from assay.documents.rules import common_troubles
from assay.documents.telling import prepared, told

if TYPE_CHECKING:
    from assay.spec.document import Spec


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """The variables of one group, by what there is to do for them."""

    heading: str
    wanted: tuple[DocumentedVariable, ...]
    """Somebody has to set them, always or under a condition."""
    spare: tuple[DocumentedVariable, ...]
    """They may be left alone."""


class Guide(msgspec.Struct, frozen=True, kw_only=True):
    """How to set up one environment."""

    place: DocumentedEnvironment
    steps: tuple[Step, ...]
    target: str
    """Where the values go: the source that wins over the others."""
    file: str
    """The .env file that they go to; empty if it isn't one."""
    access: tuple[str, ...]
    """The groups some of whose values have to be fetched somewhere."""
    tools: tuple[str, ...]
    """The programs that the commands need."""
    databases: tuple[Any, ...]
    tables: tuple[Any, ...]
    statements: tuple[str, ...]
    """The SQL that makes the databases ready, beside the migrations."""


def values(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """A guide for each environment."""
    guides = [_guide(spec, place, parameters) for place in places_of(spec, parameters)]
    return {"guides": guides, "troubles": common_troubles()}


def _guide(spec: Spec, place: DocumentedEnvironment, parameters: Parameters) -> Guide:
    here = msgspec.structs.replace(parameters, environment=place.name)
    steps = [_step(group) for group in in_order(groups_of(spec, here), spec)]
    files = [file.path for file in place.files if file.path]
    wanted = [variable for step in steps for variable in step.wanted]
    found = told(spec, here)
    return Guide(
        place=place,
        steps=tuple(steps),
        target=files[-1] if files else place.labels,
        file=files[-1] if files else "",
        access=tuple(s.heading for s in steps if _is_service(s)),
        tools=tuple(dict.fromkeys(v.command.split(" ")[0] for v in wanted if v.command)),
        databases=tuple(found["databases"]),
        tables=tuple(found["tables"]),
        statements=prepared(spec, here),
    )


def _is_service(step: Step) -> bool:
    """Whether values have to be fetched from what a heading names, rather than made."""
    named = step.heading not in ("", UNGROUPED)
    return named and any(v.obtain and not _COMMAND.match(v.obtain) for v in step.wanted)


_COMMAND = re.compile(r"`|(?:run|make one|generate)\b|openssl |assay |node -e", re.IGNORECASE)
"""How the way to a value begins that a person makes, and nobody hands out."""


def _step(group: Group) -> Step:
    wanted = [v for v in group.variables if v.need != "never" and not v.deprecated]
    spare = [v for v in group.variables if v.need == "never" and not v.deprecated]
    return Step(heading=group.heading, wanted=tuple(wanted), spare=tuple(spare))


def in_order(groups: tuple[Group, ...], spec: Spec) -> tuple[Group, ...]:
    """Groups and their variables, each after what decides about it; otherwise as declared."""
    sorted_groups = [
        msgspec.structs.replace(group, variables=_sorted(group.variables, spec)) for group in groups
    ]
    home = {v.name: number for number, g in enumerate(sorted_groups) for v in g.variables}
    needs = {
        number: {home[n] for v in g.variables for n in _deciding(v, spec) if n in home} - {number}
        for number, g in enumerate(sorted_groups)
    }
    return tuple(sorted_groups[number] for number in _after(needs))


def _sorted(
    variables: tuple[DocumentedVariable, ...], spec: Spec
) -> tuple[DocumentedVariable, ...]:
    numbers = {variable.name: number for number, variable in enumerate(variables)}
    needs = {
        number: {numbers[n] for n in _deciding(variable, spec) if n in numbers} - {number}
        for number, variable in enumerate(variables)
    }
    return tuple(variables[number] for number in _after(needs))


def _deciding(variable: DocumentedVariable, spec: Spec) -> tuple[str, ...]:
    """The variables that its conditions mention."""
    return names_in(f"{variable.condition} {variable.when}", spec)


def _after(needs: dict[int, set[int]]) -> list[int]:
    """The numbers in order, each after those that it needs; a circle is broken at its first."""
    done: dict[int, None] = {}
    entered: set[int] = set()
    for start in needs:
        waiting = [start]
        while waiting:
            number = waiting[-1]
            missing = [n for n in sorted(needs[number]) if n not in entered]
            entered.add(number)
            if missing:
                waiting.append(missing[0])
            else:
                done[waiting.pop()] = None
    return list(done)


KIND: DocumentKind[Parameters] = DocumentKind(
    name="setup-guide",
    doc=__doc__ or "",
    parameters=Parameters,
    values=values,
    template="setup-guide.md.j2",
    path="docs/setup.md",
)
