"""The registry and what every type owes its readers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.formats.tables import CASES
from tests.formats.tables.case import load
from tests.formats.test_cross_variable import CROSS

from assay import formats
from assay.formats import FORMATS

if TYPE_CHECKING:
    from assay.formats.base import Format

RESERVED = frozenset(
    """description type required when default example obtain secret severity deprecated group
    parity only-in rotate-every generate owner docs empty allow public""".split()  # noqa: SIM905 - a list of quoted words is unreadable
)
LANGUAGE = frozenset(
    """text integer number boolean enum url email hostname ip cidr port address path uuid ulid
    semver date timestamp duration bytes-size cron timezone locale currency phone color regex json
    yaml csv list hex base64 base64url pem certificate private-key public-key jwt jwk ssh-key
    postgres mysql redis mongodb amqp smtp glob mime-type http-header aws-arn supabase-key
    stripe-key github-token""".split()  # noqa: SIM905 - a list of quoted words is unreadable
)
CEL = {"string", "int", "double", "bool", "list"}
TYPES = {"int": int, "double": float, "bool": bool, "list": list, "string": str}
every_type = pytest.mark.parametrize("name", sorted(FORMATS))


def of(name: str) -> Format:
    return load({"type": name, **({"options": ["a"]} if name == "enum" else {})})


def test_the_registry_is_alphabetical_and_holds_the_language():
    assert list(FORMATS) == sorted(FORMATS)
    assert set(FORMATS) >= LANGUAGE


def test_every_class_with_a_tag_is_registered():
    folder = Path(formats.__file__).parent
    texts = {path.stem: path.read_text() for path in folder.glob("*.py")}
    found = {
        f"{module}:{name}"
        for module, text in texts.items()
        for name in re.findall(r"^class (\w+)\([^)]*tag=", text, re.MULTILINE)
    }
    assert found == set(FORMATS.places.values())
    assert all(text.count("\n") <= 400 for text in texts.values())


def test_an_unknown_type_is_a_key_error():
    with pytest.raises(KeyError):
        FORMATS["no-such-type"]


@every_type
def test_a_type_is_named_documented_and_describes_its_fields(name):
    found = FORMATS[name]
    info: Any = msgspec.inspect.type_info(found)
    assert info.tag == name
    assert found.__doc__
    assert found.title
    assert found.title[0].islower() or found.title.split()[0] == "JSON"
    assert found.cel in CEL
    fields: Any = info.fields
    for field in fields:
        assert field.encode_name not in RESERVED
        described: Any = field.type
        assert isinstance(described, msgspec.inspect.Metadata), field.encode_name
        assert (described.extra_json_schema or {})["description"].endswith("."), field.encode_name
    msgspec.json.schema(found)


@every_type
def test_the_type_without_parameters_works(name):
    declared = of(name)
    assert not list(declared.problems())
    assert not list(declared.violations(declared.example()))
    assert isinstance(declared.interpret(declared.example()), TYPES[declared.cel])
    assert isinstance(declared.sensitive, bool)
    assert declared.references() == ()


def test_codes_are_unique_and_complete():
    codes: dict[str, object] = {}
    for name in FORMATS:
        rules = FORMATS[name].rules
        assert len(set(rules)) == len(rules)
        for rule in rules:
            assert codes.setdefault(rule.code, rule) is rule
            assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)+", rule.code)
            assert rule.message.startswith("{name} ")
            assert rule.why.endswith("."), rule.code


def test_every_rule_is_broken_in_some_table():
    listed = {rule.code for name in FORMATS for rule in FORMATS[name].rules}
    tested = {code for c in CASES for _, codes in c.bad for code in codes.split()}
    tested |= {code for _, _, _, codes in CROSS for code in codes.split()}
    assert tested == listed


def test_a_new_set_of_lists_leads_no_parameter_to_two_meanings():
    """A parameter of one name has one description's subject, whatever the type."""
    kinds: dict[str, set[str]] = {}
    for name in FORMATS:
        for field in FORMATS[name].__struct_fields__:
            kinds.setdefault(field, set()).add(name)
    assert kinds["bytes"] == {"hex", "base64", "base64url"}
    assert kinds["key"] == {"certificate", "public-key"}
