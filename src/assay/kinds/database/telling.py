"""Databases as documents report them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.kinds.database.spec import Database
from assay.kinds.sql_words import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.document_kind import Parameters
    from assay.spec.document import Spec


class ToldDatabase(msgspec.Struct, frozen=True, kw_only=True):
    """A database."""

    name: str
    description: str
    label: str
    """If it is, in words."""
    variables: tuple[str, ...]
    role: str
    extensions: tuple[str, ...]
    when: str


def tell(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """The databases that a document covers."""
    return {
        "databases": [
            _database(name, entry.declared)
            for name, entry in spec.entries(Database).items()
            if parameters.chooses(name, entry.declared.group)
        ]
    }


def prepare(spec: Spec, parameters: Parameters) -> Iterator[str]:
    """The statements that make the extensions."""
    for database in tell(spec, parameters)["databases"]:
        for name in database.extensions:
            yield f"create extension if not exists {quoted(name)};"


def _database(name: str, database: Database) -> ToldDatabase:
    return ToldDatabase(
        name=name,
        description=database.description,
        label=database.reached_by.label,
        variables=tuple(database.reached_by.variables),
        role=database.role,
        extensions=tuple(database.extensions),
        when=database.when or "",
    )
