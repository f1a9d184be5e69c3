"""Expressions of a database have one spelling, and no literal of theirs is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.properties import canaries

from assay.schema_diff.expressions import expression

COLUMNS = ("status", "amount")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("'sandbox'::character varying(20)", "'…'"),
        ("'x'::public.\"Mood\"[]", "'…'"),
        ("'12:00'::time(3) without time zone", "'…'"),
        ("nextval('public.t_id_seq'::regclass)", "nextval(…)"),
        ("gen_random_uuid()", "gen_random_uuid()"),
        ("((status = ANY (ARRAY['a'::text, 'b'::text])))", "status = any (array['…', '…'])"),
        ("(amount > 0) AND\n (amount <  10)", "(amount > 0) and (amount < 10)"),
        ("now() - '1 day'::interval", "now() - '…'"),
        ("CURRENT_TIMESTAMP", "current_timestamp"),
        ("hunter2", "…"),
        ('"hunter2"', '"…"'),
        ('"Status" = 1', '"Status" = 1'),
        ("$x$abc'$x$ || 'y'", "'…' || '…'"),
        ("'unterminated", "'…'"),
        ("E'\\\\x'", "'…'"),
        ("X'ab12'", "'…'"),
        ("1234567890", "…"),
        ("0 -- hunter2", "0"),
        ("/* hunter2 */ 12", "12"),
        ("'a' || ')('", "'…' || '…'"),
        ("[status] = `amount`", "[status] = `amount`"),
        ("", ""),
    ],
)
def test_an_expression_shows_no_literal(text, shown):
    assert expression(text, COLUMNS).shown == shown


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("'a'", "'a'::text", True),
        ("'a'", "'A'", False),
        ("'a  b'", "'a b'", False),
        ("amount > 0", "((AMOUNT>0))", False),
        ("amount > 0", "((AMOUNT  > 0))", True),
        ("nextval('a_seq'::regclass)", "nextval('b_seq'::regclass)", True),
    ],
)
def test_spellings_of_one_expression_are_equal(left, right, equal):
    assert (expression(left).full == expression(right).full) is equal


@given(st.text(max_size=60) | st.from_regex(r"[ '\"$a(:)\-*/\[\]]{0,20}"))
def test_any_text_is_an_expression(text):
    made = expression(text)
    again = expression(made.full)
    assert again.full == made.full
    assert len(made.shown) <= len(text) + 3


@given(
    st.text("abcdefghijklmnop0123456789", min_size=8, max_size=30),
    st.sampled_from(
        ("'{}'", "'x''{}'", "E'{}'", '"{}"', "{}", "$${}$$", "f('{}')", "'{}", "--{}", "0x{}")
    ),
)
def test_no_piece_of_a_literal_is_shown(secret, shape):
    assert canaries.found([secret], expression(shape.format(secret)).shown) == []
