"""Specs written from live databases, and databases of environments compared: the real ones."""

from __future__ import annotations

import json

import pytest
import yaml
from tests.databases.emulated import Table
from tests.databases.emulator import PUBLISHABLE, SECRET, emulated

CANARY = "kV9sTz2QqWmB4xR7"
SCHEMA = f"""
create type mood as enum ('sad', 'ok', 'happy');
create type "Weird Type" as enum ('a', 'b c');
create schema other;
create table other.things (id uuid primary key);
create domain email as text check (value like '%@%');
create table tenants (
  id uuid primary key default gen_random_uuid(), name text not null, slug varchar(40) unique,
  made_at timestamptz(3) not null default now(), feeling mood default 'ok', w "Weird Type",
  tags text[] not null default '{{}}', price numeric(10,2) check (price >= 0), mail email,
  thing uuid references other.things (id), token text default '{CANARY}');
create table mpesa_credentials (
  id bigint generated always as identity primary key, environment text not null,
  tenant_id uuid not null references tenants (id) on delete cascade,
  consumer_key_enc bytea not null, iv bytea, tag bytea, payload bytea,
  constraint known check (environment in ('sandbox', '{CANARY}')), unique (tenant_id, environment));
create index on mpesa_credentials (environment, tenant_id);
create index on tenants (lower(name), coalesce(slug, '{CANARY}'));
create unique index once on tenants (name) where slug is null;
alter table mpesa_credentials enable row level security;
create policy "own rows; 'of' tenant" on mpesa_credentials for select to authenticated using (true);
create policy narrow on mpesa_credentials as restrictive for all to public using (true);
grant select, insert on mpesa_credentials to service_role;
grant select on tenants to anon, authenticated;
grant select (id), update (name) on tenants to service_role;
create table "no" ("on" int, "type" text, "a b" int, "quo""ted" text, "näme" text, "yes: x" text,
  primary key ("on", "type"));
create table child (
  "on" int, t text, ser serial, big bigserial primary key, gen int generated always as (1+1) stored,
  ts timestamp default current_timestamp, iv interval default '1 day', j jsonb default '{{}}',
  b boolean default false, ch char(3), bp bpchar, arr int[][], dbl double precision default 0.5,
  neg int default -1, foreign key ("on", t) references "no" ("on", "type") on delete set null);
create table events (id bigint, at timestamptz not null, primary key (id, at))
  partition by range (at);
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
create view names as select id, name from tenants;
create materialized view counted as select count(*) as n from tenants;
create table schema_migrations (version text);
create table empty ();
insert into tenants (name) values ('{CANARY}')
"""


@pytest.fixture
def rich(database):
    database.execute(*SCHEMA.strip().split(";\n"))
    return database


def test_what_is_written_of_postgresql_is_valid_and_passes_there(rich, project):
    rich.execute("CREATE TABLE private.audit (id bigint)")
    project.env(f"DATABASE_URL={rich.url()}\n")
    ran = project.run("init", "--database", "DATABASE_URL")
    assert (ran.code, ran.err) == (0, "")
    text = (project.folder / "specs/app.yaml").read_text(encoding="utf-8")
    assert CANARY not in text + ran.said
    assert project.run("lint").code == 0
    assert "tables in other, private too" in text.replace("\n# ", " "), text
    assert (
        "note: Only the schema public was looked at; there are tables in other, private too."
        in ran.out
    )
    checked = project.run("check", "-v")
    assert checked.code == 0, text + checked.said
    assert "10 passed in development" in checked.out
    tables = yaml.safe_load(text)["tables"]
    assert "# Left out because they are parts of others or belong to tools: events_2026," in text
    assert tables["mpesa_credentials"] == {
        "columns": {
            "id": {"type": "bigint", "primary-key": True, "generated": True},
            "environment": {"type": "text", "nullable": False},
            "tenant_id": {
                "type": "uuid",
                "nullable": False,
                "references": {"table": "tenants", "column": "id", "on-delete": "cascade"},
            },
            "consumer_key_enc": {"type": "bytea", "nullable": False},
            **dict.fromkeys(("iv", "tag", "payload"), "bytea"),
        },
        "unique": [["tenant_id", "environment"]],
        "indexes": [["environment", "tenant_id"]],
        "checks": ["known"],
        "row-level-security": True,
        "policies": {
            "own rows; 'of' tenant": {"command": "select", "roles": ["authenticated"]},
            "narrow": {"command": "all", "roles": ["public"], "permissive": False},
        },
        "grants": {"service_role": ["select", "insert"], "anon": [], "authenticated": []},
    }
    assert tables["tenants"]["columns"]["id"] == {
        "type": "uuid",
        "primary-key": True,
        "default": "gen_random_uuid()",
    }
    assert tables["tenants"]["columns"]["feeling"]["options"] == ["sad", "ok", "happy"]
    assert (
        "  # Row level security is off, and anon and authenticated may select, so everybody can "
        "read every\n  # row.\n  tenants:"
    ) in text
    assert "#       payload: node-gcm\n" in text


def test_a_role_that_sees_little_writes_what_it_sees(rich, project):
    project.env(f"DATABASE_URL={rich.url('anon')}\n")
    ran = project.run("init", "--database", "DATABASE_URL")
    assert (ran.code, ran.err) == (0, "")
    assert project.run("check").code == 0


def test_a_database_that_is_not_there_is_told_as_check_tells_it(postgres, project):
    url = f"postgres://postgres:{CANARY}@{postgres.host}:{postgres.port}/gone"
    project.env(f"DATABASE_URL={url}\n")
    ran = project.run("init", "--database", "DATABASE_URL")
    assert (ran.code, ran.out) == (3, "")
    assert "gone" in ran.err
    assert "help: " in ran.err
    assert CANARY not in ran.err
    assert not (project.folder / "specs").exists()


def test_a_supabase_project_is_written_as_far_as_it_tells(project):
    columns = {"id": "uuid", "name": "text", "token_enc": "bytea", "n": "bigint"}
    table = Table("tenants", columns, primary=("id",), required=("name",))
    with emulated(table) as emulator:
        project.env(f"SUPABASE_URL={emulator.url}\nSUPABASE_SECRET_KEY={SECRET}\n")
        ran = project.run("init", "--database", "SUPABASE_URL")
        assert (ran.code, ran.err) == (0, ""), ran.said
        text = (project.folder / "specs/app.yaml").read_text(encoding="utf-8")
        checked = project.run("check")
        assert checked.code == 0, text + checked.said
    assert SECRET not in text + ran.said
    assert "main: {supabase: {url: SUPABASE_URL, key: SUPABASE_SECRET_KEY}}" in text
    made = yaml.safe_load(text)["tables"]["tenants"]
    assert made["columns"]["id"]["type"] == "uuid"
    assert "# Not available (" in text


def test_a_supabase_project_that_lists_no_tables_is_written_without_any(project):
    with emulated(Table("tenants", {"id": "uuid"}, primary=("id",))) as emulator:
        project.env(f"SUPABASE_URL={emulator.url}\nSUPABASE_ANON_KEY={PUBLISHABLE}\n")
        ran = project.run("init", "--database", "SUPABASE_URL", "--stdout")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith(
        "# No table of the project of SUPABASE_URL is known yet.\n"
        "# Some tables are missing here: the data API lists its tables only to secret keys\n"
        "tables: {}\n"
    )


PARITY = """\
environments:
  development: {values: [{dotenv: .env}]}
  production: {values: [{dotenv: production.env}]}
variables: {DATABASE_URL: {secret: true}}
databases: {main: {sql: {url: DATABASE_URL}}}
parity: {all: {between: [development, production], tables: identical}}
"""


@pytest.fixture
def pair(postgres, rich, project):
    """Two environments with equal databases; the second one."""
    other = postgres.create()
    other.execute(*SCHEMA.strip().split(";\n"))
    project.spec(PARITY)
    project.env(f"DATABASE_URL={rich.url()}\n")
    project.env(f"DATABASE_URL={other.url()}\n", "production.env")
    yield other
    postgres.drop(other.name)


def test_equal_databases_are_identical(pair, project):
    assert pair
    ran = project.run("check")
    assert ran.code == 0, ran.said
    diff = project.run("diff", "development", "production", "--only", "tables")
    assert diff.code == 0
    assert diff.out == "9 names compared: all match\nparity: 9 hold\n"


def test_a_laptop_with_sqlite_agrees_with_postgresql_where_both_say_the_same(project, database):
    table = "create table t (id integer primary key, name varchar(40) not null, secret {})"
    database.execute(table.format("bytea"), "create table extra (at timestamptz)")
    project.database("dev.db", f"{table.format('blob')}; create table extra (at text);")
    project.spec(PARITY.replace("identical", "same"))
    project.env("DATABASE_URL=sqlite:///dev.db\n")
    project.env(f"DATABASE_URL={database.url()}\n", "production.env")
    ran = project.run("check")
    assert ran.code == 1
    said = " ".join(ran.out.split())
    assert "1 error, " in said
    assert "the column extra.at differs: type is text in development, timestamp with" in said
    database.execute("alter table extra drop at, add at uuid")
    ran = project.run("check")
    assert ran.code == 3
    said = " ".join(ran.out.split())
    assert (
        "unknown: tables of main could not be observed: table extra.at type: sqlite and postgresql "
        "have no common words for it" in said
    )


def test_rights_that_differ_are_told(pair, project):
    pair.execute(
        "alter table mpesa_credentials disable row level security",
        "drop policy narrow on mpesa_credentials",
        "grant update on tenants to anon",
        "grant select (slug) on tenants to service_role",
        "create table events_2027 partition of events "
        "for values from ('2027-01-01') to ('2028-01-01')",
        f"alter table tenants alter token set default '{CANARY}2'",
        "create extension citext",
    )
    ran = project.run("check", "--format", "json")
    assert ran.code == 1
    assert CANARY not in ran.said
    found = {(f["rule"], f["subject"]): f["message"] for f in json.loads(ran.out)["findings"]}
    assert found["parity-rights-differ", "mpesa_credentials"] == (
        "the rights on mpesa_credentials differ: row level security is on in development, off in "
        "production; policy narrow is in development, but not in production"
    )
    assert found["parity-rights-differ", "tenants"] == (
        "the rights on tenants differ: grants to anon are select in development, select, update in "
        "production; grants on columns to service_role are select (id); update (name) in "
        "development, select (id, slug); update (name) in production"
    )
    assert found["parity-column-differs", "tenants.token"] == (
        "the column tenants.token differs: default is '…' (A) in development, '…' (B) in production"
    )
    assert found["parity-table-differs", "citext"].startswith(
        "the extension citext differs: it is in"
    )
    diff = project.run("diff", "development", "production")
    assert diff.code == 1
    assert "events" not in diff.out
    assert CANARY not in diff.out


def test_a_snapshot_keeps_tables_to_be_compared_without_the_database(pair, project):
    pepper = {"ASSAY_PEPPER": "8f1c2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce1430"}
    ran = project.run("snapshot", "production", "-o", "then.json", environ=pepper)
    assert (ran.code, ran.said) == (0, "")
    text = (project.folder / "then.json").read_text()
    assert CANARY not in text
    pair.execute(f"alter table tenants alter token set default '{CANARY}2'", "drop table empty")
    then = project.run("diff", "development", "then.json", "--only", "tables", environ=pepper)
    assert then.out == "9 names compared: all match\nparity: 9 hold\n"
    now = project.run("diff", "production", "then.json", "--expect", "identical", environ=pepper)
    assert now.code == 1
    lines = [line.split() for line in now.out.splitlines()]
    assert ["table", "empty", "missing", "table", "identical:", "broken"] in lines
    assert any(line[:3] == ["table", "tenants.token", "default"] for line in lines)
    other = {"ASSAY_PEPPER": pepper["ASSAY_PEPPER"].replace("8", "9")}
    strange = project.run("diff", "development", "then.json", "--only", "tables", environ=other)
    assert strange.code == 3
    assert "it holds literals, which can be compared under one pepper only" in strange.out


def test_a_data_api_and_the_database_behind_it_agree_as_far_as_they_tell(project, database):
    database.execute(
        "create table tenants (id uuid primary key, name text not null, n bigint)",
        "grant all on tenants to service_role",
    )
    columns = {"id": "uuid", "name": "text", "n": "bigint"}
    table = Table("tenants", columns, primary=("id",), required=("name",))
    project.spec(
        "environments:\n"
        "  development: {values: [{dotenv: .env}]}\n"
        "  hosted: {values: [{dotenv: hosted.env}]}\n"
        "variables:\n"
        "  SUPABASE_URL: {type: url}\n"
        "  SUPABASE_KEY: {secret: true}\n"
        "databases: {main: {supabase: {url: SUPABASE_URL, key: SUPABASE_KEY}}}\n"
        "parity:\n"
        "  shape: {between: [development, hosted], tables: same}\n"
    )
    with emulated(table) as one, emulated(table) as two:
        project.env(f"SUPABASE_URL={one.url}\nSUPABASE_KEY={SECRET}\n")
        project.env(f"SUPABASE_URL={two.url}\nSUPABASE_KEY={SECRET}\n", "hosted.env")
        ran = project.run("check")
        assert ran.code == 0, ran.said
        diff = project.run("diff", "development", "hosted", "--only", "tables")
        assert diff.code == 0, diff.said
        assert "same: unknown" not in diff.out
        strict = project.run("diff", "development", "hosted", "--expect", "identical")
        assert strict.code == 3
        assert "unique and 5 more of 1 table" not in strict.out
        assert (
            "table tenants unique, indexes, checks, row level security, policies, grants in "
            "development and hosted: the data API does not expose it"
            in " ".join(strict.out.split())
        )
        text = (project.folder / "specs/app.yaml").read_text()
        project.spec(text.replace("tables: same", "tables: identical"))
        ran = project.run("check")
        assert ran.code == 3
        said = " ".join(ran.out.split())
        assert "unknown: tables of main could not be observed: table tenants default in" in said
        assert "checks, row level security, policies, grants in development and hosted: the" in said
