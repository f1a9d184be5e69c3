"""yaml-language-server, given the schema, completes and explains every field of a spec."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from tests.editor.client import Position
from tests.editor.situations import GAP, dump

from assay.formats import FORMATS

if TYPE_CHECKING:
    from tests.editor.client import LanguageServer
    from tests.editor.situations import Walk

ROOT = Path(__file__).parents[2]
SPECS = sorted([*ROOT.glob("specs/*.yaml"), *ROOT.glob("examples/*/specs/*.yaml")])
BAD = {
    "an unknown field": ("vars: {}", "1:1 Property vars is not allowed."),
    "an unknown field of a variable": (
        "variables:\n  PORT:\n    type: port\n    requird: true",
        "4:5 Property requird is not allowed.",
    ),
    "a wrong type": (
        "variables:\n  PORT:\n    description: 3",
        '3:18 Incorrect type. Expected "string".',
    ),
    "a bad word": (
        "variables:\n  PORT:\n    parity: alike",
        '3:13 Value must be "same" | "different" | "shape" | "any".',
    ),
    "a bad value type": ("variables:\n  PORT:\n    type: prot", '3:11 Value must be "address" |'),
    "a parameter of another type": (
        "variables:\n  PORT:\n    type: port\n    schemes: [https]",
        "4:5 Property schemes is not allowed.",
    ),
    "a bad parameter": (
        "variables:\n  API:\n    type: url\n    local: maybe",
        '4:12 Value is not accepted. Valid values: "allowed", "forbidden", "network", null.',
    ),
    "a parameter of the wrong form without a type": (
        "variables:\n  API:\n    schemes: https",
        "3:14 Incorrect type.",
    ),
    "a missing parameter": ("variables:\n  MODE:\n    type: enum", 'Missing property "options".'),
    "an unknown source": (
        "environments:\n  ci:\n    values:\n      - dotnev: .env",
        "4:9 Property dotnev is not allowed.",
    ),
    "a bad dialect": (
        "environments:\n  ci:\n    values:\n      - dotenv: {path: .env, dialect: nodejs}",
        '4:39 Value must be "node" |',
    ),
    "a bad date": (
        "waivers:\n  - {rule: a, subject: B, reason: c, expires: soon}",
        "2:47 String is not a RFC3339 date.",
    ),
    "a bad parameter of items": (
        "variables:\n  ALL:\n    type: list\n    of: {type: url, bytes: 3}",
        "4:21 Property bytes is not allowed.",
    ),
    "yes for true": (
        "environments:\n  live:\n    live: yes",
        '3:11 Incorrect type. Expected "boolean".',
    ),
}


@pytest.fixture
def head(schema_file: Path) -> str:
    """The line that tells the server which schema to use."""
    return f"# yaml-language-server: $schema={schema_file}\n"


def find(text: str, path: tuple[str | int, ...], within: int = 0) -> list[Position]:
    """Where the field at a path has its name, and its value where that is a single word.

    `within` is how many characters from the beginning.
    """
    node: Any = yaml.compose(text)
    key = node
    for part in path:
        if isinstance(part, int):
            key = node = node.value[part]
        else:
            [(key, node)] = [pair for pair in node.value if pair[0].value == part]
    nodes = [key, node] if isinstance(node, yaml.ScalarNode) else [key]
    return [Position(n.start_mark.line, n.start_mark.column + within) for n in nodes]


def plain(markdown: str) -> str:
    """Text without Markdown's escapes and line ends."""
    return " ".join(re.sub(r"\\([\\`*_{}\[\]#+!])", r"\1", markdown).split())


@pytest.mark.parametrize("file", SPECS, ids=lambda file: str(file.relative_to(ROOT)))
def test_good_specs_have_no_diagnostics(server: LanguageServer, head: str, file: Path):
    text = re.sub(r"\A# yaml-language-server:.*\n", "", file.read_text())
    assert server.diagnostics(head + text) == []


def test_every_field_and_type_with_all_parameters_is_good(
    server: LanguageServer, head: str, walk: Walk
):
    validator = jsonschema.Draft202012Validator(walk.published)
    types = set()
    for document in walk.whole():
        assert [error.message for error in validator.iter_errors(document)] == []
        assert server.diagnostics(head + dump(document)) == []
        types |= {entry.get("type") for entry in document.get("variables", {}).values()}
    assert types >= set(FORMATS)


@pytest.mark.parametrize("case", BAD)
def test_bad_specs_have_diagnostics(server: LanguageServer, head: str, case: str):
    text, expected = BAD[case]
    place, _, message = expected.partition(" ")
    if re.fullmatch(r"\d+:\d+", place):
        line, _, column = place.partition(":")
        expected = f"{int(line) + 2}:{column} {message}"
    found = server.diagnostics(f"{head}assay: 1\n{text}\n")
    assert any(expected in told for told in found), found


@pytest.mark.parametrize("indent", ["    ", "      "], ids=["variable", "item"])
def test_each_type_has_its_own_parameters_and_no_others(
    server: LanguageServer, head: str, indent: str
):
    fields = {name: set(FORMATS[name].__struct_encode_fields__) for name in FORMATS}
    every = sorted(set().union(*fields.values()))
    above = "" if indent == "    " else "    type: list\n    of:\n"
    for name, own in fields.items():
        lines = [f"{indent}{field}: [[]]\n" for field in every]  # good for none of them
        entry = f"{above}{indent}type: {name}\n{''.join(lines)}"
        found = server.diagnostics(f"{head}assay: 1\nvariables:\n  A:\n{entry}")
        refused = {told.split()[2] for told in found if "is not allowed" in told}
        assert refused == set(every) - own, name
        first = f"{head}assay: 1\nvariables:\n  A:\n{above}{indent}type: {name}\n".count("\n")
        wrong = {int(told.partition(":")[0]) - first - 1 for told in found}
        assert {every[line] for line in wrong} == set(every), name


def test_every_field_and_word_is_explained(server: LanguageServer, head: str, walk: Walk):
    silent = []
    for spot in walk.spots:
        text = head + dump(spot.document)
        for place in find(text, spot.path, within=1):
            shown = plain(server.hover(text, place))
            silent += [
                (spot.path, wanted, shown) for wanted in spot.texts if plain(wanted) not in shown
            ]
    assert silent == []


def test_every_field_and_word_is_offered(server: LanguageServer, head: str, walk: Walk):
    wrong: list[tuple[object, ...]] = []
    for gap in walk.gaps:
        text = head + dump(gap.document)
        place = find(text, gap.path)[gap.path[-1] != GAP]
        assert text.count(GAP) == 1
        text = re.sub(f"{GAP}(: null)?", "", text)
        offered = server.completions(text, place)
        labels = {label.strip('"') for label in offered}
        missing = gap.offered - labels
        if missing or gap.barred & labels:
            wrong.append((gap.path, sorted(missing), sorted(gap.barred & labels), text))
        wrong += [
            (gap.path, f"{label} without a description")
            for label in gap.offered & set(offered)
            if gap.path[-1] == GAP and not offered[label]
        ]
    assert wrong == []
