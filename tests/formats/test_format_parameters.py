"""Parameters that can't be right are reported to the spec's author."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import msgspec
import pytest
from tests.formats.tables.case import load

from assay.formats import clock
from assay.formats.patterns import one_class, pattern_found, pattern_matches, pattern_problem

WRONG = (
    ({"type": "text", "pattern": "("}, "pattern"),
    ({"type": "text", "pattern": "\ud800"}, "pattern"),
    ({"type": "text", "min-length": 3, "max-length": 2}, "min-length"),
    ({"type": "integer", "minimum": 3, "maximum": 2}, "minimum"),
    ({"type": "number", "minimum": 3, "maximum": 2}, "minimum"),
    ({"type": "enum", "options": ["a", ""]}, "options"),
    ({"type": "enum", "options": ["a", "A"], "ignore-case": True}, "options"),
    ({"type": "boolean", "truthy": []}, "truthy"),
    ({"type": "boolean", "falsy": ["a", ""]}, "falsy"),
    ({"type": "boolean", "truthy": ["no"]}, "truthy"),
    ({"type": "url", "schemes": ["https://"]}, "schemes"),
    ({"type": "url", "hosts": ["a b"]}, "hosts"),
    ({"type": "url", "hosts": []}, "hosts"),
    ({"type": "hostname", "hosts": ["a b"]}, "hosts"),
    ({"type": "email", "hosts": ["a b"]}, "hosts"),
    ({"type": "git-url", "hosts": ["a b"]}, "hosts"),
    ({"type": "certificate", "hosts": ["a b"]}, "hosts"),
    ({"type": "postgres", "hosts": ["a b"]}, "hosts"),
    ({"type": "postgres", "schemes": ["mysql"]}, "schemes"),
    ({"type": "semver", "minimum": "1"}, "minimum"),
    ({"type": "semver", "minimum": "2.0.0", "maximum": "1.0.0"}, "minimum"),
    ({"type": "date", "minimum": "1"}, "minimum"),
    ({"type": "date", "minimum": "2027-01-02", "maximum": "2027-01-01"}, "minimum"),
    ({"type": "duration", "maximum": "1"}, "maximum"),
    ({"type": "duration", "minimum": "2s", "maximum": "1s"}, "minimum"),
    ({"type": "bytes-size", "maximum": "x"}, "maximum"),
    ({"type": "bytes-size", "minimum": 2, "maximum": 1}, "minimum"),
    ({"type": "country", "options": ["UK"]}, "options"),
    ({"type": "locale", "options": ["english"]}, "options"),
    ({"type": "phone", "calling-codes": ["+254"]}, "calling-codes"),
    ({"type": "mime-type", "options": ["json"]}, "options"),
    ({"type": "path", "extensions": ["pem"]}, "extensions"),
    ({"type": "json", "schema": {"type": "strin"}}, "schema"),
    ({"type": "json", "schema": {"properties": {"a": {"type": 1}}}}, "schema"),
    ({"type": "yaml", "schema": {"allOf": [{"pattern": "(?=a)"}]}}, "schema"),
    ({"type": "json", "schema": {"patternProperties": {"(?=a)": True}}}, "schema"),
    ({"type": "list", "of": "no-such-type"}, "of"),
    ({"type": "list", "of": {"type": "enum"}}, "of"),
    ({"type": "list", "of": {"type": "integer", "minimum": 2, "maximum": 1}}, "of"),
    ({"type": "list", "min-items": 3, "max-items": 2}, "min-items"),
    ({"type": "csv", "separator": ", "}, "separator"),
    ({"type": "jwt", "algorithms": ["none"]}, "algorithms"),
    ({"type": "jwk", "part": "public", "kinds": ["oct"]}, "kinds"),
    ({"type": "supabase-key", "role": "secret", "kinds": ["legacy"]}, "kinds"),
    ({"type": "aws-arn", "regions": ["Ireland"]}, "regions"),
    ({"type": "aws-arn", "accounts": ["1"]}, "accounts"),
)


@pytest.mark.parametrize(("given", "field"), WRONG)
def test_wrong_parameters_are_told_by_the_name_of_their_field(given, field):
    found = list(load(given).problems())
    assert [name for name, _ in found] == [field]
    assert all(sentence for _, sentence in found)


@pytest.mark.parametrize(
    "given",
    [
        {"type": "integer", "minimun": 1},
        {"type": "enum"},
        {"type": "enum", "options": []},
        {"type": "hex", "bytes": 0},
        {"type": "url", "path": "callback"},
        {"type": "stripe-key", "mode": "prod"},
    ],
)
def test_what_types_can_tell_is_told_by_the_decoder(given):
    with pytest.raises(msgspec.ValidationError):
        load(given)


@pytest.mark.parametrize(
    ("given", "secret"),
    [
        ({"type": "private-key"}, True),
        ({"type": "supabase-key"}, True),
        ({"type": "supabase-key", "role": "anon"}, False),
        ({"type": "stripe-key"}, True),
        ({"type": "stripe-key", "kinds": ["publishable"]}, False),
        ({"type": "postgres"}, True),
        ({"type": "postgres", "credentials": "forbidden"}, False),
        ({"type": "pem", "labels": ["CERTIFICATE"]}, False),
        ({"type": "pem"}, True),
        ({"type": "list", "of": "github-token"}, True),
        ({"type": "list", "of": "email"}, False),
        ({"type": "jwk", "part": "public"}, False),
        ({"type": "ssh-key"}, False),
        ({"type": "text"}, False),
    ],
)
def test_types_know_whether_their_values_are_secrets(given, secret):
    assert load(given).sensitive is secret


@pytest.mark.parametrize(
    ("given", "value", "meaning"),
    [
        ({"type": "integer"}, "-5", -5),
        ({"type": "port"}, "80", 80),
        ({"type": "number"}, "1e3", 1000.0),
        ({"type": "boolean"}, "YES", True),
        ({"type": "boolean"}, "off", False),
        ({"type": "boolean", "truthy": ["y"], "falsy": ["n"]}, "n", False),
        ({"type": "list", "of": "integer"}, "1,2", [1, 2]),
        ({"type": "list", "trim": True}, "a, b", ["a", "b"]),
        ({"type": "csv"}, 'a,"b,c"', ["a", "b,c"]),
        ({"type": "url"}, "https://a.example", "https://a.example"),
    ],
)
def test_conditions_see_values_of_their_own_type(given, value, meaning):
    assert load(given).interpret(value) == meaning


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[a-c]", ("abc", 1, 1)),
        ("[a-c]+", ("abc", 1, None)),
        ("[ac]*", ("ac", 0, None)),
        ("[ac]?", ("ac", 0, 1)),
        ("[a-]{2}", ("-a", 2, 2)),
        ("[a-c]{2,}", ("abc", 2, None)),
        ("[0-9a-f]{32,64}", ("0123456789abcdef", 32, 64)),
        (r"\d+", ("0123456789", 1, None)),
        (r"[\d.]+", (".0123456789", 1, None)),
        (r"[a\]]", ("]a", 1, 1)),
        ("[^a]", None),
        ("[a-c]x", None),
        ("[é]", None),
        (r"[\s]", None),
        ("[[:alpha:]]", None),
        (r"[a-\d]", None),
        ("[a]{x}", None),
        ("[a]{1,x}", None),
        ("a|b", None),
        ("", None),
    ],
)
def test_a_pattern_of_one_class_is_recognised(pattern, expected):
    assert one_class(pattern) == expected


def test_a_pattern_of_one_class_narrows_the_lengths():
    declared = load({"type": "text", "pattern": "[ab]{2,9}", "min-length": 3, "max-length": 5})
    assert declared.screen() == ("chars", "ab", 3, 5)
    assert load({"type": "text", "pattern": "[ab]+"}).screen() == ("chars", "ab", 1, None)
    assert load({"type": "text", "pattern": "a|b", "min-length": 1}).screen() is None


def test_patterns_refuse_what_is_no_text():
    assert pattern_problem("a") is None
    assert not pattern_matches(".*", "\ud800")
    assert not pattern_found("a", "\ud800")


@pytest.mark.parametrize(
    ("given", "size"),
    [({}, 43), ({"min-length": 64}, 64), ({"max-length": 30}, 30), ({"max-length": 8}, None)],
)
def test_text_is_generated_long_enough_or_not_at_all(given, size):
    generated = load({"type": "text", **given}).generate()
    assert (None if generated is None else len(generated)) == size


def test_nothing_is_generated_where_a_pattern_or_version_forbids_it():
    assert load({"type": "text", "pattern": "x"}).generate() is None
    assert load({"type": "uuid", "versions": [7]}).generate() is None
    assert load({"type": "jwk", "part": "public"}).generate() is None


def test_the_clock_is_in_utc_and_the_zones_are_known():
    assert clock.now().tzinfo is dt.UTC
    assert zoneinfo.ZoneInfo("Africa/Nairobi")
