"""A validator of JSON Schema that counts its steps, and whose patterns are RE2 everywhere.

jsonschema follows references as often as a schema repeats them, which doubles with each level of
`allOf: [{$ref: next}, {$ref: next}]`; it compares the items of `uniqueItems` in pairs; and where
`additionalProperties` or `unevaluatedProperties` stand beside `patternProperties`, and in a part
that names another `$schema`, it uses Python's own expressions, which backtrack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from assay.formats.patterns import pattern_found

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

STEPS = 50_000
"""Subschemas that are applied to parts of a document."""


class TooCostlyError(Exception):
    """A document is not compared to its end, because that would take too long."""


_left: ContextVar[int] = ContextVar("left")


def begin(steps: int = STEPS) -> None:
    """Give the next comparison its steps."""
    _left.set(steps)


def _step() -> None:
    left = _left.get(STEPS) - 1
    _left.set(left)
    if left < 0:
        raise TooCostlyError


@cache
def validator() -> type[Validator]:
    """Draft 2020-12, bounded."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    keywords: Any = {
        "additionalProperties": _additional,
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "unevaluatedProperties": _unevaluated(Draft202012Validator),
        "uniqueItems": _unique,
    }
    extended: Any = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
    extended.evolve = _evolved
    found: type[Validator] = extended
    return found


def _evolved(self: Any, **changes: Any) -> Any:
    """The same validator for a part of the schema, whatever `$schema` that part names."""
    _step()
    kind: Any = type(self)
    for given, kept in _fields(kind):
        if given not in changes:
            changes[given] = getattr(self, kept)
    return kind(**changes)


@cache
def _fields(kind: Any) -> tuple[tuple[str, str], ...]:
    """What a validator is made with, and by which name it keeps that."""
    import attrs

    return tuple((field.alias or "", field.name) for field in attrs.fields(kind) if field.init)


def _error(reason: str) -> ValidationError:
    from jsonschema import ValidationError

    return ValidationError(reason)


def _pattern(
    _validator: Any, expression: str, instance: object, _schema: object
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not pattern_found(expression, instance):
        yield _error("does not match the pattern")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: object, _schema: object
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    for expression, below in patterns.items():
        for key, value in instance.items():
            _step()
            if pattern_found(expression, str(key)):
                yield from validator.descend(value, below, path=key, schema_path=expression)


def _additional(
    validator: Any, below: Any, instance: object, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for key, value in instance.items():
        _step()
        if key in known or any(pattern_found(each, str(key)) for each in patterns):
            continue
        yield from validator.descend(value, below, path=key)


def _unique(
    _validator: Any, wanted: object, instance: object, _schema: object
) -> Iterator[ValidationError]:
    if wanted and isinstance(instance, list):
        try:
            items = {_canonical(item) for item in instance}
        except RecursionError:
            raise TooCostlyError from None
        if len(items) < len(instance):
            yield _error("has the same item twice")


def _canonical(value: object) -> object:
    """A value that is hashable, and equal for what JSON calls equal."""
    if isinstance(value, dict):
        return ("object", frozenset((key, _canonical(item)) for key, item in value.items()))
    if isinstance(value, list):
        return ("array", *map(_canonical, value))
    return ("boolean", value) if isinstance(value, bool) else value


def _unevaluated(base: Any) -> Any:
    """Its keyword `unevaluatedProperties`, with the expressions that it looks for being RE2's."""
    keyword = base.VALIDATORS["unevaluatedProperties"]
    search = "find_evaluated_property_keys_by_schema"
    finder = keyword.__globals__[search]
    inner = {**finder.__globals__, "re": SimpleNamespace(search=pattern_found)}
    inner[search] = FunctionType(finder.__code__, inner, search)
    return FunctionType(keyword.__code__, {**keyword.__globals__, search: inner[search]})
