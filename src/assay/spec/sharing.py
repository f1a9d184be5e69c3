"""States once, among a schema's definitions, what it would say in several places."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.spec.structs import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST = 120
"""Characters; a reference to fewer would save little."""
WIDTH = 160
DEEPEST = 7


def shared(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema, with definitions for fields that are the same in several places.

    A definition has the name of its field. Nothing stands beside a reference to it, so that every
    editor and validator sees what it would see without them.
    """
    made: dict[str, Any] = json.loads(json.dumps(schema))
    sharing = _Sharing(set(made["$defs"]))
    sharing.count(made)
    sharing.replace(made)
    made["$defs"] |= sharing.definitions
    return made


class _Sharing:
    def __init__(self, taken: set[str]) -> None:
        self.definitions: dict[str, Any] = {}
        self._counts: Counter[str] = Counter()
        self._references: dict[str, dict[str, str]] = {}
        self._taken = taken

    def count(self, schema: Any) -> None:
        """Count equal fields; what stands within them counts once."""
        for part in _parts(schema):
            text = json.dumps(part.schema)
            self._counts[text] += part.is_field
            if not part.is_field or self._counts[text] == 1:
                self.count(part.schema)

    def replace(self, schema: Any) -> None:
        """Put references where a field stands that there is more than one of."""
        for holder, key, part, is_field in list(_parts(schema)):
            text = json.dumps(part)
            if is_field and self._counts[text] > 1 and len(text) >= LEAST:
                holder[key] = self._references.get(text) or self._defined(text, key)
            else:
                self.replace(part)

    def _defined(self, text: str, field: str) -> dict[str, str]:
        number, name = 2, field
        while name in self._taken:
            number, name = number + 1, f"{field}-{number}"
        self._taken.add(name)
        self._references[text] = {"$ref": TEMPLATE.format(name=name)}
        definition = json.loads(text)
        self.replace(definition)
        self.definitions[name] = definition
        return self._references[text]


class _Part(NamedTuple):
    holder: Any
    key: Any
    schema: Any
    is_field: bool


def _parts(schema: Any) -> Iterator[_Part]:
    """What a schema, or a list of schemas, consists of."""
    if isinstance(schema, list):
        yield from (_Part(schema, at, part, False) for at, part in enumerate(schema))
    elif isinstance(schema, dict):
        for key, value in schema.items():
            if key in ("$defs", "properties"):
                fields = key == "properties"
                yield from (_Part(value, name, part, fields) for name, part in value.items())
            elif isinstance(value, (dict, list)) and key not in ("default", "examples"):
                yield _Part(schema, key, value, False)


def laid_out(value: Any, level: int = 0) -> str:
    """JSON with one line for each part that is short or deep: small, and good to compare."""
    text = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or len(text) <= WIDTH or level >= DEEPEST:
        return text
    indent = "  " * (level + 1)
    if isinstance(value, list):
        opening, closing = "[]"
        lines = [laid_out(part, level + 1) for part in value]
    else:
        opening, closing = "{}"
        lines = [
            f"{json.dumps(name, ensure_ascii=False)}: {laid_out(part, level + 1)}"
            for name, part in value.items()
        ]
    body = ",\n".join(f"{indent}{line}" for line in lines)
    return f"{opening}\n{body}\n{'  ' * level}{closing}"
