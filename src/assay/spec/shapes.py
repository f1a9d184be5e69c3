"""The JSON Schema of the language, derived from the types that the loader makes.

Nothing here is kept by hand beside those types: descriptions, examples and bounds come from their
annotations, so editors complete and explain exactly what the loader accepts.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from assay.databases import BACKENDS, backend_class
from assay.documents.section import documents_shape
from assay.formats import FORMATS, format_class
from assay.kinds import KINDS, kind
from assay.kinds.credential.envelopes import envelope_shape
from assay.kinds.database.spec import Database
from assay.kinds.table.spec import Table
from assay.kinds.variable.spec import Variable
from assay.sources import SOURCES, source_class
from assay.spec.environments import POLICIES, Environment, Undeclared
from assay.spec.structs import choices, shape_of
from assay.waivers import Waiver

SCHEMA_ID = "https://assay.dev/schema/v1.json"


def language_schema() -> dict[str, Any]:
    """The schema of one spec file (JSON Schema draft 2020-12); copy it before you change it."""
    sections = {kind(name).section: kind(name) for name in KINDS}
    definitions = {section: made.shape() for section, made in sections.items()}
    properties: dict[str, Any] = {
        "assay": {"description": "The version of the spec language.", "const": 1},
        "project": {
            "description": "The project's name, for documents and reports.",
            "type": "string",
            "minLength": 1,
            "examples": ["billing"],
        },
        "description": {
            "description": "What the application is, in a sentence; shown in documents.",
            "type": "string",
        },
        "imports": {
            "description": "Specs that this one builds on: `builtin:NAME` from assay's library, "
            "or a path relative to this file. Their declarations can be made stricter here.",
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "examples": [["builtin:supabase", "./shared/web.yaml"]],
        },
        "undeclared": undeclared_shape(),
        "documents": documents_shape(),
        "waivers": {
            "description": "Findings that the team has agreed to accept, usually until a date.",
            "type": "array",
            "items": {"title": "waiver", **shape_of(Waiver)},
        },
    }
    for section, entry in definitions.items():
        first = entry["description"]
        properties[section] = {
            "description": f"Each under its name: {first[:1].lower()}{first[1:]}",
            # A section may be empty, but for environments: without them nothing is checked.
            "type": "object" if section == "environments" else ["object", "null"],
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
        "$defs": {**definitions, "envelope": envelope_shape(), "item": item_shape()},
    }


def environment_shape() -> dict[str, Any]:
    """The schema of an environment, with a form for each source."""
    shape = shape_of(Environment)
    alone: list[dict[str, Any]] = []
    sources: dict[str, Any] = {}
    for name in SOURCES:
        source = {"title": f"source {name}", **shape_of(source_class(name))}
        if not source.get("required"):
            alone.append({"const": name, "description": source["description"]})
        if "path" in source["properties"]:  # `dotenv: .env` is short for `dotenv: {path: .env}`
            source |= {"type": ["object", "string"], "minLength": 1}
        else:
            source |= {"type": ["object", "null"]}
        sources[name] = source
    mapping = {
        "description": "A source with its parameters.",
        "type": "object",
        "properties": sources,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    shape["properties"]["values"] = {
        "description": shape["properties"]["values"]["description"],
        "type": "array",
        "items": {"anyOf": [mapping, *alone]},
        "examples": [["process"], [{"dotenv": {"path": ".env", "dialect": "node"}}]],
    }
    shape["properties"]["undeclared"] = undeclared_shape()
    return {"title": "environment", **shape}


def database_shape() -> dict[str, Any]:
    """The schema of a database, with a field for each backend, of which exactly one stands."""
    shape = shape_of(Database)
    backends = {
        name: {"title": f"database {name}", **shape_of(backend_class(name))} for name in BACKENDS
    }
    rest = {name: field for name, field in shape["properties"].items() if name != "backend"}
    shape["properties"] = {**backends, **rest}
    shape["oneOf"] = [{"required": [name]} for name in BACKENDS]
    return {"title": "database", **shape}


def table_shape() -> dict[str, Any]:
    """The schema of a table, whose columns may stand as their bare types."""
    shape = shape_of(Table)
    column = shape["properties"]["columns"]["additionalProperties"]
    column["type"] = ["object", "string", "null"]
    return {"title": "table", **shape}


def undeclared_shape() -> dict[str, Any]:
    """The schema of the policy for undeclared names."""
    long = shape_of(Undeclared)
    short = choices(POLICIES)
    return {"description": long["description"], "anyOf": [*short, long, {"type": "null"}]}


def variable_shape() -> dict[str, Any]:
    """The schema of a variable: the common fields, and those of each type where it is chosen.

    Without a type every parameter may stand: an imported declaration may bring the type along.
    """
    shape = shape_of(Variable)
    chosen = _by_type({**shape["properties"], "type": _type_shape()}, "variable")
    unions = {field: _union(owners) for field, owners in parameters().items()}
    chosen["allOf"].append({"if": {"required": ["type"]}, "else": {"properties": unions}})
    return {
        "title": "variable",
        "description": shape["description"],
        "type": ["object", "null"],
        **chosen,
    }


def item_shape() -> dict[str, Any]:
    """The schema of a type by its name, or with parameters: of the items of a list, of plaintexts.

    Editors show its description in place of those of the fields, so that all share it.
    """
    mapping = {
        "title": "item",
        "description": "A type with its parameters.",
        "type": "object",
        "required": ["type"],
        **_by_type({"type": _type_shape()}, "item"),
    }
    words = [form for form in _type_shape()["anyOf"] if not _needs_parameters(form["const"])]
    description = _own("list")["of"]["description"]
    return {"description": description, "anyOf": [*words, mapping]}


def _needs_parameters(name: str) -> bool:
    """Whether a type means nothing by its name alone, as `enum` does."""
    return any(field != "type" for field in _format(name).get("required", ()))


@cache
def parameters() -> dict[str, dict[str, dict[str, Any]]]:
    """Every parameter: its name, the types that have it, and its schema in each."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name in FORMATS:
        for field, schema in _own(name).items():
            found.setdefault(field, {})[name] = schema
    return found


def _type_shape() -> dict[str, Any]:
    meanings = {name: _format(name)["description"] for name in FORMATS}
    return {
        "description": "The type of the value; `text` by default.",
        "anyOf": choices(meanings),
    }


@cache
def _format(name: str) -> dict[str, Any]:
    return shape_of(format_class(name))


def _own(name: str) -> dict[str, Any]:
    """The parameters of a type."""
    properties = _format(name)["properties"]
    return {field: schema for field, schema in properties.items() if field != "type"}


def _by_type(common: dict[str, Any], owner: str) -> dict[str, Any]:
    """Fields that all share, and with each type its own; `true` leaves a field to the other."""
    shared = dict.fromkeys(common, True)
    forms = []
    for name in FORMATS:
        then: dict[str, Any] = {
            "title": f"{owner} of type {name}",
            "properties": {**shared, **_own(name)},
            "additionalProperties": False,
        }
        required = [f for f in _format(name).get("required", ()) if f != "type"]
        if required:
            then["required"] = required
        condition = {"properties": {"type": {"const": name}}, "required": ["type"]}
        forms.append({"if": condition, "then": then})
    return {
        "properties": {**common, **dict.fromkeys(parameters(), True)},
        "additionalProperties": False,
        "allOf": forms,
    }


def _union(owners: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A parameter as it is in any of its types, for declarations that don't say which it is."""
    said: dict[str, list[str]] = {}
    forms: list[dict[str, Any]] = []
    for name, schema in owners.items():
        said.setdefault(schema["description"], []).append(name)
        form = {key: schema[key] for key in schema if key not in ("description", "default")}
        if form not in forms:
            forms.append(form)
    lines = [f"{text} (type: {', '.join(names)})" for text, names in said.items()]
    union = forms[0] if len(forms) == 1 else {"anyOf": forms}
    if "$ref" in union:  # its alternatives tell their own description
        return {"description": next(iter(said)), **union}
    return {"description": "\n".join(lines), **union}
