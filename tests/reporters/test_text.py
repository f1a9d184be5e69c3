"""The text reporter: what it imports, how it wraps, and that it is fast."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import partial

import pytest
from tests.reporters.strategies import quoting

from assay.model import Finding, Location, Outcome, Report
from assay.reporters import REPORTERS, render_report
from assay.reporters.base import Context
from assay.reporters.display import Pen, columns, cut, visible, wrap
from assay.reporters.excerpt import excerpt

HEAVY = ("re", "textwrap", "json", "pathlib", "dataclasses", "unicodedata", "rich", "xml")
SCRIPT = """
import sys
import assay.model, assay.registry, assay.words
before = set(sys.modules)
from assay.reporters import render_report
from assay.reporters.base import Context
from assay.model import Finding, Location, Outcome, Report
finding = Finding(outcome=Outcome.FAIL, kind="k", subject="S", rule="r", message="m",
                  remedy="help", location=Location(file=".env", line=1, column=1))
render_report("text", Report.of([finding]), Context(version="1", colour=True))
print(*sorted(set(sys.modules) - before))
"""


def test_rendering_text_imports_next_to_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": "src"},
    )
    imported = done.stdout.split()
    assert [name for name in imported if not name.startswith("assay.reporters")] == []
    assert not {name.split(".")[0] for name in imported} & set(HEAVY)


def _report(size: int) -> Report:
    return Report.of(
        Finding(
            outcome=Outcome.FAIL,
            kind="variable",
            subject=f"NAME_{number}",
            rule="variable-missing",
            message=f"NAME_{number} is not set in .env.production, which the application reads",
            remedy=f"Set NAME_{number} in .env.production, or mark it `required: false`.",
            location=Location(file=".env", line=number + 1, column=1),
            sensitive=bool(number % 2),
        )
        for number in range(size)
    )


@pytest.mark.parametrize("name", REPORTERS)
def test_time_grows_no_faster_than_the_report(name: str) -> None:
    render = partial(render_report, name)
    context = Context(version="1", excerpt=quoting("NAME=value"))

    def seconds(report: Report) -> float:
        best = 60.0
        for _ in range(3):
            start = time.process_time()
            render(report, context)
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(_report(500)), seconds(_report(5000))
    assert large < 40 * small + 0.05, "10 times the findings; 100 times would be quadratic"


@pytest.mark.parametrize(
    ("text", "width", "wrapped"),
    [
        ("one two three", 0, ["one two three"]),
        ("one two three", 7, ["one two", "  three"]),
        ("one two three", 3, ["one", "  two", "  three"]),
        ("unbreakable words", 4, ["unbreakable", "  words"]),
        ("日本 日本 日本", 9, ["日本 日本", "  日本"]),
        ("日本語日本語 x", 4, ["日本語日本語", "  x"]),
        ("run `a b c` now", 7, ["run", "  `a b c`", "  now"]),
        ("an open ` tick is no quote", 12, ["an open `", "  tick is no", "  quote"]),
    ],
)
def test_wrapping(text: str, width: int, wrapped: list[str]) -> None:
    assert wrap(text, width, indent="  ").split("\n") == wrapped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 日", "plain é 日"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\r\n\tb", "a\\r\\n\\tb"),
        ("\u202e", "\\u202e"),
        ("\udc80", "\\udc80"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_what_can_not_be_seen_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_columns_of_a_terminal() -> None:
    assert [columns(text) for text in ("ab", "日本", "e\u0301", "\u2022")] == [2, 4, 1, 1]


@pytest.mark.parametrize("column", [1, 5, 250, 999, 5000])
def test_an_endless_line_is_cut_about_its_caret(column: int) -> None:
    location = Location(file="f", line=1, column=column)
    finding = Finding(
        outcome=Outcome.FAIL, kind="k", subject="s", sensitive=False, location=location
    )
    found = excerpt(finding, quoting("x y" * 1500), 40)
    assert found is not None
    line, carets = found
    assert len(line) <= 40
    assert len(carets) <= 41


@pytest.mark.parametrize(
    ("line", "column", "width", "carets"),
    [
        ("A=été b", 3, 0, "  ^^^"),
        ("A=" + "日" * 300 + " b", 3, 0, "  " + "^" * 600),
        ("A=" + "x" * 600, 3, 0, "  " + "^" * 600),
    ],
)
def test_the_carets_go_to_the_end_of_the_word(
    line: str, column: int, width: int, carets: str
) -> None:
    location = Location(file="f", line=1, column=column)
    finding = Finding(
        outcome=Outcome.FAIL, kind="k", subject="s", sensitive=False, location=location
    )
    assert excerpt(finding, quoting(line), width) == (line, carets)


def test_a_pen_draws_columns_as_wide_as_their_widest_cell():
    rows = [[("a", "bold"), ("日本", ""), ("x", "")], [("bbb", ""), ("c", "red"), ("", "")]]
    assert Pen().table(rows, indent="  ") == ["  a    日本  x", "  bbb  c"]
    assert Pen(colour=True).table(rows, gap=1) == [
        "\x1b[1ma\x1b[0m   日本 x",
        "bbb \x1b[1;31mc\x1b[0m",
    ]


def test_a_pen_paints_nothing_where_colour_text_or_style_is_missing():
    assert Pen().paint("text", "red") == "text"
    assert Pen(colour=True).paint("", "red") == ""
    assert Pen(colour=True).paint("text", "") == "text"


def test_what_is_cut_ends_with_an_ellipsis():
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdef", 4) == "abc…"
    assert cut("日本語", 4) == "日…"
