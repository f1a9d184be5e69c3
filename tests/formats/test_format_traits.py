"""What the class variables of types say is true of their values."""

from __future__ import annotations

import re

import pytest
from tests.formats.tables import CASES
from tests.formats.tables.case import load

from assay.discovery.inference import guess
from assay.formats import FORMATS
from assay.formats.base import Format
from assay.formats.choices import Boolean, Enum
from assay.formats.text import Text
from assay.formats.urls import Url


def those(trait: str) -> set[str]:
    return {name for name in FORMATS if getattr(FORMATS[name], trait)}


def test_a_type_that_says_nothing_is_an_ordinary_one():
    class Plain(Format, frozen=True, kw_only=True, tag="plain"):
        pass

    made = Plain()
    assert not any(
        (made.free, made.closed, made.never_secret, made.public, made.standard, made.sensitive)
    )
    assert not any((made.chosen_by_people, made.encoding, made.keeps_space, made.keeps_quotes))
    assert not any((made.example_is_reserved, made.looks_like, made.named_like, made.begins_like))
    assert (made.read_as, made.every(), made.spellings(), made.command()) == ("text", (), (), "")
    assert made.value_schema() == {}


def test_all_that_a_closed_type_accepts_can_be_listed():
    assert those("closed") == {"boolean", "enum"}
    for made in (Enum(options=("a", "B")), Boolean(truthy=("an",), falsy=("aus",))):
        assert not [text for text in made.spellings() if any(made.violations(text))]
        assert {made.interpret(text) for text in made.spellings()} == set(made.every())
        assert made.value_schema() == {"enum": list(made.spellings())}
    assert Boolean().every() == (True, False)
    assert Boolean(truthy=("an",)).spellings() == ()
    assert Enum(options=("a",), ignore_case=True).every() == ()
    assert Enum(options=("ä",), ignore_case=True).value_schema() == {}


def test_closed_types_and_numbers_are_secret_by_name_alone():
    assert those("never_secret") == {"boolean", "enum", "integer", "number", "port"}
    assert those("never_secret") > those("closed")


def test_people_choose_the_secrets_that_a_command_can_make():
    types = {name for name in FORMATS if name != "enum" and FORMATS[name]().command()}
    assert types == those("chosen_by_people") == those("encoding") | those("free")
    assert all(FORMATS[name].encoding == name for name in those("encoding"))
    assert Text(pattern="[a-z]+").command() == ""
    assert Text(max_length=40).command() == "openssl rand -hex 20"
    assert Text(min_length=80).command() == "openssl rand -hex 40"
    assert Text(max_length=20).command() == ""


def test_what_holds_lines_of_its_own_may_end_with_a_newline():
    for name in those("keeps_space"):
        text = load({"type": name}).example()
        assert not list(load({"type": name}).violations(text + "\n")), name
    assert those("keeps_quotes") <= those("keeps_space")
    assert all(not any(load({"type": n}).violations('"text"')) for n in those("keeps_quotes"))


def test_examples_that_are_reserved_belong_to_nobody():
    for name in those("example_is_reserved"):
        assert "example.com" in load({"type": name}).example()


@pytest.mark.parametrize("name", sorted(those("looks_like")))
def test_a_value_that_looks_like_its_type_is_taken_for_it(name: str):
    good = [v for case in CASES if case.given == {"type": name} for v in case.good]
    looks = FORMATS[name].looks_like
    alike = [value for value in (load({"type": name}).example(), *good) if re.match(looks, value)]
    assert name in {guess("THING", [value]).type for value in alike}


def test_the_type_that_recognises_more_of_a_value_is_tried_first():
    key = load({"type": "private-key"}).example()
    assert guess("THING", [key]).type == "private-key"  # and not `pem`, which is its kin
    assert guess("SERVER_IP", ["127.0.0.1"]).type == "ip"
    assert guess("LISTEN", ["127.0.0.1:80"]).type == "address"
    assert guess("SERVER", ["db.corp.io"]).type == "hostname"
    assert guess("SINCE", ["2026-02-01T10:00:00Z"]).type == "timestamp"


def test_names_and_values_that_types_look_for_are_patterns():
    for name in FORMATS:
        for pattern in (FORMATS[name].named_like, FORMATS[name].begins_like):
            re.compile(pattern)


def test_patterns_for_schemas_escape_only_what_ecmascript_lets_them():
    made = Enum(options=("a-b", "c.d", "e f"), ignore_case=True).value_schema()
    assert made == {"pattern": r"^(?:[aA]-[bB]|[cC]\.[dD]|[eE] [fF])$"}
    assert (
        Url(schemes=("git+ssh",))
        .value_schema()["pattern"]
        .startswith(r"^(?:[gG][iI][tT]\+[sS][sS][hH])://")
    )
    assert Text(pattern="(?i)x", min_length=2).value_schema() == {"minLength": 2}
