"""Makes a spec of merged data. It knows nothing of YAML, so a remembered spec is made fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from assay.kind import Entry
from assay.kinds import KINDS
from assay.model import Location
from assay.sources.dotenv_file import Dialect, DotenvFile
from assay.spec.document import Spec
from assay.spec.environments import (
    DEFAULT_ENVIRONMENT,
    Environment,
    Policy,
    Undeclared,
    parse_environment,
)
from assay.spec.places import place_of
from assay.waivers import Waiver

if TYPE_CHECKING:
    from assay.sources.base import Source

OWN_FIELDS = frozenset(
    (
        *("assay", "description", "documents", "environments", "imports", "project", "undeclared"),
        "waivers",
    )
)


class _Head(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """The fields of a spec that belong to no kind."""

    project: Annotated[str, Meta(min_length=1)] = ""
    description: str = ""
    undeclared: Policy | Undeclared | None = None
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
    declared = data.get("environments", DEFAULT_ENVIRONMENT)
    if not isinstance(declared, dict):
        raise msgspec.ValidationError("environments is not a mapping")
    environments = _reading_alike(
        {name: parse_environment(value) for name, value in declared.items()}
    )
    sections: dict[str, dict[str, Entry]] = {}
    for section in KINDS:
        content = data.get(section)
        if section == "environments" or content is None:
            continue
        if not isinstance(content, dict):
            raise msgspec.ValidationError(f"{section} is not a mapping")
        parse = KINDS[section].parse
        sections[section] = {
            key: Entry(key, parse(key, value), _place(places, files, section, key))
            for key, value in content.items()
        }
    return Spec(
        root=root,
        allowed=allowed,
        project=head.project,
        description=head.description,
        files=files,
        environments=environments,
        undeclared=head.undeclared,
        sections=sections,
        waivers=head.waivers,
        documents_data=data.get("documents") or {},
        places=places,
    )


def head_of(data: dict[str, Any]) -> _Head:
    """The fields that belong to no kind.

    Raises:
        msgspec.ValidationError: one has the wrong shape.

    """
    return msgspec.convert({k: v for k, v in data.items() if k in _HEAD}, _Head)


def _reading_alike(environments: dict[str, Environment]) -> dict[str, Environment]:
    """Let each .env file know the other dialects by which the project reads it."""
    dialects: dict[str, dict[Dialect, None]] = {}
    for environment in environments.values():
        for source in environment.values:
            if isinstance(source, DotenvFile):
                dialects.setdefault(source.path, {})[source.dialect] = None
    if all(len(used) == 1 for used in dialects.values()):
        return environments

    def informed(source: Source) -> Source:
        if not isinstance(source, DotenvFile):
            return source
        others = {**dict.fromkeys(source.also_read_by), **dialects[source.path]}
        others.pop(source.dialect, None)
        return msgspec.structs.replace(source, also_read_by=tuple(others))

    return {
        name: msgspec.structs.replace(environment, values=tuple(map(informed, environment.values)))
        for name, environment in environments.items()
    }


_HEAD = frozenset(_Head.__struct_encode_fields__)


def _place(places: Any, files: tuple[str, ...], *path: str) -> Location:
    return place_of(places, path, files[0]).of_key if files else _NOWHERE


_NOWHERE = Location(file="")
