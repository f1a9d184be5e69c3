"""JSON Schemas of single structs, in the plain form that every validator and editor understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

TEMPLATE = "#/$defs/{name}"
TOLD = ("description", "examples", "default")
"""What a field says of itself where a definition takes the place of its type."""


def shape_of(type_: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema of one struct with every reference resolved in place.

    Two notes in a field's `extra_json_schema` are understood: `meanings` says what each word of an
    enumeration means, `refers` names the definition that takes the place of the field's own type.
    """
    (schema,), components = msgspec.json.schema_components((type_,), ref_template=TEMPLATE)
    resolved: dict[str, Any] = _resolve(schema, components)
    first, *_ = (type_.__doc__ or "").strip().split("\n\n")
    return {**resolved, "description": " ".join(first.split())}


def choices(meanings: Mapping[str, str]) -> list[dict[str, Any]]:
    """The schemas of words, each with what it means."""
    return [{"const": word, "description": meaning} for word, meaning in meanings.items()]


def named_forms(
    word: str,
    description: str,
    shapes: Mapping[str, dict[str, Any]],
    *,
    short: Collection[str] = (),
    several: bool = False,
) -> list[dict[str, Any]]:
    """The forms of what a registry parses: `{NAME: PARAMETERS}`, or `NAME` if that is enough.

    Args:
        word: what one of them is called.
        description: what a mapping is.
        shapes: the schemas of the parameters, by name.
        short: names after which a text stands for a parameter.
        several: whether a mapping may hold more than one.

    """
    properties: dict[str, Any] = {}
    for name, shape in shapes.items():
        text, null = name in short, not shape.get("required")
        properties[name] = {
            "title": f"{word} {name}",
            **shape,
            "type": ["object", *(["string"] if text else []), *(["null"] if null else [])],
            **({"minLength": 1} if text else {}),
        }
    mapping = {
        "description": description,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
        **({} if several else {"maxProperties": 1}),
    }
    alone = {n: shape["description"] for n, shape in shapes.items() if not shape.get("required")}
    return [mapping, *choices(alone)]


def _resolve(schema: Any, components: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_resolve(item, components) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = components[schema["$ref"].rpartition("/")[2]]
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return _resolve({**target, **rest}, components)
    if "properties" in schema:
        fields = {name: _resolve(field, components) for name, field in schema["properties"].items()}
        schema = {**schema, "properties": fields}
        schema.pop("title", None)  # the name of a class
    else:
        schema = {key: _resolve(value, components) for key, value in schema.items()}
    return _merged(_plain(schema))


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Without defaults and lists that say nothing, and with notes put into schema words."""
    rest = {
        key: value
        for key, value in schema.items()
        if not (key == "default" and value in (None, "", (), [], {}))
        and not (key == "required" and not value)
    }
    if "refers" in rest:
        told = {key: value for key, value in rest.items() if key in TOLD}
        return {**told, "$ref": TEMPLATE.format(name=rest["refers"])}
    if "meanings" in rest and "enum" in rest:
        meanings, words = rest.pop("meanings"), rest.pop("enum")
        if set(meanings) != set(words):
            raise ValueError(f"not the meanings of {words}: {list(meanings)}")
        rest["anyOf"] = choices(meanings)
    return rest


def _merged(schema: dict[str, Any]) -> dict[str, Any]:
    """Alternatives of different types as one, since editors explain a list of them badly."""
    forms: list[dict[str, Any]] = []
    for form in schema.get("anyOf", ()):
        forms += form["anyOf"] if list(form) == ["anyOf"] else [form]
    if not forms:
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    null = {"type": "null"}
    if len(forms) == 2 and list(forms[0]) == ["enum"] and forms[1] == null:
        return {**rest, "enum": [*forms[0]["enum"], None]}
    types = [form.get("type") for form in forms]
    words = [word for form in forms for word in form if word != "type"]
    if not all(isinstance(type_, str) for type_ in types) or len(set(words)) < len(words):
        return {**rest, "anyOf": forms}
    if "number" in types and "integer" in types:
        types.remove("integer")
    one = {key: value for form in forms for key, value in form.items()}
    return {**rest, **one, "type": types}
