"""Makes a spec of merged data. It knows nothing of YAML, so a remembered spec is made fast."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from assay.kind import Entry
from assay.kinds import KINDS
from assay.model import Location
from assay.registry import used
from assay.spec.document import VARIABLES, Spec
from assay.spec.environments import (
    DEFAULT_ENVIRONMENT,
    Environment,
    Policy,
    Undeclared,
    read_alike,
)
from assay.spec.places import place_of
from assay.waivers import Waiver

OWN_FIELDS = frozenset(
    (
        *("assay", "description", "documents", "imports", "loosens", "plugins", "project"),
        *("undeclared", "unused", "waivers"),
    )
)


class _Head(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """The fields of a spec that belong to no kind."""

    project: Annotated[str, Meta(min_length=1)] = ""
    description: str = ""
    undeclared: Policy | Undeclared | None = None
    unused: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
    """In merged data the names alone, and all of them are declared."""
    waivers: tuple[Waiver, ...] = ()


def assemble(
    data: dict[str, Any],
    places: Any,
    root: str,
    files: tuple[str, ...],
    allowed: tuple[str, ...] = (),
) -> Spec:
    """A spec made of merged data.

    Raises:
        msgspec.ValidationError: a field has the wrong shape.

    """
    head = head_of(data)
    data = {Environment.section: DEFAULT_ENVIRONMENT, **data}
    sections: dict[str, dict[str, Entry[Any]]] = {}
    for section in KINDS:
        content = data.get(section)
        if content is None and section != Environment.section:
            continue
        if not isinstance(content, dict):
            raise msgspec.ValidationError(f"{section} is not a mapping")
        parse = KINDS[section].parse
        sections[section] = {
            key: Entry(key, parse(key, value), _place(places, files, section, key))
            for key, value in content.items()
        }
    variables = sections.get(VARIABLES, {})
    for name in variables.keys() & set(head.unused):
        variables[name] = variables[name]._replace(declared=variables[name].declared.left_out)
    read = sections[Environment.section]
    alike = read_alike({name: entry.declared for name, entry in read.items()})
    sections[Environment.section] = {
        name: entry._replace(declared=alike[name]) for name, entry in read.items()
    }
    return Spec(
        root=root,
        allowed=allowed,
        project=head.project,
        description=head.description,
        files=files,
        undeclared=head.undeclared,
        sections=sections,
        waivers=head.waivers,
        plugins=used(),
        documents_data=data.get("documents") or {},
        places=places,
    )


def head_of(data: dict[str, Any]) -> _Head:
    """The fields that belong to no kind.

    Raises:
        msgspec.ValidationError: one has the wrong shape.

    """
    return msgspec.convert({k: v for k, v in data.items() if k in _HEAD}, _Head)


_HEAD = frozenset(_Head.__struct_encode_fields__)


def _place(places: Any, files: tuple[str, ...], *path: str) -> Location:
    return place_of(places, path, files[0]).of_key if files else _NOWHERE


_NOWHERE = Location(file="")
