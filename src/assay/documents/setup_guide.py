"""How to set up an environment: a checklist of what to get where, in the order of work.

Without an environment it covers all of them, one after the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from assay.document_kind import DocumentKind, Parameters
from assay.documents import wording
from assay.documents.content import (
    DocumentedEnvironment,
    DocumentedVariable,
    Group,
    groups_of,
    places_of,
)
from assay.documents.markdown import sentence
from assay.documents.pages import prepared, told
from assay.documents.rules import common_troubles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from assay.spec.document import Spec

T = TypeVar("T")


def values(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """A guide for each environment."""
    guides = [_guide(spec, place, parameters) for place in places_of(spec, parameters)]
    return {"guides": guides, "troubles": common_troubles()}


def _guide(spec: Spec, place: DocumentedEnvironment, parameters: Parameters) -> dict[str, Any]:
    here = msgspec.structs.replace(parameters, environment=place.name)
    known = [
        variable
        for group in in_order(groups_of(spec, here))
        for variable in group.variables
        if variable.of_project and not variable.deprecated
    ]
    wanted = [variable for variable in known if variable.need != "never"]
    files = [file.path for file in place.files if file.path]
    steps = _steps(wanted)
    return {
        **told(spec, here),
        "place": place,
        "steps": steps,
        "spare": [variable for variable in known if variable.need == "never"],
        "target": files[-1] if files else place.labels,  # the source that wins over the others
        "file": files[-1] if files else "",
        "access": [step.heading for step in steps if step.heading not in (MADE, CHOSEN)],
        "tools": list(dict.fromkeys(v.command.split(" ")[0] for v in wanted if v.command)),
        "statements": prepared(spec, here),
    }


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What is done in one place: where a person signs in, on the own machine, or in the head."""

    heading: str
    tasks: tuple[Task, ...]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """The variables that are set with one value: one, or several of which one is enough."""

    variables: tuple[DocumentedVariable, ...]
    condition: str
    """When it has to be done, if that is not always."""


MADE, CHOSEN = "On your machine", "Your own choice"
_COMMAND = re.compile(r"`|(?:run|make one|generate)\b|openssl |assay |node -e", re.IGNORECASE)
"""How the way to a value begins that a person makes, and nobody hands out."""
_DOOR = re.compile(
    r"\b(?:account|administrator|console|dashboard|mail|manager|page|portal|registry|site|store|"
    r"team|vault|workspace)\b",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(r"(?:an?|any|its|the|what|where|whatever|your)\b")
LONGEST = 60
"""Characters of a place's name."""


def door(variable: DocumentedVariable) -> str:
    """Where a person gets a value: what they sign in to, or how the way there begins."""
    if variable.command or _COMMAND.match(variable.obtain):
        return MADE
    first = re.split(r"[,;:(]", variable.obtain)[0].strip().rstrip(".")
    if not first or len(first) > LONGEST or (_DESCRIBED.match(first) and not _DOOR.search(first)):
        return CHOSEN
    first = first.removeprefix("the ")
    return first if "." in first else first[:1].upper() + first[1:]


def way(variable: DocumentedVariable) -> str:
    """How to get a value, for somebody who is at its door."""
    place = door(variable)
    if place in (MADE, CHOSEN):
        return sentence(variable.obtain) if variable.obtain else wording.origin(variable)
    rest = variable.obtain.removeprefix("the ")[len(place) :].lstrip(" ,;:.")
    return sentence(rest) if rest else ""


def _steps(wanted: list[DocumentedVariable]) -> list[Step]:
    """What has to be done, by the place where that is; services come first."""
    found: dict[str, list[Task]] = {}
    done: set[str] = set()
    by_name = {variable.name: variable for variable in wanted}
    for variable in wanted:
        if variable.name in done:
            continue
        names = variable.alternatives or (variable.name,)
        together = tuple(by_name[name] for name in names if name in by_name)
        done.update(names)
        task = Task(variables=together, condition=variable.condition)
        found.setdefault(door(together[0]), []).append(task)
    last = [place for place in (MADE, CHOSEN) if place in found]
    order = [place for place in found if place not in last] + last
    return [Step(heading=place, tasks=tuple(found[place])) for place in order]


def in_order(groups: Iterable[Group]) -> list[Group]:
    """Groups and their variables, each after what decides about it; otherwise as declared."""
    ordered = [
        msgspec.structs.replace(group, variables=tuple(_after(group.variables, lambda v: [v])))
        for group in groups
    ]
    return _after(ordered, lambda group: group.variables)


def _after(items: Sequence[T], variables: Callable[[T], Iterable[DocumentedVariable]]) -> list[T]:
    """The items in order, each after what decides about it; a circle is broken at its first."""
    home = {v.name: number for number, item in enumerate(items) for v in variables(item)}
    done: dict[int, None] = {}
    entered: set[int] = set()
    for start in range(len(items)):
        waiting = [start]
        while waiting:
            number = waiting[-1]
            entered.add(number)
            deciding = (name for v in variables(items[number]) for name in v.after)
            needs = {home[name] for name in deciding if name in home}
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
    filters={"way": way},
    path="docs/setup.md",
)
