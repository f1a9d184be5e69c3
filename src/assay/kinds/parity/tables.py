"""Tables agree between environments: what a `tables` of an entry of `parity` asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.facts import Facts, Query, Unobservable, Unobserved
from assay.kind import CheckId, NotApplicable
from assay.kinds import reaching
from assay.kinds.database.spec import Database
from assay.kinds.parity.table_words import untold, violations
from assay.model import Severity
from assay.schema_diff.comparing import Line, Side, lines
from assay.schema_diff.outline import Outline, outline_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.comparison import Pepper
    from assay.databases.model import StructureOf
    from assay.kinds.parity.spec import TableScope
    from assay.model import Violation
    from assay.spec.document import Spec


class ComparedTables(msgspec.Struct, frozen=True, kw_only=True):
    """What one check of the tables of a database holds."""

    scope: TableScope
    database: str
    spec: Spec
    pepper: Pepper

    @property
    def subject(self) -> str:
        """What the check is about, in words."""
        return f"tables of {self.database}"

    @property
    def requires(self) -> Iterator[CheckId]:
        """The checks of the database and of its sources in each environment."""
        for environment in self.scope.environments:
            yield from reaching.required(self.spec, environment, self.database)

    @property
    def declared(self) -> Database:
        """The database."""
        found: Database = self.spec.entries(Database)[self.database].declared
        return found


def compared(spec: Spec, scope: TableScope, pepper: Pepper) -> Iterator[ComparedTables]:
    """What is to be compared for a scope: the tables of each database.

    If a condition decides whether a database is there, each pair of environments is a check of
    its own, so that none is contacted in vain.
    """
    for name, entry in spec.entries(Database).items():
        whole = entry.declared.when is None
        for pairs in [scope.pairs] if whole else [(pair,) for pair in scope.pairs]:
            chosen = tuple(e for e in scope.environments if any(e in pair for pair in pairs))
            part = msgspec.structs.replace(scope, environments=chosen, pairs=pairs)
            yield ComparedTables(scope=part, database=name, spec=spec, pepper=pepper)


def first(model: ComparedTables) -> Iterator[Query[Any]]:
    """The values that decide whether a database is looked at."""
    for environment in model.scope.environments:
        yield from reaching.asked(model.spec, environment, model.declared)


def applies(model: ComparedTables, facts: Facts) -> None:
    """Nothing if two environments at least have the database.

    Raises:
        NotApplicable: they have not.
        Unobserved: that is unknown.

    """
    if len(_there(model, facts)) < 2:
        raise NotApplicable(f"fewer than two of the environments use {model.database}")


def _there(model: ComparedTables, facts: Facts) -> list[str]:
    there = []
    for environment in model.scope.environments:
        try:
            reaching.ensure(model.spec, environment, model.database, facts)
        except NotApplicable:
            continue
        there.append(environment)
    return there


def query(model: ComparedTables, environment: str) -> StructureOf:
    """The question what the database holds."""
    return reaching.structure_query(model.spec, environment, model.database)


def needs(model: ComparedTables) -> Iterator[Query[Any]]:
    """What the database holds in each environment."""
    for environment in model.scope.environments:
        yield query(model, environment)


def evaluate(model: ComparedTables, facts: Facts) -> Iterator[Violation]:
    """What differs, then what can't be reported."""
    sides = [_side(model, environment, facts) for environment in _there(model, facts)]

    parity = model.scope.parity

    def wanted(line: Line) -> bool:
        return line.agrees is not True and line.asked_by(parity.of_table(line.table))

    found = list(lines(sides, model.scope.pairs, wanted=wanted))
    for violation in violations(found, sides, model.database):
        yield msgspec.structs.replace(violation, severity=Severity(parity.severity))
    if any(line.unknown for line in found):
        raise Unobserved(untold(found), partly=True)


def _side(model: ComparedTables, environment: str, facts: Facts) -> Side:
    outline: Outline | Unobservable
    try:
        outline = outline_of(facts[query(model, environment)], model.pepper.expression)
    except Unobserved as gap:
        outline = gap.fact
    return Side(label=environment, outline=outline, pepper=model.pepper.name)
