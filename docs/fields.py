"""Tables of what can be written where, made from the JSON Schema of the language."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from assay.documents.markdown import cell, code, prose
from assay.spec.language import language_schema

Rows = list[tuple[str, str, str]]
"""A field, what it can be, and what it means: cells in Markdown."""
LONGEST = 100
_KINDS = {
    "boolean": "true or false",
    "integer": "integer",
    "number": "number",
    "object": "mapping",
    "string": "string",
}


_PLURALS = {
    "array": "lists",
    "integer": "integers",
    "number": "numbers",
    "object": "mappings",
    "string": "strings",
}


@cache
def schema() -> dict[str, Any]:
    """The schema of the language."""
    return language_schema()


def at(*path: str) -> Any:
    """A part of the schema."""
    found: Any = schema()
    for part in path:
        found = found[part]
    return found


def rows(fields: dict[str, Any], required: list[str]) -> Rows:
    """A row for each field."""
    return [
        (f"`{name}`", cell(_values(field)), cell(_meaning(field, required=name in required)))
        for name, field in fields.items()
        if isinstance(field, dict)
    ]


def rows_of(shape: dict[str, Any]) -> Rows:
    """The rows of an object's fields."""
    return rows(shape["properties"], shape.get("required", []))


def _meaning(field: dict[str, Any], *, required: bool) -> str:
    meaning = prose(field.get("description", ""))
    if required:
        meaning += " Required."
    elif field.get("default") not in (None, "", [], {}, False):
        meaning += f" Default: {code(yaml(field['default']), LONGEST)}."
    if field.get("examples"):
        shown = [e if isinstance(e, str) else yaml(e) for e in field["examples"][:2]]
        meaning += f" For example {' or '.join(code(text, LONGEST) for text in shown)}."
    return meaning


def _values(field: dict[str, Any]) -> str:
    """What a field can be, in words."""
    if "const" in field:
        return code(yaml(field["const"]), LONGEST)
    if "enum" in field:
        return ", ".join(code(yaml(value), LONGEST) for value in field["enum"])
    if field.get("$ref", "").endswith("/envelope"):
        return "an [envelope](envelopes.md)"
    if "anyOf" in field:
        parts = [_values(form) for form in field["anyOf"]]
        return ", ".join(dict.fromkeys(part for part in parts if part))
    kinds = field.get("type", [])
    names = [kinds] if isinstance(kinds, str) else kinds
    if "array" in names:
        listed = _list(field.get("items", {}))
        others = [_KINDS[name] for name in names if name in _KINDS]
        return ", ".join([listed, *others])
    return ", ".join(_KINDS[name] for name in names if name in _KINDS)


def _list(items: dict[str, Any]) -> str:
    kinds = [items.get("type", [])] if isinstance(items.get("type"), str) else []
    plural = _PLURALS.get(kinds[0]) if kinds and "enum" not in items else None
    of = plural or ("" if "anyOf" in items else _values(items).replace(", ", " or "))
    return f"a list of {of}" if of else "a list"


def yaml(value: object) -> str:
    """A value as a person would write it in a spec; flow style."""
    if isinstance(value, str):
        plain_text = value and not set(value) & set("'\"#{}[],&*!|>%@`") and ": " not in value
        return value if plain_text else "'" + value.replace("'", "''") + "'"
    if isinstance(value, list):
        return f"[{', '.join(map(yaml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {yaml(v)}" for k, v in value.items()) + "}"
    return json.dumps(value)
