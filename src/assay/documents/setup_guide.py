"""How to set up an environment: what to get where, in which order, with the commands.

Without an environment it covers all of them, one after the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

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
from assay.documents.pages import prepared, told
from assay.documents.rules import common_troubles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from assay.spec.document import Spec

T = TypeVar("T")


def values(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """A guide for each environment."""
    guides = [_guide(spec, place, parameters) for place in places_of(spec, parameters)]
    return {"guides": guides, "troubles": common_troubles()}


def _guide(spec: Spec, place: DocumentedEnvironment, parameters: Parameters) -> dict[str, Any]:
    here = msgspec.structs.replace(parameters, environment=place.name)
    steps = [_step(group) for group in in_order(groups_of(spec, here), spec)]
    files = [file.path for file in place.files if file.path]
    wanted = [variable for step in steps for variable in step["wanted"]]
    return {
        **told(spec, here),
        "place": place,
        "steps": steps,
        "target": files[-1] if files else place.labels,  # the source that wins over the others
        "file": files[-1] if files else "",
        "access": [step["heading"] for step in steps if _is_service(step)],
        "tools": list(dict.fromkeys(v.command.split(" ")[0] for v in wanted if v.command)),
        "statements": prepared(spec, here),
    }


def _is_service(step: Mapping[str, Any]) -> bool:
    """Whether values have to be fetched from what a heading names, rather than made."""
    named = step["heading"] not in ("", UNGROUPED)
    return named and any(v.obtain and not _COMMAND.match(v.obtain) for v in step["wanted"])


_COMMAND = re.compile(r"`|(?:run|make one|generate)\b|openssl |assay |node -e", re.IGNORECASE)
"""How the way to a value begins that a person makes, and nobody hands out."""


def _step(group: Group) -> dict[str, Any]:
    """The variables of one group: those that have to be set, and those that may be left alone."""
    current = [v for v in group.variables if not v.deprecated]
    return {
        "heading": group.heading,
        "wanted": [v for v in current if v.need != "never"],
        "spare": [v for v in current if v.need == "never"],
    }


def in_order(groups: Iterable[Group], spec: Spec) -> list[Group]:
    """Groups and their variables, each after what decides about it; otherwise as declared."""
    ordered = [
        msgspec.structs.replace(
            group, variables=tuple(_after(group.variables, lambda v: [v], spec))
        )
        for group in groups
    ]
    return _after(ordered, lambda group: group.variables, spec)


def _after(
    items: Sequence[T], variables: Callable[[T], Iterable[DocumentedVariable]], spec: Spec
) -> list[T]:
    """The items in order, each after what decides about it; a circle is broken at its first."""
    home = {v.name: number for number, item in enumerate(items) for v in variables(item)}
    done: dict[int, None] = {}
    entered: set[int] = set()
    for start in range(len(items)):
        waiting = [start]
        while waiting:
            number = waiting[-1]
            entered.add(number)
            conditions = " ".join(f"{v.condition} {v.when}" for v in variables(items[number]))
            needs = {home[name] for name in names_in(conditions, spec) if name in home}
            if missing := needs - entered:
                waiting.append(min(missing))
            else:
                done[waiting.pop()] = None
    return [items[number] for number in done]


KIND: DocumentKind[Parameters] = DocumentKind(
    name="setup-guide",
    doc=__doc__ or "",
    parameters=Parameters,
    values=values,
    template="setup-guide.md.j2",
    path="docs/setup.md",
)
