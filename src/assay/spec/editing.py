"""The JSON Schema of the language as editors want it: with texts in Markdown, and without noise.

Validators ignore what is added here. `markdownDescription` and `doNotSuggest` are understood by
yaml-language-server and by the editors that come with it, VS Code among them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from assay.formats import FORMATS, format_class
from assay.spec.shapes import language_schema, parameters

if TYPE_CHECKING:
    from assay.formats.base import Format

LONGEST_EXAMPLE = 60


def editor_schema() -> dict[str, Any]:
    """The schema of one spec file, to be read by people as they write one."""
    schema: dict[str, Any] = json.loads(json.dumps(language_schema()))
    _explain_types(schema)
    _tell(schema, "")
    variable = schema["$defs"]["variables"]
    texts = _fields("text")
    for condition in variable["allOf"]:
        for name, field in condition.get("else", {}).get("properties", {}).items():
            if name not in texts:
                field["doNotSuggest"] = True  # it needs a type, here or in what is imported
    return schema


def _explain_types(schema: dict[str, Any]) -> None:
    """Say with each type's name what its values look like and which parameters it has."""
    shapes = [schema["$defs"]["variables"]["properties"]["type"], schema["$defs"]["item"]]
    notes = {name: _note(name) for name in FORMATS}
    for shape in shapes:
        for form in shape["anyOf"]:
            if "const" in form:
                name = form["const"]
                form["markdownDescription"] = f"`{name}`: {form['description']}{notes[name]}"


def _note(name: str) -> str:
    fields = [f"`{field}`" for field in _fields(name)]
    note = f"\n\nParameters: {', '.join(fields)}." if fields else ""
    example = _example(format_class(name))
    return f"{note}\n\nExample: `{example}`" if example else note


def _fields(name: str) -> list[str]:
    return [field for field, owners in parameters().items() if name in owners]


def _example(type_: type[Format]) -> str:
    """A good value in one line; none if values are secret or the spec must say which."""
    fields = type_.__struct_fields__
    if "stored_as" in fields or len(type_.__struct_defaults__) < len(fields):
        return ""
    made = type_()
    if made.sensitive:
        return ""
    example = made.example()
    return example if len(example) <= LONGEST_EXAMPLE and "\n" not in example else ""


def _tell(schema: Any, above: str) -> None:
    """Put descriptions into Markdown, each with its default; `above` describes the whole field.

    An editor shows the description of the alternative that fits instead of the field's own, so each
    alternative has both.
    """
    if not isinstance(schema, dict):
        return
    told = _told(schema)
    if told:
        schema["markdownDescription"] = told if above in told else f"{told}\n\n{above}"
    for form in schema.get("anyOf", ()):
        _tell(form, told)
    for form in schema.get("allOf", ()):
        _tell(form, "")
    for key in ("$defs", "properties"):
        for field in schema.get(key, {}).values():
            _tell(field, "")
    for key in ("additionalProperties", "else", "items", "then"):
        _tell(schema.get(key), "")


def _told(schema: dict[str, Any]) -> str:
    if "markdownDescription" in schema:
        return str(schema["markdownDescription"])
    if "description" not in schema:
        return ""
    text = schema["description"].replace("\n", "\n\n")
    if "const" in schema:
        text = f"`{_yaml(schema['const'])}`: {text}"
    return f"{text}\n\nDefault: `{_yaml(schema['default'])}`." if "default" in schema else text


def _yaml(value: object) -> str:
    """A value as a spec would hold it in one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
