"""Whatever others plant in a database under the names that assay calls is never run."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pytest
from tests.databases.planting import MARK, names_in, plant, sent
from tests.databases.postgres import Database, prepare, running
from tests.databases.sessions import opened, rows_of
from tests.project import Project

from assay.databases import rows
from assay.databases.model import AnyOf, Comparison, Not, Selection
from assay.databases.trouble import DatabaseTrouble

TEXT = "cf3d2a9e17b8405691e6d80b5f27ac34"
POISONED = 'SET search_path = "$user", public, pg_catalog'
TABLES = (
    "CREATE EXTENSION citext",
    "CREATE TYPE mood AS ENUM ('fine', 'bad')",
    "CREATE DOMAIN short AS varchar(20) CHECK (length(value) < 20)",
    "CREATE TYPE pair AS (a int, b text)",
    """CREATE TABLE secrets (
        id int PRIMARY KEY, secret bytea, c citext DEFAULT 'x' CHECK (c <> 'forbidden'),
        m mood DEFAULT 'fine', s short, p pair, j jsonb, u uuid, t text, n name, r int4range)""",
    """INSERT INTO secrets SELECT i, decode('00ff', 'hex'), 'Ci' || i, 'bad', 'short',
        ROW(i, 'x')::pair, '{}', NULL, 't', 'n', '[1,3)' FROM generate_series(1, 5) i""",
    "CREATE TABLE loose (c citext PRIMARY KEY, m mood)",
    "INSERT INTO loose VALUES ('b', 'fine'), ('A', 'bad'), ('c', NULL)",
    "CREATE INDEX by_lower ON secrets (lower(t), id)",
    "CREATE VIEW shown AS SELECT id FROM secrets",
    "ALTER TABLE loose ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY own ON loose FOR SELECT USING (true)",
    "GRANT USAGE, CREATE ON SCHEMA public TO PUBLIC",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC",
    "CREATE ROLE plain LOGIN",
)
COLUMNS = ("id", "secret", "c", "m", "s", "p", "j", "u", "t", "n", "r")
ANY = AnyOf(
    (
        *(
            Comparison("c", "==", "ci1"),
            Comparison("m", ">", "fine"),
            Comparison("s", "in", ("x",)),
        ),
        *(Not(Comparison("t", "!=", "t")), Comparison("n", "<=", "n"), Comparison("j", "==", "{}")),
        Comparison("u", "==", "00000000-0000-0000-0000-000000000001"),
    )
)
SELECTIONS = (
    Selection(table="secrets", columns=COLUMNS, order=("id",), where=ANY),
    Selection(table="secrets", columns=COLUMNS, where=ANY),
    Selection(table="loose", columns=("c", "m"), order=("c",)),
    Selection(table="shown", columns=("id",)),
)
SPEC = """
environments:
  production: {{values: [{{dotenv: .env}}]}}
  other: {{values: [{{dotenv: .env}}]}}
variables:
  DATABASE_URL: {{secret: true}}
  KEY: {{secret: true}}
keys:
  secrets: {{variable: KEY, cipher: aes-128-gcm, encoding: hex}}
databases:
  main: {{sql: {{url: DATABASE_URL}}, extensions: [citext]}}
tables:
  secrets:
    may: [select]
    columns:
      {{id: {{type: int, primary-key: true}}, c: citext, t: text, m: mood, secret: bytea}}
  loose: {{row-level-security: true}}
credentials:
  secrets:
    table: secrets
    key: secrets
    where: t == "t" && m == "bad" && c != "x"
    columns:
      secret: {{envelope: {{cipher: aes-128-gcm, layout: ['iv:12', 'tag:16', ciphertext]}}}}
"""
COMMANDS = (
    ("check", "--format", "json"),
    ("diff", "production", "other"),
    ("snapshot", "--output", "snapshot.json"),
    ("credentials", "check", "--env", "production"),
    ("init", "--database", "DATABASE_URL", "--stdout"),
)


@pytest.fixture(scope="module")
def server():
    with running("log_statement=all", "log_line_prefix=<%u> ") as made:
        yield prepare(made)


def read(url):
    """Everything that a session can be asked."""
    with opened(url) as session:
        return (
            session.connected,
            session.structure(),
            [rows_of(session, selection) for selection in SELECTIONS],
        )


def ran(project, url):
    project.spec(SPEC.format())
    project.env(f"DATABASE_URL={url}\nKEY={TEXT}\n")
    return [re.sub(r"[0-9.]+ s\b|\d{4}-\d\d-\d\d\S*", "", project.run(*c).said) for c in COMMANDS]


@pytest.fixture(scope="module")
def clean(server):
    made = server.create()
    made.execute(*TABLES)
    return made


class Attacked(NamedTuple):
    """What a database says to a user, and one like it with plants in it."""

    user: str
    expected: tuple[Any, Any]
    planted: Database


@pytest.fixture(scope="module", params=["postgres", "plain"])
def attacked(request, server, clean):
    user = request.param
    with Project.temporary() as project:
        expected = read(clean.url(user)), ran(project, clean.url(user))
    names = names_in(sent(server, user))
    assert {"set_config", "to_json", "format_type", "pg_get_expr"} <= names.functions
    assert {"=", "<>"} <= names.operators
    made = server.create()
    made.execute(*(each for each in TABLES if "CREATE ROLE" not in each))
    assert plant(made, names, ("public", user)) > 500
    return Attacked(user, expected, made)


@pytest.mark.parametrize("way", ["role", "database", "url"])
def test_nothing_that_is_planted_is_run_and_every_answer_stays_the_same(
    server, clean, attacked, project, way
):
    user, expected, planted = attacked
    made = server.create(planted.name)
    url = made.url(user)
    match way:
        case "role":
            made.execute(f"ALTER ROLE {user} IN DATABASE {made.name} {POISONED}")
        case "database":
            made.execute(f"ALTER DATABASE {made.name} {POISONED}")
        case _:
            url = made.url(user, options="-csearch_path%3Dpublic%2Cpg_catalog")
    before = (server.folder / "log").stat().st_size
    found = read(url), ran(project, url)
    with open(server.folder / "log") as log:
        log.seek(before)
        assert MARK not in log.read()
    for index, command in enumerate(COMMANDS):
        if command[0] in ("check", "credentials"):  # the others tell of the planted views too
            assert found[1][index].replace(made.name, clean.name) == expected[1][index]
    assert not any("[spec" in said for said in expected[1]), expected[1]
    assert found[0][0] == expected[0][0]
    assert found[0][2] == expected[0][2]
    tables = found[0][1].tables
    assert {name: tables[name].columns for name in expected[0][1].tables} == {
        name: table.columns for name, table in expected[0][1].tables.items()
    }


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Comparison("c", "==", "ci1"), {1}),  # as the application compares it, without case
        (Comparison("c", "!=", "ci1"), {2, 3, 4, 5}),
        (Comparison("c", "in", ("CI2", "ci3")), {2, 3}),
        (Comparison("c", ">", "cI3"), {4, 5}),
        (Comparison("m", "==", "bad"), {1, 2, 3, 4, 5}),
        (Comparison("m", "<", "bad"), set()),  # in the order of the type
        (Comparison("s", "==", "short"), {1, 2, 3, 4, 5}),
        (Comparison("n", "<=", "n"), {1, 2, 3, 4, 5}),
        (Comparison("p", "==", "(1,x)"), {1}),
        (Comparison("h", "==", '"a"=>"1"'), {1, 2, 3, 4, 5}),
        (Comparison("b", "==", "(1,1),(0,0)"), {1, 2, 3, 4, 5}),
        (Comparison("l", "!=", 1), {1, 2, 3, 4, 5}),
        (Comparison("l", "==", True), set()),
        (Not(Comparison("c", "==", "ci1")), {2, 3, 4, 5}),
    ],
)
def test_conditions_on_types_of_other_schemas_mean_what_they_mean_to_the_application(
    others, where, expected
):
    for order in (("id",), ()):
        selection = Selection(table="secrets", columns=("id",), order=order, where=where)
        with opened(others.url()) as session:
            assert {row[0] for row in rows_of(session, selection)} == expected


@pytest.fixture(scope="module")
def others(server):
    made = server.create()
    made.execute(
        'CREATE SCHEMA "100%"',
        'CREATE EXTENSION hstore SCHEMA "100%"',
        'CREATE EXTENSION ltree SCHEMA "100%"',
        *(each for each in TABLES if "CREATE ROLE" not in each),
        'ALTER EXTENSION citext SET SCHEMA "100%"',
        "ALTER TABLE secrets ADD h \"100%\".hstore DEFAULT 'a=>1', ADD b box DEFAULT '1,1,0,0'",
        "ALTER TABLE secrets ADD l \"100%\".ltree DEFAULT 'a'",
        "CREATE TABLE moods (m mood, id int, PRIMARY KEY (m, id))",
        """INSERT INTO moods SELECT (enum_range(NULL::mood))[1 + i % 2], i
            FROM generate_series(1, 9) i""",
    )
    return made


def test_a_key_of_another_schemas_type_names_each_row_once(others, monkeypatch):
    monkeypatch.setattr(rows, "ROWS", 2)
    with opened(others.url()) as session:
        moods = Selection(table="moods", columns=("m", "id"), order=("m", "id"))
        assert len(list(session.pages(moods))) > 3  # by key
        found = rows_of(session, moods)
        assert [row[1] for row in found] == [2, 4, 6, 8, 1, 3, 5, 7, 9]
        loose = Selection(table="loose", columns=("c",), order=("c",))
        assert rows_of(session, loose) == [("A",), ("b",), ("c",)]


def test_a_cast_that_the_owner_of_a_type_made_is_not_run(others):
    others.execute(
        "CREATE ROLE owner LOGIN",
        "GRANT CREATE ON SCHEMA public TO owner",
    )
    others.execute(
        "CREATE TYPE own_enum AS ENUM ('a', 'b')",
        "CREATE TYPE own_pair AS (a int)",
        *(
            statement
            for name in ("own_enum", "own_pair")
            for statement in (
                f"""CREATE FUNCTION cast_{name}({name}) RETURNS text LANGUAGE plpgsql
                    AS $$BEGIN RAISE EXCEPTION '{MARK}'; END$$""",
                f"CREATE CAST ({name} AS text) WITH FUNCTION cast_{name}({name}) AS IMPLICIT",
            )
        ),
        "CREATE TABLE cast_table (e own_enum, p own_pair, id int PRIMARY KEY)",
        "INSERT INTO cast_table VALUES ('a', ROW(1), 1)",
        user="owner",
    )
    with opened(others.url()) as session:
        selection = Selection(table="cast_table", columns=("e", "p"), order=("id",))
        assert rows_of(session, selection) == [("a", "(1)")]
        for column, value in (("e", "a"), ("p", "(1)")):
            where = Comparison(column, "==", value)
            asked = Selection(table="cast_table", columns=("id",), order=("id",), where=where)
            try:
                assert rows_of(session, asked) == [(1,)]
            except DatabaseTrouble as trouble:  # PostgreSQL finds two operators, and takes none
                assert trouble.refused.values["state"].startswith("42725")  # noqa: PT017


def test_what_fits_a_domain_better_than_its_type_is_not_run(others):
    others.execute("CREATE ROLE domains LOGIN", "GRANT CREATE ON SCHEMA public TO domains")
    others.execute('GRANT USAGE, CREATE ON SCHEMA "100%" TO domains')
    raising = f"LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION '{MARK}'; END$$"
    others.execute(
        "CREATE TYPE tone AS ENUM ('a', 'b')",
        "CREATE DOMAIN pitch AS tone",
        f"CREATE FUNCTION as_text(tone) RETURNS text {raising}",
        "CREATE CAST (tone AS text) WITH FUNCTION as_text(tone) AS IMPLICIT",
        'CREATE DOMAIN name AS "100%".citext',
        f'CREATE FUNCTION same(public.name, "100%".citext) RETURNS bool {raising}',
        'CREATE OPERATOR "100%".= '
        '(LEFTARG = public.name, RIGHTARG = "100%".citext, PROCEDURE = same)',
        "CREATE TABLE domain_table (p pitch, n public.name, id int, PRIMARY KEY (p, id))",
        "INSERT INTO domain_table VALUES ('a', 'N', 1), ('b', 'M', 2)",
        user="domains",
    )
    with opened(others.url()) as session:
        for column, value, ids in (("p", "a", None), ("n", "n", [(1,)])):
            where = Comparison(column, "==", value)
            asked = Selection(table="domain_table", columns=("id",), order=("id",), where=where)
            if ids is not None:
                assert rows_of(session, asked) == ids
                continue
            with pytest.raises(DatabaseTrouble) as caught:  # PostgreSQL finds two operators
                rows_of(session, asked)
            assert caught.value.refused.values["state"].startswith("42725")


def test_a_key_of_a_domain_is_compared_as_its_type(others, monkeypatch):
    monkeypatch.setattr(rows, "ROWS", 2)
    others.execute(
        "CREATE DOMAIN temper AS mood",
        "CREATE TABLE tempers (t temper, id int, PRIMARY KEY (t, id))",
        "INSERT INTO tempers SELECT 'bad', i FROM generate_series(1, 5) i",
    )
    with opened(others.url()) as session:
        asked = Selection(table="tempers", columns=("id",), order=("t", "id"))
        assert len(list(session.pages(asked))) > 2  # by key
        assert [row[0] for row in rows_of(session, asked)] == [1, 2, 3, 4, 5]


def test_no_value_of_a_type_is_made_whose_domains_run_functions(others, monkeypatch):
    monkeypatch.setattr(rows, "ROWS", 1)
    others.execute("CREATE ROLE makers LOGIN", "GRANT CREATE ON SCHEMA public TO makers")
    others.execute(
        "CREATE FUNCTION watched(text) RETURNS bool LANGUAGE plpgsql AS $$BEGIN "
        f"IF current_user <> 'makers' THEN RAISE EXCEPTION '{MARK}'; END IF; RETURN true; END$$",
        "CREATE DOMAIN part AS text CHECK (public.watched(value))",
        "CREATE TYPE made_pair AS (a int, b part)",
        "CREATE TYPE made_span AS RANGE (subtype = part, multirange_type_name = made_multirange)",
        "CREATE TABLE made_table (p made_pair, s made_span, m made_multirange, l part[], id int, "
        "PRIMARY KEY (p, id))",
        "INSERT INTO made_table VALUES ('(1,x)', '[a,b)', '{[a,b)}', '{x}', 1)",
        "INSERT INTO made_table VALUES ('(2,y)', '[c,d)', '{[c,d)}', '{y}', 2)",
        user="makers",
    )
    with opened(others.url()) as session:
        for column, value in (("p", "(1,x)"), ("s", "[a,b)"), ("m", "{[a,b)}"), ("l", "{x}")):
            for where, ids in (
                (Comparison(column, "==", value), [(1,)]),
                (Comparison(column, "!=", value), [(2,)]),
            ):
                asked = Selection(table="made_table", columns=("id",), order=("id",), where=where)
                assert rows_of(session, asked) == ids
        asked = Selection(table="made_table", columns=("id",), order=("p", "id"))
        assert rows_of(session, asked) == [(1,), (2,)]


def test_a_function_of_a_policy_that_needs_a_search_path_is_told(others):
    others.execute(
        "CREATE ROLE seeing LOGIN",
        "GRANT USAGE ON SCHEMA public TO seeing",
        "CREATE TABLE guarded (id int PRIMARY KEY)",
        "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY",
        "GRANT SELECT ON guarded TO seeing",
        "CREATE FUNCTION inner_one() RETURNS bool LANGUAGE sql AS 'SELECT true'",
        "CREATE FUNCTION outer_one() RETURNS bool LANGUAGE plpgsql AS "
        "$$BEGIN RETURN inner_one(); END$$",
        "CREATE POLICY own ON guarded USING (outer_one())",
        "INSERT INTO guarded VALUES (1)",
    )
    with opened(others.url("seeing")) as session, pytest.raises(DatabaseTrouble) as caught:
        rows_of(session, Selection(table="guarded", columns=("id",), order=("id",)))
    assert "without its schema" in caught.value.refused.values["state"]


def test_the_first_statement_of_each_transaction_sets_the_search_path(server, clean):
    assert server.folder is not None
    start = (server.folder / "log").stat().st_size
    read(clean.url("plain"))
    with open(server.folder / "log") as log:
        log.seek(start)
        told = log.read()
    begun = re.findall(r"LOG:  (?:statement|execute [^:]*): ([^\n]*(?:\n\t[^\n]*)*)", told)
    after = [begun[index + 1] for index, each in enumerate(begun) if each.startswith("BEGIN")]
    assert len(after) > 5
    assert all("set_config('search_path', 'pg_catalog, pg_temp', true)" in each for each in after)
    unset = [each for each in begun if not each.startswith(("BEGIN", "ROLLBACK"))]
    assert unset[0] in after
