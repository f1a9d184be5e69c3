"""The schema that editors get says the same as the types that the loader makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema
from tests.editor.situations import GAP

from assay.formats import FORMATS
from assay.kinds.variable.spec import COMMON_FIELDS
from assay.sources import SOURCES
from assay.spec.assembly import assemble
from assay.spec.environments import Environment

if TYPE_CHECKING:
    from tests.editor.situations import Path, Walk


def test_every_field_has_a_description(walk: Walk):
    assert walk.bare == []


def test_the_types_accept_what_the_schema_allows(walk: Walk):
    validator = jsonschema.Draft202012Validator(walk.schema)
    for spot in walk.spots:
        assert [error.message for error in validator.iter_errors(spot.document)] == []
        variable = spot.document.get("variables", {}).get("NAME", {})
        typed = "type" in variable or COMMON_FIELDS.issuperset(variable)  # else by an import
        if typed:
            assemble(spot.document, {}, "", ())  # raises for a wrong shape


def test_nothing_is_left_out_of_the_walk(walk: Walk):
    """The registries and types say what must be offered, not the schema's own word for it."""
    offered: dict[Path, set[str]] = {}
    for gap in walk.gaps:
        offered.setdefault(gap.path, set()).update(gap.offered)
    parameters = {field for name in FORMATS for field in FORMATS[name].__struct_encode_fields__}
    assert offered["variables", "NAME", GAP] == {*COMMON_FIELDS, *parameters, "type"}
    assert offered["variables", "NAME", "type"] == set(FORMATS)
    # What items are made of is the same here and in lists, and is walked once.
    column = ("credentials", "NAME", "columns", "NAME")
    assert offered[*column, "plaintext"] == set(FORMATS) - {"enum"}
    assert offered[*column, "envelope", GAP] >= {"aad", "encoding", "format"}
    assert offered["environments", "NAME", GAP] == set(Environment.__struct_encode_fields__)
    assert offered["environments", "NAME", "values", 0, GAP] == set(SOURCES)
