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
from assay.kind import Check, CheckId, Entry, Flaw, Kind, Subject, source_checks
from assay.kinds import conditions, reaching
from assay.kinds.database import rules
from assay.kinds.database.spec import Database, parse_database
from assay.kinds.fields import filled
from assay.kinds.flaws import bad, unknown
from assay.kinds.sql_words import quoted
from assay.net.hosts import pin_problem
from assay.spec.structs import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.document_kind import Parameters
    from assay.model import Violation
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
            filled(
                ToldDatabase,
                entry.declared,
                name=name,
                label=entry.declared.reached_by.label,
                variables=tuple(entry.declared.reached_by.variables),
            )
            for name, entry in spec.entries(Database).items()
            if parameters.chooses(name, entry.declared.group)
        ]
    }


def prepare(spec: Spec, parameters: Parameters) -> Iterator[str]:
    """The statements that make the extensions."""
    for database in tell(spec, parameters)["databases"]:
        for name in database.extensions:
            yield f"create extension if not exists {quoted(name)};"


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


def checks(spec: Spec, environment: str) -> Iterator[Check[Subject[Database]]]:
    """One check for each database."""
    sources = source_checks(spec, environment)
    for entry in spec.entries(Database).values():
        variables = entry.declared.reached_by.variables
        checked = (CheckId("variable", environment, variable) for variable in variables)
        yield entry.check(
            KIND,
            spec,
            environment,
            group=entry.declared.group,
            also=variables,
            requires=(*sources, *checked),
        )


def _structures(model: Subject[Database]) -> Iterator[StructureOf]:
    """What its extensions and its tables ask, by schema; its own schema comes first."""
    asked = reaching.structures(model.spec, model.environment)
    own = [query for (of, _), query in sorted(asked.items()) if of == model.name]
    if model.declared.extensions and not (own and not own[0].schema):
        yield StructureOf(model.environment, model.name)
    yield from own


def first(model: Subject[Database]) -> Iterator[Query[Any]]:
    """The values that say where it is, and whether it is looked at."""
    return reaching.asked(model.spec, model.environment, model.declared)


def applies(model: Subject[Database], facts: Facts) -> None:
    """Whether it is looked at in the environment."""
    reaching.ensure(model.spec, model.environment, model.name, facts)


def needs(model: Subject[Database]) -> Iterator[Query[Any]]:
    """Whether it answers, and what it holds: that it may not be read is reported here, once."""
    yield ConnectionOf(model.environment, model.name)
    yield from _structures(model)


def evaluate(model: Subject[Database], facts: Facts) -> Iterator[Violation]:
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
    model: Subject[Database], answer: Connected, facts: Facts
) -> Iterator[Violation | Unobservable]:
    wanted = model.declared.role
    if wanted and not answer.role:
        remedy = f"Remove `role` from {model.name}."
        yield Unobservable(reason="it does not show which role assay has there", remedy=remedy)
    elif wanted and answer.role != wanted:
        values = {"role": answer.role, "expected": wanted}
        yield refusal(model, DatabaseRefusal(code=rules.WRONG_ROLE.code, values=values), facts)
    if answer.powers and model.spec.environments[model.environment].live:
        yield rules.SUPERUSER.violated(
            database=model.name,
            role=answer.role,
            powers=answer.powers,
            variable=next(iter(model.declared.reached_by.variables), "the spec"),
        )
    extensions = bool(model.declared.extensions)
    for number, query in enumerate(_structures(model)):
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


def _extensions(
    model: Subject[Database], structure: Structure
) -> Iterator[Violation | Unobservable]:
    if isinstance(structure.extensions, Unobservable):
        yield structure.extensions
        return
    for index, extension in enumerate(model.declared.extensions):
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


def refusal(model: Subject[Database], refused: DatabaseRefusal, facts: Facts) -> Violation:
    """What is wrong, of the answer of a backend; it points at the variable that is to blame."""
    rule = rules.BY_CODE.get(refused.code)
    given = dict(refused.values)
    if rule is None:
        rule, given = rules.FAILED, {"state": refused.reason, **given}
    variables = model.declared.reached_by.variables
    # the fault is about the key, or about the URL
    variable = "" if not variables else variables[-1 if rule.code in ABOUT_KEYS else 0]
    values: dict[str, str] = {
        **rules.UNSAID,
        "expected": model.declared.role,
        "schema": model.declared.schema or rules.UNSAID["schema"],
        **{key: text for key, text in given.items() if text},
        "database": model.name,
        "environment": model.environment,
        "variable": variable or "the spec",
        "key": next(reversed(variables), "the spec"),
    }
    values["within"] = given.get("schema") or model.declared.schema or "public"
    backend = backend_name(model.declared)
    case = next((name for name in rule.messages if given.get(name) or name == backend), "")
    violation = rule.violated(case=case).with_values(**values)
    violation = violation.advised(given.get("cause", "")).advised(backend)
    if variable and rule.code in ABOUT_VALUES:
        setting = facts[Value(model.environment, variable)]
        return msgspec.structs.replace(violation, at=setting.location, holder=variable)
    return violation


def backend_name(database: Database) -> str:
    """The backend as a spec names it: `sql`, `sqlite`, `supabase`."""
    return type(database.reached_by).__name__.lower()


def lint(entry: Entry[Database], spec: Spec) -> Iterator[Flaw]:
    """Variables that nothing declares, and what the backend does not know."""
    database: Database = entry.declared
    backend = backend_name(database)
    for field in msgspec.structs.fields(database.reached_by):
        name = getattr(database.reached_by, field.name)
        if name in database.reached_by.variables and name not in spec.broken:
            expected = "a variable that the spec declares"
            yield from unknown((backend, field.encode_name), name, spec.variables, expected)
    if database.when is not None:
        yield from conditions.flaws(("when",), database.when, spec)
    if database.reach("").seconds > LONGEST:
        yield bad(
            ("within",), "within", "it is longer than ten minutes", "Write `within: 10m` or less."
        )
    for index, host in enumerate(database.hosts):
        if problem := pin_problem(host):
            step = "Write the name of a host, such as `db.example.com` or `'*.example.com'`."
            yield bad(("hosts", index), "hosts", problem, step)
    if backend == "sqlite":
        yield from _not_of_files(database)


def _not_of_files(database: Database) -> Iterator[Flaw]:
    """What a SQLite file does not have."""
    if database.schema not in ("", "main"):
        yield bad(("schema",), "schema", "a SQLite file has only one schema, called main")
    for field, why in _NOT_OF_FILES.items():
        if getattr(database, field):
            yield bad((field,), field, why, step=f"Remove `{field}`.")


_NOT_OF_FILES = {
    "role": "SQLite has no roles",
    "extensions": "a SQLite file has no extensions",
    "hosts": "a SQLite file has no host",
}


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


KIND: Kind[Subject[Database]] = Kind(
    name="database",
    section=Database.section,
    rules=rules.rule.made,
    doc=__doc__ or "",
    live=True,
    fields=Database,
    parse=parse_database,
    shape=shape,
    tell=tell,
    prepare=prepare,
    lint=lint,
    checks=checks,
    first=first,
    applies=applies,
    needs=needs,
    evaluate=evaluate,
)
