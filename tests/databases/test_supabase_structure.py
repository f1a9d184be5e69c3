"""What a data API tells of tables, and that it never says more than it knows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.databases.emulated import Problem, Table
from tests.databases.emulator import PUBLISHABLE, SECRET, emulated
from tests.databases.projects import opened

from assay.databases.model import PRIVILEGES, Asked, FoundForeignKey
from assay.databases.model import FoundTable as Relation
from assay.databases.postgrest.openapi import tables_of, version_of
from assay.databases.trouble import DatabaseTrouble
from assay.facts import Unobservable

CREDENTIALS = Table(
    "mpesa_credentials",
    {
        "id": "uuid",
        "tenant_id": "bigint",
        "environment": "public.environment",
        "secret": "bytea",
        "label": "character varying",
        "kind": "character",
        "amount": "numeric",
        "at": "timestamp with time zone",
        "meta": "jsonb",
        "tags": "text[]",
        "active": "boolean",
        "note": "text",
    },
    primary=("id",),
    required=("tenant_id", "environment"),
    foreign={"tenant_id": ("tenants", "id")},
    enums={"environment": ["sandbox", "production"]},
    defaults={
        "id": "gen_random_uuid()",
        "environment": "sandbox",
        "at": "now()",
        "active": False,
        "amount": 1.5,
        "note": "it's",
        "label": "'x'::varchar",
    },
    lengths={"label": 40, "kind": 3},
    comments={"tenant_id": "Whose.\n\nNote:\nThis is a Primary Key of sorts.", "note": "<pk/>"},
)
VIEW = Table("active_tenants", {"id": "bigint", "name": "text"}, primary=("id",), view=True)
LOOSE = Table("loose", {"a": "text", "json": "json"})
READ_ONLY = Table("report", {"a": "text"}, view=True)
TABLES = (CREDENTIALS, VIEW, LOOSE, READ_ONLY)


def names_of(table: Relation) -> list[str]:
    assert not isinstance(table.columns, Unobservable)
    return list(table.columns)


@pytest.fixture(scope="module")
def structure():
    with emulated(*TABLES) as emulator, opened(emulator.url) as session:
        return session.structure()


def test_the_root_document_tells_tables_and_columns(structure):
    assert structure.dialect == "postgrest"
    assert structure.schema == "public"
    assert structure.unlisted is None
    assert list(structure.tables) == [table.name for table in TABLES]
    columns = structure.tables["mpesa_credentials"].columns
    assert {name: (c.type, c.exact, c.nullable) for name, c in columns.items()} == {
        "id": ("uuid", True, False),
        "tenant_id": ("bigint", True, False),
        "environment": ("environment", True, False),
        "secret": ("bytea", True, True),
        "label": ("character varying(40)", True, True),
        "kind": ("character(3)", True, True),
        "amount": ("numeric", False, True),
        "at": ("timestamp with time zone", False, True),
        "meta": ("jsonb", True, True),
        "tags": ("text[]", True, True),
        "active": ("boolean", True, True),
        "note": ("text", True, True),
    }
    assert columns["environment"].options == ("sandbox", "production")


def test_defaults_are_given_where_they_are_told(structure):
    columns = structure.tables["mpesa_credentials"].columns
    told = {
        name: c.default for name, c in columns.items() if not isinstance(c.default, Unobservable)
    }
    assert told == {
        "id": "gen_random_uuid()",
        "environment": "'sandbox'",
        "label": "'x'::varchar",
        "amount": "1.5",
        "at": "now()",
        "active": "false",
        "note": "'it''s'",
    }


def test_keys_come_from_the_notes_alone(structure):
    table = structure.tables["mpesa_credentials"]
    assert table.primary_key == ("id",)
    assert table.foreign_keys == (
        FoundForeignKey(
            columns=("tenant_id",),
            table="tenants",
            targets=("id",),
            on_delete=table.foreign_keys[0].on_delete,
        ),
    )
    assert isinstance(table.foreign_keys[0].on_delete, Unobservable)
    assert "foreign_keys" in table.untold


def test_what_is_not_told_is_unknown(structure):
    for table in structure.tables.values():
        for aspect in ("unique", "indexes", "checks", "row_security", "policies", "grants"):
            assert isinstance(getattr(table, aspect), Unobservable), aspect
        assert table.hidden is False  # the role sees every row, whatever the policies
        assert set(table.may) == set(PRIVILEGES)
        assert all(isinstance(may, Unobservable) for may in table.may.values())
    assert isinstance(structure.extensions, Unobservable)
    assert isinstance(structure.roles, Unobservable)


def test_views_are_told_where_they_can_be(structure):
    sorts = {name: table.sort for name, table in structure.tables.items()}
    assert sorts == {
        "mpesa_credentials": "table",
        "active_tenants": "view",
        "loose": "table or view",
        "report": "view",
    }
    for name in ("active_tenants", "loose", "report"):
        columns = structure.tables[name].columns.values()
        assert all(isinstance(c.nullable, Unobservable) for c in columns)


def test_one_request_tells_it_all():
    tables = [Table(f"t{number}", {"id": "integer"}, primary=("id",)) for number in range(200)]
    with emulated(*tables) as emulator, opened(emulator.url) as session:
        asked = [Asked(table=table.name, columns=("id",)) for table in tables]
        assert len(session.structure(asked=asked).tables) == 200
        session.structure("public")
        assert len(emulator.requests) == 1


def test_the_right_to_read_is_tried_where_it_is_asked_for():
    denied = Table("denied", {"id": "integer"}, readable=frozenset())
    asked = [
        Asked(table="loose", select=True),
        Asked(table="denied", select=True),
        Asked(table="nowhere", select=True),
        Asked(table="report"),
    ]
    with emulated(*TABLES, denied) as emulator, opened(emulator.url) as session:
        emulator.requests.clear()
        tables = session.structure(asked=asked).tables
        assert [request.query["limit"] for request in emulator.requests] == ["0", "0"]
    assert tables["loose"].may["select"] is True
    assert tables["denied"].may["select"] is False
    assert isinstance(tables["report"].may["select"], Unobservable)
    assert "nowhere" not in tables


def test_without_a_list_the_tables_that_are_asked_for_are_looked_at():
    denied = Table("denied", {"id": "integer"}, readable=frozenset({"service_role"}))
    odd = Table("odd", {'a "b"': "text", "c,d": "text"})
    asked = [
        Asked(table="mpesa_credentials", columns=("id", "nope", "secret", "neither")),
        Asked(table="nowhere", columns=("id",)),
        Asked(table="denied", columns=("id",)),
        Asked(table="odd", columns=('a "b"', "c,d", "x.y", 'n"o')),
        Asked(table="loose"),
    ]
    with (
        emulated(*TABLES, denied, odd) as emulator,
        opened(emulator.url, PUBLISHABLE) as session,
    ):
        structure = session.structure(asked=asked)
        assert session.structure().tables == {}
    assert structure.unlisted is not None
    assert "secret keys" in structure.unlisted.reason
    tables = structure.tables
    assert list(tables) == ["mpesa_credentials", "denied", "odd", "loose"]
    found = tables["mpesa_credentials"]
    assert not isinstance(found.columns, Unobservable)
    assert list(found.columns) == ["id", "secret"]
    assert isinstance(found.columns["id"].type, Unobservable)
    assert isinstance(found.columns["id"].nullable, Unobservable)
    assert isinstance(found.columns["id"].default, Unobservable)
    assert isinstance(found.primary_key, Unobservable)
    assert isinstance(found.hidden, Unobservable)
    assert "columns" in found.untold
    assert found.may["select"] is True
    assert isinstance(found.may["insert"], Unobservable)
    assert isinstance(tables["denied"].columns, Unobservable)
    assert tables["denied"].may["select"] is False
    assert names_of(tables["odd"]) == ['a "b"', "c,d"]


def test_columns_are_tried_one_by_one_where_no_message_names_the_one_that_lacks():
    def nameless(handler):
        body = {"code": "42703", "message": "spalte gibt es nicht", "hint": None}
        handler.send(400, json.dumps(body))

    with emulated(*TABLES) as emulator, opened(emulator.url, PUBLISHABLE) as session:
        emulator.scripts = [nameless, None, nameless]
        asked = [Asked(table="loose", columns=("a", "nope"))]
        assert names_of(session.structure(asked=asked).tables["loose"]) == ["a"]
        emulator.scripts = [nameless, lambda handler: handler.send(503, "{}")]
        with pytest.raises(DatabaseTrouble):
            session.structure(asked=asked)
        emulator.always = nameless
        with pytest.raises(DatabaseTrouble):
            session.structure(asked=[Asked(table="loose")])


def test_another_answer_to_a_trial_is_a_fault():
    def refuse(handler):
        handler.send(500, json.dumps({"code": "XX000", "message": "canary"}))

    with emulated(*TABLES) as emulator, opened(emulator.url) as session:
        emulator.always = refuse
        with pytest.raises(DatabaseTrouble) as caught:
            session.structure(asked=[Asked(table="loose", select=True)])
    assert caught.value.refused.values["state"] == "XX000"


def test_a_table_that_goes_between_two_requests_is_still_listed():
    with emulated(*TABLES) as emulator, opened(emulator.url) as session:
        problem = Problem(404, "PGRST205", "Could not find the table")
        emulator.always = lambda handler: handler.send(404, json.dumps(problem.body))
        tables = session.structure(asked=[Asked(table="loose", select=True)]).tables
    assert isinstance(tables["loose"].may["select"], Unobservable)


def test_a_schema_that_is_not_exposed_is_a_fault():
    with emulated(*TABLES) as emulator, opened(emulator.url) as session:
        assert session.structure("graphql_public").schema == "graphql_public"
        with pytest.raises(DatabaseTrouble) as caught:
            session.structure("private")
    assert caught.value.refused.code == "database-schema-not-exposed"


def test_formats_of_other_versions_are_understood():
    properties = {
        "a": {"format": "int32", "type": "integer"},
        "b": {"format": "int64", "type": "integer"},
        "c": {"type": "string"},
        "d": {"format": "character varying", "type": "string"},
        "e": {"format": "vector", "type": "string"},
        "f": {"format": "character varying", "type": "string", "maxLength": True},
        "g": "nonsense",
    }
    document = {"definitions": {"t": {"properties": properties, "required": "nonsense"}}}
    columns = (tables_of(document, "public") or {})["t"].columns
    assert not isinstance(columns, Unobservable)
    assert [columns[name].type for name in "abdef"] == [
        *("integer", "bigint", "character varying", "vector", "character varying")
    ]
    assert isinstance(columns["c"].type, Unobservable)
    assert [columns[name].exact for name in "de"] == [True, False]
    assert "g" not in columns


def test_a_document_without_definitions_lists_nothing():
    document: Any
    for document in (None, [], {}, {"definitions": []}, 5):
        assert tables_of(document, "public") is None
        assert version_of(document) == ""
    assert version_of({"info": {"version": "<b>"}}) == ""
    assert tables_of({"definitions": {"t": 5, "u": {"properties": []}}}, "public") == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "definitions",
                    "properties",
                    "required",
                    "format",
                    "description",
                    "default",
                    "enum",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=25,
)


@given(JSON)
def test_any_document_gives_tables_or_none(document):
    tables_of({"definitions": document, "paths": document}, "public")
    tables_of({"definitions": {"t": {"properties": document, "required": document}}}, "public")
    tables_of({"definitions": {"t": {"properties": {"c": document}}}}, "public")
    version_of(document)


@pytest.mark.parametrize("key", [SECRET, PUBLISHABLE])
def test_a_backend_that_only_serves_what_it_must_is_no_fault(key):
    with emulated(*TABLES) as emulator:
        body = json.dumps({"code": "PGRST126", "message": "Root endpoint metadata is disabled"})
        emulator.always = lambda handler: handler.send(404, body)
        with opened(emulator.url, key) as session:
            assert session.structure().unlisted is not None
        emulator.always = lambda handler: handler.send(200, '{"swagger":"2.0"}')
        with opened(emulator.url, key) as session:
            unlisted = session.structure().unlisted
        assert unlisted is not None
        assert "describes no tables" in unlisted.reason
