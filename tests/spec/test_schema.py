"""The JSON Schema of the language: valid, complete, and what editors need."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from assay.formats import FORMATS
from assay.kinds.variable.spec import COMMON_FIELDS
from assay.spec.language import SCHEMA_ID, language_schema


def test_the_schema_is_a_valid_one_of_its_draft():
    schema = language_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == SCHEMA_ID
    jsonschema.Draft202012Validator.check_schema(schema)


def undescribed(schema: Any, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if isinstance(schema, list):
        return [p for inner in schema for p in undescribed(inner, path)]
    if not isinstance(schema, dict):
        return []
    found = []
    for name, field in schema.get("properties", {}).items():
        bare = isinstance(field, dict) and not {"description", "const", "$ref"} & field.keys()
        if bare:
            found.append((*path, name))
    for key, inner in schema.items():
        if key not in ("examples", "default", "enum", "const", "if"):
            found += undescribed(inner, (*path, key))
    return found


def test_every_field_has_a_description():
    assert undescribed(language_schema(), ()) == []


def test_every_type_is_offered_with_what_it_is():
    offered = language_schema()["$defs"]["variables"]["properties"]["type"]["anyOf"]
    assert {form["const"] for form in offered} == set(FORMATS)
    assert all(form["description"] for form in offered)


def test_every_field_of_a_variable_can_be_completed():
    assert set(language_schema()["$defs"]["variables"]["properties"]) >= COMMON_FIELDS


def test_the_command_prints_it_or_writes_it(project):
    ran = project.run("schema")
    assert (ran.code, ran.err) == (0, "")
    schema = json.loads(ran.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == SCHEMA_ID
    assert set(schema["properties"]) == set(language_schema()["properties"])
    assert project.run("schema", "-o", "out.json") == (0, "", "")
    assert (project.folder / "out.json").read_text() == ran.out


def test_the_command_prints_the_schema_of_reports(project):
    schema = json.loads(project.run("schema", "--of", "report").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    project.spec("variables: {A: {}}")
    for env in ("A=1\n", "A=\n", ""):
        project.env(env)
        report = json.loads(project.run("check", "--format", "json").out)
        jsonschema.Draft202012Validator(schema).validate(report)
