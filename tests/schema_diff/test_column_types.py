"""Types of columns are the same by whichever name, and differ only where that is certain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.schema_diff.types import column_type, same_type


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("int4", "integer"),
        ("INTEGER", "integer"),
        ("int64", "bigint"),
        ("serial", "integer"),
        ("varchar(40)", "character varying(40)"),
        ("character varying(40)[]", "character varying(40)[]"),
        ("timestamp(3) with time zone", "timestamp with time zone(3)"),
        ("timestamptz(6)", "timestamp with time zone"),
        ("timestamp without time zone", "timestamp"),
        ("_text", "text[]"),
        ("text ARRAY", "text[]"),
        ("int8[3][]", "bigint[]"),
        ("numeric(10, 0)", "numeric(10)"),
        ("decimal(10,2)", "numeric(10, 2)"),
        ("char", "character(1)"),
        ("bpchar(5)", "character(5)"),
        ("float(24)", "real"),
        ("float(53)", "double precision"),
        ("double   precision", "double precision"),
        ('"MyEnum"', "MyEnum"),
        ('Public."My""Enum"', 'public.My"Enum'),
        ("pg_catalog.bool", "boolean"),
        ("interval day to second(3)", "interval day to second(3)"),
        ("(", "("),
        ("", ""),
    ],
)
def test_a_type_has_one_spelling(text, shown):
    assert str(column_type(text)) == shown


@pytest.mark.parametrize(
    ("left", "right", "exact", "alike", "same"),
    [
        ("int4", "integer", True, True, True),
        ("int4", "int8", True, True, False),
        ("text", "text[]", True, True, False),
        ("varchar(40)", "varchar(60)", True, True, False),
        ("varchar(40)", "varchar", False, True, None),
        ("varchar", "varchar", False, True, None),
        ("text", "text", False, True, True),
        ("varchar", "text", False, True, False),
        ("integer", "bigint", True, False, None),
        ("text", "bytea", True, False, False),
        ("uuid", "text", True, False, None),
        ("blob", "bytea", True, False, True),
        ("blob", "bytea", True, True, False),
        ("text", "text", True, False, True),
        ("integer[]", "text", True, False, None),
    ],
)
def test_types_differ_only_where_that_is_certain(left, right, exact, alike, same):
    assert same_type(left, right, exact=exact, alike=alike) is same
    assert same_type(right, left, exact=exact, alike=alike) is same


@given(st.text(max_size=30) | st.from_regex(r"[a-z_ ]{1,9}(\([0-9, ]{0,5}\))?(\[\])?"))
def test_any_text_is_a_type_that_equals_itself(text):
    spelling = str(column_type(text))
    assert same_type(text, text)
    assert same_type(text, text, alike=False) in (True, None)
    assert isinstance(spelling, str)
