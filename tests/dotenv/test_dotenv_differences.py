# ruff: noqa: E501 -- a table of causes, one a line
import pytest

from assay import dotenv

CAUSES = [
    ("node", "python", "A=b#c", "the text after # is a comment in node but part of the value in python"),
    ("python", "node", "A=b#c", "the text after # is a comment in node but part of the value in python"),
    ("node", "compose", "A=$B", "a $ reference in the value is expanded in compose but kept in node"),
    ("node", "python", "A='${B}'", "a $ reference in the value is expanded in python but kept in node"),
    ("node", "docker", 'A="x"', "the double quotes are removed in node but kept in docker"),
    ("node", "python", "A=`x`", "the backticks are removed in node but kept in python"),
    ("node", "ruby", "A=$(x)", "a command in the value is run by ruby but is text in node"),
    ("node", "shell", "A=`x`", "a command in the value is run by shell but is text in node"),
    ("node", "node20", "A: b", "the colon after the name is not a separator in node20"),
    ("node", "docker", "A = b", "docker rejects the file here: whitespace in a name"),
    ("compose", "node", "=1\nA=1", "a line without a name is not read by node"),
    ("node", "ruby", "A-B=1", "the name has a character that ruby does not accept there"),
    ("node", "shell", "1=1\nA=1", "the name has a character that shell does not accept there"),
    ("node", "shell", "A = b\nB=1", "whitespace around = makes the line a command in shell"),
    ("node", "shell", "A=b c\nB=1", "whitespace in an unquoted value makes the line a command in shell"),
    ("node", "python", 'A="b"c', "text after the closing quote makes python drop the line"),
    ("node", "python", 'A="b', "the quote is not closed on the same line, which python does not support"),
    ("node", "compose", 'A="b', "compose rejects the file here: a quote is never closed"),
    ("node", "compose", 'A="b"c\n', "text after the closing quote is dropped in compose but read in node"),
    ("node", "node20", "\ufeffA=1", "the byte order mark before the name becomes part of it in node20"),
    ("node", "node20", "\ufeffA=1", "the byte order mark becomes part of the name in node20"),
    ("node", "node20", "x\nA=1", "a line without = becomes part of the next name in node20"),
    ("node", "node20", "x\nA=1", "in node20 the line is part of the name of a variable on a different line"),
    ("node", "node20", "export  A=1", "the whitespace before the name becomes part of it in node20"),
    ("ruby", "node", "A", "a name without = is not read by node"),
    ("node", "ruby", "A", "only ruby sees an assignment here"),
    ("python", "ruby", "A", "a name without = is null in python and empty in ruby"),
    ("node", "compose", 'A="b"c', "text after the closing quote is dropped in compose but read in node"),
    ("node", "compose", 'A="b"c', "text without a name is read as the value of an empty name in compose"),
    ("node", "shell", "A='x'\r\n", "the carriage return of a CRLF newline is kept in shell but not in node"),
    ("node", "python", 'A="x\r\ny"', "the carriage return of a CRLF newline is kept in python but not in node"),
    ("node", "python", 'A="x\\ty"', "a backslash escape is resolved in python but kept in node"),
    ("node", "compose", "A=$$1", "$$ means one dollar sign in compose but two in node"),
    ("node", "docker", "A= x", "whitespace around the value is kept in docker but not in node"),
    ("node", "docker", "A=x \n", "whitespace after the value is dropped in node but kept in docker"),
    ("node", "python", "A=`x\ny`\n", "the value ends on the same line in python but continues over several lines in node"),
    ("node", "python", "A=1\nA: 2", "the last assignment in node is on line 2, in python on line 1"),
    ("python", "compose", "A=${B:-x}${C-d}", "references are resolved differently in python and compose"),
    ("python", "docker", "A\nB=1", "a name without = is not read by docker"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "other", "text", "cause"), CAUSES)
def test_the_cause_is_named(dialect, other, text, cause):
    found = dotenv.differences(text, dialect, [other])
    assert [d for d in found if d.cause.startswith(cause)], found


def test_a_difference_carries_both_values_and_shows_neither():
    (found,) = dotenv.differences("B=1\n  A=s3cret#x\n", "node", ["node", "node20", "python"])
    assert (found.name, found.line, found.column) == ("A", 2, 3)
    assert (found.dialect, found.other) == ("node", "python")
    assert (found.value, found.other_value) == ("s3cret", "s3cret#x")
    assert "s3cret" not in repr(found)
    assert "'A' at line 2, column 3" in repr(found)


def test_a_portable_text_has_none():
    others = [d for d in dotenv.DIALECTS if d != "node"]
    assert dotenv.differences("# c\nA=1\nB_C=x/y.z\nD=\n", "node", others) == ()


def test_a_text_that_the_dialect_refuses_is_refused():
    with pytest.raises(dotenv.DotenvError):
        dotenv.differences("A='", "compose", ["node"])
