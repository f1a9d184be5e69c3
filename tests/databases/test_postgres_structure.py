"""What PostgreSQL's catalogue tells of a schema, to the superuser and to others."""

from __future__ import annotations

import pytest
import sqlalchemy
from tests.databases.sessions import opened, unchained

from assay.databases.model import FoundIndex, FoundPolicy
from assay.databases.trouble import DatabaseTrouble
from assay.facts import Unobservable

TABLES = (
    "CREATE EXTENSION pgcrypto",
    "CREATE TYPE mood AS ENUM ('fine', 'bad')",
    "CREATE TABLE private.owners (id integer PRIMARY KEY)",
    """CREATE TABLE tenants (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name character varying(40) NOT NULL UNIQUE,
        owner integer REFERENCES private.owners ON DELETE CASCADE,
        mood mood DEFAULT 'fine',
        number bigint GENERATED ALWAYS AS IDENTITY,
        shout text GENERATED ALWAYS AS (upper(name)) STORED,
        "Odd ""Name" numeric(10, 2),
        tags text[],
        CONSTRAINT short CHECK (length(name) < 40))""",
    """CREATE TABLE credentials (
        tenant_id uuid REFERENCES tenants (id),
        environment text,
        secret bytea,
        PRIMARY KEY (environment, tenant_id))""",
    "CREATE UNIQUE INDEX one_bad ON tenants (owner) WHERE mood = 'bad'",
    "CREATE INDEX by_lower ON tenants (lower(name), owner) INCLUDE (tags)",
    "CREATE UNIQUE INDEX by_number ON tenants (number)",
    "CREATE VIEW names AS SELECT name FROM tenants",
    "CREATE VIEW counted AS SELECT count(*) FROM tenants",
    "CREATE VIEW hidden_names AS SELECT environment FROM credentials",
    "CREATE MATERIALIZED VIEW kept AS SELECT name FROM tenants",
    "CREATE TABLE events (at date) PARTITION BY RANGE (at)",
    "CREATE TABLE events_old PARTITION OF events FOR VALUES FROM ('2000-01-01') TO ('2020-01-01')",
    "ALTER TABLE credentials ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY own ON credentials FOR SELECT TO authenticated USING (true)",
    "CREATE POLICY never ON credentials AS RESTRICTIVE USING (false)",
    "GRANT SELECT, INSERT ON credentials TO service_role",
    "GRANT SELECT ON names, counted, kept TO anon",
    "GRANT INSERT ON names, counted, kept TO anon",
    "GRANT SELECT (id, name) ON tenants TO anon",
    "GRANT TRIGGER ON tenants TO PUBLIC",
)


@pytest.fixture
def filled(database):
    database.execute(*TABLES)
    return database


def test_columns_are_told_as_the_database_writes_them(filled):
    with opened(filled.url()) as session:
        structure = session.structure()
    tenants = structure.tables["tenants"]
    assert isinstance(tenants.columns, dict)
    told = {
        c.name: (c.type, c.nullable, c.default, c.generated, c.options)
        for c in tenants.columns.values()
    }
    assert told == {
        "id": ("uuid", False, "gen_random_uuid()", False, None),
        "name": ("character varying(40)", False, None, False, None),
        "owner": ("integer", True, None, False, None),
        "mood": ("mood", True, "'fine'::mood", False, ("fine", "bad")),
        "number": ("bigint", False, "generated always as identity", True, None),
        "shout": ("text", True, "upper((name)::text)", True, None),
        'Odd "Name': ("numeric(10,2)", True, None, False, None),
        "tags": ("text[]", True, None, False, None),
    }
    assert structure.extensions == ("pgcrypto", "plpgsql")
    assert {"anon", "service_role"} <= set(structure.roles)  # type: ignore[arg-type]


def test_keys_indexes_and_checks_are_told(filled):
    with opened(filled.url()) as session:
        tables = session.structure("public").tables
    tenants, credentials = tables["tenants"], tables["credentials"]
    assert tenants.primary_key == ("id",)
    assert credentials.primary_key == ("environment", "tenant_id")
    assert tenants.unique == (("name",), ("number",))
    (foreign,) = tenants.foreign_keys  # type: ignore[misc]
    assert (foreign.columns, foreign.table, foreign.targets, foreign.on_delete) == (
        ("owner",), "private.owners", ("id",), "cascade",
    )  # fmt: skip
    assert credentials.foreign_keys[0].table == "tenants"  # type: ignore[index]
    assert tenants.indexes == (
        FoundIndex(name="by_lower", columns=("lower(name::text)", "owner")),
        FoundIndex(name="by_number", columns=("number",), unique=True),
        FoundIndex(name="one_bad", columns=("owner",), unique=True, partial=True),
    )
    (check,) = tenants.checks  # type: ignore[misc]
    assert (check.name, check.expression) == ("short", "(length((name)::text) < 40)")


def test_sorts_of_tables_are_told(filled):
    with opened(filled.url()) as session:
        sorts = {name: table.sort for name, table in session.structure().tables.items()}
    assert sorts == {
        **dict.fromkeys(("tenants", "credentials"), "table"),
        **dict.fromkeys(("names", "counted", "hidden_names"), "view"),
        "kept": "materialized view",
        "events": "partitioned table",
        "events_old": "partition",
    }


def test_policies_and_grants_are_told(filled):
    with opened(filled.url()) as session:
        tables = session.structure().tables
    credentials = tables["credentials"]
    assert credentials.row_security is True
    assert tables["tenants"].row_security is False
    assert credentials.policies == (
        FoundPolicy(name="never", command="all", roles=("public",), permissive=False),
        FoundPolicy(name="own", command="select", roles=("authenticated",)),
    )
    assert isinstance(credentials.grants, dict)
    assert credentials.grants["service_role"] == {"select", "insert"}
    assert "anon" not in credentials.grants
    assert tables["tenants"].grants["public"] == {"trigger"}  # type: ignore[index]
    assert tables["tenants"].column_grants == {"anon": {"select": ("id", "name")}}


def test_rights_are_those_of_the_role_that_asks(filled):
    with opened(filled.url("anon")) as session:
        tables = session.structure().tables
    assert isinstance(tables["tenants"].may["select"], Unobservable)
    assert "id, name" in tables["tenants"].may["select"].reason
    assert tables["tenants"].may["trigger"] is True
    assert tables["tenants"].may["update"] is False
    assert tables["credentials"].may["select"] is False
    assert tables["names"].may["insert"] is True
    assert tables["counted"].may == {**dict.fromkeys(tables["counted"].may, False), "select": True}
    assert tables["kept"].may["insert"] is False


def test_who_may_not_use_the_schema_may_do_nothing_in_it(filled):
    filled.execute("GRANT SELECT ON private.owners TO anon")
    with opened(filled.url("anon"), schema="private") as session:
        structure = session.structure()
        assert structure.tables["owners"].may["select"] is False
        assert structure.usable is False
    filled.execute("GRANT USAGE ON SCHEMA private TO anon")
    with opened(filled.url("anon"), schema="private") as session:
        assert session.structure().tables["owners"].may["select"] is True


@pytest.mark.parametrize(
    ("role", "hidden"),
    [("postgres", False), ("service_role", False), ("anon", True), ("authenticated", True)],
)
def test_rows_may_be_hidden_from_roles_that_row_security_holds_for(filled, role, hidden):
    with opened(filled.url(role)) as session:
        tables = session.structure().tables
        assert session.connected.bypasses is not hidden
    assert tables["credentials"].hidden is hidden
    assert tables["tenants"].hidden is False
    assert isinstance(tables["hidden_names"].hidden, Unobservable)
    assert tables["names"].hidden is False


def test_an_owner_sees_all_unless_row_security_is_forced(filled):
    filled.execute("ALTER TABLE credentials OWNER TO anon")
    with opened(filled.url("anon")) as session:
        assert session.structure().tables["credentials"].hidden is False
        filled.execute("ALTER TABLE credentials FORCE ROW LEVEL SECURITY")
        assert session.structure().tables["credentials"].hidden is True


def test_a_schema_that_does_not_exist_is_named_beside_those_that_do(filled):
    with opened(filled.url("anon")) as session, pytest.raises(DatabaseTrouble) as caught:
        session.structure("Public")
    assert caught.value.refused.code == "database-schema-not-exposed"
    assert caught.value.refused.values["exposed"] == "public"
    unchained(caught.value)


def test_types_of_another_schema_are_named_without_it_in_their_own(database):
    database.execute(
        'CREATE SCHEMA "Odd"; CREATE TYPE "Odd".kind AS ENUM (\'a\')',
        'CREATE TABLE "Odd"."T" ("K" "Odd".kind, "L" "Odd".kind[])',
    )
    with opened(database.url(), schema="Odd") as session:
        columns = session.structure().tables["T"].columns
    assert [column.type for column in columns.values()] == ["kind", "kind[]"]  # type: ignore[union-attr]


def test_what_a_role_may_not_see_of_the_catalogue_is_unobservable(filled):
    filled.execute(
        "REVOKE SELECT ON pg_catalog.pg_policy FROM PUBLIC",
        "REVOKE SELECT ON pg_catalog.pg_extension FROM PUBLIC",
    )
    with opened(filled.url("anon")) as session:
        structure = session.structure()
    assert isinstance(structure.extensions, Unobservable)
    assert isinstance(structure.tables["credentials"].policies, Unobservable)
    assert structure.tables["tenants"].primary_key == ("id",)


def test_no_rights_on_the_tables_of_the_catalogue_are_a_refusal(filled):
    filled.execute("REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC")
    with opened(filled.url("anon")) as session, pytest.raises(DatabaseTrouble) as caught:
        session.structure()
    assert caught.value.refused.code == "database-denied"


def test_the_number_of_queries_does_not_grow_with_the_tables(database):
    counts, tables = [], {}
    for made in (range(1), range(1, 200)):
        database.execute(
            ";".join(
                f"CREATE TABLE t{i} (id int PRIMARY KEY, other int REFERENCES t{max(0, i - 1)})"
                for i in made
            )
        )
        sent: list[str] = []
        with opened(database.url()) as session:
            sqlalchemy.event.listen(
                session._engine,  # type: ignore[attr-defined]
                "before_cursor_execute",
                lambda *all_of_it, sent=sent: sent.append(all_of_it[2]),
            )
            tables = dict(session.structure().tables)
        counts.append(len(sent))
    assert len(tables) == 200
    assert counts[0] == counts[1] <= 12
