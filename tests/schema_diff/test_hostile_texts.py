"""Texts that a server made to take long are read in time that grows with their length alone."""

from __future__ import annotations

import time

import pytest

from assay.databases.postgrest.openapi import tables_of, version_of
from assay.databases.sqlite.structure import _expressions, checks_in
from assay.kinds.sql_words import same_expression
from assay.schema_diff.expressions import expression
from assay.schema_diff.types import column_type

SIZE = 250_000
SECONDS = 3
"""A millisecond for what is linear; minutes for what is not."""
UNITS = (
    *(
        "(",
        ")",
        "'",
        '"',
        "`",
        "[",
        "]",
        "$",
        "$a",
        "$a$",
        "$$",
        "/*",
        "--",
        "-- \n",
        "a",
        "a ",
        " ",
    ),
    *("\n", '"a', "[a ", "''", '""', "::", "'a'::x ", "'a'::\"", "E'", "1", "1.", "(a", "a(", "a,"),
    *(
        "check(1),",
        "check (",
        "constraint a check(1),",
        'constraint "a',
        "Note:\n",
        "é",
        "nextval(",
    ),
    *("<fk table='", "<fk table='a' column='", "Note:\nThis is a Primary Key\n\n", "\n\nNote:\n"),
    *("character varying", "(1)", "[1]", "with time zone ", "::::", ".", "_", "\x00", "u&'"),
)


def within(work, *arguments):
    started = time.process_time()
    made = work(*arguments)
    assert time.process_time() - started < SECONDS, arguments[0][:30]
    return made


@pytest.mark.parametrize("unit", UNITS)
def test_no_text_takes_long(unit):
    for size, ending in ((4000, "'"), (4000, '"'), (60_000, ")"), (60_000, "!"), (SIZE, "!")):
        text = unit * (size // len(unit)) + ending
        within(expression, text, ("a",))
        within(column_type, text)
        within(same_expression, text, f"{text} ")
        within(lambda sql: list(checks_in(sql)), text)
        within(_expressions, f"CREATE INDEX i ON t ({text}", 2)
        within(tables_of, documented(text), "public")
        within(version_of, {"info": {"version": text}})


def documented(text):
    about = {"format": text, "default": text, "description": text, "enum": [text]}
    return {"definitions": {"t": {"properties": {"c": about}, "required": ["c"]}}}


def test_what_is_too_long_is_compared_as_it_stands_and_not_shown():
    long = "'secret'::text || " * 10_000
    made = expression(long)
    assert made.full == long
    assert made.shown == "…"
    assert column_type("X" * 5000).name == "x" * 5000


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("CREATE TABLE t (a CHECK (a > 0))", [("", "a > 0")]),
        (
            "CREATE TABLE t (a, CONSTRAINT b CHECK (a > (0)), CHECK(1))",
            [("b", "a > (0)"), ("", "1")],
        ),
        ('CREATE TABLE t (a, CONSTRAINT "b ""c" CHECK\n(a))', [('b "c', "a")]),
        ("CREATE TABLE t (a, CONSTRAINT [b c] check(a = ')'))", [("b c", "a = ')'")]),
        (
            "CREATE TABLE t (a /* check (1) */ -- check (2)\n, check (3 - 1 / 2))",
            [("", "3 - 1 / 2")],
        ),
        ("CREATE TABLE t (a CHECK (f(check(1)) or 'it''s'", [("", "f(check(1)) or 'it''s'")]),
        ("CREATE TABLE \"check\" (a DEFAULT 'check(1)')", []),
    ],
)
def test_checks_of_sqlite_are_found(sql, expected):
    assert [(check.name, check.expression) for check in checks_in(sql)] == expected


def test_expressions_of_an_index_are_taken_apart():
    assert _expressions("CREATE INDEX i ON t (lower(a, b), c)", 2) == ["lower(a, b)", "c"]
    assert _expressions("CREATE INDEX i ON t (a, ')') WHERE x(1)", 2) == ["a", "')'"]
    assert _expressions("CREATE INDEX i ON t (a", 2) == ["a", "a"]


@pytest.mark.parametrize(
    ("description", "keys", "foreign"),
    [
        ("Note:\nThis is a Primary Key.<pk/>", ("c",), []),
        ("words\n\nNote:\nThis is a Primary Key.<pk/>", ("c",), []),
        ("wordsNote:\nThis is a Primary Key.<pk/>", (), []),
        ("<pk/>", (), []),
        (
            "Note:\nThis is a Foreign Key to `o.id`.<fk table='o' column='id'/>",
            (),
            [("o", ("id",))],
        ),
        ("Note:\nThis is a Foreign Key to `o.id`.<fk table='o' column='id'", (), []),
        ("Note:\nThis is a Foreign Key to `o.id`.<fk table='o\n' column='id'/>", (), []),
    ],
)
def test_notes_of_a_data_api_are_read(description, keys, foreign):
    found = tables_of(documented("text") | {}, "public")
    assert found is not None
    about = {"format": "text", "description": description}
    document = {"definitions": {"t": {"properties": {"c": about}, "required": ["c"]}}}
    table = (tables_of(document, "public") or {})["t"]
    assert table.primary_key == keys
    assert [(key.table, key.targets) for key in table.foreign_keys] == foreign  # type: ignore[union-attr]
