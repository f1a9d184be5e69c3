"""The value type that a word of other tools and languages stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.formats import FORMATS
from assay.registry import cached
from assay.spec import foreign
from assay.spec.flow import flow
from assay.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Meant(NamedTuple):
    """What a word of other tools stands for."""

    similar: str
    """The field or word, for the message."""
    step: str
    """What to write."""


def meant_type(value: Any, entry: Mapping[str, Any], words: Collection[Any]) -> Meant | None:
    """The type that a word of other tools stands for, or what a variable has instead of it."""
    if isinstance(value, list):
        return _nullable(value)
    if isinstance(value, (int, float)):
        step = "Write a value type such as `type: integer`; a value belongs under `default`."
        return Meant("integer", step)
    if not isinstance(value, str):
        return None
    form = entry.get("format")
    if isinstance(form, str) and (own := type_for(form)):
        return Meant(own, f"Write `type: {own}`, and remove `format`.")
    if any(foreign.folded(name) in foreign.CHOICES - {"in"} for name in entry if name != "options"):
        return Meant("enum", "Write `type: enum`.")
    if value.endswith(("?", "[]")) and (own := type_for(value.rstrip("?[]"))):
        if value.endswith("?"):
            return Meant(own, f"Write `type: {own}, required: false`.")
        return Meant("list", f"Write `type: list, of: {own}`.")
    return _one_type(value, entry) or _call(value) or _similar(value, words)


def _one_type(value: str, entry: Mapping[str, Any]) -> Meant | None:
    """What a single word stands for."""
    word, own = foreign.folded(value), type_for(value)
    if own == "enum" or (own is None and word in foreign.CHOICES):
        more = "" if "options" in entry else ", options: [...]"
        return Meant("enum", f"Write `type: enum{more}`.")
    if own is not None:
        return Meant(own, f"Write `type: {own}`.")
    if word in foreign.SECRETS:
        return Meant("secret: true", "Write `secret: true` instead of the type.")
    if word in foreign.DATABASES:
        return Meant("postgres", f"Write {foreign.DATABASE_KINDS}, whichever it is.")
    return None


_NOTHING = ("null", "undefined", "None", "nil")
_CALL = re.compile(r"(?i)(?:enum|choice|oneof|union|literal)[(\[](.*)[)\]]")


def _call(value: str) -> Meant | None:
    """Options, as in `enum(a, b)` or `a | b`, and the last method of `z.string().url()`."""
    call = _CALL.fullmatch(value)
    options = re.split(r"\s*[|,]\s*", call[1] if call else value)
    types = [option for option in options if option not in _NOTHING]
    if call is None and len(types) < len(options):
        return _nullable([*types, "null"])
    if len(options) > 1 and "." not in value:
        shown = flow([option.strip("'\" ") for option in options])
        return Meant("enum", f"Write `type: enum, options: {shown}`.") if shown else None
    inner = re.findall(r"[A-Za-z]\w*", value)
    if len(inner) > 1:
        own = next((found for word in reversed(inner) if (found := type_for(word))), None)
        return Meant(own, f"Write `type: {own}`.") if own else None
    return None


def _similar(value: str, words: Collection[Any]) -> Meant | None:
    found = closest(value, map(str, words))
    if found is None and (other := closest(foreign.folded(value), foreign.TYPES)):
        found = type_for(other)
    return Meant(found, f"Write `type: {found}`.") if found else None


def _nullable(value: list[Any]) -> Meant | None:
    """JSON Schema's list of types."""
    own = [type_for(str(item)) for item in value if str(item) != "null" and item is not None]
    if len(set(own)) > 1 or not own:
        return Meant("text", "Write one type; `type: text` takes any value.")
    if own[0] is None:
        return None
    more = ", required: false" if len(value) > 1 else ""
    return Meant(own[0], f"Write `type: {own[0]}{more}`.")


def type_for(word: str) -> str | None:
    """The type of this name, in any case, or of this name in other tools."""
    own = _types().get(foreign.folded(word)) or foreign.TYPES.get(foreign.folded(word))
    return own if own in FORMATS else None


@cached
def _types() -> dict[str, str]:
    return {foreign.folded(name): name for name in FORMATS}
