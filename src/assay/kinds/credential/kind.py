"""Stored credentials can be decrypted with their key, and contain what they should.

The rows of a table are read in pages and decrypted in memory; their content is never shown, kept
or written. assay explains why rows can't be decrypted: by the key and every way to read it, by how
the ciphertext was stored, and by what happened to its bytes. Rows with the same cause share a
finding, which says how sure the cause is and what shows it. The table and the key are checked
first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.crypto.ciphers import NEEDS
from assay.crypto.examination import Columnless, Examination, SealedColumn
from assay.crypto.recipes import Recipe
from assay.facts import Facts, Query, Unobservable, Unobserved
from assay.kind import Check, CheckId, Kind, NotApplicable, Subject
from assay.kinds import reaching
from assay.kinds.credential import rules
from assay.kinds.credential.filters import Slip, parse_filter
from assay.kinds.credential.lint import lint
from assay.kinds.credential.rules import NO_ROWS
from assay.kinds.credential.spec import Credential, credential_shape, parse_credential
from assay.kinds.credential.words import columnless, violations
from assay.kinds.envelopes import envelope_shape
from assay.kinds.key.spec import Key
from assay.kinds.reaching import database_of
from assay.kinds.table.spec import Table
from assay.words import either

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.examination import Census
    from assay.databases.model import Filter
    from assay.model import Violation
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
                required=field.required or column in credential.required,
                plaintext=field.plaintext,
            )
            for column, field in credential.columns.items()
        ),
        metadata=tuple(credential.metadata.items()),
        required=tuple(name for name in credential.metadata if name in credential.required),
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


def checks(spec: Spec, environment: str) -> Iterator[Check[Subject[Credential]]]:
    """One check for each credential."""
    for entry in spec.entries(Credential).values():
        credential = entry.declared
        key = spec.entries(Key)[credential.key].declared
        variable = spec.variables[key.variable].declared.variable
        yield entry.check(
            KIND,
            spec,
            environment,
            group=credential.group or key.group or variable.group,
            also=(credential.table, credential.key, *key.variables),
            requires=(
                CheckId("table", environment, credential.table),
                CheckId("variable", environment, key.variable),
                CheckId("key", environment, credential.key),
            ),
        )


def _asked(model: Subject[Credential]) -> Examination:
    return examination(model.spec, model.environment, model.name)


def first(model: Subject[Credential]) -> Iterator[Query[Any]]:
    """The values that say whether the rows are looked at."""
    table = model.spec.entries(Table)[model.declared.table].declared
    _, database = reaching.database_of(model.spec, table.database)
    return reaching.asked(model.spec, model.environment, database, table.when, model.declared.when)


def applies(model: Subject[Credential], facts: Facts) -> None:
    """Whether the rows are looked at in the environment."""
    spec, environment, name = model.spec, model.environment, model.declared.table
    table = spec.entries(Table)[name].declared
    if table.only_in and environment not in table.only_in:
        raise NotApplicable(f"its table belongs only in {either(table.only_in)}")
    reaching.ensure(spec, environment, table.database, facts)
    reaching.fulfilled(table.when, spec, environment, facts, f" of the table {name}")
    reaching.fulfilled(model.declared.when, spec, environment, facts)


def evaluate(model: Subject[Credential], facts: Facts) -> Iterator[Violation]:
    """Why rows don't open, or don't hold what they should; and what could not be seen of them."""
    asked = _asked(model)
    try:
        census = facts[asked]
    except Unobserved as gap:
        if isinstance(gap.fact, Columnless):
            yield from columnless(model.name, gap.fact, asked, model.spec)
            return
        raise
    yield from violations(model.name, census, asked, model.spec)
    missing = unobserved(census)
    if missing is not None:
        raise Unobserved(missing)
    condition = model.declared.where
    if not census.rows and condition is not None and not model.declared.allow_empty:
        violation = NO_ROWS.violated(
            table=asked.table, name=model.name, condition=" ".join(condition.split())
        )
        place = model.spec.location(Credential.section, model.name, "where")
        yield msgspec.structs.replace(violation, declared=place)


def unobserved(census: Census) -> Unobservable | None:
    """What keeps the census from being the whole truth."""
    if census.partial:
        return Unobservable(
            reason=f"{census.partial}; only the first {census.rows:,} rows were examined",
            remedy="Check again; `within` of the database gives it more time.",
        )
    if census.rows or census.hidden is False:
        return None
    remedy = (
        "Make assay connect as a role that sees all rows: one with BYPASSRLS, or the service_role "
        "key; or give its role a policy to select them."
    )
    reason = "no rows are visible to this role, because row level security may hide them"
    if isinstance(census.hidden, Unobservable):
        reason = "no rows are visible, and whether some are hidden is unknown: "
        reason += census.hidden.reason
    return Unobservable(reason=reason, remedy=remedy)


KIND: Kind[Subject[Credential]] = Kind(
    name="credential",
    section=Credential.section,
    rules=rules.MADE,
    doc=__doc__ or "",
    live=True,
    fields=Credential,
    parse=parse_credential,
    shape=credential_shape,
    definitions=lambda: {"envelope": envelope_shape()},
    lint=lint,
    checks=checks,
    first=first,
    applies=applies,
    needs=lambda model: (_asked(model),),
    evaluate=evaluate,
)
