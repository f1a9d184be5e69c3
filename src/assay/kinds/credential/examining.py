"""From what a spec says of stored credentials to the question that is asked of their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.ciphers import NEEDS
from assay.crypto.examination import Examination, SealedColumn
from assay.crypto.recipes import Recipe
from assay.kinds.credential.filters import Slip, parse_filter
from assay.kinds.credential.spec import Credential
from assay.kinds.key.spec import Key
from assay.kinds.reaching import database_of
from assay.kinds.table.spec import Table

if TYPE_CHECKING:
    from assay.databases.model import Filter
    from assay.spec.document import Spec


def examination(spec: Spec, environment: str, name: str) -> Examination:
    """The question about the rows of a credential that lint has accepted."""
    credential: Credential = spec.entries(Credential)[name].declared
    table: Table = spec.entries(Table)[credential.table].declared
    key: Key = spec.entries(Key)[credential.key].declared
    database, _ = database_of(spec, table.database)
    return Examination(
        environment=environment,
        name=name,
        database=database,
        table=table.name or credential.table,
        schema=table.schema,
        identity=credential.identity or table.key or (),
        where=where(credential),
        key=credential.key,
        recipe=recipe_of(key),
        variable=key.variable,
        previous=key.previous,
        suspects=suspects(spec, credential),
        columns=tuple(
            SealedColumn(
                name=column,
                envelope=field.written_as,
                required=field.required,
                plaintext=field.plaintext,
            )
            for column, field in credential.columns.items()
        ),
        metadata=tuple(credential.metadata.items()),
    )


def where(credential: Credential) -> Filter | None:
    """Which rows are meant; None for all of them."""
    made = None if credential.where is None else parse_filter(credential.where)
    return None if isinstance(made, Slip) else made


def recipe_of(key: Recipe) -> Recipe:
    """How a key is made of its text, without what else the spec says of it."""
    return Recipe(**{field: getattr(key, field) for field in Recipe.__struct_fields__})


def suspects(spec: Spec, credential: Credential) -> tuple[str, ...]:
    """Variables with other keys, which may have sealed rows by mistake."""
    if credential.suspects is not None:
        return credential.suspects
    keys = spec.entries(Key)
    own: Key = keys[credential.key].declared
    others = (
        variable
        for name, entry in keys.items()
        if name != credential.key and entry.declared.cipher in NEEDS
        for variable in entry.declared.variables
    )
    return tuple(dict.fromkeys(name for name in others if name not in own.variables))
