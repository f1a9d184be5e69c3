"""The JSON Schema of the language, derived from the types that the loader makes.

Nothing here is kept by hand beside those types: descriptions, examples and bounds come from their
annotations, so editors complete and explain exactly what the loader accepts.
"""

from __future__ import annotations

from typing import Any

import msgspec

from assay.formats import FORMATS, format_class
from assay.kinds import KINDS, kind
from assay.sources import SOURCES, source_class
from assay.spec.environments import Environment, Undeclared
from assay.spec.variables import Variable
from assay.waivers import Waiver

SCHEMA_ID = "https://assay.dev/schema/v1.json"
TEMPLATE = "#/$defs/{name}"


def language_schema() -> dict[str, Any]:
    """The schema of one spec file (JSON Schema draft 2020-12)."""
    sections = {kind(name).section: kind(name) for name in KINDS}
    definitions = {section: made.shape() for section, made in sections.items()}
    first_lines = {section: made.doc.strip().split("\n")[0] for section, made in sections.items()}
    waiver = _struct(Waiver)
    properties: dict[str, Any] = {
        "assay": {
            "description": "The version of the spec language.",
            "const": 1,
        },
        "project": {"description": "The project's name.", "type": "string", "minLength": 1},
        "description": {"description": "What the application is.", "type": "string"},
        "imports": {
            "description": "Specs merged below this one: `builtin:NAME` from assay's library, or a "
            "path relative to this file. What they declare may be narrowed here.",
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "examples": [["builtin:supabase", "./shared/web.yaml"]],
        },
        "undeclared": undeclared_shape(),
        "waivers": {
            "description": "Findings that the team has agreed to live with until a date.",
            "type": "array",
            "items": waiver,
        },
    }
    for section in definitions:
        properties[section] = {
            "description": first_lines[section],
            "type": "object",
            "additionalProperties": {"$ref": f"#/$defs/{section}"},
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "assay spec",
        "description": "What an application's environments must contain.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": definitions,
    }


def environment_shape() -> dict[str, Any]:
    """The schema of an environment, with a form for each source."""
    shape = _struct(Environment)
    forms: list[dict[str, Any]] = []
    for name in SOURCES:
        source = _struct(source_class(name))
        if not source.get("required"):
            forms.append({"const": name, "description": source["description"]})
        if "path" in source["properties"]:
            text = {"type": "string", "minLength": 1, "description": "The path alone."}
            inner: dict[str, Any] = {"anyOf": [text, source]}
        else:
            inner = {"anyOf": [source, {"type": "null"}]}
        forms.append(
            {
                "type": "object",
                "description": source["description"],
                "properties": {name: inner},
                "required": [name],
                "additionalProperties": False,
            }
        )
    shape["properties"]["values"] = {
        "description": shape["properties"]["values"]["description"],
        "type": "array",
        "items": {"anyOf": forms},
        "examples": [["process"], [{"dotenv": {"path": ".env", "dialect": "node"}}]],
    }
    shape["properties"]["undeclared"] = undeclared_shape()
    return shape


def undeclared_shape() -> dict[str, Any]:
    """The schema of the policy for undeclared names."""
    policies = {"enum": ["ignore", "warn", "fail"]}
    long = _struct(Undeclared)
    return {
        "description": "What becomes of names that an environment sets and the spec does not "
        "declare; `warn` by default.",
        "anyOf": [policies, long],
    }


def variable_shape() -> dict[str, Any]:
    """The schema of a variable: the common fields, and those of each type where it is chosen."""
    shape = _struct(Variable)
    common = dict(shape["properties"])
    properties = dict(common)
    owners: dict[str, list[str]] = {}
    forms = {name: _struct(format_class(name)) for name in FORMATS}
    for name, form in forms.items():
        for field, schema in form["properties"].items():
            if field != "type":
                owners.setdefault(field, []).append(name)
                properties.setdefault(field, {"description": schema.get("description", "")})
    for field, names in owners.items():
        properties[field] = {
            "description": f"{properties[field]['description']} (type: {', '.join(names)})",
        }
    described = [
        {"const": name, "description": form["description"]} for name, form in forms.items()
    ]
    properties["type"] = {
        "description": "What a good value looks like; `text` by default.",
        "anyOf": described,
    }
    choices = []
    for name, form in forms.items():
        own = {k: v for k, v in form["properties"].items() if k != "type"}
        chosen: dict[str, Any] = {"properties": {"type": {"const": name}}}
        if name != "text":
            chosen["required"] = ["type"]
        allowed: dict[str, Any] = {field: {"not": {}} for field in owners if field not in own}
        required = [field for field in form.get("required", ()) if field != "type"]
        then: dict[str, Any] = {"properties": {**own, **allowed}}
        if required:
            then["required"] = required
        choices.append({"if": chosen, "then": then})
    return {
        "description": shape["description"],
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": False,
        "allOf": choices,
    }


def _struct(type_: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema of one struct with every reference resolved in place."""
    (schema,), components = msgspec.json.schema_components((type_,), ref_template=TEMPLATE)
    resolved: dict[str, Any] = _resolve(schema, components)
    resolved.pop("title", None)
    first, *_ = (type_.__doc__ or "").strip().split("\n\n")
    resolved["description"] = " ".join(first.split())
    return resolved


def _resolve(schema: Any, components: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_resolve(item, components) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = components[schema["$ref"].rpartition("/")[2]]
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return _resolve({**target, **rest}, components)
    return {key: _resolve(value, components) for key, value in schema.items()}
