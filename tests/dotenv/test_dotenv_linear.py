"""Reading takes time in proportion to the text, whatever the text."""

import time

import pytest

from assay import dotenv
from assay.dotenv import reading

SHAPES = {
    "one long line": lambda n: "A=" + "x" * (10 * n),
    "unclosed double quotes": lambda n: 'A="x\n' * n,
    "unclosed quotes of every sort": lambda n: "A='\nB=\"\nC=`\n" * n,
    "one quote of each sort": lambda n: "A='x\nB=\"x\nC=`x\n" + "D=1\n" * n,
    "escaped quotes": lambda n: "A='" + "\\'" * n,
    "escaped quotes on lines": lambda n: "A='\\'x\n" * n,
    "nested braces": lambda n: "A=" + "${" * n,
    "nested defaults": lambda n: "A=" + "${B:-" * n + "}" * n,
    "defaults in a row": lambda n: "A=" + "${B:-x}" * n,
    "opened colons": lambda n: "A=" + "${B:" * n + "}",
    "backslashes": lambda n: 'A="' + "\\" * n + '"',
    "backslashes, open": lambda n: 'A="' + "\\" * n,
    "spaces": lambda n: "A=" + " " * n + "x",
    "spaces before a hash": lambda n: "A=x" + " x" * n + " #",
    "blank lines": lambda n: "A=\n" + "\n" * n + "B",
    "names alone": lambda n: "A\n" * n,
    "names apart": lambda n: "A \n" * n + "=",
    "exports": lambda n: "export " * n,
    "dollar signs": lambda n: "A=" + "$" * n,
    "parentheses": lambda n: "A=" + "$(" * n + ")" * n,
    "carriage returns": lambda n: "A=1\r\n\r" * n,
    "line separators": lambda n: "A=#\u2028" * n,
    "quotes in a row": lambda n: "A=" + "'" * n,
    "hashes": lambda n: "#\n" * n,
    "brackets": lambda n: "A=" + "{" * n,
}


NOISE = 0.03
"""Seconds below which a time says nothing."""


def seconds(text, dialect):
    start = time.process_time()
    dotenv.parse(text, dialect)
    return time.process_time() - start


@pytest.mark.parametrize("dialect", dotenv.DIALECTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_text_takes_about_four_times_as_long(shape, dialect):
    make = SHAPES[shape]
    large = small = 9.0
    for _ in range(3):  # the best of three times, but most are clear at once
        large = min(large, seconds(make(10_000), dialect))
        if large < NOISE:  # a quadratic one would be far beyond
            return
        small = min(small, seconds(make(2_500), dialect))
        if large / max(small, 1e-6) < 9:
            return
    pytest.fail(f"{small} s became {large} s")


DOUBLING = {
    "next": "".join(f"A{i}=${{A{i + 1}}}${{A{i + 1}}}\n" for i in range(60)) + "A60=xxxxxxxxxx\n",
    "python": "A0=xxxxxxxxxx\n" + "".join(f"A{i + 1}=${{A{i}}}${{A{i}}}\n" for i in range(60)),
}


@pytest.mark.parametrize("dialect", ["next", "python", "ruby", "compose", "shell"])
def test_values_that_double_line_by_line_are_refused(dialect):
    text = DOUBLING.get(dialect, DOUBLING["python"])
    if dialect == "next":
        text = "\n".join(reversed(text.splitlines()))
    with pytest.raises(dotenv.DotenvError, match="expand to more text than"):
        dotenv.loads(text, dialect)


def test_a_shell_argument_that_is_too_long_is_refused_too():
    with pytest.raises(dotenv.DotenvError, match="expand to more text than"):
        dotenv.loads("A=" + "x" * 3_000_000 + "\n: " + "$A" * 6, "shell")


def test_deep_nesting_is_bounded_and_shallow_nesting_is_not():
    deep = reading.DEPTH + 5
    for dialect in ("compose", "shell"):
        with pytest.raises(dotenv.DotenvError, match="expand to more text than"):
            dotenv.loads("A=" + "${B:-" * deep + "x" + "}" * deep, dialect)
        assert dotenv.loads("A=" + "${B:-" * 50 + "x" + "}" * 50, dialect) == {"A": "x"}


def test_a_next_value_with_too_much_to_copy_is_refused():
    with pytest.raises(dotenv.DotenvError, match="refers to itself"):
        dotenv.loads("A=" + "$B" * 200_000, "next")
