"""What editors show of a variable beside its schema: types with parameters and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.formats import FORMATS
from assay.kinds.variable.shapes import parameters
from assay.kinds.variable.spec import Declared

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
