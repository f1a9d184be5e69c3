"""Comparing databases: a database equals itself, and what was changed is what differs."""

from __future__ import annotations

import hmac
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties import canaries
from tests.schema_diff.strategies import MUTATIONS, structures

from assay.databases.model import (
    CheckConstraint,
    FoundColumn,
    FoundForeignKey,
    FoundIndex,
    FoundTable,
    Structure,
)
from assay.facts import Unobservable
from assay.schema_diff.comparing import Line, Side, lines
from assay.schema_diff.outline import Outline, outline_of
from assay.schema_diff.words import aspect_of, reasons, subject_of, texts, title_of

FEWER = settings(max_examples=max(60, settings().max_examples // 5))
SILENT = Unobservable(reason="the data API does not expose it")


def side(label: str, found: Structure | Unobservable, pepper: str = "one") -> Side:
    def digest(text: str) -> str:
        return hmac.digest(pepper.encode(), text.encode(), "sha256").hex()

    outline = found if isinstance(found, Unobservable) else outline_of(found, digest)
    return Side(label=label, outline=outline, pepper=pepper)


def notable(*sides: Side) -> list[Line]:
    return [line for line in lines(sides) if not line.agrees]


def one(dialect: str = "postgresql", /, **table: Any) -> Structure:
    columns = {
        "id": FoundColumn(name="id", type="uuid", nullable=False),
        "name": FoundColumn(name="name", type="text", nullable=True),
    }
    fields: dict[str, Any] = {"columns": columns, "primary_key": ("id",), **table}
    made = FoundTable(name="t", **fields)
    return Structure(dialect=dialect, schema="public", tables={"t": made})


@FEWER
@given(structures())
def test_a_structure_equals_itself(found):
    assert notable(side("a", found), side("b", found), side("c", found)) == []
    told = [line.table for line in lines([side("a", found), side("b", found)])]
    assert told == sorted(found.tables)


@FEWER
@given(structures(), structures())
def test_comparing_is_symmetric(left, right):
    def verdicts(a: Structure, b: Structure) -> set[tuple[object, ...]]:
        return {
            (line.table, line.aspect, line.item, line.agrees)
            for line in lines([side("a", a), side("b", b)])
        }

    assert verdicts(left, right) == verdicts(right, left)


@FEWER
@given(structures(), st.sampled_from(sorted(MUTATIONS)), st.data())
def test_one_change_is_one_difference_and_it_is_named(found, aspect, data):
    name = data.draw(st.sampled_from(sorted(found.tables)))
    changed = msgspec.structs.replace(
        found, tables={**found.tables, name: MUTATIONS[aspect](found.tables[name])}
    )
    (line,) = notable(side("a", found), side("b", changed))
    assert (line.table, line.aspect, line.agrees) == (name, aspect, False)
    assert line.broken == (("a", "b"),)


@FEWER
@given(structures())
def test_a_table_that_is_missing_is_one_difference(found):
    first, *rest = found.tables
    without = msgspec.structs.replace(found, tables={n: found.tables[n] for n in rest})
    (line,) = notable(side("a", found), side("b", without), side("c", found))
    assert (line.table, line.aspect) == (first, "table")
    assert line.broken == (("a", "b"), ("b", "c"))
    assert texts(line)["b"] == "missing"


@FEWER
@given(structures())
def test_an_outline_survives_json(found):
    made = side("a", found).outline
    assert msgspec.json.decode(msgspec.json.encode(made), type=Outline) == made


SHAPES = (
    *("'{}'", "'{}'::text", "f('{}')", '"{}"', "{}", "E'{}'", "$a${}$a$", "a = '{}' and '{}' <> b"),
)


@given(st.text("abcdefghjkmnpqr0123456789", min_size=10, max_size=20), st.sampled_from(SHAPES))
def test_no_piece_of_a_literal_is_in_an_outline(secret, shape):
    text = shape.replace("{}", secret)
    columns = {"a": FoundColumn(name="a", type="text", nullable=True, default=text)}
    found = one(
        columns=columns,
        checks=(
            CheckConstraint(name="", expression=text),
            CheckConstraint(name="c", expression=text),
        ),
        indexes=(FoundIndex(name="i", columns=("a", text)),),
    )
    outline = side("a", found).outline
    assert canaries.found([secret], msgspec.json.encode(outline).decode()) == []
    other = one(columns={"a": FoundColumn(name="a", type="text", nullable=True, default="now()")})
    said = [
        f"{title_of(line)}{texts(line)}" for line in notable(side("a", found), side("b", other))
    ]
    assert canaries.found([secret], "".join(said)) == []


@pytest.mark.parametrize(
    ("field", "aspect"),
    [
        ("primary_key", "primary key"),
        ("foreign_keys", "foreign keys"),
        ("unique", "unique"),
        ("indexes", "indexes"),
        ("checks", "checks"),
        ("row_security", "row security"),
        ("policies", "policies"),
        ("grants", "grants"),
        ("columns", "columns"),
    ],
)
def test_what_a_side_does_not_tell_is_unknown_with_the_reason(field, aspect):
    (line,) = notable(side("a", one()), side("b", one(**{field: SILENT})))
    assert (line.aspect, line.agrees, line.cells["b"]) == (aspect, None, SILENT)


def test_checks_of_one_text_are_counted():
    same = CheckConstraint(name="", expression="name <> 'kV9sTz2QqWmB'")
    (line,) = notable(side("a", one(checks=(same,))), side("b", one(checks=(same, same))))
    assert (line.aspect, line.item) == ("checks", "name <> '…' (2)")


def test_what_is_not_told_of_many_tables_is_told_once():
    columns = {c: FoundColumn(name=c, type="text", nullable=SILENT) for c in "abc"}
    table = FoundTable(name="t", columns=columns, indexes=SILENT)
    found = Structure(
        dialect="postgrest", schema="public", tables={f"t{n}": table for n in range(20)}
    )
    told = {c: FoundColumn(name=c, type="text", nullable=False) for c in "abc"}
    other = FoundTable(name="t", columns=told, indexes=(FoundIndex(name="i", columns=("a",)),))
    full = msgspec.structs.replace(
        found, dialect="postgresql", tables=dict.fromkeys(found.tables, other)
    )
    assert [
        (line.aspect, line.table, line.tables)
        for line in notable(side("a", found), side("b", full))
    ] == [
        ("nullable", "", 20),
        ("indexes", "", 20),
    ]


def test_a_database_that_does_not_answer_is_unknown_and_the_others_are_compared():
    gone = Unobservable(reason="main was not reached: connection refused")
    found = notable(side("a", one()), side("b", gone), side("c", one(unique=(("name",),))))
    assert [(line.aspect, line.agrees) for line in found] == [("tables", None), ("unique", False)]
    assert found[0].unknown == (("a", "b"), ("b", "c"))


def test_tables_that_are_not_listed_are_unknown_and_not_missing():
    empty = Structure(dialect="postgrest", schema="public", unlisted=SILENT)
    (line,) = notable(side("a", one()), side("b", empty))
    assert (line.table, line.aspect, line.cells["b"]) == ("t", "table", SILENT)
    assert line.agrees is None


def test_a_column_that_may_be_there_is_unknown():
    columns = {"id": FoundColumn(name="id", type="uuid", nullable=False)}
    part = one(columns=columns, untold={"columns": SILENT})
    (line,) = notable(side("a", one()), side("b", part))
    assert (line.aspect, line.item, line.agrees) == ("column", "name", None)


def test_foreign_keys_that_are_told_in_part():
    key = FoundForeignKey(columns=("id",), table="x", targets=("id",), on_delete="cascade")
    other = FoundForeignKey(columns=("name",), table="x", targets=("id",))
    hidden = msgspec.structs.replace(key, on_delete=SILENT)
    whole = one(foreign_keys=(key, other))
    part = one(foreign_keys=(hidden,), untold={"foreign_keys": SILENT})
    found = notable(side("a", whole), side("b", part))
    assert [(line.aspect, line.item, line.agrees) for line in found] == [
        ("foreign keys", "id", None),
        ("foreign keys", "name", None),
    ]


@pytest.mark.parametrize(
    ("left", "right", "agrees"),
    [("varchar(40)", "varchar", None), ("text", "int4", False), ("text", "text", True)],
)
def test_a_type_without_its_length_is_compared_as_far_as_it_is_told(left, right, agrees):
    full = one(columns={"a": FoundColumn(name="a", type=left, nullable=True)})
    part = one(
        "postgrest", columns={"a": FoundColumn(name="a", type=right, nullable=True, exact=False)}
    )
    found = notable(side("a", full), side("b", part))
    assert [line.agrees for line in found] == ([] if agrees else [agrees])
    if agrees is None:
        assert found[0].reason == "one side does not tell its length or precision"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            {"columns": {"id": FoundColumn(name="id", type="text", nullable=False)}},
            [("column", False), ("type", None)],
        ),
        ({"indexes": (FoundIndex(name="i", columns=("name",)),)}, [("indexes", False)]),
        ({"row_security": True}, [("row security", None)]),
        ({"checks": (CheckConstraint(name="c", expression="1 = 1"),)}, [("checks", None)]),
        ({}, []),
    ],
)
def test_across_dialects_only_what_both_have_is_compared(change, found):
    told = notable(side("a", one()), side("b", one("sqlite", **change)))
    assert sorted((line.aspect, line.agrees) for line in told) == found
    for line in told:
        if line.agrees is None:
            assert line.reason == "postgresql and sqlite have no common words for it"


@pytest.mark.parametrize(
    ("left", "right", "pepper", "agrees"),
    [
        ("'a'", "'b'", "one", False),
        ("'a'", "'a'", "one", True),
        ("'a'", "'a'", "two", None),
        ("'a'", "now()", "two", False),
        ("'a'", None, "two", False),
    ],
)
def test_literals_are_compared_by_their_digests(left, right, pepper, agrees):
    def with_default(text: str | None) -> Structure:
        column = FoundColumn(name="a", type="text", nullable=True, default=text)
        return one(columns={"a": column}, primary_key=())

    sides = side("a", with_default(left)), side("b", with_default(right), pepper)
    found = notable(*sides)
    assert [line.agrees for line in found] == ([] if agrees else [agrees])
    for line in found:
        assert "a'" not in texts(line)["a"]
    if left == "'a'" and right == "'b'":
        assert texts(found[0]) == {"a": "'…' (A)", "b": "'…' (B)"}


def test_an_index_that_only_serves_a_key_is_no_difference_of_its_own():
    key = FoundIndex(name="t_name_key", columns=("name",), unique=True)
    left, right = one(), one(unique=(("name",),), indexes=(key,))
    assert [line.aspect for line in notable(side("a", left), side("b", right))] == ["unique"]


def test_only_the_pairs_that_are_asked_for_are_compared():
    sides = [side("a", one()), side("b", one(row_security=True)), side("c", one())]
    assert [line.agrees for line in lines(sides, [("a", "c")])] == [True]


def test_extensions_are_compared():
    left = msgspec.structs.replace(one(), extensions=("pgcrypto",))
    (line,) = notable(side("a", left), side("b", one()))
    assert (line.aspect, line.item, line.agrees) == ("extension", "pgcrypto", False)
    hidden = msgspec.structs.replace(one(), extensions=SILENT)
    (line,) = notable(side("a", left), side("b", hidden))
    assert line.agrees is None


@pytest.mark.parametrize(
    ("line", "subject", "aspect", "title"),
    [
        (("t", "table", ""), "t", "", "table t"),
        (("t", "column", "id"), "t.id", "", "table t.id"),
        (("t", "columns", ""), "t", "columns", "table t columns"),
        (("t", "type", "id"), "t.id", "type", "table t.id type"),
        (("t", "grants", "anon"), "t", "grants to anon", "table t grants to anon"),
        (("t", "grants", ""), "t", "grants", "table t grants"),
        (("t", "row security", ""), "t", "row level security", "table t row level security"),
        (("", "indexes", ""), "", "indexes", "indexes of 3 tables"),
        (("", "extension", "pgcrypto"), "pgcrypto", "", "extension pgcrypto"),
    ],
)
def test_a_line_has_a_title(line, subject, aspect, title):
    table, sort, item = line
    tables = 1 if table or item else 3
    made = Line(table=table, aspect=sort, item=item, cells={}, tables=tables)
    assert (subject_of(made), aspect_of(made), title_of(made)) == (subject, aspect, title)


def test_reasons_are_told_by_side():
    (line,) = notable(side("a", one()), side("b", one(indexes=SILENT)))
    assert reasons(line) == {"b": SILENT.reason}
    assert texts(line)["b"] == "unknown"
