"""JUnit XML against the schemas that its readers use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import xmlschema
from tests.reporters.golden import CASES

OURS = Path(__file__).parent / "junit.xsd"
PEERS = Path(os.environ.get("ASSAY_PEERS", "."))
# pytest's copy of the schema of Jenkins comes with its source package; it is read where it is laid.
SCHEMAS = [OURS, *PEERS.glob("junit-10.xsd")]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "path", sorted(CASES.glob("*/expected.xml")), ids=lambda path: path.parent.name
)
def test_the_documents_of_the_cases_are_valid(schema: Path, path: Path) -> None:
    xmlschema.XMLSchema10(schema).validate(path)
