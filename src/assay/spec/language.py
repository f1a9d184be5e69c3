"""The JSON Schema of the language, derived from the types that the loader makes.

Nothing here is kept by hand beside those types: descriptions, examples and bounds come from their
annotations, so editors complete and explain exactly what the loader accepts.
"""

from __future__ import annotations

from typing import Any

from assay.kinds import KINDS
from assay.spec.documents import documents_shape
from assay.spec.environments import Environment, undeclared_shape
from assay.spec.structs import shape_of
from assay.waivers import Waiver

SCHEMA_ID = "https://assay.dev/schema/v1.json"


def language_schema() -> dict[str, Any]:
    """The schema of one spec file (JSON Schema draft 2020-12); copy it before you change it."""
    definitions = {section: kind.shape() for section, kind in KINDS.items()}
    shared: dict[str, Any] = {}
    for kind in KINDS.values():
        if kind.definitions is not None:
            shared |= kind.definitions()
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
        "plugins": {
            "description": "Installed packages that add kinds, types, sources and more to assay.",
            "type": "array",
            "items": {"type": "string", "pattern": "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"},
            "examples": [["acme-assay"]],
        },
        "undeclared": undeclared_shape(),
        "unused": {
            "description": "Variables of imported specs that the project has no use for; `*` "
            "matches any text. Checks and documents leave them out.",
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "examples": [["SUPABASE_JWT_SECRET", "VITE_*"]],
        },
        "loosens": {
            "description": "Fields of the whole project that this file deliberately makes weaker "
            "than the specs that it imports.",
            "type": "array",
            "items": {"type": "string", "enum": ["undeclared"]},
        },
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
            "type": "object" if section == Environment.section else ["object", "null"],
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
        "$defs": definitions | shared,
    }
