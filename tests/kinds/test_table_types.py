"""Types are the same by any name, and what SQLite makes of them is told from what it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.kinds.sql_words import allowed_values, quoted, same_default, same_expression, tokens
from assay.kinds.table.types import same


@pytest.mark.parametrize(
    ("declared", "found", "verdict"),
    [
        ("int4", "integer", True),
        ("serial", "int4", True),
        ("int64", "bigint", True),
        ("int8", "integer", False),
        ("varchar", "character varying(40)", True),
        ("varchar(40)", "character varying(40)", True),
        ("varchar(40)", "character varying(80)", False),
        ("varchar(40)", "character varying", False),
        ("varchar(40)", "text", False),
        ("numeric", "numeric(10,2)", True),
        ("decimal(10, 2)", "numeric(10,2)", True),
        ("timestamptz", "timestamp with time zone", True),
        ("timestamptz", "timestamp without time zone", False),
        ("json", "jsonb", False),
        ("text[]", "_text", True),
        ("text[]", "ARRAY", True),
        ("text", "text[]", False),
        ("text", "ARRAY", False),
        ("mood", "public.mood", True),
        ('"Mood"', "public.Mood", True),
        ("_mood", "public.mood[]", True),
        ("mood", "temper", False),
        ("geometry(Point,4326)", "geometry(point,4326)", False),
    ],
)
def test_types_are_compared_by_what_they_are(declared, found, verdict):
    assert same(declared, found, "postgresql") is verdict


@pytest.mark.parametrize(
    ("declared", "found", "verdict"),
    [
        ("varchar(40)", "character varying", None),
        ("varchar(40)", "character varying(40)", True),
        ("varchar", "character varying", True),
        ("varchar(40)", "text", False),
    ],
)
def test_a_length_that_is_not_told_is_unknown(declared, found, verdict):
    assert same(declared, found, "postgrest", exact=False) is verdict


@pytest.mark.parametrize(
    ("declared", "found", "verdict"),
    [
        ("uuid", "TEXT", True),
        ("uuid", "UUID", True),
        ("uuid", "BLOB", True),
        ("uuid", "INTEGER", False),
        ("bigint", "INTEGER", True),
        ("boolean", "INTEGER", True),
        ("boolean", "BOOLEAN", True),
        ("boolean", "TEXT", False),
        ("text", "VARCHAR(40)", True),
        ("varchar(40)", "VARCHAR(80)", False),
        ("varchar", "VARCHAR(80)", True),
        ("varchar(40)", "TEXT", True),
        ("text", "INTEGER", False),
        ("integer", "TEXT", False),
        ("bytea", "BLOB", True),
        ("bytea", "TEXT", False),
        ("timestamptz", "DATETIME", True),
        ("timestamptz", "TEXT", True),
        ("timestamptz", "INTEGER", True),
        ("timestamptz", "BLOB", False),
        ("jsonb", "TEXT", True),
        ("jsonb", "JSON", False),
        ("numeric(10,2)", "REAL", True),
        ("numeric(10,2)", "TEXT", True),
        ("real", "REAL", True),
        ("text[]", "TEXT", True),
        ("text[]", "BLOB", False),
        ("mood", "TEXT", True),
        ("mood", "INTEGER", False),
        ("uuid", "", True),
        ("uuid", "ANY", True),
    ],
)
def test_sqlite_has_storage_classes_in_place_of_most_types(declared, found, verdict):
    assert same(declared, found, "sqlite") is verdict


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["sqlite", "postgresql"]))
def test_any_texts_can_be_compared_as_types(left, right, dialect):
    assert same(left, left, dialect) is True
    assert same(left, right, dialect) in (True, False)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_texts_can_be_compared_as_expressions(left, right):
    assert same_expression(left, left)
    assert same_expression(left, right) == same_expression(right, left)
    assert same_default(left, left) or not tokens(left) or tokens(left) == ("null",)
    allowed_values(left, right)
    assert quoted(left)


@given(st.lists(st.text(max_size=8), min_size=1, max_size=4))
def test_the_values_of_a_check_are_read_as_they_were_written(values):
    texts = ["'" + value.replace("'", "''") + "'" for value in values]
    assert allowed_values(f"a in ({', '.join(texts)})", "a") == tuple(values)
    many = ", ".join(f"{text}::text" for text in texts)
    assert allowed_values(f"((a)::text = ANY (ARRAY[{many}]))", "A") == tuple(values)
