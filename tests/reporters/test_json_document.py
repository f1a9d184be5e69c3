"""The JSON document and its published schema."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.reporters.golden import CASES

from assay.reporters.json_document import report_schema

DOCS = Path(__file__).parents[2] / "docs"


def test_the_published_schema_is_the_one_of_the_types() -> None:
    """`ASSAY_UPDATE_CASES=1` writes it anew."""
    current = json.dumps(report_schema(), indent=2) + "\n"
    published = DOCS / "report.schema.json"
    if os.environ.get("ASSAY_UPDATE_CASES"):
        published.parent.mkdir(exist_ok=True)
        published.write_text(current, encoding="utf-8")
    assert published.read_text(encoding="utf-8") == current


def test_the_schema_is_a_schema_and_describes_every_field() -> None:
    schema = report_schema()
    Draft202012Validator.check_schema(schema)
    for name, definition in schema["$defs"].items():
        assert definition.get("description"), name
        for field, shape in definition.get("properties", {}).items():
            assert shape.get("description") or "$ref" in shape, f"{name}.{field}"


@pytest.mark.parametrize(
    "path", sorted(CASES.glob("*/expected.json")), ids=lambda path: path.parent.name
)
def test_the_documents_of_the_cases_keep_to_the_published_schema(path: Path) -> None:
    schema = json.loads((DOCS / "report.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(path.read_text(encoding="utf-8")))
    assert path.read_text(encoding="utf-8").startswith(f'{{\n  "schema": "{schema["$id"]}"')


def test_the_example_in_the_docs_keeps_to_the_schema() -> None:
    page = (DOCS / "reports.md").read_text(encoding="utf-8")
    example = page.split("```json\n")[1].split("```")[0]
    Draft202012Validator(report_schema()).validate(json.loads(example))
