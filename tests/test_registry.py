"""Registries list names without importing anything, and parse what a spec may choose by name."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Annotated, Any, ClassVar

import msgspec
import pytest
from msgspec import Meta

from assay.crypto.envelopes import ENVELOPES
from assay.databases import BACKENDS
from assay.documents import DOCUMENTS
from assay.facts import Value
from assay.formats import FORMATS
from assay.kinds import KINDS
from assay.probes import observer
from assay.registry import Registry, StructRegistry, described
from assay.reporters import REPORTERS
from assay.sources import SOURCES

ALL: dict[str, Registry[Any]] = {
    "databases": BACKENDS,
    "documents": DOCUMENTS,
    "envelopes": ENVELOPES,
    "formats": FORMATS,
    "kinds": KINDS,
    "reporters": REPORTERS,
    "sources": SOURCES,
}
every_registry = pytest.mark.parametrize("registry", ALL.values(), ids=list(ALL))


class Plain(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="plain"):
    size: Annotated[int, Meta(ge=1)] = 1


class Short(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="short"):
    short: ClassVar[str] = "path"
    path: str


PLACES = {"plain": "test_registry:Plain", "short": "test_registry:Short"}
INSIDE: StructRegistry[Any] = StructRegistry(
    "tests", PLACES, group="tests", base="msgspec:Struct", tag="kind", default="plain"
)
OUTSIDE: StructRegistry[Any] = StructRegistry("tests", PLACES, group="tests", base="msgspec:Struct")


@every_registry
def test_names_are_in_alphabetical_order_and_each_stands_for_something(
    registry: Registry[Any],
) -> None:
    assert list(registry) == sorted(registry)
    assert len(registry) == len(registry.places) > 0
    for name in registry:
        assert name in registry
        assert registry[name] is not None


@every_registry
def test_an_unknown_name_is_a_key_error_and_a_similar_one_is_suggested(
    registry: Registry[Any],
) -> None:
    with pytest.raises(KeyError):
        registry["papyrus"]
    assert "papyrus" not in registry
    assert registry.hint("papyrus-1") == ""
    name = max(registry, key=len)
    assert registry.hint(f"{name}x") == f": did you mean {name}?"


def test_looking_through_the_names_imports_none_of_the_modules() -> None:
    program = """
import sys
from assay.crypto.envelopes import ENVELOPES
from assay.databases import BACKENDS
from assay.documents import DOCUMENTS
from assay.formats import FORMATS
from assay.kinds import KINDS
from assay.reporters import REPORTERS
from assay.sources import SOURCES
before = set(sys.modules)
for registry in (BACKENDS, DOCUMENTS, ENVELOPES, FORMATS, KINDS, REPORTERS, SOURCES):
    assert list(registry) and len(registry) and "x" not in registry
    for name in registry:
        assert name in registry
    registry.hint("x")
assert set(sys.modules) == before, set(sys.modules) - before
heavy = {"argparse", "cryptography", "importlib.metadata", "yaml", "sqlalchemy"}
assert not heavy & before, heavy & before
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("plain", Plain()),
        ({"kind": "plain"}, Plain()),
        ({"kind": "plain", "size": 3}, Plain(3)),
        ({"size": 3}, Plain(3)),
        ({}, Plain()),
        ({"kind": "short", "path": "a"}, Short("a")),
    ],
)
def test_a_name_inside_of_its_parameters_is_parsed(data: object, expected: object) -> None:
    assert INSIDE.parse(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("plain", Plain()),
        ({"plain": None}, Plain()),
        ({"plain": {}}, Plain()),
        ({"plain": {"size": 3}}, Plain(3)),
        ({"short": {"path": "a"}}, Short("a")),
        ({"short": "a"}, Short("a")),
    ],
)
def test_a_name_outside_of_its_parameters_is_parsed(data: object, expected: object) -> None:
    assert OUTSIDE.parse(data) == expected


@pytest.mark.parametrize("registry", [INSIDE, OUTSIDE])
@pytest.mark.parametrize(
    "data",
    [
        *(None, 3, [], ["plain"], "", "papyrus", "short", {"plain": 3, "short": "a"}),
        *({"papyrus": {}}, {"kind": "papyrus"}, {"kind": 3}, {"kind": ["plain"]}),
        *({"kind": "plain", "size": 0}, {"plain": {"size": 0}}, {"plain": {"other": 1}}, {3: {}}),
        *({"plain": "a"}, {"plain": []}, {"kind": None}),
    ],
)
def test_data_of_another_shape_is_refused(registry: StructRegistry[Any], data: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        registry.parse(data)


def test_an_error_is_described_by_its_place_and_never_by_its_text() -> None:
    assert described(ValueError("secret")) == "ValueError"
    with pytest.raises(KeyError) as caught:
        FORMATS["papyrus"]
    assert re.fullmatch(r"KeyError at registry\.py:\d+", described(caught.value))


def test_a_query_that_nobody_answers_is_a_bug_without_plug_ins() -> None:
    with pytest.raises(LookupError, match="no probe answers Value"):
        observer({})([Value("dev", "A")])


def test_several_names_may_be_chosen_where_that_is_meant() -> None:
    assert OUTSIDE.chosen("plain") == {"plain": None}
    assert OUTSIDE.chosen({"plain": None, "short": "a"}) == {"plain": None, "short": "a"}
    for data in ({}, {"plain": None, "papyrus": None}, 3):
        with pytest.raises(msgspec.ValidationError):
            OUTSIDE.chosen(data)
