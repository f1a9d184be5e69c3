"""The JSON Schema of a variable and of what has a value type, from the types of the loader."""

from __future__ import annotations

from typing import Any

from assay.formats import FORMATS
from assay.kinds.variable.spec import Variable
from assay.registry import cached
from assay.spec.structs import choices, shape_of


def definitions() -> dict[str, Any]:
    """What the schema says once of value types, for all that have one."""
    return {"item": item_shape()}


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


@cached
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
        "description": "What a good value looks like; `text` by default.",
        "anyOf": choices(meanings),
    }


@cached
def _format(name: str) -> dict[str, Any]:
    return shape_of(FORMATS[name])


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
