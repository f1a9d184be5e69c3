"""JSON Schema without the network, with bounded steps, and with RE2's patterns everywhere.

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

from assay.formats.patterns import pattern_found, pattern_problem

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

STEPS = 50_000
"""Subschemas that are applied to parts of a document."""


class TooCostlyError(Exception):
    """A document is not compared to its end, because that would take too long."""


_left: ContextVar[int] = ContextVar("left")
_SIMPLE: tuple[object, ...] = (None, True, 0, "", [], {})
"""One document of each type; what takes long for one of these does so for all."""
_ASIDE = ("items", "additionalProperties")
"""Keywords that lead into the document without a choice of the schema's."""


def _step() -> None:
    left = _left.get(STEPS) - 1
    _left.set(left)
    if left < 0:
        raise TooCostlyError


def schema_problem(schema: Mapping[str, Any]) -> str | None:
    """Why a schema can't be used, or None if it can."""
    from jsonschema.exceptions import SchemaError

    _left.set(STEPS)
    try:
        _validator().check_schema(dict(schema))
    except SchemaError as error:
        place = "/".join(map(str, error.absolute_path))
        return f"it is not a JSON Schema{' at ' + place if place else ''}: {error.message}"
    except (RecursionError, TooCostlyError):
        return "it is nested too deeply, or too large"
    for place, expression in _patterns(schema, ""):
        problem = pattern_problem(expression)
        if problem is not None:
            return f"the pattern at {place} is not a valid RE2 regular expression: {problem}"
    try:
        for document in _SIMPLE:
            schema_breach(schema, document, steps=STEPS // 10)
    except TooCostlyError:
        return "validating a document against it takes too many steps: its references multiply"
    return None


def schema_breach(schema: Mapping[str, Any], document: Any, *, steps: int = STEPS) -> str | None:
    """Where in the *schema* the first breach is; None if the document satisfies it.

    Places in the document are not told, for its keys may be secret.

    Raises:
        TooCostlyError: finding out takes too many steps.

    """
    import referencing
    from jsonschema.exceptions import best_match

    # An empty registry, so that a reference is never fetched.
    _left.set(steps)
    checker = _validator()(schema, registry=referencing.Registry())
    try:
        error = best_match(checker.iter_errors(document))
    except referencing.exceptions.Unresolvable:
        return "$ref"
    except (RecursionError, OverflowError):  # too deep, or infinite where a whole is needed
        return "#"
    return None if error is None else "/".join(map(str, error.absolute_schema_path)) or "#"


def plain_place(place: str) -> str:
    """A place in a schema up to the first keyword that chooses between schemas by the document.

    The complete path through `allOf`, `if` and `$ref` would reveal what a secret consists of: a
    schema of a branch for each character, in each of which there is another, spells it out.
    """
    steps = place.split("/")
    at = 0
    while at < len(steps) - 1:
        if steps[at] == "properties" and at < len(steps) - 2:
            at += 2
        elif steps[at] in _ASIDE:
            at += 1
        else:
            break
    return "/".join(steps[: at + 1])


def _patterns(node: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from _patterns(item, f"{place}/{number}")
    if not isinstance(node, dict):
        return
    for key, item in node.items():
        here = f"{place}/{key}"
        if key == "pattern" and isinstance(item, str):
            yield here, item
        elif key == "patternProperties" and isinstance(item, dict):
            yield from ((here, expression) for expression in item)
        yield from _patterns(item, here)


@cache
def _validator() -> type[Validator]:
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


def _pattern(
    _validator: Any, expression: str, instance: object, _schema: object
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not pattern_found(expression, instance):
        from jsonschema import ValidationError

        yield ValidationError("does not match the pattern")


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
            from jsonschema import ValidationError

            yield ValidationError("has the same item twice")


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
