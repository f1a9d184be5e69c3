"""Databases: each way to refuse is a rule of its own, told once, and only where it is looked at."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.kinds.live import POSTGRES, World, about, failures, judged

import assay
from assay.databases.model import (
    Connected,
    ConnectionOf,
    DatabaseRefusal,
    FoundTable,
    Structure,
    StructureOf,
    Unreadable,
)
from assay.facts import State, Unobservable
from assay.kinds.database.rules import BY_CODE
from assay.model import Outcome, Report

URL = "postgresql://app:hunter2hunter2@db.example.com/app"
KEY = "sb_secret_v8Qm2Zt7Lw4Rk9Xc1Ny6Pd_Hb5Jf3Ga"
VALUES = {"DATABASE_URL": URL, "SUPABASE_URL": "https://abc.supabase.co", "SUPABASE_KEY": KEY}
BACKENDS = {
    "sql": "sql: {url: DATABASE_URL}",
    "sqlite": "sqlite: {path: var/app.db}",
    "supabase": "supabase: {url: SUPABASE_URL, key: SUPABASE_KEY}",
}
SPEC = """\
variables:
  DATABASE_URL: {{type: postgres, required: false}}
  SUPABASE_URL: {{type: url, required: false}}
  SUPABASE_KEY: {{secret: true, required: false}}
databases:
  main: {{{backend}{more}}}
tables:
  tenants: {{columns: {{id: uuid}}}}
"""
GIVEN = {
    "exposed": "public, graphql_public",
    "host": "db.example.com:5432",
    "library": "psycopg",
    "listed": "*.supabase.co",
    "command": "pip install 'assay[postgres]'",
    "name": "billing",
    "other": "xyzxyz",
    "reason": "it is damaged",
    "ref": "abcabc",
    "role": "app",
    "schema": "billing",
    "seconds": "10",
    "state": "XX000",
    "status": "502",
    "table": "tenants",
    "what": "the tables of public",
}
"""All values that a backend gives, whatever the code."""
TEXTS = Path(__file__).with_name("database_refusals.txt")


def spec(backend: str = "sql", more: str = "") -> str:
    return SPEC.format(backend=BACKENDS[backend], more=more)


def refused(code: str, backend: str = "sql", **given: str) -> Report:
    more = "" if backend == "sqlite" else ", role: service_role"
    world = World(connected=DatabaseRefusal(code=code, values=given), values=VALUES)
    return judged(spec(backend, more), world)


def holding(**structure: object) -> dict[str, Structure]:
    made: dict[str, object] = {"tables": {"tenants": FoundTable(name="tenants")}, **structure}
    return {"": Structure(dialect="postgresql", schema="public", **made)}  # type: ignore[arg-type]


def test_what_is_said_of_each_refusal_by_each_way_to_reach_a_database():
    """`ASSAY_UPDATE_CASES=1` writes the texts anew. Read the diff."""
    parts = []
    for code in sorted(BY_CODE):
        said: dict[tuple[str, str], list[str]] = {}
        for backend in ("sql", "sqlite" if "-file-" in code else "supabase"):
            found = about(refused(code, backend, **GIVEN), "main", "database")
            assert found.rule == code
            said.setdefault((found.message, found.remedy), []).append(backend)
        parts.append(f"{code}\n")
        for (message, remedy), backends in said.items():
            parts.append(f"  {', '.join(backends)}:\n    {message}\n    {remedy}\n")
    text = "".join(parts)
    if os.environ.get("ASSAY_UPDATE_CASES"):
        TEXTS.write_text(text, encoding="utf-8")
    assert text == TEXTS.read_text(encoding="utf-8")


def test_every_fault_of_a_database_or_of_the_network_has_a_rule():
    package = Path(assay.__file__).parent
    made = {
        f"database-{code}" if raised == "NetworkFault" else code
        for folder in ("databases", "net")
        for file in (package / folder).rglob("*.py")
        for raised, code in re.findall(
            r'(Trouble|NetworkFault)\(\s*"([a-z-]+)"', file.read_text(encoding="utf-8")
        )
    }
    assert {"database-connection-lost", "database-tls-failed", "database-denied"} <= made
    assert made <= set(BY_CODE)


@pytest.mark.parametrize("code", BY_CODE)
def test_a_refusal_that_tells_nothing_more_is_told_in_whole_sentences(code):
    for backend in BACKENDS:
        found = about(refused(code, backend), "main", "database")
        assert found.rule == code
        for text in (found.message, found.remedy):
            assert not set("{}") & set(text)
            assert "  " not in text
            assert "hunter2" not in text


@pytest.mark.parametrize(
    ("cause", "remedy"),
    [
        ("forbidden", "End DATABASE_URL with `?sslmode=require`: the server"),
        ("none-offered", "Turn TLS on at the server"),
        ("", "End DATABASE_URL with `?sslmode=verify-full&sslrootcert=FILE`"),
    ],
)
def test_what_to_do_about_tls_hangs_on_who_refused_it(cause, remedy):
    found = about(refused("database-tls-failed", cause=cause), "main", "database")
    assert found.remedy.startswith(remedy)


def test_a_code_that_nobody_knows_is_a_failure_all_the_same():
    report = refused("database-on-fire", host="db:1")
    assert failures(report) == [("database-failed", "main")]
    assert "on fire" in about(report, "main", "database").message


def test_a_database_that_refuses_makes_one_failure_and_its_tables_name_it():
    report = refused("database-timed-out", **GIVEN)
    assert failures(report) == [("database-timed-out", "main")]
    skipped = about(report, "tenants")
    assert skipped.outcome is Outcome.SKIP
    assert skipped.cause == about(report, "main", "database").message


@pytest.mark.parametrize(
    ("code", "backend", "variable"),
    [
        ("database-wrong-password", "sql", "DATABASE_URL"),
        ("database-key-rejected", "supabase", "SUPABASE_KEY"),
        ("database-name-not-resolved", "supabase", "SUPABASE_URL"),
    ],
)
def test_what_a_value_is_to_blame_for_points_at_it_without_showing_it(code, backend, variable):
    found = about(refused(code, backend), "main", "database")
    assert found.location is not None
    assert found.location.file == ".env"
    assert (found.sensitive, found.holder) == (True, variable)
    assert variable in found.message + found.remedy


def test_what_the_network_is_to_blame_for_points_at_the_spec():
    found = about(refused("database-connection-refused"), "main", "database")
    assert found.location is not None
    assert found.location.file == "<stdin>"


@pytest.mark.parametrize("when", [", when: \"environment != 'live'\"", ", when: isSet('OTHER')"])
def test_a_database_whose_condition_is_false_is_never_contacted(when):
    world = World(values=VALUES)
    text = spec(more=when).replace("databases:", "  OTHER: {required: false}\ndatabases:")
    report = judged(text, world)
    assert not [q for q in world.asked if isinstance(q, ConnectionOf | StructureOf)]
    assert about(report, "main", "database").outcome is Outcome.SKIP
    assert about(report, "tenants").outcome is Outcome.SKIP
    assert report.exit_code() == 0


@pytest.mark.parametrize(
    ("values", "outcome", "words"),
    [
        ({}, Outcome.SKIP, "DATABASE_URL is not set"),
        ({"DATABASE_URL": State.EMPTY}, Outcome.SKIP, "DATABASE_URL is empty"),
        ({"DATABASE_URL": State.UNREADABLE}, Outcome.SKIP, "can't be read back"),
    ],
)
def test_a_database_whose_variable_has_no_value_is_never_contacted(values, outcome, words):
    world = World(values=values)
    report = judged(spec(), world)
    assert not [q for q in world.asked if isinstance(q, ConnectionOf | StructureOf)]
    for subject, kind in (("main", "database"), ("tenants", "table")):
        found = about(report, subject, kind)
        assert (found.outcome, words in found.message) == (outcome, True)


def test_a_variable_that_is_nobodys_business_here_and_cannot_be_read_is_unknown():
    text = spec().replace("required: false}", "required: false, when: 'false'}", 1)
    report = judged(text, World(values={"DATABASE_URL": State.UNREADABLE}))
    assert about(report, "main", "database").outcome is Outcome.UNKNOWN
    assert about(report, "tenants").outcome is Outcome.SKIP


def test_a_condition_on_what_cannot_be_read_is_unknown():
    text = spec(more=", when: MODE == 'x'").replace("databases:", "  MODE: {}\ndatabases:")
    values = {**VALUES, "MODE": State.DENIED}
    report = judged(text.replace("MODE: {}", "MODE: {required: false}"), World(values=values))
    assert about(report, "main", "database").outcome is Outcome.UNKNOWN
    assert about(report, "tenants").outcome is Outcome.SKIP


def test_another_role_than_expected_is_wrong_and_stops_the_tables():
    report = judged(spec(more=", role: app"), World(holding(), connected=POSTGRES, values=VALUES))
    assert failures(report) == [("database-wrong-role", "main")]
    found = about(report, "main", "database")
    assert "as service_role: expected app" in found.message
    assert about(report, "tenants").outcome is Outcome.SKIP


def test_the_role_that_is_expected_passes():
    report = judged(spec(more=", role: service_role"), World(holding(), values=VALUES))
    assert about(report, "main", "database").outcome is Outcome.PASS


def test_a_role_that_is_not_told_is_unknown_and_the_tables_are_judged():
    world = World(holding(), connected=Connected(dialect="postgrest"), values=VALUES)
    report = judged(spec(more=", role: service_role"), world)
    assert about(report, "main", "database").outcome is Outcome.UNKNOWN
    assert failures(report) == [("column-missing", "tenants.id")]


def test_extensions_are_looked_for_each_by_itself():
    world = World(holding(extensions=("plpgsql", "pgcrypto")), values=VALUES)
    report = judged(spec(more=", extensions: [pgcrypto, vector, uuid-ossp]"), world)
    found = [f for f in report.findings if f.rule == "database-extension-missing"]
    assert [f.subject for f in found] == ["main.vector", "main.uuid-ossp"]
    assert found[1].remedy == 'Run `create extension if not exists "uuid-ossp";` in a migration.'
    assert all(f.location is not None and f.location.line == 9 for f in found)
    assert about(report, "tenants.id").rule == "column-missing"


def test_extensions_that_are_not_told_are_unknown():
    unknown = Unobservable(reason="the data API does not tell them")
    world = World(holding(extensions=unknown), values=VALUES)
    report = judged(spec(more=", extensions: [pgcrypto]"), world)
    found = about(report, "main", "database")
    assert found.outcome is Outcome.UNKNOWN
    assert unknown.reason in found.message
    assert failures(report) == [("column-missing", "tenants.id")]


def test_a_database_without_tables_is_asked_for_its_extensions():
    text = spec(more=", extensions: [pgcrypto]").partition("tables:")[0]
    world = World(holding(extensions=()), values=VALUES)
    assert failures(judged(text, world)) == [("database-extension-missing", "main.pgcrypto")]
    assert [q for q in world.asked if isinstance(q, StructureOf)] == [StructureOf("live", "main")]


def unreadable(code: str) -> Unreadable:
    return Unreadable(
        reason="the tables can't be read", refused=DatabaseRefusal(code=code, values=GIVEN)
    )


def test_tables_that_may_not_be_read_make_one_failure():
    world = World({"": unreadable("database-denied")}, values=VALUES)
    report = judged(spec(more=", extensions: [pgcrypto]") + "  users: {columns: {}}\n", world)
    assert failures(report) == [("database-denied", "main")]
    assert about(report, "users").outcome is Outcome.SKIP


def test_a_further_schema_that_is_not_served_leaves_the_other_tables_alone():
    text = spec() + "  bills: {schema: billing, columns: {id: uuid}}\n"
    world = World(
        {**holding(), "billing": unreadable("database-schema-not-exposed")}, values=VALUES
    )
    report = judged(text, world)
    assert failures(report) == [
        ("database-schema-not-exposed", "main.billing"),
        ("column-missing", "tenants.id"),
    ]
    assert about(report, "bills").outcome is Outcome.SKIP


def test_tables_that_could_not_be_looked_at_are_unknown_each():
    world = World({"": Unobservable(reason="the thread was lost")}, values=VALUES)
    report = judged(spec(more=", extensions: [pgcrypto]"), world)
    assert failures(report) == []
    assert about(report, "main", "database").outcome is Outcome.UNKNOWN
    assert about(report, "tenants").outcome is Outcome.UNKNOWN


def test_a_database_is_asked_once_for_all_of_its_tables():
    tables = "".join(f"  t{number}: {{columns: {{id: uuid}}}}\n" for number in range(50))
    world = World(holding(), values=VALUES)
    judged(spec(more=", schema: public") + tables + "  u: {schema: public}\n", world)
    assert len([q for q in world.asked if isinstance(q, StructureOf)]) == 1
