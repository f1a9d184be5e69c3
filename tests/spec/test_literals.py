"""What conditions compare variables with, and what is no comparison of a variable."""

from __future__ import annotations

import pytest

from assay.spec.expressions import Condition, Conditions
from assay.spec.literals import literals
from assay.spec.syntax import place

TYPES = {**dict.fromkeys("ABC", "string"), "HOSTS": "list", "PORT": "int"}


def compared(text):
    made = Conditions(TYPES)
    condition = made.compile(text)
    assert isinstance(condition, Condition)
    return literals(made.tree(condition))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("A == 'x'", [("A", "==", "x")]),
        ('A != "x"', [("A", "!=", "x")]),
        ("'x' == A && (B != 'y')", [("A", "==", "x"), ("B", "!=", "y")]),
        ("A in ['x', 'y'] || !(C == 'z')", [("A", "in", "x"), ("A", "in", "y"), ("C", "==", "z")]),
        ("A in []", []),
        ("A.matches('^x') && A.startsWith('y')", [("A", "matches", "^x")]),
        ("A == 'x' ? B == 'y' : C == ''", [("A", "==", "x"), ("B", "==", "y"), ("C", "==", "")]),
        ("A + 'x' == 'xy'", []),
        ("B + A == 'xy'", []),
        ("'x' + 'y' == A", []),
        ("A == 'x' + B", []),
        ("A.lowerAscii() == 'x'", []),
        ("HOSTS.all(A, A == 'x' && B == 'y')", [("B", "==", "y")]),
        ("A in {'x': 'y'}", []),
        ("\"A == 'x'\" == B", [("B", "==", "A == 'x'")]),
        ("A == B", []),
        ("PORT == 1", []),
    ],
)
def test_plain_comparisons_are_found_and_no_others(condition, expected):
    found = list(compared(condition))
    assert [(item.name, item.operator, item.text) for item in found] == expected
    for item in found:
        assert condition[item.offset :].startswith(item.text)


def test_a_text_is_what_its_escapes_stand_for():
    [found] = compared(r"A == 'it\'s'")
    assert (found.text, found.offset) == ("it's", 6)


def test_a_place_counts_lines_and_columns_from_one():
    assert place("A &&\n  B", 0) == (1, 1)
    assert place("A &&\n  B", 7) == (2, 3)
