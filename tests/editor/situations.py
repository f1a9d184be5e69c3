"""Every place of a spec where a person may write something, found by walking the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Path = tuple[str | int, ...]


class Spot(NamedTuple):
    """A field or a word in a spec that is good but for what may stand there instead."""

    document: dict[str, Any]
    path: Path
    """The field."""
    texts: tuple[str, ...]
    """The descriptions that must be shown for it."""


class Gap(NamedTuple):
    """A place where names or words can be completed."""

    document: dict[str, Any]
    """It holds `GAP` there: as the name of a field, or as a value."""
    path: Path
    offered: frozenset[str]
    barred: frozenset[str] = frozenset()
    """What must not be offered."""


GAP = "zzz"


class _Indented(yaml.SafeDumper):
    """Lists are deeper than the field that holds them, as most people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, indentless=False)


def dump(document: dict[str, Any]) -> str:
    """A spec as a person would write it."""
    return yaml.dump(document, Dumper=_Indented, sort_keys=False, width=1000)


def one_of(schema: dict[str, Any]) -> list[str]:
    """The fields of which exactly one must stand."""
    return [form["required"][0] for form in schema.get("oneOf", ())]


NEEDED: dict[tuple[str, str], dict[str, Any]] = {
    ("type", "enum"): {"options": ["a"]},
    ("format", "layout"): {"cipher": "aes-256-gcm", "layout": ["iv:12", "ciphertext"]},
}
"""Words whose forms have parameters that must be there."""


def told_by(form: dict[str, Any]) -> tuple[str, str]:
    """The field, and its word, by which a form is chosen: `type: port`, `format: fernet`."""
    [(tag, word)] = form["if"]["properties"].items()
    return tag, word["const"]


ENDLESS = ("#/$defs/envelope", "#/$defs/item")
"""References that are left: the items of a list may be lists."""


def expanded(part: Any, definitions: dict[str, Any]) -> Any:
    """A part of a schema as editors see it: with what it refers to in place of references."""
    if isinstance(part, list):
        return [expanded(one, definitions) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("$ref", ENDLESS[0]) not in ENDLESS:
        rest = {key: value for key, value in part.items() if key != "$ref"}
        part = {**definitions[part["$ref"].rpartition("/")[2]], **rest}
    return {key: expanded(value, definitions) for key, value in part.items()}


class Walk:
    """One walk over a schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.published = schema
        self.schema = schema = expanded(schema, schema["$defs"])
        self.spots: list[Spot] = []
        self.gaps: list[Gap] = []
        self.bare: list[Path] = []
        """Fields without a description."""
        self._walked: set[str] = set()
        self._object(schema, lambda value: {"assay": 1, **value}, ())

    def sample(self, schema: dict[str, Any]) -> Any:
        """A value that a schema accepts."""
        schema = self._resolved(schema)
        for key in ("default", "const"):
            if key in schema:
                return schema[key]
        for key in ("examples", "enum", "anyOf"):
            if key in schema:
                first = schema[key][0]
                return self.sample(first) if key == "anyOf" else first
        kind = schema.get("type")
        match kind[0] if isinstance(kind, list) else kind:
            case "object":
                return self._needed(schema)
            case "array":
                return [self.sample(schema["items"])]
            case "boolean":
                return True
            case "integer" | "number":
                return schema.get("minimum", 1)
            case _:
                return "/text"

    def _needed(self, schema: dict[str, Any]) -> dict[str, Any]:
        fields = schema.get("properties", {})
        needed = [*schema.get("required", ()), *one_of(schema)[:1]]
        return {name: self.sample(fields[name]) for name in needed}

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in schema:
            return schema
        target = self.schema["$defs"][schema["$ref"].rpartition("/")[2]]
        return {**target, **schema}

    def _value(self, schema: dict[str, Any], wrap: Callable[[Any], Any], path: Path) -> None:
        """Whatever may stand as the value of `path`."""
        ref = schema.get("$ref", "")
        if ref in self._walked:
            return
        self._walked |= {ref} if ref else set()
        schema = self._resolved(schema)
        words = {form["const"] for form in schema.get("anyOf", ()) if "const" in form}
        words |= {word for word in schema.get("enum", ()) if isinstance(word, str)}
        if words:
            self.gaps.append(Gap(wrap(GAP), path, frozenset(words)))
        for form in schema.get("anyOf", ()):
            if "const" in form:
                texts = tuple(s["description"] for s in (form, schema) if "description" in s)
                self.spots.append(Spot(wrap(form["const"]), path, texts))
            else:
                self._value(form, wrap, path)
        if "properties" in schema:
            self._object(schema, wrap, path)
        if isinstance(schema.get("additionalProperties"), dict):
            self._value(
                schema["additionalProperties"],
                lambda value: wrap({"NAME": value}),
                (*path, "NAME"),
            )
        if isinstance(schema.get("items"), dict):
            self._value(schema["items"], lambda value: wrap([value]), (*path, 0))

    def _object(self, schema: dict[str, Any], wrap: Callable[[Any], Any], path: Path) -> None:
        """The fields of a mapping, and those of each type that it may be of."""
        needed = self._needed(schema)
        own = {name: field for name, field in schema["properties"].items() if field is not True}
        if schema.get("maxProperties") != 1 or not needed:
            self._gap(own, needed, wrap, path)
        self._fields(own, needed, wrap, path, one_of(schema))
        every = frozenset(schema["properties"]) - set(own)
        for form in schema.get("allOf", ()):
            if "then" in form:
                tag, name = told_by(form)
                then = form["then"]
                typed = {tag: name, **self._needed(then)}
                mine = {n: field for n, field in then["properties"].items() if field is not True}
                others = every - set(mine) - self._of_longer_names(schema, name)
                self._gap(mine, typed, wrap, path, others)
                self._fields(mine, typed, wrap, path)
            else:
                self._fields(form["else"]["properties"], needed, wrap, path)

    def _gap(
        self,
        fields: dict[str, Any],
        needed: dict[str, Any],
        wrap: Callable[[Any], Any],
        path: Path,
        barred: frozenset[str] = frozenset(),
    ) -> None:
        offered = frozenset(fields) - set(needed) - ({"assay"} if not path else set())
        # On the last line of an item of a list, the server offers the next item.
        entry = list(needed.items())
        last = 1 if path and isinstance(path[-1], int) else len(entry)
        entry.insert(last, (GAP, None))
        self.gaps.append(Gap(wrap(dict(entry)), (*path, GAP), offered, barred))

    @staticmethod
    def _of_longer_names(schema: dict[str, Any], name: str) -> set[str]:
        """Parameters of types whose name goes on; the server thinks that one is being written."""
        return {
            field
            for form in schema["allOf"]
            if "then" in form and told_by(form)[1].startswith(name)
            for field in form["then"]["properties"]
        }

    def _fields(
        self,
        fields: dict[str, Any],
        needed: dict[str, Any],
        wrap: Callable[[Any], Any],
        path: Path,
        alternatives: Sequence[str] = (),
    ) -> None:
        for name, field in fields.items():
            here = (*path, name)
            if not self._resolved(field).get("description"):
                self.bare.append(here)
                continue

            def wrapped(value: Any, name: str = name) -> Any:
                options = NEEDED.get((name, str(value)), {})
                others = set(alternatives) - {name} if name in alternatives else set()
                kept = {field: v for field, v in needed.items() if field not in others}
                return wrap({**kept, name: value, **options})

            value = self.sample(field)
            self.spots.append(Spot(wrapped(value), here, (field["description"],)))
            self._value(field, wrapped, here)

    def _sections(self) -> set[str]:
        """The fields that hold entries by their names."""
        return {
            name
            for name, field in self.published["properties"].items()
            if field.get("additionalProperties") == {"$ref": f"#/$defs/{name}"}
        }

    def whole(self) -> Iterator[dict[str, Any]]:
        """Specs that together use every field and every type with all of its parameters."""
        for section, definition in self.schema["$defs"].items():
            if section not in self._sections():
                continue
            samples = {
                f"ENTRY_{number}": entry for number, entry in enumerate(self._entries(definition))
            }
            yield {"assay": 1, section: samples}
        yield {
            name: self.sample(field)
            for name, field in self.schema["properties"].items()
            if name not in self._sections()
        }

    def _entries(self, definition: dict[str, Any]) -> Iterator[dict[str, Any]]:
        own = {n: field for n, field in definition["properties"].items() if field is not True}
        fields = {name: self.sample(field) for name, field in own.items() if name != "type"}
        alternatives = one_of(definition)
        for chosen in alternatives or [""]:
            others = set(alternatives) - {chosen}
            yield {name: value for name, value in fields.items() if name not in others}
        for form in definition.get("allOf", ()):
            if "then" in form:
                fields = form["then"]["properties"]
                filled = {n: self.sample(field) for n, field in fields.items() if field is not True}
                tag, name = told_by(form)
                yield {tag: name, **filled}
