"""The schema that editors get says the same as the types that the loader makes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
from tests.editor.situations import GAP, expanded

from assay.formats import FORMATS
from assay.kinds.variable.spec import COMMON_FIELDS
from assay.sources import SOURCES
from assay.spec.assembly import assemble
from assay.spec.environments import Environment
from assay.spec.sharing import laid_out, shared

if TYPE_CHECKING:
    from tests.editor.situations import Path, Walk


def test_every_field_has_a_description(walk: Walk):
    assert walk.bare == []


def test_the_types_accept_what_the_schema_allows(walk: Walk):
    validator = jsonschema.Draft202012Validator(walk.published)
    for spot in walk.spots:
        assert [error.message for error in validator.iter_errors(spot.document)] == []
        variable = spot.document.get("variables", {}).get("NAME", {})
        typed = "type" in variable or COMMON_FIELDS.issuperset(variable)  # else by an import
        if typed:
            assemble(spot.document, {}, "", ())  # raises for a wrong shape


def test_nothing_is_left_out_of_the_walk(walk: Walk):
    """The registries and types say what must be offered, not the schema's own word for it."""
    offered: dict[Path, set[str]] = {}
    for gap in walk.gaps:
        offered.setdefault(gap.path, set()).update(gap.offered)
    parameters = {field for name in FORMATS for field in FORMATS[name].__struct_encode_fields__}
    assert offered["variables", "NAME", GAP] == {*COMMON_FIELDS, *parameters, "type"}
    assert offered["variables", "NAME", "type"] == set(FORMATS)
    # What items are made of is the same here and in lists, and is walked once.
    column = ("credentials", "NAME", "columns", "NAME")
    assert offered[*column, "plaintext"] == set(FORMATS) - {"enum"}
    assert offered[*column, "envelope", GAP] >= {"aad", "encoding", "format"}
    assert offered["environments", "NAME", GAP] == set(Environment.__struct_encode_fields__)
    assert offered["environments", "NAME", "values", 0, GAP] == set(SOURCES)


def test_what_is_stated_once_reads_as_if_it_stood_everywhere(walk: Walk):
    long: dict[str, Any] = {
        "description": "What it is." * 20,
        "type": "string",
        "examples": [{"properties": 1}],
    }
    inner: dict[str, Any] = {
        "type": "object",
        "properties": {"deep": long, "short": {"type": "null"}},
    }
    schema: dict[str, Any] = {
        "properties": {"deep": inner, "other": {**inner, "title": "another"}, "short": {}},
        "anyOf": [{"properties": {"twice": inner}}, {"then": {"properties": {"deep": long}}}],
        "$defs": {"deep": {"const": 1}, "used": {"properties": {"x": long}}},
    }
    made = shared(schema)
    assert made["properties"]["deep"] == {"$ref": "#/$defs/deep-2"}
    assert made["properties"]["other"]["properties"]["deep"] == {"$ref": "#/$defs/deep-3"}
    assert made["$defs"]["deep"] == {"const": 1}
    assert json.dumps(made).count(str(long["description"])) == 1
    without = expanded(made, made["$defs"])
    assert {k: v for k, v in without.items() if k != "$defs"} == {
        k: v for k, v in schema.items() if k != "$defs"
    }
    assert without["$defs"]["used"] == schema["$defs"]["used"]
    assert shared(walk.schema)["$defs"].keys() >= walk.published["$defs"].keys() - {"type"}


def test_the_schema_is_small_and_states_the_parameters_of_each_type_once(walk: Walk):
    text = laid_out(walk.published)
    assert json.loads(text) == walk.published
    assert len(text.encode()) < 300_000
    assert max(map(len, text.splitlines())) < 10_000
    refs = [
        [form["then"]["$ref"] for form in owner["allOf"] if "then" in form]
        for owner in (
            walk.published["$defs"]["variables"],
            walk.published["$defs"]["item"]["anyOf"][-1],
        )
    ]
    assert refs[0] == refs[1]
    assert len(refs[0]) == len(FORMATS)
    for name in FORMATS:
        fields = set(FORMATS[name].__struct_encode_fields__)
        definition = f"type.{name}" if fields else "type"
        assert set(walk.published["$defs"][definition]["properties"]) == fields
