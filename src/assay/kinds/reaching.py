"""Whether a database is looked at in an environment: shared by the kinds that look into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.databases.model import Asked, StructureOf
from assay.facts import Facts, Query, State, Unobservable, Unobserved, Value
from assay.kind import CheckId, NotApplicable, source_checks
from assay.kinds import conditions
from assay.kinds.database.spec import Database
from assay.kinds.table.spec import Table
from assay.schema_diff.outline import Outline, outline_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from assay.comparison import Pepper
    from assay.spec.document import Spec

    Observe = Callable[[Sequence[Query[Any]]], Mapping[Query[Any], object]]


def database_of(spec: Spec, name: str) -> tuple[str, Database]:
    """The database called `name`, or the only one where the name is empty; lint has seen to it."""
    entries = spec.entries(Database)
    chosen = name or next(iter(entries))
    found: Database = entries[chosen].declared
    return chosen, found


def required(spec: Spec, environment: str, name: str) -> tuple[CheckId, ...]:
    """The checks without which nothing is known of a database's content."""
    return (*source_checks(spec, environment), CheckId("database", environment, name))


def asked(
    spec: Spec, environment: str, database: Database, *whens: str | None
) -> Iterator[Query[Any]]:
    """The values that decide whether a database is looked at, and those of further conditions."""
    names = list(database.reached_by.variables)
    for when in (database.when, *whens):
        names += () if when is None else conditions.accepted(when, spec).names
    for name in dict.fromkeys(names):
        yield Value(environment, name)


def ensure(spec: Spec, environment: str, name: str, facts: Facts) -> None:
    """Raises `NotApplicable` or `Unobserved` if a database is not looked at, or nobody knows."""
    name, database = database_of(spec, name)
    fulfilled(database.when, spec, environment, facts, of=f" of the database {name}")
    for variable in database.reached_by.variables:
        setting = facts[Value(environment, variable)]
        if setting.state in (State.MISSING, State.EMPTY):
            words = "empty" if setting.state is State.EMPTY else "not set"
            raise NotApplicable(f"{variable} is {words}")
        if setting.text is None:
            raise Unobserved(conditions.unreadable(setting))


def structures(spec: Spec, environment: str) -> Mapping[tuple[str, str], StructureOf]:
    """The one question for each database and schema with tables; it asks for all of them."""
    wanted = spec.once(_wanted)
    return {about: StructureOf(environment, *about, wanted[about]) for about in wanted}


def _wanted(spec: Spec) -> Mapping[tuple[str, str], tuple[Asked, ...]]:
    wanted: dict[tuple[str, str], list[Asked]] = {}
    for name, entry in spec.entries(Table).items():
        table = entry.declared
        asked = Asked(
            table=table.name or name, columns=tuple(table.columns), select="select" in table.may
        )
        database, declared = database_of(spec, table.database)
        wanted.setdefault((database, schema_of(table, declared)), []).append(asked)
    return {about: tuple(asked) for about, asked in wanted.items()}


def schema_of(table: Table, database: Database) -> str:
    """Empty for the schema of the database itself, so that it is asked about once."""
    return "" if table.schema == database.schema else table.schema


def fulfilled(when: str | None, spec: Spec, environment: str, facts: Facts, of: str = "") -> None:
    """Raises `NotApplicable` or `Unobserved` if a condition is neither true nor missing."""
    if when is not None and conditions.holds(when, spec, environment, facts) is not True:
        line = " ".join(when.split())
        raise NotApplicable(f"the condition `when: {line}`{of} is false here")


def structure_query(spec: Spec, environment: str, name: str) -> StructureOf:
    """What the schema of a database holds: the question that its tables ask too, if any do."""
    same = structures(spec, environment).get((name, ""))
    return same or StructureOf(environment, name)


def live_databases(
    spec: Spec, environments: Iterable[str], observe: Observe, pepper: Pepper
) -> dict[str, dict[str, Outline | Unobservable]]:
    """By environment and name the outlines of its databases, or why one can't be made.

    Those whose condition is false there are left out, and not contacted.
    """
    databases = spec.entries(Database).items()
    pairs = [
        (environment, name, d.declared) for environment in environments for name, d in databases
    ]
    facts = Facts(observe([q for e, _, database in pairs for q in asked(spec, e, database)]))
    found: dict[str, dict[str, Outline | Unobservable]] = {e: {} for e, _, _ in pairs}
    queries = {}
    for environment, name, database in pairs:
        try:
            fulfilled(database.when, spec, environment, facts)
        except NotApplicable:
            continue
        except Unobserved as gap:
            found[environment][name] = gap.fact
        else:
            queries[environment, name] = structure_query(spec, environment, name)
    answers = observe(list(queries.values())) if queries else {}
    for (environment, name), query in queries.items():
        answer: Any = answers[query]
        told = isinstance(answer, Unobservable)
        found[environment][name] = answer if told else outline_of(answer, pepper.expression)
    return found
