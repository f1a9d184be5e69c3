"""Puts parts of the JSON Schema, and values, into words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from assay.crypto.envelopes import ENVELOPES
from assay.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_LISTED = "`assay schema`"
FEW = 12
"""Words that a message lists."""

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "nothing",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}


def example(schema: Mapping[str, Any]) -> str:
    """A text that the schema gives as an example."""
    return next((e for e in schema.get("examples", ()) if isinstance(e, str)), "")


def form_in_words(form: dict[str, Any]) -> str:
    """What a form of a field demands."""
    if "const" in form:
        return f"`{form['const']}`"
    if "enum" in form:
        return one_of(form["enum"])
    kind = form.get("type", "")
    return types_in_words([kind] if isinstance(kind, str) else kind) or "something else"


def types_in_words(names: Iterable[str]) -> str:
    """`a mapping or a list`; that a field may be empty too is not worth saying."""
    types = [name for name in names if name != "null"] or ["null"]
    said = [_TYPES.get(name, name) for name in types if name]
    if len(said) > 1 and "boolean" in types:
        return f"{', '.join(said[:-1])}, or {said[-1]}"
    return " or ".join(said)


def short_forms(forms: list[dict[str, Any]], words: list[Any]) -> list[tuple[str, str]]:
    """The mappings that may be written instead of a word, each with an example."""
    short = [form["properties"] for form in forms if form.get("maxProperties") == 1]
    return [
        (f"{name}: PATH", f"{name}: {example(shape['properties']['path'])}")
        for properties in short
        for name, shape in properties.items()
        if name not in words and shape.get("required") == ["path"]
    ]


def named(words: Collection[Any], given: str) -> tuple[str, str]:
    """What a field with a long list of names takes, and what to do about a wrong one."""
    for sample, known, sort, such, limit in (
        ("integer", FORMATS, "a value type", "text, integer or url", "needs no parameters"),
        ("hmac-sha256", (), "a cipher", "aes-256-gcm or hmac-sha256", ""),
        ("fernet", ENVELOPES, "an envelope format", "fernet or laravel", "assay can decrypt"),
    ):
        if sample in words:
            expected = f"{sort} that {limit}" if given in known else sort
            return expected, f"Use {sort} such as {such}; {_LISTED} lists them all."
    return f"one of the names that {_LISTED} lists", f"Use a name that {_LISTED} lists."


def in_words(value: Any) -> str:
    """What a value is."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    kinds = ((dict, "a mapping"), (list, "a list"), (str, "text"), (int, "an integer"))
    return next((words for kind, words in kinds if isinstance(value, kind)), "a number")


def one_of(words: list[Any]) -> str:
    """`a or b`, `one of a, b, c`; many words are not listed."""
    unique = [str(word) for word in dict.fromkeys(words)]
    if len(unique) > FEW:
        return f"one of the names that {_LISTED} lists"
    return " or ".join(unique) if len(unique) < 3 else f"one of {', '.join(unique)}"


def bound_in_words(bound: str, wanted: Any, field: str) -> tuple[str, str]:
    """How much or how many there must be, and what to write."""
    match bound:
        case "minimum" | "exclusiveMinimum":
            return f"at least {wanted}", f"Write {wanted} or more."
        case "maximum" | "exclusiveMaximum":
            return f"at most {wanted}", f"Write {wanted} or less."
        case "minItems" if wanted > 1:
            return f"a list of {wanted} or more", f"Write at least {wanted} items."
        case "minLength" | "minItems" | "minProperties":
            step = (
                "List at least one test." if field == "tests" else f"Fill in {field}, or remove it."
            )
            return "non-empty", step
        case "maxProperties":
            return f"a mapping with {wanted} field", "Write each field as a separate item."
        case _:
            return "as the schema describes", "See what `assay schema` allows here."


def quoted_step(value: Any, schema: Mapping[str, Any]) -> str:
    """What to do about a number where the schema wants text."""
    given = example(schema)
    if "pattern" not in schema or re.search(schema["pattern"], str(value)):
        return "Put the value in quotes."
    return f"Write it like `{given}`, in quotes if it looks like a number." if given else ""


def mapping_step(schema: Mapping[str, Any]) -> str:
    """What to write where the schema wants a mapping."""
    named = schema.get("required") or [*schema.get("properties", ())][:1]
    shown = ", ".join(f"{name}: ..." for name in named)
    return f"Write a mapping, such as `{{{shown}}}`." if shown else "Write a mapping."
