"""A Python module that reads the environment into a typed, frozen dataclass.

It needs nothing but Python 3.10, names everything that is missing or malformed at once, and keeps
secrets out of its `repr`.
"""

from __future__ import annotations

import keyword
import textwrap
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from assay.document_kind import DocumentKind, Parameters
from assay.documents import wording
from assay.documents.comments import quoted
from assay.documents.content import DocumentedVariable, variables_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.spec.document import Spec

WIDTH = 88
"""Columns; what ruff and others take for a long line."""
TAKEN = frozenset((*keyword.kwlist, "from_environ"))
"""Names that no field can have."""


class Python(Parameters, frozen=True, kw_only=True):
    """What a spec may say of a document for Python."""

    class_name: Annotated[
        str,
        Meta(
            description="The name of the class.",
            pattern="^[A-Z][A-Za-z0-9]*$",
            examples=["Environment"],
        ),
    ] = "Settings"


def values(spec: Spec, parameters: Python) -> dict[str, Any]:
    """The fields, those without a default first, and the readers that they need."""
    variables = list(variables_of(spec, parameters))
    fields = [
        _field(variable, name)
        for variable, name in zip(variables, names_of(v.name for v in variables), strict=True)
    ]
    return {
        "class_name": parameters.class_name,
        "fields": fields,
        "readers": {field["reader"].partition("(")[0] for field in fields},
        "uses_field": any("field(" in field["declaration"] for field in fields),
        "uses_literal": any("Literal[" in field["type"] for field in fields),
    }


def names_of(variables: Iterable[str]) -> Iterator[str]:
    """A field's name for each variable, no two alike."""
    taken = set(TAKEN)
    for variable in variables:
        kept = "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in variable)
        base = kept.lower().lstrip("_") or "variable"
        base = f"variable_{base}" if base[0].isdigit() else base
        name, number = base, 2
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name)
        yield name


def _field(variable: DocumentedVariable, name: str) -> dict[str, Any]:
    """A variable as a field of the class, and as the tuple that `from_environ` reads it by."""
    type_, reader = _reading(variable)
    required = variable.need == "always" and not (variable.when or variable.only_in)
    default = None if variable.default is None else _default(variable)
    declared = type_ if required or default not in (None, "None") else f"{type_} | None"
    if variable.secret:
        more = "" if required else "default=None, "
        declaration = f"{declared} = field({more}repr=False)"
    elif required:
        declaration = declared
    else:
        declaration = f"{declared} = {default or 'None'}"
    told = [f"{variable.name}.", *wording.told(variable)]
    parts = (quoted(name), quoted(variable.name), reader, required, variable.allow_empty)
    return {
        "name": name,
        "type": type_,
        "declaration": declaration,
        "reader": reader,
        "entry": _entry(parts),
        "notes": [line for text in told for line in _docstring(text)],
    }


def _entry(parts: tuple[object, ...]) -> str:
    """A tuple on one line, or on one for each part where that would be long."""
    one = f"({', '.join(map(str, parts))}),"
    if len(one) <= WIDTH - 4:
        return one
    return "\n    ".join(["(", *(f"    {part}," for part in parts), "),"])


_NUMBERS = {"integer": ("int", "_integer"), "number": ("float", "_number")}


def _reading(variable: DocumentedVariable) -> tuple[str, str]:
    """The Python type of a variable's values, and what makes one of a text."""
    form: Any = variable.declared.format
    if form.read_as == "boolean":
        truthy, falsy = form.truthy, form.falsy
        if truthy is None and falsy is None:
            return "bool", "_boolean()"
        return "bool", f"_boolean({_texts(truthy)}, {_texts(falsy)})"
    if form.read_as in _NUMBERS:
        return _NUMBERS[form.read_as]
    if form.read_as == "list":
        return "tuple[str, ...]", f"_items({quoted(form.separator)}, trim={form.trim})"
    if not variable.secret and form.spellings():
        texts = ", ".join(map(quoted, form.spellings()))
        return f"Literal[{texts}]", f"_one_of({texts})"
    return "str", "_text"


def _texts(texts: tuple[str, ...] | None) -> str:
    return "None" if texts is None else f"[{', '.join(map(quoted, texts))}]"


def _default(variable: DocumentedVariable) -> str:
    form, text = variable.declared.format, variable.default or ""
    if not text:
        return '""' if form.free or (form.closed and form.read_as == "text") else "None"
    if form.read_as == "list":
        items = [item.strip() if form.trim else item for item in text.split(form.separator)]
        return f"({', '.join(map(quoted, items))},)"
    if form.read_as != "text":
        return repr(form.interpret(text))
    return quoted(text)


def _docstring(text: str) -> list[str]:
    safe = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    safe = f'{safe[:-1]}\\"' if safe.endswith('"') else safe
    return textwrap.wrap(safe, 80, break_long_words=False, break_on_hyphens=False)


KIND: DocumentKind[Python] = DocumentKind(
    name="python",
    doc=__doc__ or "",
    parameters=Python,
    values=values,
    template="python.py.j2",
    path="settings.py",
)
