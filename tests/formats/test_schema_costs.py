"""No JSON Schema takes much time, whatever it repeats and whatever its patterns are."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from assay.formats.documents import Json
from assay.formats.schemas import TooCostlyError, schema_breach, schema_problem

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _in_seconds() -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < 10


def doubling(keyword: str, end: dict[str, Any], **beside: Any) -> dict[str, Any]:
    """A schema whose references double with each of 40 levels."""
    levels = {f"a{n}": {keyword: [{"$ref": f"#/$defs/a{n + 1}"}] * 2, **beside} for n in range(40)}
    return {"$defs": {**levels, "a40": end}, "$ref": "#/$defs/a0"}


TEXT = {"type": "string"}
OBJECT = {"properties": {"a": True}}


@pytest.mark.parametrize(
    ("schema", "document"),
    [
        (doubling("allOf", TEXT), "x"),
        (doubling("anyOf", {"type": "integer"}), "x"),
        (doubling("oneOf", TEXT), "x"),
        (doubling("allOf", OBJECT, unevaluatedProperties=False), {"a": 1}),
        (doubling("allOf", {"items": TEXT}, unevaluatedItems=False), ["a"]),
    ],
)
def test_references_that_double_are_a_problem_of_the_spec(schema, document):
    assert schema_problem(schema) == (
        "validating a document against it takes too many steps: its references multiply"
    )
    with pytest.raises(TooCostlyError):
        schema_breach(schema, document)


def test_what_doubles_only_for_some_values_is_found_when_one_comes():
    schema = {"properties": {"a": doubling("allOf", TEXT)["$defs"] and {"$ref": "#/$defs/a0"}}}
    schema |= {"$defs": doubling("allOf", TEXT)["$defs"]}
    assert schema_problem(schema) is None
    codes = [found.rule.code for found in Json(schema=schema).violations('{"a": "x"}')]
    assert codes == ["schema-too-costly"]


SLOW = "(x+x+)+y"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize(
    "schema",
    [
        {"propertyNames": {"pattern": SLOW}},
        {"patternProperties": {SLOW: True}, "additionalProperties": False},
        {"patternProperties": {SLOW: True}, "unevaluatedProperties": False},
        {"allOf": [{"patternProperties": {SLOW: True}}], "unevaluatedProperties": False},
        {"additionalProperties": {"$schema": DRAFT_7, "pattern": SLOW}},
        {
            "additionalProperties": {
                "$schema": DRAFT_7,
                "patternProperties": {SLOW: False},
                "additionalProperties": False,
            }
        },
    ],
)
def test_no_pattern_backtracks(schema):
    key = "x" * 60
    assert schema_problem(schema) is None
    assert schema_breach(schema, {key: "x" * 60}) or schema_breach(schema, {key: {key: 1}})


def test_items_are_told_apart_in_one_pass():
    schema = {"uniqueItems": True}
    assert schema_breach(schema, [{"a": n} for n in range(20_000)]) is None
    assert schema_breach(schema, [{"a": [n % 9_999]} for n in range(20_000)]) == "uniqueItems"


@pytest.mark.parametrize(
    ("items", "same"),
    [
        ([1, 1.0], True),
        ([1, True], False),
        ([0, False], False),
        ([[1], [True]], False),
        ([{"a": 1, "b": 2}, {"b": 2, "a": 1}], True),
        ([["a"], "a"], False),
        ([None, None], True),
        (["a", "b"], False),
    ],
)
def test_items_are_the_same_where_json_says_so(items, same):
    assert (schema_breach({"uniqueItems": True}, items) == "uniqueItems") is same
    assert schema_breach({"uniqueItems": False}, items) is None
    assert schema_breach({"uniqueItems": True}, "text") is None


def test_items_that_are_too_deep_are_not_compared():
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(TooCostlyError):
        schema_breach({"uniqueItems": True}, [deep])


def test_a_schema_that_is_too_deep_is_a_problem_of_the_spec():
    schema: dict[str, Any] = {}
    for _ in range(3000):
        schema = {"not": schema}
    assert schema_problem(schema) == "it is nested too deeply, or too large"


@pytest.mark.parametrize(
    ("schema", "document", "breach"),
    [
        ({"properties": {"a": True}, "additionalProperties": False}, {"a": 1}, None),
        ({"properties": {"a": True}, "additionalProperties": False}, {"b": 1}, True),
        ({"additionalProperties": {"type": "string"}}, {"b": 1}, True),
        ({"additionalProperties": {"type": "string"}}, {"b": "c"}, None),
        ({"additionalProperties": False}, [1], None),
        ({"patternProperties": {"^a": True}, "additionalProperties": False}, {"ab": 1}, None),
        ({"patternProperties": {"^a": True}, "additionalProperties": False}, {"ba": 1}, True),
        ({"patternProperties": {"^a": True}, "unevaluatedProperties": False}, {"ab": 1}, None),
        ({"patternProperties": {"^a": True}, "unevaluatedProperties": False}, {"ba": 1}, True),
        ({"items": {"type": "integer"}}, list(range(10_000)), None),
    ],
)
def test_schemas_mean_what_they_did(schema, document, breach):
    assert bool(schema_breach(schema, document)) is bool(breach)
