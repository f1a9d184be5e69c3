"""JSON Schema without the network and without backtracking expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assay.formats.patterns import pattern_problem
from assay.formats.schema_validator import STEPS, TooCostlyError, begin, validator

_SIMPLE: tuple[object, ...] = (None, True, 0, "", [], {})
"""One document of each type; what takes long for one of these does so for all."""


def schema_problem(schema: Mapping[str, Any]) -> str | None:
    """Why a schema can't be used, or None if it can."""
    from jsonschema.exceptions import SchemaError

    begin()
    try:
        validator().check_schema(dict(schema))
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
    begin(steps)
    checker = validator()(schema, registry=referencing.Registry())
    try:
        error = best_match(checker.iter_errors(document))
    except referencing.exceptions.Unresolvable:
        return "$ref"
    except (RecursionError, OverflowError):  # too deep, or infinite where a whole is needed
        return "#"
    return None if error is None else "/".join(map(str, error.absolute_schema_path)) or "#"


_ASIDE = ("items", "additionalProperties")
"""Keywords that lead into the document without a choice of the schema's."""


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
