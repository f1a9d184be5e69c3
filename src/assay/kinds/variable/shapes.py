"""The JSON Schema of a variable and of what has a value type, from the types of the loader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.formats import FORMATS
from assay.kinds.variable.spec import COMMON_FIELDS, Declared, Variable
from assay.registry import cached
from assay.spec.structs import TEMPLATE, choices, shape_of

if TYPE_CHECKING:
    from assay.formats.base import Format


LONGEST_EXAMPLE = 60


def explain(schema: dict[str, Any]) -> None:
    """Tell editors what each type means, and what to suggest only once a type is chosen."""
    _explain_types(schema)
    variable = schema["$defs"][Declared.section]
    texts = _fields("text")
    for condition in variable["allOf"]:
        for name, field in condition.get("else", {}).get("properties", {}).items():
            if name not in texts:
                field["doNotSuggest"] = True  # it needs a type, here or in what is imported


def _explain_types(schema: dict[str, Any]) -> None:
    """Say with each type's name what its values look like and which parameters it has."""
    variable, item = schema["$defs"][Declared.section], schema["$defs"]["item"]
    shapes = [variable["properties"]["type"], item["anyOf"][-1]["properties"]["type"], item]
    notes = {name: _note(name) for name in FORMATS}
    for shape in shapes:
        for form in shape["anyOf"]:
            if "const" in form:
                name = form["const"]
                form["markdownDescription"] = f"`{name}`: {form['description']}{notes[name]}"


def _note(name: str) -> str:
    fields = [f"`{field}`" for field in _fields(name)]
    note = f"\n\nParameters: {', '.join(fields)}." if fields else ""
    example = _example(FORMATS[name])
    return f"{note}\n\nExample: `{example}`" if example else note


def _fields(name: str) -> list[str]:
    return [field for field, owners in parameters().items() if name in owners]


def _example(type_: type[Format]) -> str:
    """A good value in one line; none if values are secret or the spec must say something else."""
    fields = type_.__struct_fields__
    if "stored_as" in fields or len(type_.__struct_defaults__) < len(fields):
        return ""
    made = type_()
    if made.sensitive:
        return ""
    example = made.example()
    return example if len(example) <= LONGEST_EXAMPLE and "\n" not in example else ""


_SHARED = f"^({'|'.join(sorted((*COMMON_FIELDS, 'type')))})$"
"""Fields that whatever holds a type may have beside the type's own."""


def definitions() -> dict[str, Any]:
    """What the schema says once of value types, for all that have one."""
    types = {_definition(name): _with_parameters(name) for name in FORMATS}
    return {"item": item_shape(), **types}


def variable_shape() -> dict[str, Any]:
    """The schema of a variable: the common fields, and those of each type where it is chosen.

    Without a type every parameter may stand: an imported declaration may bring the type along.
    """
    shape = shape_of(Variable)
    unions = {field: _union(owners) for field, owners in parameters().items()}
    untyped = {"if": {"required": ["type"]}, "else": {"properties": unions}}
    return {
        "title": "variable",
        "description": shape["description"],
        "type": ["object", "null"],
        **_typed("variable", shape["properties"], untyped),
    }


def item_shape() -> dict[str, Any]:
    """The schema of a type by its name, or with parameters: of the items of a list, of plaintexts.

    Editors show its description instead of those of the fields, so that all share it.
    """
    mapping = {
        "title": "item",
        "description": "A type with its parameters.",
        "type": "object",
        "required": ["type"],
        **_typed("item", {}),
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
        "description": "The type of the value; `text` by default.",
        "anyOf": choices(meanings),
    }


@cached
def _format(name: str) -> dict[str, Any]:
    return shape_of(FORMATS[name])


def _own(name: str) -> dict[str, Any]:
    """The parameters of a type."""
    properties = _format(name)["properties"]
    return {field: schema for field, schema in properties.items() if field != "type"}


def _typed(owner: str, common: dict[str, Any], *more: dict[str, Any]) -> dict[str, Any]:
    """The fields that `owner` has with every type, and those of the type that is chosen."""
    return {
        "properties": {**common, "type": _type_shape(), **dict.fromkeys(parameters(), True)},
        "additionalProperties": False,
        "allOf": [*(_if_of(name, owner) for name in FORMATS), *more],
    }


def _if_of(name: str, owner: str) -> dict[str, Any]:
    """What holds if a type is chosen; the title is what editors call it."""
    return {
        "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
        "then": {
            "title": f"{owner} of type {name}",
            "$ref": TEMPLATE.format(name=_definition(name)),
        },
    }


def _definition(name: str) -> str:
    """The definition of a type's parameters; types without any share one."""
    return f"type.{name}" if _own(name) else "type"


def _with_parameters(name: str) -> dict[str, Any]:
    """The parameters of a type, and none of other types; `_SHARED` fields are left to owners."""
    required = [field for field in _format(name).get("required", ()) if field != "type"]
    return {
        "properties": _own(name),
        "patternProperties": {_SHARED: True},
        "additionalProperties": False,
        **({"required": required} if required else {}),
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
