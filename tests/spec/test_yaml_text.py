"""YAML as people write it means what it says, and every field knows its place."""

from __future__ import annotations

import pytest

from assay.spec.yaml_text import DEEPEST, MOST_NODES, read_yaml


def data(text: str):
    tree = read_yaml(text, "app.yaml")
    assert tree.problems == []
    return tree.data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((word, word) for word in ("yes", "no", "on", "off", "y", "n", "No", "NO")),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, False) for word in ("false", "False", "FALSE")),
        *((word, None) for word in ("", "~", "null", "Null", "NULL")),
        ("7", 7),
        ("-7", -7),
        ("0", 0),
        ("-0", "-0"),
        ("+7", "+7"),
        ("1.5", 1.5),
        ("-1.5", -1.5),
        ("1.0", 1.0),
        ("1.10", "1.10"),
        ("1.", "1."),
        (".5", ".5"),
        ("1e3", "1e3"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("12:30:45", "12:30:45"),
        ("2027-01-31", "2027-01-31"),
        (".inf", ".inf"),
        ("1²", "1²"),
        ("9" * 60, "9" * 60),
        ("'7'", "7"),
        ('"true"', "true"),
        ("!!str 7", "7"),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">\n  a\n  b\n", "a b\n"),
    ],
)
def test_a_scalar_is_what_it_says(text, value):
    found = data(f"a: {text}")["a"]
    assert (found, type(found)) == (value, type(value))


def test_names_are_text_whatever_they_look_like():
    assert data("7: a\ntrue: b\nnull: c\n1.0: d") == {
        "7": "a",
        "true": "b",
        "null": "c",
        "1.0": "d",
    }


def test_anchors_and_merge_keys_work():
    text = "a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3}\nd: {<<: [*a, *e], z: 4}\n"
    text = "e: &e {w: 5}\ns: &s text\nt: *s\n" + text
    found = data(text)
    assert found["b"] == {"x": 1, "y": 2}
    assert found["c"] == {"x": 1, "y": 3}
    assert found["d"] == {"x": 1, "y": 2, "w": 5, "z": 4}
    assert found["t"] == "text"
    assert data("a: {'<<': 1}") == {"a": {"<<": 1}}


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(project):
    project.spec(b"\xef\xbb\xbfassay: 1\r\nvariables:\r\n  PORT: {type: port}\r\n")
    assert project.run("lint").out == "the spec is valid: 1 environment, 1 variable in 1 file\n"


def test_every_field_knows_its_place():
    text = "a:\n  b: [1, {c: 'x'}]\n  d: |\n    long\n"
    places = read_yaml(text, "app.yaml").places
    found = {path: (str(p.of_key), str(p.of_value)) for path, p in places.items()}
    assert found == {
        (): ("app.yaml:1:1", "app.yaml:1:1"),
        ("a",): ("app.yaml:1:1", "app.yaml:2:3"),
        ("a", "b"): ("app.yaml:2:3", "app.yaml:2:6"),
        ("a", "b", 0): ("app.yaml:2:7", "app.yaml:2:7"),
        ("a", "b", 1): ("app.yaml:2:10", "app.yaml:2:10"),
        ("a", "b", 1, "c"): ("app.yaml:2:11", "app.yaml:2:14"),
        ("a", "d"): ("app.yaml:3:3", "app.yaml:3:6"),
    }


@pytest.mark.parametrize(
    ("text", "column"), [("a: xyz", 4), ("a: 'xyz'", 5), ('a: "xyz"', 5), ("a: |\n xyz", None)]
)
def test_a_place_inside_of_a_text_counts_its_quotes(text, column):
    place = read_yaml(text, "app.yaml").places[("a",)]
    inside = place.within(1, 2, 1)
    if column is None:
        assert inside == place.of_value
    else:
        assert (inside.column, inside.end_column) == (column + 1, column + 2)
    assert place.within(2, 1) == place.of_value


def test_as_many_values_as_a_spec_may_hold_are_read_and_no_more():
    row = "[" + ",".join("1" * 1000) + "]"
    rows = "\n".join(f"  - &r{n} {row}" if n == 0 else "  - *r0" for n in range(990))
    assert read_yaml(f"a:\n{rows}\n", "app.yaml").problems == []
    most = "\n".join("  - *r0" for _ in range(MOST_NODES // 1000))
    found = read_yaml(f"a:\n{rows}\n{most}\n", "app.yaml").problems
    assert [problem.rule for problem in found] == ["spec-alias"]


def test_nesting_is_allowed_as_deep_as_it_is_and_no_deeper():
    deep = DEEPEST - 1
    assert read_yaml(f"a: {'[' * deep}{']' * deep}", "a.yaml").problems == []
    assert read_yaml(f"a: {'[' * (deep + 1)}{']' * (deep + 1)}", "a.yaml").problems != []


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("a: @x", "a value can't begin with `@`", 1, 4),
        ("a: `x`", "a value can't begin with `", 1, 4),
        ("a:\n\t- b", "a tab in the indentation", 2, 1),
        ('a: "\\d"', "a backslash in double quotes that begins no known escape", 1, 5),
        ("a: {b: 1 c: 2}", "a comma is missing here", 1, 10),
        ("a: [b, c}", "`[` is closed with `}`", 1, 4),
        ("a: {b: 'it's'}", "text follows a quoted text that has ended", 1, 8),
        ("a: 'b' == c", "text follows a quoted text that has ended", 1, 4),
        ("a:1\nb: 2", "a space is missing after `a:`", 1, 3),
        ("a: b\n  c: 1", "a line indented too far, below a value that has ended", 2, 3),
        ("a: b: c", "a second colon on the line", 1, 5),
        ("a: 'b", "a quote is never closed", 1, 4),
        ("a: [b", "a bracket is never closed", 1, 4),
        ("a: 1\nbc\nd: 1", "a name without a colon after it", 3, 1),
        ("a: \x01", "a control character", 1, 4),
        ("a: é\x01", "a control character", 1, 5),
        ("a: 1\n--- b", "a second document begins", 2, 1),
        ("- a\nb: 1", "a line with the wrong indentation", 2, 1),
        ("%YAML 9.9\n---\na: 1", "", 1, 1),
    ],
)
def test_what_is_not_yaml_is_told_where_it_stands(text, reason, line, column):
    found = read_yaml(text, "app.yaml").problems
    assert len(found) == 1
    assert found[0].message.startswith("invalid YAML: ")
    assert reason in found[0].message
    at = found[0].location
    assert at is not None
    assert (at.line, at.column) == (line, column)
    assert found[0].remedy
