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

from assay.crypto.examination import Columnless
from assay.facts import Facts, Query, Unobservable, Unobserved
from assay.kind import Check, CheckId, Kind, NotApplicable
from assay.kinds import reaching
from assay.kinds.credential.examining import examination
from assay.kinds.credential.lint import lint
from assay.kinds.credential.rules import rule
from assay.kinds.credential.spec import Credential, credential_shape, parse_credential
from assay.kinds.credential.words import columnless, violations
from assay.kinds.key.spec import Key
from assay.kinds.table.spec import Table
from assay.words import either

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.examination import Census, Examination
    from assay.model import Violation
    from assay.spec.document import Spec


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What one check of this kind holds."""

    name: str
    credential: Credential
    environment: str
    spec: Spec
    examination: Examination

    @property
    def table(self) -> Table:
        """The table that holds them."""
        found: Table = self.spec.entries(Table)[self.credential.table].declared
        return found


def checks(spec: Spec, environment: str) -> Iterator[Check[Stored]]:
    """One check for each credential."""
    for name, entry in spec.entries(Credential).items():
        credential: Credential = entry.declared
        key: Key = spec.entries(Key)[credential.key].declared
        variable = spec.variables[key.variable].declared.variable
        yield Check(
            kind=KIND,
            subject=name,
            environment=environment,
            model=Stored(
                name=name,
                credential=credential,
                environment=environment,
                spec=spec,
                examination=examination(spec, environment, name),
            ),
            location=entry.location,
            group=credential.group or key.group or variable.group,
            also=(credential.table, credential.key, *key.variables),
            requires=(
                CheckId("table", environment, credential.table),
                CheckId("variable", environment, key.variable),
                CheckId("key", environment, credential.key),
            ),
        )


def first(model: Stored) -> Iterator[Query[Any]]:
    """The values that say whether the rows are looked at."""
    name, database = reaching.database_of(model.spec, model.table.database)
    del name
    whens = (model.table.when, model.credential.when)
    yield from reaching.asked(model.spec, model.environment, database, *whens)


def applies(model: Stored, facts: Facts) -> None:
    """Whether the rows are looked at in the environment."""
    spec, environment = model.spec, model.environment
    belongs = model.table.only_in
    if belongs and environment not in belongs:
        raise NotApplicable(f"its table belongs only in {either(belongs)}")
    reaching.ensure(spec, environment, model.examination.database, facts)
    of = f" of the table {model.credential.table}"
    reaching.fulfilled(model.table.when, spec, environment, facts, of)
    reaching.fulfilled(model.credential.when, spec, environment, facts)


def needs(model: Stored) -> Iterator[Query[Any]]:
    """What the rows come to."""
    yield model.examination


def evaluate(model: Stored, facts: Facts) -> Iterator[Violation]:
    """Why rows don't open, or don't hold what they should; and what could not be seen of them."""
    try:
        census = facts[model.examination]
    except Unobserved as gap:
        if isinstance(gap.fact, Columnless):
            yield from columnless(model.name, gap.fact, model.examination, model.spec)
            return
        raise
    yield from violations(model.name, census, model.examination, model.spec)
    missing = unobserved(census)
    if missing is not None:
        raise Unobserved(missing)


def definitions() -> dict[str, Any]:
    """What the schema says once of envelopes."""
    from assay.kinds.envelopes import envelope_shape

    return {"envelope": envelope_shape()}


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
    if isinstance(census.hidden, Unobservable):
        reason = (
            f"no rows are visible, and whether some are hidden is unknown: {census.hidden.reason}"
        )
        return Unobservable(reason=reason, remedy=remedy)
    return Unobservable(
        reason="no rows are visible to this role, because row level security may hide them",
        remedy=remedy,
    )


KIND: Kind[Stored] = Kind(
    name="credential",
    section=Credential.section,
    rules=rule.made,
    doc=__doc__ or "",
    live=True,
    fields=Credential,
    parse=parse_credential,
    shape=credential_shape,
    definitions=definitions,
    lint=lint,
    checks=checks,
    first=first,
    applies=applies,
    needs=needs,
    evaluate=evaluate,
)
