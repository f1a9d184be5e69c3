"""What loaders make of a value that nobody meant, and lines that they pass over."""

import pytest

from assay import dotenv
from assay.dotenv.misreading import misreading

CUTTING = ("node", "node20", "dotenv-expand", "next", "vite", "nuxt", "bun", "ruby", "php")
QUOTING = ("node", "node20", "dotenv-expand", "next", "vite", "nuxt", "bun", "ruby")
KEEPING = ("python", "compose", "docker", "shell")


def misread(line, dialect):
    entry = dotenv.parse(f"{line}\n", dialect).winner("A")
    return entry and misreading(entry)


@pytest.mark.parametrize("dialect", CUTTING)
@pytest.mark.parametrize("line", ["A=x#y", "A=#x", "A=x#", "A=p://u:p#w@h/d", "A=x# y"])
def test_text_that_ends_at_a_hash_is_cut(dialect, line):
    assert misread(line, dialect) == "cut"


@pytest.mark.parametrize("dialect", CUTTING)
@pytest.mark.parametrize(
    "line", ["A=x # y", "A=x\t#y", "A= # x", "A=# x", "A=#", "A='x#y'", 'A="x" #y', 'A="x"#y', "A="]
)
def test_what_stands_after_a_blank_is_a_comment(dialect, line):
    assert not misread(line, dialect)


@pytest.mark.parametrize("dialect", KEEPING)
@pytest.mark.parametrize("line", ["A=x#y", "A=#x"])
def test_these_loaders_keep_a_hash_within_text(dialect, line):
    assert misread(line, dialect) == ""


@pytest.mark.parametrize(
    ("dialect", "line", "expected"),
    [
        ("docker", "A=5434    # host port", "comment"),
        ("docker", "A=x\t#\ty", "comment"),
        ("docker", "A= # x", "comment"),
        ("docker", "A=# x", "comment"),
        ("docker", "A=to #general", "perhaps-comment"),
        ("docker", 'A="x # y"', ""),
        ("docker", "A=a#b", ""),
        ("compose", "A= # x", "comment"),
        ("compose", "A=# x", "comment"),
        ("compose", "A=x\t# y", "comment"),
        ("compose", "A=x # y", ""),
        ("python", "A=# x", "comment"),
        ("python", "A= # x", ""),
    ],
)
def test_a_comment_that_is_kept(dialect, line, expected):
    assert misread(line, dialect) == expected


@pytest.mark.parametrize("dialect", [*QUOTING, "docker"])
@pytest.mark.parametrize("line", ['A="x', "A='x y", "A=`x"])
def test_a_quote_that_is_never_closed(dialect, line):
    assert misread(f"{line}\nB=1", dialect) == "quote"


@pytest.mark.parametrize("dialect", ["node", "dotenv-expand", "next", "nuxt", "ruby", "docker"])
def test_quotes_that_stay_because_text_follows(dialect):
    assert misread('A="x" y', dialect) == "rest"
    assert misread('A="Shop" <shop@example.com>', dialect) == ""
    assert misread('A="a", "b"', dialect) == ""


@pytest.mark.parametrize(
    ("dialect", "text", "kinds"),
    [
        ("node", "B 2\nA=1", ["dropped-line"]),
        ("node", "export A\nA=1", ["dropped-line"]),
        ("node", "# c\n\n  # d\n\ufeffA=1", []),
        ("next", "A=1\nB 2\nC 3\n", ["dropped-line", "dropped-line"]),
        ("dotenv-expand", "B 2\nA=1", ["dropped-line"]),
        ("nuxt", "B 2\nA=1", ["dropped-line"]),
        ("ruby", "B 2\nA=1\nC", ["dropped-line"]),
        ("python", "B 2\nA=1", ["dropped-line"]),
        ("bun", "# c\nB 2\nA=1\nC", ["dropped-line", "dropped-line"]),
        ("bun", 'A="x" y', ["dropped-rest"]),
        ("bun", 'A="x" # y', []),
        ("node20", "B 2\nA=1", ["joined-line"]),
        ("node20", "A=1\nB 2", ["dropped-line"]),
        ("node20", 'A="x" y\n', ["dropped-rest"]),
        ("vite", "B 2\nA=1", ["joined-line"]),
        ("compose", 'A="x" y\nB=1', ["dropped-rest"]),
        ("compose", 'A="x" # y\nB="1" C=2', []),
        ("php", 'A=1\nB="x\nC=1', ["unclosed-quote"]),
    ],
)
def test_what_a_loader_drops_is_noted(dialect, text, kinds):
    assert [problem.kind for problem in dotenv.parse(text, dialect).problems] == kinds


def test_a_dropped_line_has_its_place():
    [problem] = dotenv.parse("A=1\r\n  B 2\r\n", "node").problems
    assert (problem.line, problem.column) == (2, 3)
