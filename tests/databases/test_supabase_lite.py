"""A real data API over a real PostgreSQL: Supabase Lite."""

from __future__ import annotations

import pytest
from tests.databases import emulated, emulator
from tests.databases.lite import PUBLISHABLE, SECRET, Lite
from tests.databases.projects import opened, refused, refused_rows, rows_of

from assay.databases.model import AllOf, AnyOf, Asked, Comparison, Not, Selection
from assay.facts import Unobservable

CREDENTIALS = Selection(
    table="credentials",
    columns=("tenant_id", "environment", "secret", "meta", "amount", "active", "at", "note"),
    order=("tenant_id", "environment"),
    binary=frozenset({"secret"}),
)


def test_supabase_py_reads_it_itself(lite: Lite) -> None:
    import httpx
    from supabase import create_client
    from supabase.lib.client_options import SyncClientOptions

    with httpx.Client() as client:
        made = create_client(lite.url, SECRET, SyncClientOptions(httpx_client=client))
        data = made.table("tenants").select("name").eq("id", 7).execute().data
    assert data == [{"name": "tenant 7"}]


def test_rows_come_as_they_are(lite: Lite) -> None:
    with opened(lite.url, SECRET) as session:
        found = rows_of(session, CREDENTIALS)
    assert len(found) == 21
    assert found[0][:3] == ("1", "sandbox", b"\0\0\0\1")
    assert found[1] == ("1", "production", None, None, None, None, None, None)
    assert found[2] == (
        "2",
        "sandbox",
        b"\0\0\0\2",
        '{"a": 1.0, "b": [1]}',
        "12345678901234567890.12345",
        "true",
        "2026-11-27 06:56:08.200142+00",
        'a "b", c',
    )


def test_many_rows_come_once_each(lite: Lite) -> None:
    with opened(lite.url, SECRET) as session:
        selection = Selection(table="tenants", columns=("name",), order=("id",))
        found = rows_of(session, selection)
        unordered = rows_of(session, Selection(table="tenants", columns=("id",)))
    assert found == [(f"tenant {number}",) for number in range(1, 2501)]
    assert len(set(unordered)) == 2500


def test_a_table_without_a_key_is_read(lite: Lite) -> None:
    document = '{"x":1.0,"x":2}'
    with opened(lite.url, SECRET) as session:
        found = rows_of(session, Selection(table="keyless", columns=("t", "doc")))
        ordered = rows_of(session, Selection(table="keyless", columns=("doc",), order=("t",)))
    assert sorted(found, key=str) == [("a", document), ("a", document), (None, None)]
    assert ordered == [(document,), (document,), (None,)]


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        (Comparison("environment", "==", "production"), 1),
        (Comparison("active", "==", True), 20),
        (Comparison("active", "!=", True), 1),
        (Not(Comparison("environment", "==", "sandbox")), 1),
        (Not(Comparison("note", "==", "a, b")), 21),
        (Comparison("note", "==", 'a "b", c'), 20),
        (Comparison("tenant_id", "in", (1, 2, 999)), 3),
        (Comparison("tenant_id", "in", ()), 0),
        (Not(Comparison("tenant_id", "in", (1, 2))), 18),
        (Comparison("secret", "!=", None), 20),
        (Comparison("at", ">=", "2026-01-01T00:00:00+00:00"), 20),
        (Comparison("at", ">", "2027-01-01T00:00:00+00:00"), 0),
        (
            AnyOf(
                (
                    Comparison("tenant_id", "<=", 3),
                    AllOf((Comparison("tenant_id", ">", 18), Comparison("meta", "!=", None))),
                )
            ),
            6,
        ),
    ],
)
def test_conditions_hold_there(lite: Lite, condition, count: int) -> None:
    selection = Selection(
        table="credentials", columns=("tenant_id",), order=CREDENTIALS.order, where=condition
    )
    with opened(lite.url, SECRET) as session:
        assert len(rows_of(session, selection)) == count


def test_without_definitions_tables_are_looked_at(lite: Lite) -> None:
    asked = [
        Asked(table="credentials", columns=("tenant_id", "nope", "secret"), select=True),
        Asked(table="nowhere"),
    ]
    with opened(lite.url, SECRET) as session:
        structure = session.structure(asked=asked)
        assert (session.connected.role, session.connected.bypasses) == ("service_role", True)
    assert structure.unlisted is not None
    assert list(structure.tables) == ["credentials"]
    found = structure.tables["credentials"]
    assert not isinstance(found.columns, Unobservable)
    assert list(found.columns) == ["tenant_id", "secret"]
    assert found.may["select"] is True


def test_row_level_security_hides_rows_without_a_word(lite: Lite) -> None:
    selection = Selection(table="guarded", columns=("id",), order=("id",))
    with opened(lite.url, SECRET) as session:
        assert rows_of(session, selection) == [("1",), ("2",)]
    with opened(lite.url, PUBLISHABLE) as session:
        assert session.connected.role == "anon"
        assert rows_of(session, selection) == []


@pytest.mark.parametrize(
    ("key", "table", "column"), [(PUBLISHABLE, "credentials", "note"), (SECRET, "ungranted", "id")]
)
def test_a_missing_grant_is_denied(lite: Lite, key: str, table: str, column: str) -> None:
    with opened(lite.url, key) as session:
        found = refused_rows(session, Selection(table=table, columns=(column,)), key)
        assert (found.code, found.values["what"]) == ("database-denied", table)
        structure = session.structure(asked=[Asked(table=table, columns=(column,))])
    assert structure.tables[table].may["select"] is False
    assert isinstance(structure.tables[table].columns, Unobservable)


def test_faults_are_those_of_hosted_projects(lite: Lite) -> None:
    assert refused(lite.url, "sb_secret_" + "wrong" * 6).code == "database-key-rejected"
    assert refused(lite.url, SECRET, schema="private").values["exposed"] == "public"
    with opened(lite.url, SECRET) as session:
        found = refused_rows(session, Selection(table="nowhere", columns=("id",)), SECRET)
    assert found.code == "database-table-not-found"


def test_nothing_is_changed(lite: Lite) -> None:
    statement = """
        SELECT sum(n_tup_ins), sum(n_tup_upd), sum(n_tup_del) FROM pg_stat_user_tables
        WHERE schemaname = 'public'
    """
    reset = "SELECT pg_stat_force_next_flush()"
    lite.database.rows(reset)
    before = lite.database.rows(statement)
    with opened(lite.url, SECRET) as session:
        session.structure(asked=[Asked(table="tenants", select=True)])
        rows_of(session, CREDENTIALS)
    lite.database.rows(reset)
    assert lite.database.rows(statement) == before


def _emulated_like(lite: Lite) -> list[emulated.Table]:
    """The same tables in the emulator."""
    tenants = [
        {"id": number, "name": name}
        for number, name in lite.database.rows("SELECT id, name FROM tenants ORDER BY id")
    ]
    keyless = lite.database.rows("SELECT t, doc::text FROM keyless")
    return [
        emulated.Table("tenants", {"id": "bigint", "name": "text"}, tenants, primary=("id",)),
        emulated.Table(
            "keyless", {"t": "text", "doc": "json"}, [{"t": t, "doc": doc} for t, doc in keyless]
        ),
        emulated.Table("ungranted", {"id": "integer"}, readable=frozenset()),
    ]


REQUESTS = (
    "tenants?select=a:id::text,name::text&limit=2&order=id.asc",
    "tenants?select=name::text&limit=2&order=id.asc&offset=3",
    "tenants?select=name::text&id=gte.2499&order=id.asc",
    "tenants?select=name::text&name=eq.tenant 7",
    "tenants?select=name::text&limit=0",
    "tenants?select=name::text&id=gt.9999",
    'tenants?select=a:id::text&order=id.asc&or=(and(id.gte."2499",or(id.gt."2499",name.gt."u")))',
    'tenants?select=id::text&or=(and(name.in.("tenant 1","a,b"),id.not.is.null))',
    'tenants?select=id::text&or=(and(or(id.is.null,id.not.in.("1")),id.lt."3"))',
    "tenants?select=id::text&id=eq.x",
    "keyless?select=t::text,doc::text&order=t.asc",
    "keyless?select=t::text&order=doc.asc",
    "nowhere?select=id::text",
    "tenants?select=nope::text",
    "tenants?select=id::text&nope=eq.1",
    "ungranted?select=id::text",
    "ungranted?select=*&limit=0",
)


@pytest.mark.parametrize("asked", REQUESTS)
def test_the_emulator_answers_as_the_real_one(lite: Lite, asked: str) -> None:
    import httpx

    answers = []
    with emulator.emulated(*_emulated_like(lite)) as made, httpx.Client() as client:
        for url, key in ((made.url, emulator.SECRET), (lite.url, SECRET)):
            answer = client.get(f"{url}/rest/v1/{asked}", headers={"apikey": key})
            body = answer.json()
            told = body if answer.is_success else (body["code"], body["message"])
            answers.append((answer.status_code, told, answer.headers.get("content-range")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("key", "path"), [("", "tenants"), ("sb_secret_wrong", "tenants"), ("sb_secret_wrong", "")]
)
def test_the_gateway_is_emulated_as_it_is(lite: Lite, key: str, path: str) -> None:
    import httpx

    with emulator.emulated() as made, httpx.Client() as client:
        answers = [
            client.get(f"{url}/rest/v1/{path}", headers={"apikey": key} if key else {})
            for url in (made.url, lite.url)
        ]
    assert [(answer.status_code, answer.json()["message"]) for answer in answers] == [
        (answers[1].status_code, answers[1].json()["message"])
    ] * 2
