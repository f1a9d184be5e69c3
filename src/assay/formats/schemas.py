"""JSON Schema without the network and without backtracking expressions."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from assay.formats.patterns import pattern_found, pattern_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema.protocols import Validator


def schema_problem(schema: Mapping[str, Any]) -> str | None:
    """Why a schema can't be used, or None where it can."""
    from jsonschema.exceptions import SchemaError

    try:
        _validator().check_schema(dict(schema))
    except SchemaError as error:
        place = "/".join(map(str, error.absolute_path))
        return f"it is not a JSON Schema{' at ' + place if place else ''}: {error.message}"
    for place, expression in _patterns(schema, ""):
        problem = pattern_problem(expression)
        if problem is not None:
            return f"the pattern at {place} is not a regular expression of RE2: {problem}"
    return None


def schema_breach(schema: Mapping[str, Any], document: Any) -> str | None:
    """Where in the *schema* the first breach is; None where the document satisfies it.

    Places in the document are not told, for its keys may be secret.
    """
    import referencing
    from jsonschema.exceptions import best_match

    # An empty registry, so that a reference is never fetched.
    checker = _validator()(schema, registry=referencing.Registry())
    try:
        error = best_match(checker.iter_errors(document))
    except referencing.exceptions.Unresolvable:
        return "$ref"
    except (RecursionError, OverflowError):  # too deep, or infinite where a whole is needed
        return "#"
    return None if error is None else "/".join(map(str, error.absolute_schema_path)) or "#"


@cache
def _validator() -> type[Validator]:
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    def pattern(
        _validator: Any, expression: str, instance: object, _schema: object
    ) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not pattern_found(expression, instance):
            yield ValidationError("does not match the pattern")

    def pattern_properties(
        validator: Any, patterns: Mapping[str, Any], instance: object, _schema: object
    ) -> Iterator[ValidationError]:
        if not isinstance(instance, dict):
            return
        for expression, below in patterns.items():
            for key, value in instance.items():
                if pattern_found(expression, str(key)):
                    yield from validator.descend(value, below, path=key, schema_path=expression)

    keywords: Any = {"pattern": pattern, "patternProperties": pattern_properties}
    extended: Any = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
    found: type[Validator] = extended
    return found


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
