"""A database answers, as the expected role, and has the required extensions.

Variables say how to reach it, and are checked first. Each way in which a connection fails is a
rule of its own; if a database does not answer, its tables are skipped. Nothing is ever written:
assay uses only read-only transactions or GET requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.databases import BACKENDS
from assay.databases.model import (
    Connected,
    ConnectionOf,
    DatabaseRefusal,
    Structure,
    StructureOf,
    Unreadable,
)
from assay.facts import Facts, Query, Unobservable, Unobserved, Value
from assay.kind import Check, CheckId, Entry, Flaw, Kind, deferred, source_checks
from assay.kinds import conditions, reaching
from assay.kinds.database import rules
from assay.kinds.database.spec import Database, parse_database
from assay.kinds.flaws import bad, unknown
from assay.kinds.sql_words import quoted
from assay.model import Violation
from assay.net.hosts import pin_problem
from assay.spec.structs import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.model import Violation
    from assay.spec.document import Spec

LONGEST = 600.0
"""Seconds that `within` may be: what takes longer answers nobody."""
ABOUT_KEYS = frozenset(("database-key-rejected", "database-wrong-project", "database-wrong-role"))
ABOUT_VALUES = ABOUT_KEYS | {
    "database-host-not-listed",
    "database-key-unencrypted",
    "database-name-not-resolved",
    "database-not-found",
    "database-url-invalid",
    "database-wrong-password",
}
"""Codes that the value of a variable is to blame for, most likely."""


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """What one check of this kind holds."""

    name: str
    database: Database
    environment: str
    spec: Spec
    structures: tuple[StructureOf, ...] = ()
    """What is asked about its tables, by schema; its own schema comes first."""


def checks(spec: Spec, environment: str) -> Iterator[Check[Reached]]:
    """One check for each database."""
    asked = reaching.structures(spec, environment)
    for name, entry in spec.entries(Database).items():
        database: Database = entry.declared
        variables = database.reached_by.variables
        yield Check(
            kind=KIND,
            subject=name,
            environment=environment,
            model=Reached(
                name=name,
                database=database,
                environment=environment,
                spec=spec,
                structures=tuple(_structures(name, database, environment, asked)),
            ),
            location=entry.location,
            group=database.group,
            also=variables,
            requires=(
                *source_checks(spec, environment),
                *(CheckId("variable", environment, variable) for variable in variables),
            ),
        )


def _structures(
    name: str,
    database: Database,
    environment: str,
    asked: Mapping[tuple[str, str], StructureOf],
) -> Iterator[StructureOf]:
    """What the tables of a database ask, and what its extensions do."""
    own = [query for (of, _), query in sorted(asked.items()) if of == name]
    if database.extensions and not (own and not own[0].schema):
        yield StructureOf(environment, name)
    yield from own


def first(model: Reached) -> Iterator[Query[Any]]:
    """The values that say where it is, and whether it is looked at."""
    yield from reaching.asked(model.spec, model.environment, model.database)


def applies(model: Reached, facts: Facts) -> None:
    """Whether it is looked at in the environment."""
    reaching.ensure(model.spec, model.environment, model.name, facts)


def needs(model: Reached) -> Iterator[Query[Any]]:
    """Whether it answers, and what it holds: that it may not be read is reported here, once."""
    yield ConnectionOf(model.environment, model.name)
    yield from model.structures


def evaluate(model: Reached, facts: Facts) -> Iterator[Violation]:
    """Why it can't be used, or what is not as expected of the connection."""
    answer = facts[ConnectionOf(model.environment, model.name)]
    if isinstance(answer, DatabaseRefusal):
        yield refusal(model, answer, facts)
        return
    gaps: list[Unobservable] = []
    for verdict in _verdicts(model, answer, facts):
        if isinstance(verdict, Unobservable):
            gaps.append(verdict)
        else:
            yield verdict
    if gaps:  # its tables may be judged all the same
        raise Unobserved(gaps[0], partly=True)


def _verdicts(
    model: Reached, answer: Connected, facts: Facts
) -> Iterator[Violation | Unobservable]:
    wanted = model.database.role
    if wanted and not answer.role:
        remedy = f"Remove `role` from {model.name}, or reach it by `sql`."
        yield Unobservable(reason="it does not show which role assay has there", remedy=remedy)
    elif wanted and answer.role != wanted:
        values = {"role": answer.role, "expected": wanted}
        yield refusal(model, DatabaseRefusal(code=rules.WRONG_ROLE.code, values=values), facts)
    if answer.powers and model.spec.environments[model.environment].live:
        yield rules.SUPERUSER.violated(
            database=model.name,
            role=answer.role,
            powers=answer.powers,
            variable=next(iter(model.database.reached_by.variables), "the spec"),
        )
    extensions = bool(model.database.extensions)
    for number, query in enumerate(model.structures):
        try:
            structure = facts[query]
        except Unobserved as gap:
            if isinstance(gap.fact, Unreadable):  # the tables in it say nothing of it
                violation = refusal(model, gap.fact.refused, facts)
                subject = f"{model.name}.{query.schema}" if query.schema else ""
                yield msgspec.structs.replace(violation, subject=subject)
            elif extensions and number == 0:
                yield gap.fact
        else:
            if extensions and number == 0:
                yield from _extensions(model, structure)


def _extensions(model: Reached, structure: Structure) -> Iterator[Violation | Unobservable]:
    if isinstance(structure.extensions, Unobservable):
        yield structure.extensions
        return
    for index, extension in enumerate(model.database.extensions):
        if extension in structure.extensions:
            continue
        violation = rules.EXTENSION_MISSING.violated(
            database=model.name, extension=extension, quoted=quoted(extension)
        )
        yield msgspec.structs.replace(
            violation,
            subject=f"{model.name}.{extension}",
            declared=model.spec.location(Database.section, model.name, "extensions", index),
        )


def refusal(model: Reached, refused: DatabaseRefusal, facts: Facts) -> Violation:
    """What is wrong, of the answer of a backend; it points at the variable that is to blame."""
    rule = rules.BY_CODE.get(refused.code)
    given = dict(refused.values)
    if rule is None:
        rule, given = rules.FAILED, {"state": refused.reason, **given}
    variable = _blamed(model.database, rule.code)
    values: dict[str, str] = {
        **rules.UNSAID,
        "expected": model.database.role,
        "schema": model.database.schema or rules.UNSAID["schema"],
        **{key: text for key, text in given.items() if text},
        "database": model.name,
        "environment": model.environment,
        "variable": variable or "the spec",
        "key": next(reversed(model.database.reached_by.variables), "the spec"),
    }
    values["within"] = given.get("schema") or model.database.schema or "public"
    backend = backend_name(model.database)
    case = next((name for name in rule.messages if given.get(name) or name == backend), "")
    violation = rule.violated(case=case).with_values(**values)
    violation = violation.advised(given.get("cause", "")).advised(backend)
    if variable and rule.code in ABOUT_VALUES:
        setting = facts[Value(model.environment, variable)]
        return msgspec.structs.replace(violation, at=setting.location, holder=variable)
    return violation


def _blamed(database: Database, code: str) -> str:
    """The variable that a fault is about: that of the key, or that of the URL."""
    variables = database.reached_by.variables
    if not variables:
        return ""
    return variables[-1] if code in ABOUT_KEYS else variables[0]


def backend_name(database: Database) -> str:
    """The backend as a spec names it: `sql`, `sqlite`, `supabase`."""
    return type(database.reached_by).__name__.lower()


def lint(entry: Entry[Database], spec: Spec) -> Iterator[Flaw]:
    """Variables that nothing declares, and what the backend does not know."""
    database: Database = entry.declared
    backend = backend_name(database)
    for field, name in _variable_fields(database):
        if name not in spec.broken:
            expected = "a variable that the spec declares"
            yield from unknown((backend, field), name, spec.variables, expected)
    if database.when is not None:
        yield from conditions.flaws(("when",), database.when, spec)
    if database.reach("").seconds > LONGEST:
        yield bad(("within",), "within", "it is longer than ten minutes")
    for index, host in enumerate(database.hosts):
        if problem := pin_problem(host):
            yield bad(("hosts", index), "hosts", problem)
    if backend == "sqlite":
        yield from _not_of_files(database)


def _not_of_files(database: Database) -> Iterator[Flaw]:
    """What a SQLite file does not have."""
    if database.schema not in ("", "main"):
        yield bad(("schema",), "schema", "a SQLite file has only one schema, called main")
    for field, why in _NOT_OF_FILES.items():
        if getattr(database, field):
            yield bad((field,), field, why)


_NOT_OF_FILES = {
    "role": "SQLite has no roles",
    "extensions": "a SQLite file has no extensions",
    "hosts": "a SQLite file has no host",
}


def _variable_fields(database: Database) -> Iterator[tuple[str, str]]:
    """Each field of the backend that names a variable, and the name."""
    backend = database.reached_by
    for field in msgspec.structs.fields(backend):
        value = getattr(backend, field.name)
        if isinstance(value, str) and value in backend.variables:
            yield field.encode_name, value


def shape() -> dict[str, Any]:
    """The schema of a database, with a field for each backend, of which exactly one stands."""
    shape = shape_of(Database)
    backends = {
        name: {"title": f"database {name}", **shape_of(BACKENDS[name])} for name in BACKENDS
    }
    rest = {name: field for name, field in shape["properties"].items() if name != "backend"}
    shape["properties"] = {**backends, **rest}
    shape["oneOf"] = [{"required": [name]} for name in BACKENDS]
    return {"title": "database", **shape}


KIND: Kind[Reached] = Kind(
    name="database",
    section=Database.section,
    rules=rules.rule.made,
    doc=__doc__ or "",
    live=True,
    fields=Database,
    parse=parse_database,
    shape=shape,
    tell=deferred("assay.kinds.database.telling:tell"),
    prepare=deferred("assay.kinds.database.telling:prepare"),
    lint=lint,
    checks=checks,
    first=first,
    applies=applies,
    needs=needs,
    evaluate=evaluate,
)
