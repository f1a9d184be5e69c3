import contextlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay import dotenv
from assay.dotenv.document import SourceText

DIALECTS = st.sampled_from(dotenv.DIALECTS)
ALPHABET = st.sampled_from([*"AB=:#\"'`$\\{}()-+?!&;|<> \t\r\n\ufeff\u2028é0~x", "export "])
TEXTS = st.one_of(st.text(), st.lists(ALPHABET, max_size=30).map("".join))
TEXT = '\ufeff# above\r\n# directly\r\n  export A = "x\r\ny" # after\r\nB=1\rA=2\n'


def test_the_public_names_are_these():
    assert dotenv.__all__ == [
        "DIALECTS", "Document", "DotenvEntry", "DotenvError", "Problem", "Values", "differences",
        "loads", "parse", "quote",
    ]  # fmt: skip
    assert dotenv.DIALECTS == (
        "node", "node20", "dotenv-expand", "dotenvx", "next", "react-scripts", "vite", "nuxt",
        "bun", "python", "ruby", "php", "symfony", "compose", "docker", "shell",
    )  # fmt: skip
    assert all(hasattr(dotenv, name) for name in dotenv.__all__)


def test_positions_count_lines_and_characters():
    document = dotenv.parse(TEXT)
    first, second, third = document.entries
    assert (first.key, first.value, first.quote, first.exported) == ("A", "x\ny", '"', True)
    assert (first.line, first.column, first.offset) == (3, 10, TEXT.index("A = "))
    assert first.key_position == (3, 10)
    assert first.value_position == (3, 14)
    assert first.value_end_position == (4, 3)
    assert first.raw == '"x\r\ny"'
    assert first.comment == "after"
    assert (second.line, second.column, second.comment) == (5, 1, None)
    assert third.line == 6
    assert document.winner("A") is third
    assert document.winner("C") is None
    assert document.duplicates == (first,)
    assert document.comments == ((1, "above"), (2, "directly"))
    assert document.has_bom
    assert document.text == TEXT


def test_a_byte_order_mark_is_no_column():
    entry = dotenv.parse("\ufeffA=1").entries[0]
    assert (entry.line, entry.column, entry.offset) == (1, 1, 1)


def test_bytes_that_are_not_utf8_are_kept_and_located():
    document = dotenv.parse(b"A=1\nB=x\xff\n")
    assert [(p.kind, p.line, p.column) for p in document.problems] == [("invalid-utf8", 2, 4)]
    assert document.text == "A=1\nB=x\udcff\n"
    assert document.values == {"A": "1", "B": "x\ufffd"}


def test_representations_and_messages_show_no_value():
    text = "A=s3cret\nB='s3cret\n"
    document = dotenv.parse(text, "compose")
    shown = [repr(document), repr(document.entries[0]), str(document.errors[0])]
    shown += [repr(p) for p in dotenv.parse(b"A=s3cret\xff").problems]
    assert not [part for part in shown if "s3cret" in part]
    assert document.errors[0].reason == "a quote is never closed"
    assert (document.errors[0].line, document.errors[0].column) == (2, 3)


def test_values_are_a_dict_with_the_document_beside_it():
    values = dotenv.loads(b"A=1\n")
    assert values == {"A": "1"}
    assert values.document.entries[0].key == "A"
    values["A"] = "2"
    assert values.document.values == {"A": "1"}


def test_an_unknown_dialect_is_refused():
    with pytest.raises(dotenv.DotenvError, match="expected one of node, node20"):
        dotenv.loads("", "perl")


def test_start_up_imports_neither_re_nor_another_dialect():
    code = (
        "import sys; from assay import dotenv; dotenv.loads('A=1', 'node');"
        "print([m for m in ('re', 'typing', 'enum', 'dataclasses', 'assay.dotenv.shell') "
        "if m in sys.modules])"
    )
    paths = [p for p in sys.path if p]
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {paths!r}; {code}"],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


@given(st.binary() | TEXTS.map(str.encode), DIALECTS)
def test_bytes_round_trip(data, dialect):
    assert dotenv.parse(data, dialect).text.encode("utf-8", "surrogateescape") == data


@given(TEXTS, DIALECTS)
def test_text_round_trips_and_only_dotenv_errors_are_raised(text, dialect):
    document = dotenv.parse(text, dialect)
    assert document.text == text
    if document.errors:
        with pytest.raises(dotenv.DotenvError) as caught:
            dotenv.loads(text, dialect)
        assert caught.value.line >= 1
    else:
        assert dotenv.loads(text, dialect) == document.values


@given(st.binary(), DIALECTS)
def test_any_bytes_are_read_or_refused(data, dialect):
    with contextlib.suppress(dotenv.DotenvError):
        dotenv.loads(data, dialect)


@given(st.text(alphabet="ab\r\n\ufeff", max_size=20))
def test_positions_are_those_of_split_lines(text):
    source = SourceText(text)
    lines = text.replace("\r\n", "\n\0").replace("\r", "\n").split("\n")
    for offset in range(len(text) + 1):
        line, column = source.position(offset)
        assert 1 <= line <= len(lines)
        assert column >= 1
        assert offset <= source.line_end(offset) <= len(text)
