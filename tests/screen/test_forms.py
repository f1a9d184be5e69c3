"""The screen's forms, which take all values at once, accept what their documentation says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.forms import accepts

from assay.screen.forms import FORMS

HOSTS: tuple[str, ...] = (
    "a",
    "a.b",
    "a-b.c",
    "-a",
    "a-",
    "a..b",
    ".a",
    "1.2.3.4",
    "1.2.3",
    "01.2.3.4",
    "256.1.1.1",
)
HOSTS += ("a" * 64, "a.1", "1a", "é", "a_b", "", "a.-b", "x" * 63 + ".y")
NOWHERE: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
"""No domains of which the screen asks more."""
GOOD: dict[tuple[Any, ...], tuple[str, ...]] = {
    ("any",): ("", "x"),
    ("length", 2, 4): ("a", "ab", "abcd", "abcde", "éé"),
    ("length", 0, None): ("", "x" * 99),
    ("chars", "abc", 1, 3): ("a", "abc", "abca", "abd", "", "é"),
    ("one-of", ("on", "off")): ("on", "off", "ON", ""),
    ("integer", None, None): (
        "0",
        "-1",
        "007",
        "9" * 18,
        "9" * 19,
        "-",
        "",
        "+1",
        "1.5",
        "²",
        "--1",
    ),
    ("integer", 1, 10): ("0", "1", "10", "11", "-5"),
    ("match", "[a-z]+"): ("a", "ab", "A", "", "a1", "a\n"),
    ("host",): HOSTS,
    ("quantity", ("s", "ms")): ("1s", "10ms", "s", "1", "1h", "1 s", "9" * 10 + "s"),
    ("uuid", "47"): (
        "0b7c2f4e-6d1a-4c3b-9e8f-1a2b3c4d5e6f",
        "0b7c2f4e-6d1a-7c3b-8e8f-1a2b3c4d5e6f",
        "0b7c2f4e-6d1a-1c3b-9e8f-1a2b3c4d5e6f",
        "0b7c2f4e-6d1a-4c3b-7e8f-1a2b3c4d5e6f",
        "0B7C2F4E-6D1A-4C3B-9E8F-1A2B3C4D5E6F",
        "0b7c2f4e6-d1a-4c3b-9e8f-1a2b3c4d5e6f",
        "0b7c2f4e",
        "",
    ),
    ("url", ("https", "http")): (
        "https://a",
        "http://a.b:80/x?y=1#z",
        "https://a:0",
        "https://a:65536",
        "https://a:x",
        "https://a:",
        "https://a#b#c",
        "https://a?b",
        "https://a b",
        "ftp://a",
        "https://",
        "https:/a",
        "x",
        "https://u@a",
        "https://-a",
    ),
    ("url", ("https",)): ("https://a", "http://a", "https://a/https://b", "https://a:1"),
    ("email",): (
        "a@b.c",
        "a.b+c@d-e.f",
        ".a@b.c",
        "a.@b.c",
        "a..b@c.d",
        "a@b",
        "a@1.2.3.4",
        "@b.c",
        "a@",
        "a@b@c.d",
        "a" * 65 + "@b.c",
        "é@b.c",
        "",
    ),
    ("base64", None): (
        "QQ==",
        "QUI=",
        "QUJD",
        "QR==",
        "QQ=",
        "QQ",
        "Q=Q=",
        "QUJ=",
        "====",
        "Q-==",
        "",
    ),
    ("base64", 2): ("QUI=", "QUJD", "QQ=="),
    ("connection", ("postgres", "mongodb+srv"), "segment", True, NOWHERE): (
        "postgres://u:p@h:5432/db",
        "postgres://h/db?sslmode=require",
        "postgres://h/db?x y",
        "postgres://h/",
        "postgres://h",
        "postgres://h:0/db",
        "postgres:///db",
        "mongodb+srv://h/db",
        "mongodb+srv://h:1/db",
        "postgres://u p@h/db",
        "postgres://h/a/b",
        "mysql://h/db",
    ),
    ("connection", ("redis",), "number", False, NOWHERE): (
        "redis://h/0",
        "redis://h",
        "redis://h/x",
    ),
    ("connection", ("smtp",), "nothing", False, NOWHERE): (
        "smtp://h",
        "smtp://h/x",
        "smtp://u:p@h:25",
    ),
    ("connection", ("amqp",), "segments", False, NOWHERE): (
        *("amqp://h/a/b", "amqp://h/a b", "amqp://h", "amqp://u:PASSWORD@h", "amqp://u:Your-1@h"),
    ),
    ("connection", ("redis", "rediss"), "number", False, (("up.io",), ("rediss",))): (
        *("rediss://h.up.io", "redis://h.UP.io", "rediss://h.up.io?TLS=false", "redis://h.io"),
        *("rediss://a:b@h.pooler.up.io", "rediss://a.b:c@h.pooler.up.io"),
    ),
}
CASES = [(form, value) for form, values in GOOD.items() for value in values]


def by_screen(form: tuple[Any, ...], values: list[str]) -> bool:
    """The screen's verdict; it is never asked about an empty value, nor about none."""
    return FORMS[form[0]](values, *form[1:])


@pytest.mark.parametrize(("form", "value"), [case for case in CASES if case[1]])
def test_a_form_accepts_a_value_as_documented(form, value):
    assert by_screen(form, [value]) == accepts(form, value)


@given(
    st.sampled_from(list(GOOD)).flatmap(
        lambda form: st.tuples(
            st.just(form),
            st.lists(st.sampled_from([v for v in GOOD[form] if v]), min_size=1, max_size=4),
        )
    )
)
def test_several_values_are_accepted_only_if_each_is(drawn):
    form, values = drawn
    assert by_screen(form, values) == all(accepts(form, value) for value in values)


@given(
    st.sampled_from(list(GOOD)),
    st.lists(st.text("aZ09.-_:/@?#=+%s é\n", min_size=1, max_size=12), min_size=1, max_size=3),
)
def test_no_text_is_accepted_that_the_documentation_refuses(form, values):
    if by_screen(form, values):
        assert all(accepts(form, value) for value in values)
