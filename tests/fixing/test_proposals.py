"""What each repair proposes for a line, and what it leaves to people."""

from __future__ import annotations

import pytest

from assay import dotenv
from assay.fixing.edits import FixedFile
from assay.fixing.repairs import repairs
from assay.model import Finding, Outcome


def proposed(rule, text, dialect="node", subject="A", written=""):
    """The texts that the proposals make."""
    file = FixedFile(path=".env", dialects=(dialect,))
    found = Finding(
        outcome=Outcome.FAIL, kind="variable", subject=subject, rule=rule, written=written
    )
    document = dotenv.parse(text, dialect)
    return [edit.applied(text) for edit in repairs(found, file, document)]


MISSPELT = {"rule": "variable-misspelled", "written": "AA"}


def test_a_misspelt_name_is_renamed_if_it_stands_once():
    assert proposed(text="AA=1\n", **MISSPELT) == ["A=1\n"]
    assert proposed(text="AA=1\nAA=2\n", **MISSPELT) == []
    assert proposed(text="B=1\n", **MISSPELT) == []


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("variable-surrounding-space", "A=' x '\n", "x"),
        ("variable-newline", 'A="x\\n"\n', "x"),
        ("variable-quoted", "A='\"x\"'\n", "x"),
        ("variable-extra-characters", "A='A=x'\n", "x"),
        ("variable-extra-characters", "A='export A=x'\n", "x"),
        ("variable-extra-characters", "A=\u201cx\u201d\n", "x"),
        ("variable-extra-characters", "A=x\u200b\n", "x"),
        ("variable-extra-characters", "A='x\\n\\r'\n", "x"),
    ],
)
def test_what_does_not_belong_to_a_value_is_removed(rule, text, expected):
    assert expected in [dotenv.parse(made, "node").values["A"] for made in proposed(rule, text)]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("variable-surrounding-space", "B=1\n"),
        ("variable-surrounding-space", "A=\n"),
        ("variable-quoted", "A=x\n"),
        ("variable-quoted", 'A=\'"x"y"\'\n'),
        ("variable-quoted", "A='\"\"'\n"),
        ("variable-extra-characters", "A=x\n"),
        ("variable-extra-characters", "A='\\n'\n"),
        ("source-portability", "B=1\n"),
        ("source-portability", "A=\n"),
        ("source-portability", "A='it\"s'\n"),
        ("source-byte-order-mark", "A=1\n"),
        ("variable-missing", "A=1\n"),
    ],
)
def test_nothing_is_proposed_where_nothing_is_to_be_repaired(rule, text):
    assert proposed(rule, text) == []


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("B=1\n", "shell"),
        ("A=`date`\n", "shell"),
        ("A=x\n", "shell"),
        ("A=a${b}c\n", "shell"),
        ("A=a$HOME\n", "shell"),
        ('A="a\\\\$x"\n', "shell"),
    ],
)
def test_a_dollar_that_may_be_a_reference_is_left_to_people(text, dialect):
    assert proposed("variable-expanded", text, dialect) == []


def test_a_dollar_that_is_text_is_kept():
    made = proposed("variable-expanded", "A=pa$word\n", "shell")
    assert "pa$word" in [dotenv.parse(text, "shell").values["A"] for text in made]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("A=ab#cd\n", "ab#cd"),
        ("A=ab # cd\n", None),
        ("A=ab#\n", None),
        ("A=ab# cd\n", None),
        ("A=ab#c d\n", None),
        ("A=ab#c'd\n", None),
        ("A='ab'#cd\n", None),
        ("A=#cd\n", None),
    ],
)
def test_a_value_that_is_cut_in_a_word_is_quoted(text, whole):
    made = [dotenv.parse(one, "node").values["A"] for one in proposed("variable-cut", text)]
    assert whole in made if whole else made == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1\nB=2\nA=1\n", ["A=1\nB=2\n", "B=2\nA=1\n"]),
        ("A=1\nA=1", ["A=1\n", "A=1"]),
        ("A=1\nexport A=1 \n", ["A=1\n", "export A=1 \n"]),
        ("A=1\nA=2\n", []),
        ("A=1 # x\nA=1\n", []),
        ("A=1\n", []),
    ],
)
def test_of_two_equal_lines_one_goes(text, expected):
    assert proposed("source-duplicate", text) == expected


def test_lines_that_run_something_are_no_duplicates():
    assert proposed("source-duplicate", "A=$(date)\nA=$(date)\n", "shell") == []


def test_a_line_that_holds_more_than_one_assignment_is_not_removed():
    assert proposed("source-duplicate", "B=1; A=1\nA=1\n", "shell") == ["B=1; A=1\n"]


def test_a_byte_order_mark_goes_alone():
    assert proposed("source-byte-order-mark", "\ufeffA=1\nB=2\n") == ["A=1\nB=2\n"]
